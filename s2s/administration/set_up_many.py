"""Many schools are given their user account at one go: an official list that is taken in may bring a thousand (3.7, 3.8).

A few are done at once, many by the worker: a few for each errand, so that nothing waits behind a long run, and one goes on where it was.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from django.db import transaction
from django.db.models import Count

from s2s.accounts.actors import Actor, Person
from s2s.administration import queries, school_accounts
from s2s.administration.models import SetUp, SetUpLine
from s2s.administration.rights import needs
from s2s.audit.models import Action
from s2s.audit.trail import record
from s2s.notices import errands
from s2s.organisations.models import Organisation
from s2s.rules.refusals import NotSaved, Refused
from s2s.rules.roles import Can

AT_ONCE: Final = 10  # schools; of more the worker does as many for each errand
SET_UP: Final = "set up the users of schools"  # the errand's name; `tasks.py` does it
Outcome = SetUpLine.Outcome


class SetUpFault(StrEnum):
    NOTHING_CHOSEN = "no school chosen"


class SetUpRefused(Refused[SetUpFault]):
    pass


@needs(Can.MAINTAIN_SCHOOLS)
@transaction.atomic
def begin(*, actor: Actor, schools: Iterable[Organisation]) -> SetUp:
    """Set up a user for each of these schools, by its seven digits; user name and link go to the school's address, in two e-mails.

    Schools that are not in the actor's care are left out. An errand can name a person again; for a machine or the site all is done at
    once. Raises SetUpRefused when no school remains.
    """
    theirs = queries.schools_in_care_of(actor).filter(pk__in=[school.pk for school in schools]).order_by("number")
    run = SetUp.objects.create(begun_by=actor.user, person=actor.name, ip=actor.ip)
    lines = SetUpLine.objects.bulk_create(SetUpLine(run=run, school=school) for school in theirs)
    if not lines:
        raise SetUpRefused(SetUpFault.NOTHING_CHOSEN)
    record(Action.SET_UP_BEGUN, by=actor, schools=len(lines))
    if actor.user and len(lines) > AT_ONCE:
        errands.leave(SET_UP, key=str(run.key))
    else:
        _set_up_all(actor, lines)
    return run


@transaction.atomic
def work(key: str) -> None:
    """Do the next few of a run, and leave an errand for the rest. Done again when nothing is left, it does nothing."""
    run = SetUp.objects.select_related("begun_by__organisation").get(key=key)
    waiting = run.lines.filter(outcome=Outcome.WAITING).order_by("pk")
    _set_up_all(Person(run.begun_by, run.ip) if run.begun_by else None, waiting.select_for_update()[:AT_ONCE])
    if waiting.exists():
        errands.leave(SET_UP, key=key)


def counted(run: SetUp) -> dict[str, int]:
    """Outcome -> how many schools."""
    counts = dict(run.lines.order_by().values_list("outcome").annotate(number=Count("pk")))
    return {outcome: counts.get(outcome, 0) for outcome in Outcome.values}


def _set_up_all(actor: Actor | None, lines: Iterable[SetUpLine]) -> None:
    for line in lines:
        line.outcome = _set_up(actor, line.school_id)
        line.save(update_fields=["outcome"])


def _set_up(actor: Actor | None, pk: int) -> Outcome:
    """Whoever began it has to be there and to have the right still; the school is as it is now, and held."""
    school = queries.schools_in_care_of(actor).select_for_update(of=("self",), no_key=True).filter(pk=pk).first() if actor else None
    if actor is None or school is None:
        return Outcome.NOT_ALLOWED
    if obstacle := _obstacle(school):
        return obstacle
    try:
        school_accounts.check_name(school.number, school.number)
        with transaction.atomic():
            school_accounts.set_up(actor=actor, school=school, username=school.number)
    except NotSaved:
        return Outcome.NAME_TAKEN
    return Outcome.DONE


def _obstacle(school: Organisation) -> Outcome | None:
    if not school.is_open:
        return Outcome.CLOSED
    if queries.school_user(school):
        return Outcome.HAS_USER
    return None if school.email else Outcome.NO_EMAIL
