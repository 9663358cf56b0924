"""The national administrator of a site that has none: whoever runs the site sets up the one who sets up all others (3.1, 3.9)."""

from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.utils import timezone

from s2s.accounts import links
from s2s.accounts.models import User
from s2s.administration.user_details import email_problem, name_problem, username_problem
from s2s.audit.models import Action
from s2s.audit.trail import Witness, record
from s2s.organisations import authorities
from s2s.organisations.models import Organisation
from s2s.rules.refusals import NotSaved, Refused
from s2s.rules.roles import RoleCode


class FirstFault(StrEnum):
    THERE = "there is a national administrator"  # facts: username


class FirstRefused(Refused[FirstFault]):
    pass


@transaction.atomic
def set_up(*, by: Witness, username: str, name: str, email: str) -> tuple[str, datetime]:
    """Add them, and the local authorities and the national office where those are missing. No e-mail goes out: there may be no mail yet.

    The path of the link by which they choose a password, and when it ends. Raises NotSaved, or FirstRefused when there is one who
    can sign in: they add others under User Maintenance.
    """
    authorities.load()
    office = Organisation.objects.select_for_update().get(number=authorities.NATIONAL_OFFICE[0])  # two at once: one waits
    if there := User.objects.filter(role=RoleCode.NATIONAL, is_active=True).first():
        raise FirstRefused(FirstFault.THERE, username=there.username)
    if problems := [problem for problem in (username_problem(username), name_problem(name), email_problem(email)) if problem]:
        raise NotSaved(*problems)
    user = User(username=username, name=name, email=email, role=RoleCode.NATIONAL, organisation=office)
    user.set_unusable_password()
    user.save(force_insert=True)
    record(Action.USER_ADDED, by=by, username=username, role=user.role, at=office.number)
    return links.make(user, valid=links.AFTER_INVITATION), timezone.now() + links.AFTER_INVITATION
