"""The worker's part: taking e-mails out of the outbox and handing them to the mail server, each once.

A line takes a few e-mails that are due, by advisory locks of its database session. So no transaction is open while a mail server thinks;
what a killed worker had taken is free at once; and several workers on several machines never take the same one. Each result is committed
before the next e-mail goes out. If a worker dies between the mail server's "accepted" and that commit, this one e-mail goes out again,
under the same Message-ID. No mail protocol can close that gap.
"""

import logging
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import DatabaseError, connection, transaction
from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from s2s.notices.models import DeadAddress, Email, State
from s2s.notices.smtp import Verdict, verdict

log = logging.getLogger(__name__)

CARRY_A_LINK = {"password_link", "password_forgotten", "correction_asked"}
BATCH = 5  # e-mails a line takes at once: few, as they wait behind one over which the mail server thinks for long
MOST_IN_A_ROW = 50  # some mail servers hang up after a hundred
AHEAD = 1_000  # e-mails looked at to find a batch: other lines have taken those at the front
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=3)
MOST_TRIES = 31  # nearly three days
KEPT = timedelta(days=90)  # after that nobody asks any more whether an e-mail went out; the audit trail keeps what happened
FORGOTTEN_AT_ONCE = 5_000
TAKEN = 6_812  # the class of our advisory locks: the session that holds one of an e-mail is sending it

# First what was never tried, so that nothing new waits behind what is refused again and again; then what has been due for longest.
TAKE = """
WITH due AS MATERIALIZED (
    SELECT id FROM notices_email WHERE state = 'waiting' AND due_at <= %s ORDER BY tries, due_at, id LIMIT %s
)
SELECT id FROM due WHERE pg_try_advisory_lock(%s::int, (id %% 2147483647)::int) LIMIT %s
"""

END = """
UPDATE notices_email SET state = %s, fault = %s, done_at = %s, facts = CASE WHEN %s THEN '{}'::jsonb ELSE facts END
WHERE id = %s AND state = 'waiting'
"""


class Letter(NamedTuple):
    subject: str
    text: str


class Away(Exception):
    """The mail server cannot be reached or lets us not in: nothing has been tried. The message is the name of the error."""


Write = Callable[[Email], Letter]
Listener = Callable[[str], None]
DIED: list[Listener] = []  # whoever wants to hear of an address the moment the mail server refuses it for the first time


class Line:
    """A line to the mail server: open while there is something to say, and begun anew after a fault and now and then."""

    def __init__(self, write: Write) -> None:
        self.write = write
        self.server = get_connection()
        self.said = 0  # e-mails in this conversation

    def send_due(self, *, enough: Callable[[], bool] = lambda: False) -> int:
        """Send a few of the e-mails that are due, until there is `enough`; how many are no longer due. Raises Away."""
        now = timezone.now()
        with _taken(now) as taken:  # another line may have sent some of them between our look and our lock
            due = Email.objects.filter(pk__in=taken, state=State.WAITING, due_at__lte=now).order_by("tries", "due_at", "pk")
            done = self._send_all(list(due) if taken else [], enough)
        if not done:
            self.close()
        return done

    def close(self) -> None:
        self.said = 0
        with suppress(OSError, smtplib.SMTPException):
            self.server.close()

    def _send_all(self, emails: list[Email], enough: Callable[[], bool]) -> int:
        done, arrived = 0, []
        try:
            for email in emails:
                if enough():
                    break
                if (letter := _written(email, self.write)) and self._send(email, letter):
                    arrived.append(email.to)
                done += 1
        finally:
            if arrived:
                DeadAddress.objects.filter(email__in=arrived).delete()
        return done

    def _send(self, email: Email, letter: Letter) -> bool:
        """Hand the e-mail to the mail server; whether it was taken."""
        headers = {"Message-ID": f"<{email.key}@s2s>", "Auto-Submitted": "auto-generated"}
        self._open()
        try:
            self.server.send_messages([EmailMessage(letter.subject, letter.text, to=[email.to], headers=headers)])
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            _failed(email, *verdict(error))
            return False
        except ValueError as fault:  # no message can be made of it: an address that is none
            _give_up(email, type(fault).__name__)
            return False
        _end(email, State.SENT, "")
        return True

    def _open(self) -> None:
        """Open the line to the mail server, unless it is open."""
        if self.said >= MOST_IN_A_ROW:
            self.close()
        self.said += 1
        try:
            self.server.open()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise Away(type(error).__name__) from error


