"""One-time links by which a person sets a password: to the address on record, after forgetting it or as an invitation (3.2-3.7).

A link opens nothing by being looked at; it is good once and for as long as was said, and dies when the person's password, role, place or
e-mail address changes, when their sessions are ended, or while they are disabled.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils import timezone

from s2s.accounts import lock
from s2s.accounts.actors import Person
from s2s.accounts.models import Intervention, OneTimeLink, User
from s2s.audit.models import Action
from s2s.audit.trail import record
from s2s.notices import catalogue
from s2s.notices.catalogue import Changed
from s2s.rules.refusals import Refused

AFTER_FORGETTING = timedelta(hours=1)
AFTER_INVITATION = timedelta(days=7)
SETTLED = timedelta(hours=24)  # after a change of address (`interventions.py`)


class LinkFault(StrEnum):
    DEAD = "dead"  # never made, used, too old, or the person has changed: nobody is told which


class LinkDead(Refused[LinkFault]):
    def __init__(self) -> None:
        super().__init__(LinkFault.DEAD)


def make(user: User, *, valid: timedelta) -> str:
    """Make a link and return its path, '/link/<key>/<secret>'. The caller e-mails it to the person; nothing else keeps the secret."""
    secret = secrets.token_urlsafe(32)
    link = OneTimeLink.objects.create(user=user, digest=_digest(secret), state=_state(user), expires_at=timezone.now() + valid)
    return f"/link/{link.key}/{secret}"


def owner(key: UUID, secret: str) -> User:
    """The person who owns this link. Changes nothing. Raises LinkDead."""
    return _living(OneTimeLink.objects.select_related("user__organisation").filter(key=key).first(), secret).user


@transaction.atomic
def use(*, key: UUID, secret: str, password: str, ip: str) -> User:
    """Set the person's password, end all their sessions and spend the link. The caller has checked the password. Raises LinkDead."""
    locked = OneTimeLink.objects.select_for_update().select_related("user")
    link = _living(locked.filter(key=key).first(), secret)
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    user = link.user
    user.set_password(password)
    user.must_change_password, user.password_expires_at = False, None
    _open_files(user, ip)
    user.save(update_fields=["password", "must_change_password", "password_expires_at", "awaits_link", "files_from"])
    lock.open_for(user, ip)
    record(Action.PASSWORD_SET_BY_LINK, by=Person(user, ip), **({"files_from": user.files_from.isoformat()} if user.files_from else {}))
    catalogue.security(user.recipient, Changed.PASSWORD)
    return user


def _open_files(user: User, ip: str) -> None:
    """Open the files, at once or a day after a change of address; end what was connected while somebody else knew the password."""
    if user.awaits_link:
        for account in SocialAccount.objects.filter(user=user):
            record(Action.OUTSIDE_SIGN_IN_DISCONNECTED, by=Person(user, ip), issuer=account.provider)
            account.delete()
    user.awaits_link = False
    user.files_from = _address_settled_at(user)


def _address_settled_at(user: User) -> datetime | None:
    """When the last change of the address that the link went to will be a day old; None if it is, or there was none."""
    changes = Intervention.objects.filter(user=user, what=Intervention.What.ADDRESS_CHANGED, at__gt=timezone.now() - SETTLED)
    changed = changes.order_by("-at").first()
    return changed.at + SETTLED if changed else None


def _living(link: OneTimeLink | None, secret: str) -> OneTimeLink:
    if link is None or not hmac.compare_digest(bytes(link.digest), _digest(secret)):
        raise LinkDead
    if link.used_at or link.expires_at <= timezone.now() or not link.user.is_active or link.state not in set(_states(link.user)):
        raise LinkDead
    return link


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def _state(user: User) -> str:
    return next(_states(user))


def _states(user: User) -> Iterator[str]:
    """A digest of the person's present state, made with the present secret key, then with each earlier one that still counts."""
    for session in (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()):  # type: ignore[no-untyped-call]
        yield hashlib.sha256(f"{session}|{user.email}".encode()).hexdigest()
