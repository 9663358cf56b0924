"""The sessions somebody has open: where, since when, and how they end them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from s2s.accounts.actors import Person
from s2s.accounts.models import User
from s2s.audit.models import Action
from s2s.audit.trail import record

MOST_BROWSER: Final = UserSession._meta.get_field("user_agent").max_length or 0


@dataclass(frozen=True)
class Open:
    """A session: `browser` is what the browser calls itself, `is_this` whether it is the one that asks."""

    number: int
    browser: str
    ip: str
    since: datetime
    last_used: datetime
    is_this: bool


def open_sessions(user: User, here: str) -> list[Open]:
    """The person's sessions, the one that is stored under the key `here` first, then those last used."""
    rows = {row.session_key: row for row in UserSession.objects.filter(user=user)}
    idle = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    alive = Session.objects.filter(session_key__in=rows, expire_date__gt=timezone.now()).order_by("-expire_date")
    found = [_open(rows[session.session_key], session.expire_date - idle, here) for session in alive]
    return sorted(found, key=lambda one: not one.is_this)


def _open(row: UserSession, last_used: datetime, here: str) -> Open:
    return Open(row.pk, row.user_agent, row.ip, row.created_at, last_used, row.session_key == here)


@transaction.atomic
def end(*, actor: Person, number: int, here: str) -> None:
    """End one of the person's sessions other than this one; a number that is not theirs, or gone, does nothing."""
    row = UserSession.objects.filter(user=actor.user, pk=number).exclude(session_key=here).first()
    if row is not None:
        _end(row)
        record(Action.SESSION_ENDED, by=actor, of=row.ip)


@transaction.atomic
def end_others(*, actor: Person, here: str) -> None:
    """End all sessions but this one, listed or not. The caller keeps this one (`web/accounts/sessions.keep`)."""
    User.objects.filter(pk=actor.user.pk).update(session_epoch=F("session_epoch") + 1)
    actor.user.refresh_from_db(fields=["session_epoch"])
    forget_others(actor.user, here)
    record(Action.SESSION_ENDED, by=actor, of="all others")


def forget_others(user: User, here: str) -> None:
    """Delete the person's other sessions from the list and the database. The change of the person's state has ended them already."""
    for row in UserSession.objects.filter(user=user).exclude(session_key=here):
        _end(row)


def begun(user: User, here: str, *, ip: str, browser: str) -> None:
    """Put the session that is stored under the key `here` on the person's list, and take off those that are gone."""
    UserSession.objects.filter(user=user).exclude(session_key__in=Session.objects.values("session_key")).delete()
    facts = {"user": user, "ip": ip, "user_agent": browser[:MOST_BROWSER], "last_seen_at": timezone.now()}
    UserSession.objects.update_or_create(session_key=here, defaults=facts)


def _end(row: UserSession) -> None:
    Session.objects.filter(session_key=row.session_key).delete()
    row.delete()
