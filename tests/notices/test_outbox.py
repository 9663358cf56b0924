"""The worker takes e-mails out of the outbox: each is sent once, what fails waits or is given up, and nothing waits behind it."""

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

import psycopg
import pytest
import time_machine
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.utils import timezone

from s2s.notices import catalogue, outbox, post
from s2s.notices.models import DeadAddress, Email, State
from s2s.notices.recipients import Recipient
from s2s.notices.smtp import Verdict, verdict
from s2s.words import emails
from tests.journeys.doors import letter

pytestmark = pytest.mark.django_db

PARTY = catalogue.Party("681", "Cardiff", "Caerdydd")
NO_SUCH_MAILBOX = smtplib.SMTPRecipientsRefused({"x@example.org": (550, b"5.1.1 no such mailbox: x@example.org")})


def queued(to: str = "office@school.example.org") -> Email:
    catalogue.user_deleted(Recipient(to, "en", "Hafod", ""), PARTY)
    return Email.objects.latest("pk")


def send() -> list[str]:
    """Everything that is due goes to the mail server; whom it took e-mails for, in this order."""
    before = len(mail.outbox)
    while outbox.Line(emails.write).send_due():
        pass
    return [message.to[0] for message in mail.outbox[before:]]


@contextmanager
def refusing(error: Exception, *, to: str = "") -> Iterator[None]:
    """A mail server that fails so, for one address or for all."""
    take = EmailBackend.send_messages

    def answer(line: EmailBackend, messages: list[EmailMessage]) -> int:
        if to in ("", messages[0].to[0]):
            raise error
        return take(line, messages)

    with patch.object(EmailBackend, "send_messages", answer):
        yield


def test_an_email_is_sent_once() -> None:
    email = queued()
    assert send() == ["office@school.example.org"]
    assert send() == []
    [message] = mail.outbox
    assert message.subject == emails.write(email).subject
    assert message.body == emails.write(email).text
    assert message.extra_headers["Message-ID"] == f"<{email.key}@s2s>"
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    email.refresh_from_db()
    assert (email.state, email.done_at is not None) == (State.SENT, True)


def test_those_due_for_longest_go_first_and_what_failed_goes_behind_what_is_new() -> None:
    many = outbox.BATCH + 1
    for to in ["bad@example.org"] * many + ["a@example.org"]:
        queued(to)
    with refusing(smtplib.SMTPServerDisconnected(), to="bad@example.org"):
        assert send() == ["a@example.org"]
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        for to in ("b@example.org", "c@example.org"):
            queued(to)
        Email.objects.filter(to="c@example.org").update(due_at=timezone.now() - timedelta(seconds=30))
        assert send() == ["c@example.org", "b@example.org"] + ["bad@example.org"] * many


def test_what_failed_is_tried_again_later_each_time_for_nearly_three_days() -> None:
    email, began = queued(), timezone.now()
    with refusing(smtplib.SMTPDataError(451, b"4.3.0 not now")):
        for tried in range(1, outbox.MOST_TRIES):
            with time_machine.travel(Email.objects.get().due_at, tick=False):
                send()
            email.refresh_from_db()
            assert (email.state, email.tries, email.fault) == (State.WAITING, tried, "451 4.3.0")
        assert timedelta(days=2, hours=12) < email.due_at - began < timedelta(days=3)
        with time_machine.travel(email.due_at, tick=False):
            send()
    email.refresh_from_db()
    assert email.state == State.REFUSED


def test_what_is_refused_for_good_is_not_tried_again_and_the_others_go_out() -> None:
    heard: list[str] = []
    bad = queued("x@example.org")
    queued("a@example.org")
    with patch.object(outbox, "DIED", [heard.append]), refusing(NO_SUCH_MAILBOX, to="x@example.org"):
        assert send() == ["a@example.org"]
        queued("x@example.org")
        send()
    assert heard == ["x@example.org"], "once for an address"
    bad.refresh_from_db()
    assert (bad.state, bad.fault, bad.tries) == (State.REFUSED, "550 5.1.1", 0)
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert send() == []
        assert outbox.late(timedelta(minutes=15)) == 0


def test_an_address_is_dead_until_an_email_arrives_there() -> None:
    queued("x@example.org")
    with refusing(NO_SUCH_MAILBOX):
        send()
    assert [one.fault for one in DeadAddress.objects.all()] == ["550 5.1.1"]
    queued("x@example.org")
    send()
    assert not DeadAddress.objects.exists()


def test_a_listener_that_fails_stops_nothing() -> None:
    def fail(email: str) -> None:
        raise ZeroDivisionError

    queued("x@example.org")
    with patch.object(outbox, "DIED", [fail]), refusing(NO_SUCH_MAILBOX):
        send()
    assert Email.objects.get().state == State.REFUSED


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NO_SUCH_MAILBOX, (Verdict.FOR_GOOD, "550 5.1.1")),
        (smtplib.SMTPRecipientsRefused({"x": (450, b"greylisted")}), (Verdict.NOT_NOW, "450")),
        (smtplib.SMTPDataError(554, b"no"), (Verdict.FOR_GOOD, "554")),
        (smtplib.SMTPDataError(421, b"4.7.0 later"), (Verdict.NOT_NOW, "421 4.7.0")),
        (smtplib.SMTPSenderRefused(550, b"5.7.1 not you", "us"), (Verdict.NOT_NOW, "550 5.7.1")),
        (smtplib.SMTPServerDisconnected("said something"), (Verdict.NOT_NOW, "SMTPServerDisconnected")),
        (TimeoutError("timed out"), (Verdict.NOT_NOW, "TimeoutError")),
    ],
)
def test_what_a_failure_means(error: Exception, said: tuple[Verdict, str]) -> None:
    assert verdict(error) == said


