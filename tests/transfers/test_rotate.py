"""A change of keys while the site works: everything, once, without a gap, and with its trace."""

import shutil
import time
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

import pytest

from s2s.accounts.actors import Site
from s2s.audit.models import Action, Entry
from s2s.transfers import keys, rotate, store
from s2s.transfers.models import Content, Transfer
from tests.cast import Cast
from tests.samples import ctf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keys of this test alone; the audit trail's stays."""
    shutil.copy(settings.KEYS / "audit.key", tmp_path) if (settings.KEYS / "audit.key").exists() else None  # type: ignore[attr-defined]
    settings.KEYS = tmp_path  # type: ignore[attr-defined]
    monkeypatch.setattr(rotate, "GRACE", 0)
    return tmp_path


@pytest.fixture
def three(cast: Cast) -> list[Transfer]:
    """Three files, and a newer key than theirs."""
    sent = [cast.sent(number=f"{number:03}") for number in range(1, 4)]
    keys.new_key()
    return sent


def steps() -> list[tuple[int, int, int]]:
    return [(one.done, one.left, one.of) for one in rotate.rotate(by=Site("console"))]


def facts() -> dict[str, object]:
    return dict(Entry.objects.filter(action=Action.KEYS_ROTATED).latest("pk").facts)


def test_rotation_encrypts_everything_to_the_newest_key_and_is_on_the_audit_trail(three: list[Transfer], folder: Path) -> None:
    assert steps()[-1] == (3, 0, 3)
    (folder / keys.FIRST).unlink()
    assert {store.open_content(transfer) for transfer in three} == {ctf()}
    assert facts() == {"key": keys.newest().public, "files": 3, "left": 0, "whole": True}
    assert steps() == [(0, 0, 0)]


def test_rotation_goes_on_from_where_it_is_and_looks_at_each_file_once(three: list[Transfer], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotate, "BATCH", 1)
    with patch.object(rotate, "_encrypt_one_again", wraps=rotate._encrypt_one_again) as again:
        assert steps() == [(0, 0, 3), (1, 0, 3), (2, 0, 3), (3, 0, 3)]
    assert [call.args[0] for call in again.call_args_list] == [transfer.pk for transfer in three]


def test_rotation_that_is_broken_off_says_how_far_it_came_and_goes_on(three: list[Transfer], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotate, "BATCH", 1)
    with closing(rotate.rotate(by=Site("console"))) as running:
        next(running)
        next(running)
    assert (facts()["files"], facts()["whole"]) == (1, False)
    assert steps()[-1] == (2, 0, 2)
    assert (facts()["files"], facts()["whole"]) == (2, True)


def test_a_file_that_does_not_open_is_passed_by_and_counted(three: list[Transfer], folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    sealed = Content.objects.get(transfer=three[1])
    Content.objects.filter(transfer=three[1]).update(sealed=b"nonsense")
    assert steps()[-1] == (2, 1, 3)
    assert three[1].receipt in caplog.text
    assert (facts()["left"], facts()["whole"]) == (1, False)
    Content.objects.filter(transfer=three[1]).update(sealed=sealed.sealed)
    assert steps()[-1] == (1, 0, 1)


def test_rotation_signs_no_forgery(three: list[Transfer]) -> None:
    """What was exchanged in the database is not made good by the site's own key."""
    Transfer.objects.filter(pk=three[0].pk).update(destination_address="6812049")
    assert steps()[-1] == (2, 1, 3)
    with pytest.raises(store.Damaged):
        store.open_content(Transfer.objects.get(pk=three[0].pk))


def test_files_written_during_the_first_look_are_not_missed(three: list[Transfer], cast: Cast, folder: Path) -> None:
    """Somebody encrypted to the older key before the new one was there, and is done only after the rotation came by."""
    late = cast.sent(number="009")
    old = store.Label.of(late)
    with patch.object(keys, "newest", return_value=keys.ring().keys[Content.objects.get(transfer=three[0]).key]):
        sealed = store.seal(ctf(), old)

    def write(newest: keys.Key) -> None:
        Content.objects.filter(transfer=late).update(**sealed._asdict())

    with patch.object(rotate, "_wait_for_writers", side_effect=write):
        assert steps()[-1] == (4, 0, 4)
    assert set(Content.objects.values_list("key", flat=True)) == {keys.newest().public}


def test_rotation_waits_for_whoever_was_writing_and_for_nobody_else(three: list[Transfer], monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([{"3/1", "4/7"}, {"4/7", "5/1"}, {"4/7", "5/1", "6/2"}, {"5/1", "6/3"}])
    monkeypatch.setattr(rotate, "_writers", lambda: next(answers))
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    assert steps()[-1] == (3, 0, 3)
    assert next(answers, None) is None


def test_whoever_never_comes_to_an_end_is_said(three: list[Transfer], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotate, "_writers", lambda: {"3/1"})
    monkeypatch.setattr(rotate, "PATIENCE", 0)
    with pytest.raises(rotate.StillWriting, match="1 transactions"):
        steps()
    assert facts()["whole"] is False
