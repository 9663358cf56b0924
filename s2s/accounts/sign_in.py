"""Somebody signs in: the same answer for a wrong name and a wrong password, and a door that locks after repeated failures (2.1).

Locked is: 5 failures for a name from one address, 30 from one address, or 20 for a name from anywhere, in 15 minutes. The last does not
hold at an address from which that person has signed in before, so that a stranger cannot lock anybody out. Failures while locked are not
counted: the door opens again 15 minutes after the last counted one. Everything is in the database and so holds over processes. A try is
written down before the password is looked at and taken back unless it fails, so that of many at one moment no more get through.
"""

from datetime import timedelta
from enum import StrEnum

from django.contrib.auth import authenticate
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from procrastinate.contrib.django import app

from s2s.accounts import queries
from s2s.accounts.actors import Person, Stranger
from s2s.accounts.models import FailedSignIn, KnownAddress, User
from s2s.audit.models import Action
from s2s.audit.trail import record
from s2s.notices import catalogue
from s2s.notices.models import Email
from s2s.rules.refusals import Refused

WINDOW = timedelta(minutes=15)
FAILURES_BY_BOTH = 5
FAILURES_BY_ADDRESS = 30
FAILURES_BY_NAME = 20
TELL_OF_LOCK = "tell of a locked account"  # the job's name in the queue; `tasks.py` does it


class SignInFault(StrEnum):
    WRONG = "wrong"
    LOCKED = "locked"  # facts: minutes


class SignInRefused(Refused[SignInFault]):
    pass


def sign_in(*, username: str, password: str, address: str) -> User:
    """The person whose name and password these are; nobody is in before `welcome`. Raises SignInRefused, having recorded it.

    Whoever is unknown, disabled or locked, or has let an assigned password expire, costs one hash and the same questions to the database
    as whoever mistypes.
    """
    username = username[:150].replace("\0", "")
    attempt, locked = _try(username, address)
    user = authenticate(username=username, password=password)
    if locked:
        attempt.delete()
        record(Action.SIGN_IN_LOCKED, by=Stranger(_shown(username), address))
        raise SignInRefused(SignInFault.LOCKED, minutes=int(WINDOW.total_seconds() // 60))
    if not isinstance(user, User) or _has_expired(user):
        _note_failure(username, address)
        raise SignInRefused(SignInFault.WRONG)
    attempt.delete()
    return user


def confirm(*, actor: Person, password: str) -> None:
    """Somebody who is in gives their password again before something that matters. Wrong ones count. Raises SignInRefused."""
    name = actor.user.username
    attempt, locked = _try(name, actor.ip)
    if locked:
        attempt.delete()
        raise SignInRefused(SignInFault.LOCKED, minutes=int(WINDOW.total_seconds() // 60))
    if not actor.user.check_password(password):
        _note_failure(name, actor.ip)
        raise SignInRefused(SignInFault.WRONG)
    attempt.delete()


@transaction.atomic
def welcome(*, user: User, address: str, by: str) -> None:
    """The person is in; `by` says how: password, second factor, DfE Sign-in."""
    KnownAddress.objects.update_or_create(user=user, address=address, defaults={"at": timezone.now()})
    FailedSignIn.objects.filter(username=user.username, address=address).delete()
    user.previous_sign_in_at, user.signed_in_at = user.signed_in_at, timezone.now()
    user.save(update_fields=["signed_in_at", "previous_sign_in_at"])
    record(Action.SIGNED_IN, by=Person(user, address), how=by)


def _has_expired(user: User) -> bool:
    """Whether this is an assigned password that nobody used in time (3.3, 3.6)."""
    return user.password_expires_at is not None and user.password_expires_at <= timezone.now()


def _try(username: str, address: str) -> tuple[FailedSignIn, bool]:
    """This try, which counts as a failure from now on, and whether it is one too many."""
    attempt = FailedSignIn.objects.create(username=username, address=address)
    return attempt, _is_locked(username, address)


@transaction.atomic
def _note_failure(username: str, address: str) -> None:
    record(Action.SIGN_IN_REFUSED, by=Stranger(_shown(username), address))
    if _has_just_locked(username, address):
        record(Action.ACCOUNT_LOCKED, by=Stranger(_shown(username), address))
        app.configure_task(TELL_OF_LOCK, queue="mail", lock=TELL_OF_LOCK).defer(username=_shown(username), address=address)


def _is_locked(username: str, address: str) -> bool:
    """Whether there are too many with the try that is being made: always the same questions, whoever is asked about."""
    both, of_address, of_name = _failures(username, address)
    known = KnownAddress.objects.filter(user__username=username, address=address).exists()
    return both > FAILURES_BY_BOTH or of_address > FAILURES_BY_ADDRESS or (of_name > FAILURES_BY_NAME and not known)


def _has_just_locked(username: str, address: str) -> bool:
    both, _, of_name = _failures(username, address)
    return both >= FAILURES_BY_BOTH or of_name == FAILURES_BY_NAME


def _failures(username: str, address: str) -> tuple[int, int, int]:
    """How many of late: for this name from this address, from this address, for this name."""
    recent = FailedSignIn.objects.filter(Q(username=username) | Q(address=address), at__gt=timezone.now() - WINDOW)
    counted = recent.aggregate(
        both=Count("pk", filter=Q(username=username, address=address)),
        of_address=Count("pk", filter=Q(address=address)),
        of_name=Count("pk", filter=Q(username=username)),
    )
    return counted["both"], counted["of_address"], counted["of_name"]


def _shown(username: str) -> str:
    """What was typed, unless it may be a password typed in the wrong box: only names of the form of a user name are kept."""
    return username if username.isalnum() and len(username) <= 40 else ""


@transaction.atomic
def tell_of_lock(username: str, address: str) -> bool:
    """E-mail the person whose account has locked, and their administrator; once for one lock. The worker's part, one at a time."""
    user = User.objects.select_related("organisation__authority").filter(username=username, is_active=True).first()
    if user is None or _was_told(user):
        return False
    catalogue.locked(user.recipient, user.username)
    administrator = queries.administrator(user.organisation.maintained_by)
    if administrator is not None and administrator.pk != user.pk:
        catalogue.locked_of(administrator.recipient, user.username, user.organisation.party, address)
    return True


def _was_told(user: User) -> bool:
    return Email.objects.filter(notice="locked", about=user.username, queued_at__gt=timezone.now() - WINDOW).exists()


def log_off(*, actor: Person) -> None:
    record(Action.LOGGED_OFF, by=actor)


@transaction.atomic
def change_password(*, actor: Person, password: str) -> None:
    """Set the person's own new password; all their other sessions end."""
    user = actor.user
    user.set_password(password)
    user.must_change_password, user.password_expires_at = False, None
    user.save(update_fields=["password", "must_change_password", "password_expires_at"])
    record(Action.PASSWORD_CHANGED, by=actor)
