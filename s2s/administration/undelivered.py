"""E-mail addresses on record that the mail server refuses: whoever can correct one is told, and sees it on Home until e-mails arrive."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from s2s.accounts import queries
from s2s.accounts.actors import Actor
from s2s.accounts.models import User
from s2s.administration.queries import offices_in_care_of, schools_in_care_of, users_of
from s2s.notices import catalogue
from s2s.notices.models import DeadAddress
from s2s.notices.recipients import Recipient
from s2s.organisations.models import Organisation
from s2s.rules.roles import Can, RoleCode


@dataclass(frozen=True)
class Undelivered:
    """An address that does not work, and for whom it is on record: a place, and where it is a person's, their user name."""

    email: str
    fault: str
    since: datetime
    place: Organisation
    username: str = ""


def undelivered(actor: Actor) -> list[Undelivered]:
    """Those this person can correct or have corrected: of the own LA and its schools; the national administrator sees all."""
    dead = {one.email: one for one in DeadAddress.objects.order_by("since")}
    if not dead or not actor.may(Can.MAINTAIN_USERS):
        return []
    places = [place for places in (schools_in_care_of(actor), _offices(actor)) for place in places.filter(email__in=dead)]
    people = (
        users_of(actor).filter(email__in=dead, is_active=True).exclude(role=RoleCode.SCHOOL)
    )  # a school's user has the school's address
    found = [_of(dead[place.email], place) for place in places]
    found += [_of(dead[person.email], person.organisation, person.username) for person in people]
    return sorted(found, key=lambda one: one.since)


def tell(email: str) -> None:
    """The mail server has refused this address for the first time: by e-mail to the administrator, if theirs is another one."""
    fault = DeadAddress.objects.get(email=email).fault
    for place in _places_with(email):
        for administrator in _administrators(place):
            if administrator.email and administrator.email != email:
                catalogue.undeliverable(administrator, email, place.party, fault)


def _of(dead: DeadAddress, place: Organisation, username: str = "") -> Undelivered:
    return Undelivered(dead.email, dead.fault, dead.since, place, username)


def _offices(actor: Actor) -> QuerySet[Organisation]:
    if actor.may(Can.MAINTAIN_LEAS):
        return offices_in_care_of(actor)
    return Organisation.objects.filter(pk=actor.organisation.pk) if actor.organisation else Organisation.objects.none()


def _places_with(email: str) -> Iterable[Organisation]:
    theirs = Q(email=email) | Q(pk__in=User.objects.filter(email=email, is_active=True).values("organisation"))
    return Organisation.objects.select_related("authority").filter(theirs)


def _administrators(place: Organisation) -> list[Recipient]:
    """A school's LEA Administrator; for other places, and where there is nobody, the national administrators too: theirs may be dead."""
    administrator = queries.administrator(place.maintained_by)
    if administrator and place.is_school:
        return [administrator.recipient]
    nationals = User.objects.select_related("organisation").filter(role=RoleCode.NATIONAL, is_active=True)
    return [person.recipient for person in (*([administrator] if administrator else []), *nationals)]
