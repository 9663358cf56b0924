"""User Maintenance: an LEA Administrator's users; the national administrator's LEA Administrators and colleagues (3.1-3.7).

Nobody ever reads a password. A user gets a one-time link at the address on record, or an administrator assigns a password that must be
changed at the first sign-in and dies unused after a week.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from s2s.accounts import interventions, links, second_factor
from s2s.accounts.actors import Actor
from s2s.accounts.interventions import What
from s2s.accounts.models import InactiveBecause, User
from s2s.administration.models import Confirmation, UserAudit
from s2s.administration.rights import needs
from s2s.administration.user_details import UserFault, UserRefused, email_problem, name_problem, username_problem
from s2s.audit.models import Action
from s2s.audit.trail import record
from s2s.notices import catalogue
from s2s.organisations.models import Organisation
from s2s.rules.refusals import NotSaved, Stale
from s2s.rules.roles import LA_ROLES, ROLES, Can, RoleCode, gives

ASSIGNED_LASTS = timedelta(days=7)
ONE_ONLY = Q(role__in=[role.code for role in ROLES.values() if role.one_per_authority])  # 3.1, 1.6; a constraint of the table says the same


@dataclass(frozen=True)
class Assigned:
    """A password as an administrator typed it, twice (3.6)."""

    password: str = field(repr=False)
    again: str = field(repr=False)


@needs(Can.MAINTAIN_USERS)
@transaction.atomic
def add_user(*, actor: Actor, at: Organisation, username: str, name: str, email: str, role: str, assigned: Assigned | None = None) -> User:
    """A new user of an LA, or of the national office (3.3). Unless a password is assigned, a link goes to the address.

    Raises NotSaved; of two who add the one LEA School user at once, one gets it.
    """
    user = User(username=username, name=name, email=email, role=role, organisation=at)
    _check(user, by=actor, assigned=assigned)
    _set_password(user, assigned)
    _save_new(user)
    record(Action.USER_ADDED, by=actor, username=username, role=role, at=at.number, assigned=assigned is not None)
    _note_assigned(actor, user, assigned)
    confirmed_by_adding(user, by=actor)
    catalogue.welcome(user.recipient, username, role, at.party)
    _tell_way_in(user, assigned=assigned is not None, reset=False)
    return user


@needs(Can.MAINTAIN_USERS)
@transaction.atomic
def change_role(*, actor: Actor, user: User, role: str, version: str) -> User:
    """Give a user another role: the only detail that User Maintenance changes (3.4). Their sessions end at once.

    `version` is the user's when the form was opened. Raises UserRefused or Stale.
    """
    user = locked(user, version)
    check_may_manage(actor, user)
    if problem := _role_problem(user, role, by=actor):
        raise problem
    former, user.role = user.role, role
    _save_changed(user, "role")
    record(Action.USER_ROLE_CHANGED, by=actor, username=user.username, role=role, former=former, at=user.organisation.number)
    catalogue.role_changed(user.recipient, role, user.organisation.party)
    if not user.has_usable_password():  # the link they were sent does not outlive the change
        _tell_way_in(user, assigned=False, reset=False)
    return user


@needs(Can.MAINTAIN_USERS)
@transaction.atomic
def delete_user(*, actor: Actor, user: User, version: str) -> None:
    """The person can no longer sign in, and open sessions end (3.5). The name stays in the audit trail. Raises UserRefused or Stale."""
    user = locked(user, version)
    _check_can_go(actor, user)
    check_may_manage(actor, user)
    _removed_by_deleting(user, by=actor)
    record(Action.USER_DELETED, by=actor, username=user.username, role=user.role, at=user.organisation.number)
    catalogue.user_deleted(user.recipient, user.organisation.party)
    user.delete()


@needs(Can.MAINTAIN_USERS)
@transaction.atomic
def reset_password(*, actor: Actor, user: User, assigned: Assigned | None = None) -> User:
    """The old password stops at once; a link goes to the address on record, or the assigned password takes its place (3.6).

    Raises UserRefused or NotSaved.
    """
    user = locked(user)
    if user == actor.user:
        raise UserRefused(UserFault.ONESELF)
    check_may_manage(actor, user)
    if not user.is_active:
        raise UserRefused(UserFault.INACTIVE)
    if assigned is None and not user.recipient.email:
        raise UserRefused(UserFault.NO_ADDRESS, "way")
    if problems := _password_problems(user, assigned):
        raise NotSaved(*problems)
    if assigned and interventions.is_too_soon(by=actor, user=user, what=What.PASSWORD_ASSIGNED):
        raise UserRefused(UserFault.BOTH_IN_A_DAY, "way")
    _set_password(user, assigned)
    _save_changed(user, "password", "must_change_password", "password_expires_at", "awaits_link")
    _note_assigned(actor, user, assigned)
    record(Action.PASSWORD_RESET, by=actor, username=user.username, at=user.organisation.number, assigned=assigned is not None)
    _tell_way_in(user, assigned=assigned is not None, reset=True)
    return user


@needs(Can.MAINTAIN_USERS)
@transaction.atomic
def remove_second_factor(*, actor: Actor, user: User) -> None:
    """For somebody who has lost app, passkeys and recovery codes; the administrator has made sure who is asking. Raises UserRefused."""
    user = locked(user)
    if user == actor.user:
        raise UserRefused(UserFault.ONESELF)
    check_may_manage(actor, user)
    if interventions.is_too_soon(by=actor, user=user, what=What.SECOND_STEP_REMOVED):
        raise UserRefused(UserFault.BOTH_IN_A_DAY)
    interventions.note(by=actor, user=user, what=What.SECOND_STEP_REMOVED)
    second_factor.take_away(by=actor, person=user)


@needs(Can.SET_UP_DBA)
@transaction.atomic
def switch_off(*, actor: Actor, user: User, version: str) -> User:
    """The person cannot sign in until switched on again, and open sessions end. Raises UserRefused or Stale."""
    user = locked(user, version)
    _check_can_go(actor, user)
    check_may_manage(actor, user)
    user.is_active, user.inactive_because = False, InactiveBecause.SWITCHED_OFF
    _save_changed(user, "is_active", "inactive_because")
    record(Action.USER_SWITCHED_OFF, by=actor, username=user.username, at=user.organisation.number)
    catalogue.user_switched(user.recipient, user.organisation.party, on=False)
    return user


@needs(Can.SET_UP_DBA)
@transaction.atomic
def switch_on(*, actor: Actor, user: User, version: str) -> User:
    user = locked(user, version)
    check_may_manage(actor, user)
    user.is_active, user.inactive_because = True, ""
    _save_changed(user, "is_active", "inactive_because")
    record(Action.USER_SWITCHED_ON, by=actor, username=user.username, at=user.organisation.number)
    catalogue.user_switched(user.recipient, user.organisation.party, on=True)
    return user


def confirmed_by_adding(user: User, *, by: Actor) -> None:
    """During the yearly audit of users a new one counts as confirmed (1.6)."""
    audit = UserAudit.running()
    if audit and user.organisation.maintained_by:
        Confirmation.objects.create(
            audit=audit,
            organisation=user.organisation,
            user=user,
            username=user.username,
            role=user.role,
            answer=Confirmation.Answer.CONFIRMED,
            answered_by=by.name,
            answered_at=timezone.now(),
        )


def roles_for(actor: Actor, at: Organisation) -> tuple[RoleCode, ...]:
    """The drop-down list of roles that this actor may give there."""
    there = {Organisation.Kind.AUTHORITY: LA_ROLES, Organisation.Kind.NATIONAL: (RoleCode.NATIONAL,)}.get(Organisation.Kind(at.kind), ())
    return tuple(role for role in gives(actor.may) if role in there)


def _check(user: User, *, by: Actor, assigned: Assigned | None) -> None:
    problems = [
        username_problem(user.username),
        name_problem(user.name),
        email_problem(user.email),
        _role_problem(user, user.role, by=by),
        *_password_problems(user, assigned),
    ]
    if found := [problem for problem in problems if problem]:
        raise NotSaved(*found)


def _role_problem(user: User, role: str, *, by: Actor) -> UserRefused | None:
    if not role:
        return UserRefused(UserFault.NO_ROLE, "role")
    if role not in roles_for(by, user.organisation):
        return UserRefused(UserFault.RESERVED if role in LA_ROLES else UserFault.NO_ROLE, "role")
    if user.pk and role == user.role:
        return UserRefused(UserFault.SAME_ROLE, "role")
    holder = User.objects.filter(ONE_ONLY, organisation=user.organisation, role=role).exclude(pk=user.pk).first()
    return _role_taken(user, role, holder.username) if holder else None


def _role_taken(user: User, role: str, holder: str) -> UserRefused:
    place = user.organisation
    return UserRefused(
        UserFault.ROLE_TAKEN, "role", role=role, holder=holder, organisation=place.name, organisation_cy=place.name_cy or place.name
    )


def _password_problems(user: User, assigned: Assigned | None) -> list[UserRefused]:
    if assigned is None:
        return []
    if not settings.ASSIGNED_PASSWORDS:
        return [UserRefused(UserFault.NO_ASSIGNING, "way")]
    found = []
    try:
        validate_password(assigned.password, user)
    except ValidationError as weak:
        found.append(UserRefused(UserFault.PASSWORD_WEAK, "password", why=" ".join(weak.messages)))
    if assigned.password != assigned.again:
        found.append(UserRefused(UserFault.PASSWORDS_DIFFER, "again"))
    return found


def _set_password(user: User, assigned: Assigned | None) -> None:
    """An assigned password for a week, or none: then only a link opens the door."""
    user.set_password(assigned.password if assigned else None)
    user.must_change_password = True
    user.password_expires_at = timezone.now() + ASSIGNED_LASTS if assigned else None
    user.awaits_link = user.awaits_link or assigned is not None


def _note_assigned(by: Actor, user: User, assigned: Assigned | None) -> None:
    if assigned:
        interventions.note(by=by, user=user, what=What.PASSWORD_ASSIGNED)


def _tell_way_in(user: User, *, assigned: bool, reset: bool) -> None:
    to, at = user.recipient, user.organisation.party
    if assigned:
        catalogue.password_assigned(to, timezone.now() + ASSIGNED_LASTS, at, reset=reset)
    else:
        path = links.make(user, valid=links.AFTER_INVITATION)
        catalogue.password_link(to, path, timezone.now() + links.AFTER_INVITATION, at, reset=reset)


def _save_new(user: User) -> None:
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as clash:
        raise NotSaved(_clash(user, clash)) from None


def _save_changed(user: User, *fields: str) -> None:
    """Save, raise the version, and end the person's sessions for good."""
    user.version += 1
    user.session_epoch += 1
    try:
        with transaction.atomic():
            user.save(update_fields=[*fields, "version", "session_epoch"])
    except IntegrityError as clash:
        raise _clash(user, clash) from None


