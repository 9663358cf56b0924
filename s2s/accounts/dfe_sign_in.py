"""Signing in through another service that vouches for people: DfE Sign-in, by OpenID Connect (2.1-01).

Whoever it sends is let in only as somebody who is already here: it makes no people and gives no rights. It is known by issuer and subject
once it has been connected, either by its owner after giving their own password, or at the first visit when the issuer has verified an
e-mail address that belongs to exactly one active person.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction

from s2s.accounts.actors import Person, Stranger
from s2s.accounts.models import User
from s2s.audit.models import Action
from s2s.audit.trail import record
from s2s.notices import catalogue
from s2s.notices.catalogue import Changed
from s2s.rules.refusals import Refused


class OutsideFault(StrEnum):
    UNKNOWN = "unknown"  # facts: name of the service; nobody here, or nobody active, or several
    TAKEN = "taken"  # facts: name; connected to somebody else here


class OutsideRefused(Refused[OutsideFault]):
    pass


@dataclass(frozen=True)
class Identity:
    """The person that the issuer sends. `email` is set only if the issuer says that it has verified it."""

    issuer: str
    subject: str
    email: str = ""


def arrive(*, identity: Identity, ip: str) -> User:
    """The person here who has this identity. Records a refusal and raises OutsideRefused."""
    user = _connected(identity) or _by_email(identity, ip)
    if user is None or not user.is_active or user.is_over:
        record(Action.OUTSIDE_SIGN_IN_REFUSED, by=Stranger("", ip), issuer=identity.issuer)
        raise OutsideRefused(OutsideFault.UNKNOWN, name=settings.OIDC_NAME)
    return user


@transaction.atomic
def connect(*, actor: Person, identity: Identity) -> None:
    """Let this identity sign the person in from now on. Raises OutsideRefused if it belongs to somebody else."""
    User.objects.select_for_update().get(pk=actor.user.pk)
    other = _connected(identity)
    if other is not None and other.pk != actor.user.pk:
        raise OutsideRefused(OutsideFault.TAKEN, name=settings.OIDC_NAME)
    _of(actor.user, identity.issuer).delete()
    _connect(actor, identity)


@transaction.atomic
def disconnect(*, actor: Person, issuer: str) -> None:
    if _of(actor.user, issuer).delete()[0]:
        record(Action.OUTSIDE_SIGN_IN_DISCONNECTED, by=actor, issuer=issuer)
        catalogue.security(actor.user.recipient, Changed.DISCONNECTED)


def is_connected(user: User, issuer: str) -> bool:
    return bool(_of(user, issuer).exists())


def _connected(identity: Identity) -> User | None:
    found = SocialAccount.objects.filter(provider=identity.issuer, uid=identity.subject).select_related("user__organisation").first()
    return found.user if found else None


@transaction.atomic
def _by_email(identity: Identity, ip: str) -> User | None:
    """The one active person with this e-mail address, now connected. Capital letters do not count; other alphabets are not compared."""
    if not identity.email or not identity.email.isascii():
        return None
    people = list(User.objects.select_for_update(of=("self",)).filter(email__iexact=identity.email, is_active=True)[:2])
    if len(people) != 1 or _of(people[0], identity.issuer).exists():
        return None
    _connect(Person(people[0], ip), identity)
    return people[0]


def _connect(actor: Person, identity: Identity) -> None:
    SocialAccount.objects.create(user=actor.user, provider=identity.issuer, uid=identity.subject)
    record(Action.OUTSIDE_SIGN_IN_CONNECTED, by=actor, issuer=identity.issuer)
    catalogue.security(actor.user.recipient, Changed.CONNECTED)


def _of(user: User, issuer: str) -> Any:
    return SocialAccount.objects.filter(user=user, provider=issuer)
