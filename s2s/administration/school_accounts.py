"""The user account of a school: setting it up, its name, switching it on and off (3.7, 3.8): parts of `manage_schools.py`."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from s2s.accounts import interventions, links
from s2s.accounts.actors import Actor
from s2s.accounts.models import InactiveBecause, User
from s2s.administration.user_details import UserFault, UserRefused, username_problem
from s2s.administration.user_maintenance import confirmed_by_adding
from s2s.audit.models import Action
from s2s.audit.trail import record
from s2s.notices import catalogue
from s2s.notices.catalogue import Change
from s2s.organisations.models import Organisation
from s2s.rules.refusals import NotSaved
from s2s.rules.roles import RoleCode


def check_name(typed: str, school: str, user: User | None = None) -> None:
    """Raise NotSaved unless it is the name that the school's user has, or one that could be theirs (3.3)."""
    name = typed.strip()
    if user and name.lower() == user.username.lower():
        return
    if problem := username_problem(name, school):
        raise NotSaved(problem)


def set_up(*, actor: Actor, school: Organisation, username: str) -> User:
    """The school's user. The user name and a one-time link to choose a password by go to the school's address, in two e-mails (3.7)."""
    user = User(username=username.strip(), role=RoleCode.SCHOOL, organisation=school, email=school.email, language=school.language)
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:  # somebody else was quicker
        raise _taken(user) from error
    record(Action.USER_ADDED, by=actor, username=user.username, role=str(user.role), at=school.number)
    confirmed_by_adding(user, by=actor)
    invite(user)
    return user


def invite(user: User) -> None:
    at = user.organisation.party
    catalogue.welcome(user.recipient, user.username, user.role, at)
    link = links.make(user, valid=links.AFTER_INVITATION)
    catalogue.password_link(user.recipient, link, timezone.now() + links.AFTER_INVITATION, at, reset=False)


def change(*, actor: Actor, user: User, username: str, active: bool, email: str) -> list[Change]:
    """Another name ends the old one, and like switching off it ends the sessions; the address is the school's own (3.7)."""
    changes = list[Change]()
    if username.strip() != user.username:
        changes.append(Change("username", username.strip()))
        record(Action.USER_RENAMED, by=actor, username=username.strip(), before=user.username, at=user.organisation.number)
    if active != user.is_active:
        changes.append(Change("active", active))
        record(Action.USER_SWITCHED_ON if active else Action.USER_SWITCHED_OFF, by=actor, username=username.strip())
    if not changes and email == user.email:
        return []
    if email != user.email:
        interventions.note_address(by=actor.name, user=user)
    user.username, user.is_active, user.email = username.strip(), active, email
    user.inactive_because = "" if active else user.inactive_because or InactiveBecause.SWITCHED_OFF
    user.session_epoch += bool(changes)
    user.version += 1
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise _taken(user) from error
    if active and user.email and not user.has_usable_password():  # the link they were sent does not outlive the change
        invite(user)
    return changes


def _taken(user: User) -> NotSaved:
    return NotSaved(UserRefused(UserFault.USERNAME_TAKEN, "username", username=user.username))
