"""The yearly audit of users: the national administrator asks, each LA confirms in writing who its users are (1.6).

An LA's answers come from its LEA Administrator; for the LEA Administrators themselves, and where an LA has none, they come from the
national administrator. Reminders go out 14 and 3 days before the day. Whoever is not confirmed when it has passed is suspended, but for
LEA Administrators: without them nobody could answer any more, so they only stand on the national administrator's list.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from s2s.accounts import queries
from s2s.accounts.actors import Person, Site
from s2s.accounts.models import InactiveBecause, User
from s2s.administration.models import Confirmation, UserAudit
from s2s.audit.models import Action
from s2s.audit.trail import Witness, record
from s2s.notices import catalogue
from s2s.notices.recipients import Recipient
from s2s.organisations.models import Organisation
from s2s.rules.refusals import Refused
from s2s.rules.roles import LA_ROLES, RoleCode

REMINDERS = (14, 3)  # days before the day
LONGEST = timedelta(days=365)
BATCH = 1_000


class AuditFault(StrEnum):
    NO_DAY = "no day"
    TOO_SOON = "the day has to be after today"
    TOO_LATE = "the day is more than a year away"
    RUNNING = "an audit is running"  # facts: date
    NOTHING_CHOSEN = "nobody chosen"


class AuditRefused(Refused[AuditFault]):
    pass


@transaction.atomic
def start(*, actor: Person, due_on: date | None) -> UserAudit:
    """Ask every LA to confirm its users by the day. Raises AuditRefused."""
    audit = _new(actor, _checked(due_on))
    there = Q(is_active=True) | Q(inactive_because=InactiveBecause.NOT_CONFIRMED)  # who was not confirmed last time is asked about again
    asked = User.objects.filter(there, role__in=(*LA_ROLES, RoleCode.SCHOOL)).exclude(organisation__kind=Organisation.Kind.NATIONAL)
    rows = (
        Confirmation(audit=audit, organisation_id=user.organisation_id, user=user, username=user.username, role=user.role) for user in asked
    )
    Confirmation.objects.bulk_create(rows, batch_size=BATCH)
    record(Action.USER_AUDIT_STARTED, by=actor, due_on=str(due_on), users=audit.confirmations.count())
    for authority, number in _waiting_by_authority(audit):
        catalogue.audit_started(_administrator_of(authority), authority.party, audit.due_on, number)
    return audit


@transaction.atomic
def confirm(*, actor: Person, confirmations: Iterable[Confirmation]) -> int:
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


def remind() -> int:
    """The reminder that is due, once: how many were sent. A day on which nothing ran is caught up on the next."""
    audit = UserAudit.running()
    return _remind(audit.pk) if audit else 0


def close_due() -> int:
    """Close the audit whose day has passed and suspend whom nobody confirmed; how many people. Can be broken off and run again."""
    audit = UserAudit.running()
    if audit is None or audit.due_on >= timezone.localdate():
        return 0
    suspended = sum(_suspend(audit, authority) for authority, _ in _waiting_by_authority(audit))
    _close(audit)
    return suspended


def _checked(due_on: date | None) -> date:
    today = timezone.localdate()
    if due_on is None:
        raise AuditRefused(AuditFault.NO_DAY)
    if due_on <= today:
        raise AuditRefused(AuditFault.TOO_SOON)
    if due_on > today + LONGEST:
        raise AuditRefused(AuditFault.TOO_LATE)
    return due_on


def _new(actor: Person, due_on: date) -> UserAudit:
    if running := UserAudit.running():
        raise AuditRefused(AuditFault.RUNNING, date=str(running.due_on))
    try:
        with transaction.atomic():
            return UserAudit.objects.create(due_on=due_on, started_by=actor.name, reminded=_step(due_on))
    except IntegrityError:  # somebody else started one at the same moment
        raise AuditRefused(AuditFault.RUNNING, date=str(due_on)) from None


def _step(due_on: date) -> int | None:
    """The nearest reminder whose moment has come: 3 from three days before on."""
    left = (due_on - timezone.localdate()).days
    return min((days for days in REMINDERS if left <= days), default=None)


@transaction.atomic
def _remind(pk: int) -> int:
    audit = UserAudit.objects.select_for_update().get(pk=pk)
    step = _step(audit.due_on)
    if audit.closed_at or step is None or audit.due_on < timezone.localdate() or (audit.reminded is not None and audit.reminded <= step):
        return 0
    audit.reminded = step
    audit.save(update_fields=["reminded"])
    waiting = _waiting_by_authority(audit)
    for authority, number in waiting:
        catalogue.audit_reminder(_administrator_of(authority), authority.party, audit.due_on, number)
    return len(waiting)


@transaction.atomic
def _suspend(audit: UserAudit, authority: Organisation) -> int:
    """One LA's people without an answer, all or none of them."""
    theirs = Q(organisation=authority) | Q(organisation__authority=authority)
    waiting = _waiting(audit).filter(theirs).select_for_update(of=("self",))
    rows = list(waiting.exclude(user__role=RoleCode.LEA_DBA))
    _answer(rows, Confirmation.Answer.SUSPENDED, by=Site())
    users = User.objects.select_for_update(of=("self",)).select_related("organisation")
    people = list(users.filter(pk__in=[row.user_id for row in rows], is_active=True).order_by("pk"))
    for user in people:
        user.is_active, user.inactive_because = False, InactiveBecause.NOT_CONFIRMED
        _save(user)
        catalogue.audit_suspended(user.recipient, user.organisation.party)
    if people:
        record(Action.USERS_SUSPENDED, by=Site(), audit=audit.pk, at=authority.number, usernames=[user.username for user in people])
        catalogue.audit_closed(_administrator_of(authority), authority.party, len(people))
    return len(people)


@transaction.atomic
def _close(audit: UserAudit) -> None:
    # Whoever disappeared without an answer, with a school for instance, is no user any more.
    gone = audit.confirmations.filter(answer=Confirmation.Answer.WAITING, user=None)
    gone.update(answer=Confirmation.Answer.REMOVED, answered_by=Site().name, answered_at=timezone.now())
    if UserAudit.objects.filter(pk=audit.pk, closed_at=None).update(closed_at=timezone.now()):
        record(Action.USER_AUDIT_CLOSED, by=Site(), audit=audit.pk, due_on=str(audit.due_on))


def _answer(rows: list[Confirmation], answer: Confirmation.Answer, *, by: Witness) -> None:
    said = Confirmation.objects.filter(pk__in=[row.pk for row in rows])
    said.update(answer=answer, answered_by=by.name, answered_at=timezone.now())


def _let_in_again(user: User) -> None:
    user.is_active, user.inactive_because = True, ""
    _save(user)
    catalogue.user_switched(user.recipient, user.organisation.party, on=True)


def _save(user: User) -> None:
    user.version, user.session_epoch = user.version + 1, user.session_epoch + 1
    user.save(update_fields=["is_active", "inactive_because", "version", "session_epoch"])


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
