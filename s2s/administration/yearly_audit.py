"""The yearly audit of users: the national administrator asks, each LA confirms in writing who its users are (1.6).

An LA's answers come from its LEA Administrator; for the LEA Administrators themselves, and where an LA has none, they come from the
national administrator. Reminders go out before the day. When it has passed nothing happens by itself: the national administrator looks at
the numbers and then closes the audit, gives more time or cancels it. What silence means for whom is in `rules/yearly_audit.py`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from s2s.accounts import queries
from s2s.accounts.actors import Actor
from s2s.accounts.models import InactiveBecause, User
from s2s.administration.models import Confirmation, UserAudit
from s2s.administration.rights import needs
from s2s.audit.models import Action
from s2s.audit.trail import Witness, record
from s2s.notices import catalogue, post
from s2s.notices.recipients import Recipient
from s2s.organisations.models import Organisation
from s2s.rules.refusals import Refused
from s2s.rules.roles import Can, RoleCode
from s2s.rules.yearly_audit import LONGEST, REMINDERS, SHORTEST, SUSPENDED_ROLES, UNCONFIRMED

BATCH = 1_000
OVER = 0  # the last of the reminders: the day has passed


class AuditFault(StrEnum):
    NO_DAY = "no day"
    TOO_SOON = "too little notice"  # facts: days, date (the first possible)
    TOO_LATE = "the day is more than a year away"
    NOT_LATER = "not later than the present day"  # facts: date
    RUNNING = "an audit is running"  # facts: date
    NOT_OVER = "the day has not passed"  # facts: date
    CLOSED = "the audit is closed already"
    NOTHING_CHOSEN = "nobody chosen"


class AuditRefused(Refused[AuditFault]):
    """`field` is the box of a form that is wrong, if it is one."""

    def __init__(self, code: AuditFault, field: str = "", **facts: object) -> None:
        super().__init__(code, **facts)
        self.field = field


@dataclass(frozen=True)
class Preview:
    """What an audit that is started now would ask: how many users of LAs and of schools, and of how many LAs."""

    la_users: int
    school_users: int
    authorities: int
    without_administrator: int


@dataclass(frozen=True)
class Silent:
    """Of whom an LA has not answered: how many closing would suspend, and how many it would only note."""

    authority: Organisation
    suspended: int
    noted: int


def preview(*, due_on: date | None) -> Preview:
    """What `start` would do. Raises AuditRefused."""
    _check_new(due_on)
    asked = _to_ask()
    places = asked.annotate(authority=Coalesce("organisation__authority", "organisation")).order_by().values("authority").distinct()
    administered = User.objects.filter(role=RoleCode.LEA_DBA, is_active=True).values("organisation")
    return Preview(
        la_users=asked.exclude(role=RoleCode.SCHOOL).count(),
        school_users=asked.filter(role=RoleCode.SCHOOL).count(),
        authorities=places.count(),
        without_administrator=Organisation.objects.filter(pk__in=places).exclude(pk__in=administered).count(),
    )


@needs(Can.AUDIT_USERS)
@transaction.atomic
def start(*, actor: Actor, due_on: date | None) -> UserAudit:
    """Ask every LA to confirm its users by the day. Raises AuditRefused."""
    audit = _new(actor, _check_new(due_on))
    rows = (
        Confirmation(audit=audit, organisation_id=user.organisation_id, user=user, username=user.username, role=user.role)
        for user in _to_ask()
    )
    Confirmation.objects.bulk_create(rows, batch_size=BATCH)
    record(Action.USER_AUDIT_STARTED, by=actor, due_on=str(due_on), users=audit.confirmations.count())
    for authority, number in _waiting_by_authority(audit):
        catalogue.audit_started(_administrator_of(authority), authority.party, audit.due_on, number)
    return audit


@needs(Can.AUDIT_USERS)
@transaction.atomic
def extend(*, actor: Actor, audit: UserAudit, due_on: date | None) -> None:
    """Give more time, before the day or after it; whoever has still to answer is told. Raises AuditRefused."""
    audit = _locked(audit)
    day, today = _check_day(due_on), timezone.localdate()
    if day <= audit.due_on:
        raise AuditRefused(AuditFault.NOT_LATER, "due_on", date=str(audit.due_on))
    if day <= today:
        raise AuditRefused(AuditFault.TOO_SOON, "due_on", days=0, date=str(today))
    before, audit.due_on = audit.due_on, day
    audit.reminded = _step(day)
    audit.save(update_fields=["due_on", "reminded"])
    record(Action.USER_AUDIT_EXTENDED, by=actor, audit=audit.pk, due_on=str(day), before=str(before))
    for authority, number in _waiting_by_authority(audit):
        catalogue.audit_extended(_administrator_of(authority), authority.party, day, number)


@needs(Can.AUDIT_USERS)
@transaction.atomic
def cancel(*, actor: Actor, audit: UserAudit) -> None:
    """Nobody need answer any more and nobody is suspended; what was answered is kept. Raises AuditRefused."""
    audit = _locked(audit)
    waiting = _waiting_by_authority(audit)
    audit.closed_at, audit.closed_by, audit.cancelled = timezone.now(), actor.name, True
    audit.save(update_fields=["closed_at", "closed_by", "cancelled"])
    record(Action.USER_AUDIT_CANCELLED, by=actor, audit=audit.pk, due_on=str(audit.due_on))
    for authority, _ in waiting:
        catalogue.audit_cancelled(_administrator_of(authority), authority.party)


@needs(Can.MAINTAIN_USERS)
@transaction.atomic
def confirm(*, actor: Actor, confirmations: Iterable[Confirmation]) -> int:
    """These people are valid users; whoever was suspended for want of this answer is let in again. How many were not answered before.

    Raises AuditRefused.
    """
    asked = Confirmation.objects.select_for_update(of=("self",)).filter(pk__in=[one.pk for one in confirmations]).order_by("pk")
    rows = list(asked.filter(answer__in=Confirmation.OPEN).select_related("user__organisation"))
    if not asked:
        raise AuditRefused(AuditFault.NOTHING_CHOSEN)
    _answer(rows, Confirmation.Answer.CONFIRMED, by=actor)
    if rows:
        record(Action.USERS_CONFIRMED, by=actor, audit=rows[0].audit_id, usernames=[row.username for row in rows])
    for row in rows:
        if row.user and row.user.inactive_because == InactiveBecause.NOT_CONFIRMED:
            _let_in_again(row.user)
    return len(rows)


def silent(audit: UserAudit) -> list[Silent]:
    """LA by LA, what closing the audit would do now; those of whom most would be suspended first."""
    asked = _waiting(audit).annotate(place=Coalesce("organisation__authority", "organisation")).order_by()
    suspends = Q(user__role__in=SUSPENDED_ROLES, user__is_active=True)
    rows = list(asked.values_list("place").annotate(suspended=Count("pk", filter=suspends), all=Count("pk")))
    places = Organisation.objects.in_bulk([pk for pk, _, _ in rows])
    found = [Silent(places[pk], suspended, both - suspended) for pk, suspended, both in rows]
    return sorted(found, key=lambda line: (-line.suspended, -line.noted, line.authority.number))


@needs(Can.AUDIT_USERS)
@transaction.atomic
def close(*, actor: Actor, audit: UserAudit) -> int:
    """Suspend whom nobody confirmed, where silence means that, and note the others; how many people are suspended.

    All or nothing, and once. Raises AuditRefused before the day has passed.
    """
    audit = _locked(audit)
    if not audit.is_over:
        raise AuditRefused(AuditFault.NOT_OVER, date=str(audit.due_on))
    with post.together():
        suspended = sum(_suspend(actor, audit, authority) for authority in [line.authority for line in silent(audit) if line.suspended])
    _answer(list(_waiting(audit)), Confirmation.Answer.UNANSWERED, by=actor)
    # Whoever disappeared without an answer, with a school for instance, is no user any more.
    _answer(list(audit.confirmations.filter(answer=Confirmation.Answer.WAITING)), Confirmation.Answer.REMOVED, by=actor)
    audit.closed_at, audit.closed_by = timezone.now(), actor.name
    audit.save(update_fields=["closed_at", "closed_by"])
    record(Action.USER_AUDIT_CLOSED, by=actor, audit=audit.pk, due_on=str(audit.due_on), suspended=suspended)
    return suspended


def remind() -> int:
    """The reminder that is due, once: how many were sent. A day on which nothing ran is caught up on the next."""
    audit = UserAudit.running()
    return _remind(audit.pk) if audit else 0


def _to_ask() -> QuerySet[User]:
    """Who is active, and who was not confirmed last time: they are asked about again."""
    there = Q(is_active=True) | Q(inactive_because=InactiveBecause.NOT_CONFIRMED)
    return User.objects.filter(there, role__in=UNCONFIRMED).exclude(organisation__kind=Organisation.Kind.NATIONAL)


def _check_new(due_on: date | None) -> date:
    day, first = _check_day(due_on), timezone.localdate() + SHORTEST
    if day < first:
        raise AuditRefused(AuditFault.TOO_SOON, "due_on", days=SHORTEST.days, date=str(first))
    if running := UserAudit.running():
        raise AuditRefused(AuditFault.RUNNING, date=str(running.due_on))
    return day


def _check_day(due_on: date | None) -> date:
    if due_on is None:
        raise AuditRefused(AuditFault.NO_DAY, "due_on")
    if due_on > timezone.localdate() + LONGEST:
        raise AuditRefused(AuditFault.TOO_LATE, "due_on")
    return due_on


def _new(actor: Actor, due_on: date) -> UserAudit:
    try:
        with transaction.atomic():
            return UserAudit.objects.create(due_on=due_on, started_by=actor.name, reminded=_step(due_on))
    except IntegrityError:  # somebody else started one at the same moment
        raise AuditRefused(AuditFault.RUNNING, date=str(due_on)) from None


def _locked(audit: UserAudit) -> UserAudit:
    """The audit as it is now, held until the end. Raises AuditRefused when it is closed: whatever ends one, it ends once."""
    row = UserAudit.objects.select_for_update().get(pk=audit.pk)
    if row.closed_at:
        raise AuditRefused(AuditFault.CLOSED)
    return row


def _step(due_on: date) -> int | None:
    """The nearest reminder whose moment has come: 3 from three days before on, OVER when the day has passed."""
    left = (due_on - timezone.localdate()).days
    return OVER if left < 0 else min((days for days in REMINDERS if left <= days), default=None)


@transaction.atomic
def _remind(pk: int) -> int:
    audit = UserAudit.objects.select_for_update().get(pk=pk)
    step = _step(audit.due_on)
    if audit.closed_at or step is None or (audit.reminded is not None and audit.reminded <= step):
        return 0
    audit.reminded = step
    audit.save(update_fields=["reminded"])
    return _tell_office(audit) if step == OVER else _tell_authorities(audit)


def _tell_authorities(audit: UserAudit) -> int:
    waiting = _waiting_by_authority(audit)
    for authority, number in waiting:
        catalogue.audit_reminder(_administrator_of(authority), authority.party, audit.due_on, number)
    return len(waiting)


def _tell_office(audit: UserAudit) -> int:
    lines = silent(audit)
    there = list(User.objects.filter(role=RoleCode.NATIONAL, is_active=True).select_related("organisation"))
    for person in there:
        catalogue.audit_is_over(person.recipient, sum(line.suspended for line in lines), sum(line.noted for line in lines))
    return len(there)


def _suspend(actor: Actor, audit: UserAudit, authority: Organisation) -> int:
    """One LA's people without an answer, but for those whom silence does not suspend."""
    theirs = Q(organisation=authority) | Q(organisation__authority=authority)
    rows = list(_waiting(audit).filter(theirs, user__role__in=SUSPENDED_ROLES, user__is_active=True).select_for_update(of=("self",)))
    _answer(rows, Confirmation.Answer.SUSPENDED, by=actor)
    users = User.objects.select_for_update(of=("self",)).select_related("organisation")
    people = list(users.filter(pk__in=[row.user_id for row in rows], is_active=True).order_by("pk"))
    epochs = {"version": F("version") + 1, "session_epoch": F("session_epoch") + 1}  # open sessions end
    suspended = User.objects.filter(pk__in=[person.pk for person in people])
    suspended.update(is_active=False, inactive_because=InactiveBecause.NOT_CONFIRMED, **epochs)
    for person in people:
        catalogue.audit_suspended(person.recipient, person.organisation.party)
    record(Action.USERS_SUSPENDED, by=actor, audit=audit.pk, at=authority.number, usernames=[person.username for person in people])
    catalogue.audit_closed(_administrator_of(authority), authority.party, len(people))
    return len(people)