def _clash(user: User, clash: IntegrityError) -> UserRefused:
    """Somebody else was quicker: the database kept the second one out."""
    constraint = getattr(getattr(clash.__cause__, "diag", None), "constraint_name", "")
    if constraint != "one_of_a_kind_at_an_authority":
        return UserRefused(UserFault.USERNAME_TAKEN, "username", username=user.username)
    holder = User.objects.filter(organisation=user.organisation, role=user.role).first()
    return _role_taken(user, user.role, holder.username if holder else "")


def locked(user: User, version: str | None = None) -> User:
    """The user as they are now, held until the end; refused when somebody has changed them since the form was opened.

    Raises UserRefused or Stale.
    """
    if user.role == RoleCode.NATIONAL:  # held in one order, so that two who remove each other do not block each other
        list(User.objects.select_for_update().filter(role=RoleCode.NATIONAL).order_by("pk"))
    row = User.objects.select_for_update(of=("self",)).select_related("organisation__authority").filter(pk=user.pk).first()
    if row is None:
        raise UserRefused(UserFault.GONE)
    if version is not None and str(row.version) != version:
        raise Stale
    return row


def check_may_manage(actor: Actor, user: User) -> None:
    """School users come with their school; of the others one manages those whose role one may give (3.1)."""
    if user.role != RoleCode.SCHOOL and user.role not in gives(actor.may):
        raise UserRefused(UserFault.RESERVED)


def _check_can_go(actor: Actor, user: User) -> None:
    """Nobody locks himself out, and somebody is always left to look after the site: of two who remove each other, one stays."""
    if user == actor.user:
        raise UserRefused(UserFault.ONESELF)
    others = User.objects.filter(role=RoleCode.NATIONAL, is_active=True).exclude(pk=user.pk)
    if user.role == RoleCode.NATIONAL and not others.exists():
        raise UserRefused(UserFault.LAST_NATIONAL)


def _removed_by_deleting(user: User, *, by: Actor) -> None:
    """Deleting is an answer to the yearly audit of users too."""
    asked = Confirmation.objects.filter(user=user, answer__in=Confirmation.OPEN)
    asked.update(answer=Confirmation.Answer.REMOVED, answered_by=by.name, answered_at=timezone.now())
