"""Questions about organisations and people."""

from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from s2s.accounts.actors import Actor
from s2s.accounts.models import User
from s2s.administration.models import Confirmation, SiteNotice, UserAudit
from s2s.organisations.models import Organisation
from s2s.rules.attention import OLD_FILE
from s2s.rules.roles import LA_ROLES, Can, RoleCode
from s2s.transfers import queries as transfer_queries


def users_of(actor: Actor) -> QuerySet[User]:
    """The people this actor may see: those of the own LA and of its schools (1.6); the national administrator sees everybody."""
    if not actor.may(Can.VIEW_USERS):
        return User.objects.none()
    people = User.objects.select_related("organisation__authority")
    return people if actor.may(Can.SET_UP_DBA) else people.filter(_at(actor.organisation))


def user_of(actor: Actor, username: str) -> User | None:
    return users_of(actor).filter(username=username).first() if username.isalnum() else None


def users_at(actor: Actor, place: Organisation | None) -> QuerySet[User]:
    """The LEA users of one LA, or the national administrators: whom User Maintenance adds, changes and deletes (3.3-3.5); None: of all."""
    users = users_of(actor).filter(role__in=(*LA_ROLES, RoleCode.NATIONAL))
    return users.filter(organisation=place) if place else users


def school_users_at(actor: Actor, authority: Organisation | None) -> QuerySet[User]:
    users = users_of(actor).filter(role=RoleCode.SCHOOL)
    return users.filter(organisation__authority=authority) if authority else users


def called(users: QuerySet[User], said: str) -> QuerySet[User]:
    """Those of whom every word is in the user name, the full name, the e-mail address, or the name or number of the organisation."""
    for word in said.split():
        about = ("username", "name", "email", "organisation__name", "organisation__name_cy", "organisation__number", "organisation__email")
        users = users.filter(reduce(or_, (Q(**{f"{field}__icontains": word}) for field in about)))
    return users


def place_of_users(actor: Actor, number: str) -> Organisation | None:
    """Whose users are looked after: always the own LA's; the national administrator chooses an LA, or the national office."""
    if not actor.may(Can.SET_UP_DBA):
        return actor.organisation
    return places_of_users().filter(number=number).first() if number.isalnum() else None


def places_of_users() -> QuerySet[Organisation]:
    """The LAs, those that are no more only as long as they have users, and the national office."""
    has_users = Exists(User.objects.filter(organisation=OuterRef("pk")))
    return Organisation.objects.exclude(kind=Organisation.Kind.SCHOOL).filter(Q(closed_on=None) | has_users)


def confirmations_of(actor: Actor, audit: UserAudit, authority: Organisation | None = None) -> QuerySet[Confirmation]:
    """What the yearly audit asks and has heard of the own LA (1.6); of one LA or of all for the national administrator."""
    found = audit.confirmations.select_related("organisation__authority", "user")
    if not actor.may(Can.AUDIT_USERS):
        return found.filter(_at(actor.organisation))
    return found.filter(_at(authority)) if authority else found


def to_confirm(actor: Actor, audit: UserAudit, authority: Organisation | None = None) -> QuerySet[Confirmation]:
    """What this actor has to answer: the LEA Administrator for everybody but himself, the national administrator for the LEA
    Administrators, and for everybody where an LA has none.
    """
    asked = confirmations_of(actor, audit, authority).filter(answer__in=Confirmation.OPEN, user__isnull=False)
    if audit.cancelled:
        return asked.none()
    if actor.user:
        asked = asked.exclude(user=actor.user)
    if not actor.may(Can.AUDIT_USERS):
        return asked
    administered = User.objects.filter(role=RoleCode.LEA_DBA, is_active=True).values("organisation")
    nobody_else = ~Q(organisation__in=administered) & ~Q(organisation__authority__in=administered)
    return asked.filter(Q(user__role=RoleCode.LEA_DBA) | nobody_else)


def schools_in_care_of(actor: Actor) -> QuerySet[Organisation]:
    """The schools whose details this actor sees: those of the own LA (1.6, 3.8); the national administrator sees all (3.9)."""
    if not actor.may(Can.VIEW_SCHOOLS):
        return Organisation.objects.none()
    schools = Organisation.objects.filter(kind=Organisation.Kind.SCHOOL).select_related("authority", "successor", "category")
    return schools if actor.may(Can.MAINTAIN_LEAS) else schools.filter(authority=actor.organisation, authority__isnull=False)


def school_in_care_of(actor: Actor, number: str) -> Organisation | None:
    return schools_in_care_of(actor).filter(number=number).first() if number.isdecimal() else None


def school_user(school: Organisation) -> User | None:
    return school.users.filter(role=RoleCode.SCHOOL).order_by("pk").first()