def _answer(rows: list[Confirmation], answer: Confirmation.Answer, *, by: Witness) -> None:
    said = Confirmation.objects.filter(pk__in=[row.pk for row in rows])
    said.update(answer=answer, answered_by=by.name, answered_at=timezone.now())


def _let_in_again(user: User) -> None:
    user.is_active, user.inactive_because = True, ""
    user.version, user.session_epoch = user.version + 1, user.session_epoch + 1
    user.save(update_fields=["is_active", "inactive_because", "version", "session_epoch"])
    catalogue.user_switched(user.recipient, user.organisation.party, on=True)


def _waiting(audit: UserAudit) -> QuerySet[Confirmation]:
    return audit.confirmations.filter(answer=Confirmation.Answer.WAITING, user__isnull=False)


def _waiting_by_authority(audit: UserAudit) -> list[tuple[Organisation, int]]:
    """The LAs whose administrator has still to answer, and for how many people."""
    asked = _waiting(audit).exclude(user__role=RoleCode.LEA_DBA).annotate(authority=Coalesce("organisation__authority", "organisation"))
    numbers: dict[int, int] = dict(asked.order_by("authority").values_list("authority").annotate(number=Count("pk")))
    places = Organisation.objects.in_bulk(numbers)
    return [(places[pk], number) for pk, number in numbers.items()]


def _administrator_of(authority: Organisation) -> Recipient:
    """Who is written to: the LEA Administrator, or the LA's own address where there is none."""
    administrator = queries.administrator(authority)
    return administrator.recipient if administrator else authority.recipient