@contextmanager
def _taken(now: datetime) -> Iterator[list[int]]:
    """The e-mails that no other line has, for as long as we work on them."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [now, AHEAD, TAKEN, BATCH])
        taken = [pk for [pk] in cursor.fetchall()]
    try:
        yield taken
    finally:
        if taken:
            with suppress(DatabaseError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock_all()")


def _written(email: Email, write: Write) -> Letter | None:
    """Render the e-mail; None when that fails: it is a fault of ours, and must not hold up the other e-mails."""
    try:
        return write(email)
    except Exception as fault:
        log.exception("the e-mail %s could not be written", email)
        _end(email, State.UNWRITTEN, type(fault).__name__)
        return None


def _failed(email: Email, said: Verdict, code: str) -> None:
    log.warning("the mail server did not take the e-mail %s (%s)", email, code)
    if said is Verdict.FOR_GOOD or email.tries + 1 >= MOST_TRIES:
        _give_up(email, code)
    else:
        wait = min(FIRST_WAIT * 2**email.tries, LONGEST_WAIT)
        _of(email).update(tries=email.tries + 1, fault=code, due_at=timezone.now() + wait)


def _give_up(email: Email, code: str) -> None:
    """Stop trying to send the e-mail; those who can mend the address are told once."""
    with transaction.atomic():
        _end(email, State.REFUSED, code)
        _, new = DeadAddress.objects.get_or_create(email=email.to, defaults={"fault": code})
    for listener in DIED if new else ():
        try:
            listener(email.to)
        except Exception:
            log.exception("nobody was told of an address that is refused")


def _end(email: Email, state: State, code: str) -> None:
    """Note that the e-mail is no longer waiting.

    One that carried a link is emptied, so whoever reads the database later finds no way in.
    """
    empty = email.notice in CARRY_A_LINK and not settings.DEMO
    with connection.cursor() as cursor:
        cursor.execute(END, [state.value, code, timezone.now(), empty, email.pk])


def _of(email: Email) -> QuerySet[Email]:
    return Email.objects.filter(pk=email.pk, state=State.WAITING)


def late(after: timedelta) -> int:
    """How many e-mails have been waiting for longer than this."""
    return Email.objects.filter(state=State.WAITING, queued_at__lt=timezone.now() - after).count()


def unwritten() -> int:
    """How many e-mails could not be written and wait for us to mend it."""
    return Email.objects.filter(state=State.UNWRITTEN).count()


class Group(NamedTuple):
    """So many e-mails in one state, which last failed in one way; the oldest was queued then."""

    state: str
    fault: str
    number: int
    oldest: datetime


def groups() -> list[Group]:
    """What is not sent, by state and fault."""
    rows = Email.objects.exclude(state=State.SENT).order_by("state", "fault").values_list("state", "fault")
    return [Group(*row) for row in rows.annotate(number=Count("pk"), oldest=Min("queued_at"))]


def retry(*states: State) -> int:
    """Try again at once what is in these states; what carried a link stays, as the link is gone. How many."""
    again = Email.objects.filter(state__in=states)
    if State.WAITING not in states:
        again = again.exclude(notice__in=CARRY_A_LINK)
    return again.update(state=State.WAITING, due_at=timezone.now(), tries=0, done_at=None)


def forget() -> int:
    """Remove the oldest of what was sent or given up longer ago than it is kept, a number at a time; how many."""
    old = Email.objects.exclude(state=State.WAITING).filter(queued_at__lt=timezone.now() - KEPT).order_by("queued_at")
    return Email.objects.filter(pk__in=old.values("pk")[:FORGOTTEN_AT_ONCE]).delete()[0]
