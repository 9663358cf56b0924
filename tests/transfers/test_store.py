"""The bytes at rest: encrypted, whole when they come back, readable through a change of keys, and never quietly lost with a key."""

import hashlib
import os
import shutil
from pathlib import Path
from unittest.mock import patch

import pyrage
import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from s2s.audit.keys import audit_key
from s2s.kept import KeyMissing, kept, open_to_others, replace
from s2s.rules.lifecycle import State
from s2s.transfers import keys, store
from s2s.transfers.models import Content, Transfer
from tests.cast import Cast
from tests.samples import ctf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: object, tmp_path: Path) -> Path:
    """Keys of this test alone; the audit trail's stays."""
    shutil.copy(settings.KEYS / "audit.key", tmp_path) if (settings.KEYS / "audit.key").exists() else None  # type: ignore[attr-defined]
    settings.KEYS = tmp_path  # type: ignore[attr-defined]
    return tmp_path


def test_what_comes_back_is_what_was_accepted(cast: Cast) -> None:
    transfer = cast.sent()
    assert store.open_content(transfer) == ctf()
    assert bytes(Content.objects.get().sealed) != ctf()


def test_bytes_that_were_tampered_with_are_not_handed_out(cast: Cast) -> None:
    transfer = cast.sent()
    sealed = bytearray(Content.objects.get().sealed)
    sealed[-1] ^= 1
    Content.objects.update(sealed=bytes(sealed))
    with pytest.raises(store.Damaged):
        store.open_content(transfer)


def test_the_files_of_two_transfers_cannot_change_places(cast: Cast) -> None:
    first, second = cast.sent(number="001"), cast.sent(number="002", pupils=2)
    Content.objects.filter(transfer=first).update(sealed=Content.objects.get(transfer=second).sealed)
    with pytest.raises(store.Damaged):
        store.open_content(first)


@pytest.mark.parametrize("column", ["receipt", "name", "source_address", "destination_address"])
def test_what_the_database_says_of_a_file_cannot_be_exchanged(cast: Cast, column: str) -> None:
    """By somebody who may write to it: the name, for whom it is, from whom."""
    transfer = cast.sent()
    said = getattr(transfer, column)
    Transfer.objects.update(**{column: f"{said[:-1]}{'1' if said[-1] != '1' else '2'}"})
    with pytest.raises(store.Damaged, match="not what was accepted"):
        store.open_content(Transfer.objects.get())


def test_other_bytes_encrypted_to_the_public_key_with_their_digest_are_not_handed_out(cast: Cast) -> None:
    """Everything that can be recomputed without the secret key: the public one is in the database."""
    transfer = cast.sent()
    forged = b"<CTfile/>"
    recipient = pyrage.x25519.Recipient.from_str(Content.objects.get().key)
    Content.objects.update(sealed=pyrage.encrypt(forged, [recipient]))
    with pytest.raises(store.Damaged):
        store.open_content(transfer)
    Transfer.objects.update(digest=hashlib.sha256(forged).digest(), size=len(forged))
    with pytest.raises(store.Damaged, match="not what was accepted"):
        store.open_content(Transfer.objects.get())


def test_whole_rows_of_two_transfers_cannot_change_places_with_their_digests(cast: Cast) -> None:
    first, second = cast.sent(number="001"), cast.sent(number="002", pupils=2)
    other = Content.objects.get(transfer=second)
    Content.objects.filter(transfer=first).update(sealed=other.sealed, key=other.key, mac=other.mac)
    Transfer.objects.filter(pk=first.pk).update(digest=second.digest)
    with pytest.raises(store.Damaged):
        store.open_content(Transfer.objects.get(pk=first.pk))


def test_content_that_is_gone_is_damaged(cast: Cast) -> None:
    transfer = cast.sent()
    Content.objects.all().delete()
    with pytest.raises(store.Damaged, match="is not there"):
        store.open_content(transfer)