@pytest.mark.parametrize("error", [ConnectionRefusedError(), smtplib.SMTPAuthenticationError(535, b"who are you")])
def test_while_the_mail_server_is_away_nothing_has_been_tried_and_nothing_is_given_up(error: Exception) -> None:
    email = queued()
    with patch.object(EmailBackend, "open", side_effect=error), pytest.raises(outbox.Away, match=type(error).__name__):
        send()
    email.refresh_from_db()
    assert (email.state, email.tries) == (State.WAITING, 0)
    assert send() == ["office@school.example.org"]


def test_an_email_that_cannot_be_written_is_marked_and_the_others_go_out(caplog: pytest.LogCaptureFixture) -> None:
    post.queue("no such notice", to=Recipient("x@example.org", "en", "", ""))
    queued("a@example.org")
    assert send() == ["a@example.org"]
    assert Email.objects.get(to="x@example.org").state == State.UNWRITTEN
    assert outbox.unwritten() == 1
    assert "could not be written" in caplog.text
    assert "x@example.org" not in caplog.text


def test_an_address_that_is_none_stops_nobody() -> None:
    queued("a@example.org")
    Email.objects.update(to="two words@exam ple\n.org")
    queued("b@example.org")
    assert "b@example.org" in send()
    assert not Email.objects.filter(state=State.WAITING).exists()


@pytest.mark.parametrize("refused", [False, True])
def test_a_link_that_lets_somebody_in_is_not_kept_once_it_is_sent_or_refused(refused: bool) -> None:
    catalogue.password_link(Recipient("office@school.example.org", "en", "", ""), "/link/key/secret", timezone.now(), PARTY, reset=True)
    email = Email.objects.latest("pk")
    assert "/link/key/secret" in letter(email)
    with refusing(NO_SUCH_MAILBOX, to="" if refused else "nobody"):
        send()
    assert refused or "/link/key/secret" in str(mail.outbox[0].body)
    email.refresh_from_db()
    assert "secret" not in str(email.facts)
    assert outbox.retry(State.REFUSED) == 0, "there is nothing left to send"


def test_tried_again_at_once_is_what_waits_and_what_is_asked_for() -> None:
    waiting, unwritten, refused, sent = (queued(f"{name}@example.org") for name in ("waiting", "unwritten", "refused", "sent"))
    Email.objects.filter(pk=waiting.pk).update(due_at=timezone.now() + timedelta(hours=3), tries=9)
    for email, state in ((unwritten, State.UNWRITTEN), (refused, State.REFUSED), (sent, State.SENT)):
        Email.objects.filter(pk=email.pk).update(state=state)
    assert send() == []
    assert outbox.retry(State.WAITING) == 1
    assert send() == ["waiting@example.org"]
    assert outbox.retry(State.UNWRITTEN, State.REFUSED) == 2
    assert set(send()) == {"unwritten@example.org", "refused@example.org"}


def test_old_emails_are_removed_and_what_waits_is_kept() -> None:
    with time_machine.travel(timezone.now() - outbox.KEPT - timedelta(days=1)):
        queued("sent@example.org")
        send()
        queued("waiting@example.org")
    queued("new@example.org")
    Email.objects.filter(to="new@example.org").update(state=State.SENT)
    assert outbox.forget() == 1
    assert {email.to for email in Email.objects.all()} == {"waiting@example.org", "new@example.org"}


def test_a_batch_costs_one_look_and_one_statement_for_each_email(django_assert_max_num_queries: object) -> None:
    for _ in range(outbox.BATCH):
        queued()
    with django_assert_max_num_queries(outbox.BATCH + 5):  # type: ignore[operator]
        outbox.Line(emails.write).send_due()


def test_what_another_line_is_sending_is_left_to_it() -> None:
    email = queued()
    queued("a@example.org")
    with psycopg.connect(**connection.get_connection_params()) as another:
        another.execute("SELECT pg_advisory_lock(%s::int, %s::int)", [outbox.TAKEN, email.pk])
        assert send() == ["a@example.org"]
        another.execute("SELECT pg_advisory_unlock_all()")  # a server keeps the locks of a closed connection until it notices
    assert send() == ["office@school.example.org"]


def test_no_lock_is_left_behind() -> None:
    queued()
    send()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = %s", [outbox.TAKEN])
        assert cursor.fetchone() == (0,)


def test_in_the_demonstration_the_link_stays_to_be_read(settings: object) -> None:
    settings.DEMO = True  # type: ignore[attr-defined]
    catalogue.password_forgotten(Recipient("office@school.example.org", "en", "", ""), "/link/key/secret")
    send()
    assert "/link/key/secret" in letter(Email.objects.get())
