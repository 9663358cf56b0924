"""Somebody signs in: the same answer for a wrong name and a wrong password, behind a lock (2.1, `lock.py`)."""

from enum import StrEnum

from django.contrib.auth import authenticate
from django.db import transaction
from django.utils import timezone

from s2s.accounts import interventions, lock, queries
from s2s.accounts.actors import Person, Stranger
from s2s.accounts.models import FailedSignIn, User
from s2s.audit.models import Action
from s2s.audit.trail import Witness, record
from s2s.notices import catalogue, errands
from s2s.notices.catalogue import Changed
from s2s.notices.models import Email
from s2s.rules.refusals import Refused

TELL_OF_LOCK = "tell of a locked account"  # the errand's name; `tasks.py` does it


class SignInFault(StrEnum):
    WRONG = "wrong"
    LOCKED = "locked"  # facts: minutes
    SUSPENDED = "suspended"  # after the right password; facts: administrator and email of the person to ask, '' where there is none


class SignInRefused(Refused[SignInFault]):
    pass


def sign_in(*, username: str, password: str, ip: str) -> User:
    """The person whose name and password these are; nobody is in before `welcome`. Raises SignInRefused, having recorded it.

    Whoever is unknown, switched off or of a school closed long ago, or has let an assigned password expire, costs one hash and the same
    questions to the database as whoever mistypes. While the door is locked no password is looked at, whoever knocks.
    """
    username = username[:150].replace("\0", "")
    attempt = _begin(username, ip, by=Stranger(_shown(username), ip))
    user = authenticate(username=username, password=password)
    if not isinstance(user, User) or _has_expired(user) or user.is_over:
        _note_failure(username, ip)
        raise SignInRefused(SignInFault.WRONG)
    attempt.delete()
    if not user.is_active:
        raise _suspended(user, ip)
    return user


def _suspended(user: User, ip: str) -> SignInRefused:
    """Nobody confirmed this person in the yearly audit of users; whoever may do so now."""
    record(Action.SIGN_IN_REFUSED, by=Stranger(user.username, ip), why=user.inactive_because)
    there = queries.administrator(user.organisation.maintained_by)
    return SignInRefused(SignInFault.SUSPENDED, administrator=there.name if there else "", email=there.email if there else "")


def confirm(*, actor: Person, password: str) -> None:
    """Check the password of somebody who is signed in, before a step that matters. Wrong ones count. Raises SignInRefused."""
    attempt = _begin(actor.name, actor.ip, by=actor)
    if not actor.user.check_password(password):
        _note_failure(actor.name, actor.ip)
        raise SignInRefused(SignInFault.WRONG)
    attempt.delete()


@transaction.atomic
def welcome(*, user: User, ip: str, by: str) -> None:
    """Record that the person has signed in; `by` says how: password, second factor, DfE Sign-in."""
    lock.open_for(user, ip)
    user.previous_sign_in_at, user.signed_in_at = user.signed_in_at, timezone.now()
    user.save(update_fields=["signed_in_at", "previous_sign_in_at"])
    record(Action.SIGNED_IN, by=Person(user, ip), how=by, **interventions.mark(user))


def _has_expired(user: User) -> bool:
    """Whether this is an assigned password that nobody used in time (3.3, 3.6)."""
    return user.password_expires_at is not None and user.password_expires_at <= timezone.now()


def _begin(username: str, ip: str, *, by: Witness) -> FailedSignIn:
    """This try, which counts as a failure unless it is deleted. Records a lock once and raises SignInRefused."""
    try:
        return lock.begin(username, ip)
    except lock.Locked as locked:
        if locked.is_news:
            record(Action.SIGN_IN_LOCKED, by=by)
        raise SignInRefused(SignInFault.LOCKED, minutes=lock.MINUTES) from None


@transaction.atomic
def _note_failure(username: str, ip: str) -> None:
    record(Action.SIGN_IN_REFUSED, by=Stranger(_shown(username), ip))
    if lock.has_just_locked(username, ip):
        record(Action.ACCOUNT_LOCKED, by=Stranger(_shown(username), ip))
        errands.leave(TELL_OF_LOCK, username=_shown(username), ip=ip)


def _shown(username: str) -> str:
    """What was typed, if it has the form of a user name. Anything else may be a password in the wrong box, and is not kept."""
    return username if username.isalnum() and len(username) <= 40 else ""


@transaction.atomic
def tell_of_lock(username: str, ip: str) -> bool:
    """E-mail the person whose account has locked and their administrator, once for each lock. The worker does this."""
    people = User.objects.select_for_update(of=("self",)).select_related("organisation__authority")  # two workers: one after the other
    user = people.filter(username=username, is_active=True).first()
    if user is None or _was_told(user):
        return False
    catalogue.locked(user.recipient, user.username)
    administrator = queries.administrator(user.organisation.maintained_by)
    if administrator is not None and administrator.pk != user.pk:
        catalogue.locked_of(administrator.recipient, user.username, user.organisation.party, ip)
    return True


def _was_told(user: User) -> bool:
    return Email.objects.filter(notice="locked", about=user.username, queued_at__gt=timezone.now() - lock.WINDOW).exists()


def log_off(*, actor: Person) -> None:
    record(Action.LOGGED_OFF, by=actor)


@transaction.atomic
def change_password(*, actor: Person, password: str) -> None:
    """Set the person's own new password; all their other sessions end, and they are told."""
    user = actor.user
    user.set_password(password)
    user.must_change_password, user.password_expires_at = False, None
    user.save(update_fields=["password", "must_change_password", "password_expires_at"])
    record(Action.PASSWORD_CHANGED, by=actor, **interventions.mark(user))
    if user.awaits_link:
        interventions.send_link(actor=actor)
    else:
        catalogue.security(user.recipient, Changed.OWN_PASSWORD)
