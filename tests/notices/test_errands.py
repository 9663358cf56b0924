"""A word left for the worker is done once, and what fails holds up nothing."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from s2s.notices import catalogue, errands
from s2s.notices.models import Email, Errand
from s2s.notices.recipients import Recipient

pytestmark = pytest.mark.django_db


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    heard: list[str] = []

    def say(word: str) -> None:
        heard.append(word)

    def write_and_fail(to: str) -> None:
        catalogue.user_deleted(Recipient(to, "en", "", ""), catalogue.Party("681", "Cardiff", "Caerdydd"))
        raise ZeroDivisionError

    monkeypatch.setattr(errands, "DOERS", {"say": say, "fail": write_and_fail})
    return heard


def test_an_errand_is_done_once(done: list[str]) -> None:
    errands.leave("say", word="one")
    errands.leave("say", word="two")
    assert [errands.do_next() for _ in range(3)] == [True, True, False]
    assert done == ["one", "two"]
    assert not Errand.objects.exists()


def test_what_fails_leaves_nothing_and_waits_longer_each_time_and_the_next_is_done(
    done: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    errands.leave("fail", to="x@example.org")
    errands.leave("say", word="after it")
    while errands.do_next():
        pass
    assert done == ["after it"]
    assert not Email.objects.exists()
    assert "x@example.org" not in caplog.text
    waits = []
    for _ in range(15):
        errand = Errand.objects.get()
        waits.append(errand.due_at - timezone.now())
        with time_machine.travel(errand.due_at + timedelta(seconds=1), tick=False):
            assert errands.do_next()
            waits[-1] = Errand.objects.get().due_at - timezone.now()
    assert waits == sorted(waits)
    assert waits[-1] == errands.LONGEST_WAIT
    assert errands.late(timedelta(minutes=15)) == 0
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert errands.late(timedelta(minutes=15)) == 1


def test_what_failed_goes_behind_what_is_new(done: list[str]) -> None:
    errands.leave("fail", to="x@example.org")
    errands.do_next()
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        errands.leave("say", word="new")
        errands.do_next()
    assert done == ["new"]


def test_an_errand_of_a_newer_version_waits_for_it(done: list[str]) -> None:
    errands.leave("unheard of")
    assert errands.do_next()
    assert Errand.objects.get().tries == 1


def test_the_errands_that_pages_leave_have_somebody_to_do_them() -> None:
    from s2s.accounts import forgotten, sign_in
    from s2s.administration import set_up_many

    assert set(errands.DOERS) == {forgotten.SEND, sign_in.TELL_OF_LOCK, set_up_many.SET_UP}
