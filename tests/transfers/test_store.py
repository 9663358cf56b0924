"""The bytes at rest: encrypted, whole when they come back, readable through a change of keys, and never quietly lost with a key."""

import shutil
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from s2s.accounts.actors import Site
from s2s.audit.keys import audit_key
from s2s.audit.models import Action, Entry
from s2s.kept import KeyMissing
from s2s.transfers import store
from s2s.transfers.models import Content
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


def test_a_new_key_is_known_at_once_and_older_files_still_open(cast: Cast) -> None:
    old = cast.sent(number="001")
    store.new_key()
    new = cast.sent(number="002")
    assert Content.objects.get(transfer=old).key != Content.objects.get(transfer=new).key
    assert store.open_content(old) == store.open_content(new) == ctf()


def test_rotation_encrypts_everything_to_the_newest_key_and_is_on_the_audit_trail(cast: Cast, folder: Path) -> None:
    transfers = [cast.sent(number=f"{number:03}") for number in range(1, 4)]
    [before] = folder.glob("*.agekey")
    store.new_key()
    assert list(store.rotate(by=Site("console"))) == [(0, 3), (1, 3), (2, 3), (3, 3)]
    before.unlink()
    assert {store.open_content(transfer) for transfer in transfers} == {ctf()}
    assert Entry.objects.get(action=Action.KEYS_ROTATED).facts["files"] == 3


def test_a_lost_key_is_said_and_never_replaced_by_another(cast: Cast, folder: Path) -> None:
    transfer = cast.sent()
    assert Client().get("/healthz").json()["keys"] == "ok"
    [key] = folder.glob("*.agekey")
    key.unlink()
    with pytest.raises(KeyMissing):
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


def test_one_lost_key_among_several_is_said(cast: Cast, folder: Path) -> None:
    cast.sent()
    [first] = folder.glob("*.agekey")
    store.new_key()
    cast.sent(number="002")
    first.unlink()
    with pytest.raises(store.Damaged):
        store.check_keys()


def test_the_keys_are_readable_by_their_owner_alone(cast: Cast, folder: Path) -> None:
    cast.sent()
    for key in folder.glob("*.agekey"):
        assert key.stat().st_mode & 0o777 == 0o600