def authorities_in_care_of(actor: Actor) -> QuerySet[Organisation]:
    """The LAs whose schools or details this actor looks after: the own one, or all for the national administrator (3.9)."""
    authorities = Organisation.objects.filter(kind=Organisation.Kind.AUTHORITY).order_by("number")
    if actor.may(Can.MAINTAIN_LEAS):
        return authorities
    return authorities.filter(pk=actor.organisation.pk) if actor.organisation else authorities.none()


def authority_in_care_of(actor: Actor, number: str) -> Organisation | None:
    return authorities_in_care_of(actor).filter(number=number).first() if number.isdecimal() else None


def offices_in_care_of(actor: Actor) -> QuerySet[Organisation]:
    """Whose details LEA Maintenance changes: the LAs', and those of the national office, which stand on Contacts (3.9)."""
    offices = Organisation.objects.exclude(kind=Organisation.Kind.SCHOOL).order_by("number")
    return offices if actor.may(Can.MAINTAIN_LEAS) else offices.none()


class Attention(StrEnum):
    """Why an administrator should look after a school."""

    NO_EMAIL = "no-email"
    NO_USER = "no-user"
    NEVER_SIGNED_IN = "never-signed-in"
    OLD_FILES = "old-files"


def in_need_of(actor: Actor, attention: Attention) -> QuerySet[Organisation]:
    """The open schools in this actor's care to which nothing sent would come, or where something has been waiting for long."""
    today = timezone.localdate()
    schools = schools_in_care_of(actor).filter(Q(closed_on=None) | Q(closed_on__gt=today)).order_by("authority__number", "number")
    users = User.objects.filter(organisation=OuterRef("pk"))
    match attention:
        case Attention.NO_EMAIL:
            return schools.filter(email="")
        case Attention.NO_USER:
            return schools.filter(~Exists(users))
        case Attention.NEVER_SIGNED_IN:
            return schools.filter(Exists(users), ~Exists(users.exclude(signed_in_at=None)))
        case Attention.OLD_FILES:
            return transfer_queries.with_old_files(schools, sent_before=timezone.now() - OLD_FILE)


def to_set_up(actor: Actor) -> QuerySet[Organisation]:
    """The schools in this actor's care that need a user and can have one, because s2s knows where to write."""
    return in_need_of(actor, Attention.NO_USER).exclude(email="")


_ADMINISTRATORS = User.objects.filter(organisation=OuterRef("pk"), role=RoleCode.LEA_DBA, is_active=True)


def with_administrator(places: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Each with the user name of its LEA Administrator as `dba`, None where nobody can sign in as such (3.1)."""
    return places.annotate(dba=Subquery(_ADMINISTRATORS.values("username")[:1]))


def without_administrator(actor: Actor) -> QuerySet[Organisation]:
    """The LAs for which the national administrator has still to set one up."""
    return with_administrator(authorities_in_care_of(actor).filter(~Exists(_ADMINISTRATORS), closed_on=None))


def office_in_care_of(actor: Actor, number: str) -> Organisation | None:
    return offices_in_care_of(actor).filter(number=number).first() if number.isalnum() else None


def notices() -> QuerySet[SiteNotice]:
    return SiteNotice.objects.all()


def notices_now() -> QuerySet[SiteNotice]:
    """What the national administrator tells everybody at this moment."""
    now = timezone.now()
    return SiteNotice.objects.filter(begins_at__lte=now).exclude(ends_at__lte=now)


@dataclass(frozen=True)
class Answers:
    """How far the yearly audit is."""

    asked: int
    waiting: int
    confirmed: int
    removed: int
    suspended: int
    unanswered: int

    @property
    def answered(self) -> int:
        return self.confirmed + self.removed

    @property
    def percent(self) -> int:
        return 100 * self.answered // self.asked if self.asked else 100


_COUNTED = {answer.value: Count("pk", filter=Q(answer=answer)) for answer in Confirmation.Answer} | {"asked": Count("pk")}


def counted_answers(actor: Actor, audit: UserAudit, authority: Organisation | None = None) -> Answers:
    return Answers(**confirmations_of(actor, audit, authority).aggregate(**_COUNTED))


def audit_by_authority(audit: UserAudit) -> list[tuple[Organisation, Answers]]:
    """Each LA with how far it is, those with the most to answer first."""
    of_authority = audit.confirmations.annotate(place=Coalesce("organisation__authority", "organisation")).order_by()
    rows = of_authority.values_list("place").annotate(**_COUNTED)
    counted = {place: Answers(**dict(zip(_COUNTED, numbers, strict=True))) for place, *numbers in rows}
    places = Organisation.objects.in_bulk(counted)
    return sorted(((places[pk], answers) for pk, answers in counted.items()), key=lambda line: (-line[1].waiting, line[0].name))


def _at(authority: Organisation | None) -> Q:
    """There and at the schools of it; nowhere for somebody who is of no organisation."""
    if authority is None:
        return Q(pk__in=[])
    return Q(organisation=authority) | Q(organisation__authority=authority)
