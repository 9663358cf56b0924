"""Somebody signs in: the same answer for a wrong name and a wrong password, and a door that locks after repeated failures (2.1).

Locked is: 5 failures for a name from one address, 30 from one address, or 20 for a name from anywhere, in 15 minutes. The last does not
hold at an address from which that person has signed in before, so that a stranger cannot lock anybody out. Failures while locked are not
counted: the door opens again 15 minutes after the last counted one. Everything is in the database and so holds over processes.
"""

from datetime import timedelta
from enum import StrEnum

from django.contrib.auth import authenticate
from django.db import transaction
from django.utils import timezone

from s2s.audit.models import Action
from s2s.audit.trail import record
from s2s.directory.actors import Actor, Stranger
from s2s.directory.models import FailedSignIn, KnownAddress, User
from s2s.rules.refusals import Refused

WINDOW = timedelta(minutes=15)
FAILURES_BY_BOTH = 5
FAILURES_BY_ADDRESS = 30
FAILURES_BY_NAME = 20


class SignInFault(StrEnum):
    WRONG = "wrong"
    LOCKED = "locked"  # facts: minutes


class SignInRefused(Refused):
    pass


def sign_in(*, username: str, password: str, address: str) -> User:
    """The person, once name and password are right. Raises SignInRefused, having recorded it."""
    username = username[:150].replace("\0", "")
    if _is_locked(username, address):
        record(Action.SIGN_IN_LOCKED, by=Stranger(_shown(username), address))
        raise SignInRefused(SignInFault.LOCKED, minutes=int(WINDOW.total_seconds() // 60))
    user = authenticate(username=username, password=password)
    if not isinstance(user, User):
        _note_failure(username, address)
        raise SignInRefused(SignInFault.WRONG)
    return _welcome(user, address)


@transaction.atomic
def _note_failure(username: str, address: str) -> None:
    FailedSignIn.objects.create(username=username, address=address)
    record(Action.SIGN_IN_REFUSED, by=Stranger(_shown(username), address))


@transaction.atomic
def _welcome(user: User, address: str) -> User:
    KnownAddress.objects.update_or_create(user=user, address=address, defaults={"at": timezone.now()})
    FailedSignIn.objects.filter(username=user.username, address=address).delete()
    user.signed_in_at = timezone.now()
    user.save(update_fields=["signed_in_at"])
    record(Action.SIGNED_IN, by=Actor(user, address))
    return user


def _is_locked(username: str, address: str) -> bool:
    recent = FailedSignIn.objects.filter(at__gt=timezone.now() - WINDOW)
    if recent.filter(username=username, address=address).count() >= FAILURES_BY_BOTH:
        return True
    if recent.filter(address=address).count() >= FAILURES_BY_ADDRESS:
        return True
    known = KnownAddress.objects.filter(user__username=username, address=address).exists()
    return not known and recent.filter(username=username).count() >= FAILURES_BY_NAME


def _shown(username: str) -> str:
    """What was typed, unless it may be a password typed in the wrong box: only names of the form of a user name are kept."""
    return username if username.isalnum() and len(username) <= 40 else ""


def log_off(*, actor: Actor) -> None:
    record(Action.LOGGED_OFF, by=actor)


@transaction.atomic
def change_password(*, actor: Actor, password: str) -> None:
    """Set the person's own new password; all their other sessions end."""
    user = actor.user
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    record(Action.PASSWORD_CHANGED, by=actor)
