"""Whoever runs the site sees what e-mails are not sent and why, and can send them now; /healthz is not red for ever."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from s2s.notices import catalogue, errands
from s2s.notices.models import Email, State
from s2s.notices.recipients import Recipient
from s2s.upkeep import console, sweep

pytestmark = pytest.mark.django_db


def queued(state: State = State.WAITING, **changes: object) -> Email:
    catalogue.user_deleted(Recipient("office@school.example.org", "en", "", ""), catalogue.Party("681", "Cardiff", "Caerdydd"))
    email = Email.objects.latest("pk")
    Email.objects.filter(pk=email.pk).update(state=state, **changes)
    return email


def mail() -> str:
    said: str = Client().get("/healthz").json()["mail"]
    return said


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.WAITING, "e-mails that have waited for more than 15 minutes: 1."),
        (State.UNWRITTEN, "e-mails that could not be written: 1."),
        (State.REFUSED, "ok"),
        (State.SENT, "ok"),
    ],
)
def test_healthz_says_what_somebody_has_to_mend_and_no_more(state: State, said: str) -> None:
    queued(state)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert mail().startswith(said)


def test_healthz_says_that_errands_are_not_done() -> None:
    errands.leave("whatever it is")
    assert mail() == "ok"
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert mail().startswith("errands that could not be done: 1.")


def test_what_is_not_sent_is_shown_by_state_and_fault(capsys: pytest.CaptureFixture[str]) -> None:
    console.show_mail()
    assert "Every e-mail has been sent." in capsys.readouterr().out
    for _ in range(3):
        queued(State.REFUSED, fault="550 5.1.1")
    queued()
    queued(State.SENT)
    console.show_mail()
    lines = [line.split() for line in capsys.readouterr().out.splitlines() if line.split()]
    assert [line[:4] for line in lines[2:]] == [["3", "refused", "550", "5.1.1"], ["1", "waiting", "not", "tried"]]


@pytest.mark.parametrize(("refused", "left"), [(False, 1), (True, 0)])
def test_send_now(capsys: pytest.CaptureFixture[str], refused: bool, left: int) -> None:
    for state in (State.WAITING, State.UNWRITTEN, State.REFUSED):
        queued(state, due_at=timezone.now() + timedelta(hours=3), tries=4, fault="451")
    console.retry_mail(refused=refused)
    assert f"{3 - left} e-mails" in capsys.readouterr().out
    due = Email.objects.filter(state=State.WAITING, due_at__lte=timezone.now(), tries=0)
    assert due.count() == 3 - left


def test_the_sweep_removes_old_emails() -> None:
    queued(State.SENT, queued_at=timezone.now() - timedelta(days=91))
    queued(State.SENT, queued_at=timezone.now() - timedelta(days=89))
    sweep.sweep()
    assert Email.objects.count() == 1