def test_sealing_and_opening_ask_no_database(cast: Cast, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    transfer = cast.sent()
    label = store.Label.of(transfer)
    with django_assert_num_queries(0):
        assert store.open_sealed(store.seal(ctf(), label), label) == ctf()


def test_keys_are_read_when_the_folder_has_changed_and_not_otherwise(cast: Cast) -> None:
    transfer = cast.sent()
    store.open_content(transfer)
    with patch.object(keys, "_key", wraps=keys._key) as reading:
        store.open_content(transfer)
        assert not reading.called
        keys.new_key()
        store.open_content(transfer)
        assert reading.called


def test_a_new_key_is_known_at_once_and_older_files_still_open(cast: Cast) -> None:
    old = cast.sent(number="001")
    keys.new_key()
    new = cast.sent(number="002")
    assert Content.objects.get(transfer=old).key != Content.objects.get(transfer=new).key
    assert store.open_content(old) == store.open_content(new) == ctf()


@pytest.mark.parametrize("name", ["zz.agekey", "99990101.agekey", "20261123T220232621958.agekey.bak", "20261123T220232621958.AGEKEY"])
def test_a_file_that_is_not_named_as_a_key_is_left_alone_and_said(cast: Cast, folder: Path, name: str) -> None:
    transfer = cast.sent()
    before = Content.objects.get(transfer=transfer).key
    kept(folder / name, keys._make)
    cast.sent(number="002")
    assert {content.key for content in Content.objects.all()} == {before}
    answer = Client().get("/healthz")
    assert answer.json()["keys"] == "ok"
    if name.endswith(("y", "k")):
        assert name in answer.json()["key files"]


def test_a_key_that_only_opens_encrypts_nothing_until_it_is_renamed(cast: Cast, folder: Path) -> None:
    cast.sent()
    newest = keys.newest()
    arriving = folder / "99991231T235959.opens.agekey"
    kept(arriving, keys._make)
    assert keys.newest() == newest
    assert len(keys.ring().keys) == 2
    arriving.rename(folder / "99991231T235959.agekey")
    assert keys.newest() != newest
    transfer = cast.sent(number="002")
    (folder / "99991231T235959.agekey").rename(arriving)
    assert store.open_content(transfer) == ctf()


def test_a_key_that_would_not_be_the_newest_is_not_made(cast: Cast, folder: Path) -> None:
    cast.sent()
    kept(folder / "99991231T235959000000.agekey", keys._make)
    before = sorted(folder.iterdir())
    with pytest.raises(keys.NotInUse, match="clock"):
        keys.new_key()
    assert sorted(folder.iterdir()) == before


def test_a_key_that_cannot_be_read_is_said_and_the_others_serve(cast: Cast, folder: Path) -> None:
    transfer = cast.sent()
    (folder / "99991231T235959.agekey").write_text("half of a k")
    assert store.open_content(cast.sent(number="002")) == store.open_content(transfer) == ctf()
    answer = Client().get("/healthz")
    assert answer.json()["keys"] == "ok"
    assert "cannot be read: 99991231T235959.agekey" in answer.json()["key files"]


def test_a_lost_key_is_said_and_never_replaced_by_another(cast: Cast, folder: Path) -> None:
    transfer = cast.sent()
    assert Client().get("/healthz").json()["keys"] == "ok"
    [key] = folder.glob("*.agekey")
    key.unlink()
    with pytest.raises(store.Damaged):
        store.open_content(transfer)
    with pytest.raises(KeyMissing):
        cast.sent(number="002")
    answer = Client().get("/healthz")
    assert answer.status_code == 503
    assert "keys" in answer.json()["keys"]
    assert not list(folder.glob("*.agekey"))


@pytest.mark.parametrize("name", ["audit.key", "second-factor.key"])
def test_a_lost_key_of_another_kind_is_said_by_a_process_that_knows_it(cast: Cast, folder: Path, name: str) -> None:
    cast.sent()
    Authenticator.objects.create(user=cast.person("SCHOOL", "6812061"), type=Authenticator.Type.TOTP, data={"secret": "sealed"})
    (folder / "second-factor.key").touch()
    (folder / "audit.key").touch()
    audit_key()
    assert Client().get("/healthz").json()["keys"] == "ok"
    (folder / name).unlink()
    assert "keys/ cannot be read" in Client().get("/healthz").json()["keys"].replace(folder.name, "keys")


def test_one_lost_key_among_several_closes_its_own_files_alone(cast: Cast, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    old = cast.sent(number="001")
    [first] = folder.glob("*.agekey")
    keys.new_key()
    new = cast.sent(number="002")
    first.unlink()

    client = cast.client(cast.person("SCHOOL", "6812061"))
    assert fetch(client, new).getvalue() == ctf()
    page = fetch(client, old, follow=True).content.decode()
    assert f"We cannot open this at the moment: {old.name}." in page
    assert "been told" in page
    assert old.deliveries.get(part="addressee").state == State.WAITING
    assert f"the content of {old.receipt} needs a key that is not in the folder of keys" in caplog.text
    page = fetch(client, old, new, follow=True).content.decode()
    assert f"We cannot open this at the moment: {old.name}." in page
    assert "without it" in page

    answer = Client().get("/healthz")
    assert answer.json()["keys"] == "ok"
    assert "files cannot be opened" in answer.json()["key files"]


def fetch(client: Client, *transfers: Transfer, follow: bool = False) -> HttpResponse:
    chosen = [str(transfer.deliveries.get(part="addressee").key) for transfer in transfers]
    return client.post("/download/ctf/fetch", {"file": chosen}, follow=follow)


def test_the_keys_are_readable_by_their_owner_alone(cast: Cast, folder: Path) -> None:
    cast.sent()
    for key in folder.glob("*.agekey"):
        assert key.stat().st_mode & 0o777 == 0o600
    folder.chmod(0o700)
    assert Client().get("/healthz").json()["key files"] == "ok"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602])
def test_keys_that_are_open_to_others_are_said(cast: Cast, folder: Path, mode: int) -> None:
    cast.sent()
    folder.chmod(0o700)
    [key] = folder.glob("*.agekey")
    key.chmod(mode)
    assert f"open to others than their owner, or are not ours: {key.name}" in Client().get("/healthz").json()["key files"]
    key.chmod(0o600)
    folder.chmod(0o750)
    assert folder.name in Client().get("/healthz").json()["key files"]


def test_keys_of_somebody_else_are_said(cast: Cast, folder: Path) -> None:
    cast.sent()
    folder.chmod(0o700)
    assert open_to_others(folder) == []
    [key] = folder.glob("*.agekey")
    if os.geteuid() == 0:  # what is root's is nobody else's
        os.chown(key, 4711, -1)
        assert open_to_others(folder) == [key.name]
    else:
        with patch("s2s.kept.os.geteuid", return_value=os.geteuid() + 1):
            assert key.name in open_to_others(folder)


def test_the_name_of_a_new_key_is_durable_with_its_folder(folder: Path) -> None:
    with patch("s2s.kept._sync") as sync:
        keys.new_key()
    sync.assert_called_with(folder)


def test_what_is_replaced_is_there_whole_before_and_after(folder: Path) -> None:
    replace(folder / "note", b"old")
    with patch("s2s.kept.os.fsync", side_effect=OSError("the disk is full")), pytest.raises(OSError, match="full"):
        replace(folder / "note", b"new")
    assert (folder / "note").read_bytes() == b"old"
    replace(folder / "note", b"new")
    assert (folder / "note").read_bytes() == b"new"
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []
