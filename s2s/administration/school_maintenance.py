"""Adding, changing, closing and deleting a school, and its user account (3.8, 3.9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from s2s.accounts.actors import Actor
from s2s.accounts.models import User
from s2s.administration import fields, queries, school_accounts
from s2s.administration.fields import EntryFault, SaveFault, SaveRefused, refuse
from s2s.administration.rights import needs
from s2s.audit.models import Action
from s2s.audit.trail import record
from s2s.notices import catalogue
from s2s.notices.catalogue import Change
from s2s.notices.recipients import Recipient
from s2s.organisations import queries as organisation_queries
from s2s.organisations.models import Category, Organisation
from s2s.rules.refusals import NotSaved, Stale
from s2s.rules.roles import Can
from s2s.transfers import queries as transfer_queries

NON_MAINTAINED_SPECIAL: Final = "Non-maintained special school"  # as the register of England calls them
SCHOOL_TYPES: Final = ("Nursery", "Primary", "Middle", "Secondary", "Special", "Pupil referral unit", "Independent", NON_MAINTAINED_SPECIAL)
NATIONAL: Final = ("school_type", "category")  # what the national administrator alone says of schools by


@dataclass(frozen=True)
class Choice:
    """What the national administrator may say of a school beyond its details; None leaves it as it is."""

    school_type: str | None = None
    category: Category | None = None


def version_of(school: Organisation) -> str:
    """What a form carries, to be told when somebody saved meanwhile: it changes with the school and with its user."""
    user = queries.school_user(school)
    return _version(school, user)


def _version(school: Organisation, user: User | None) -> str:
    return f"{school.version}.{user.pk}.{user.version}" if user else f"{school.version}"


@needs(Can.MAINTAIN_SCHOOLS)
@transaction.atomic
def add(
    *, actor: Actor, authority: Organisation, number: str, school_type: str, typed: Mapping[str, str], username: str = ""
) -> Organisation:
    """A new school of the authority: four digits that no other school of it has (Appendix 1). Raises NotSaved.

    With an e-mail address it has a user at once, whom a one-time link invites; the user name is that typed, or else the seven digits.
    """
    if not authority.is_open:
        raise NotSaved(SaveRefused(SaveFault.CLOSED_AUTHORITY, **_named(authority)))
    values = dict[str, str]()
    digits = list[str]()
    fields.together(
        lambda: digits.append(_free_number(authority, number)),
        lambda: values.update(fields.checked({**typed, "school_type": school_type}, {**fields.SCHOOL, "school_type": _school_type})),
        lambda: school_accounts.check_name(username or digits[0], "".join(digits)) if typed.get("email") and (username or digits) else None,
    )
    school = Organisation(kind=Organisation.Kind.SCHOOL, number=digits[0], authority=authority, region=authority.region, **values)
    try:
        with transaction.atomic():
            school.save(force_insert=True)
    except IntegrityError as error:  # somebody else was quicker
        raise refuse("number", EntryFault.NUMBER_TAKEN, number=school.number, name=school.name) from error
    record(Action.SCHOOL_ADDED, by=actor, number=school.number, **values)
    if school.email:
        school_accounts.set_up(actor=actor, school=school, username=username or school.number)
    return school


def _free_number(authority: Organisation, typed: str) -> str:
    """The seven digits. Six, eight or those of another authority are refused; so is a number that a school has, open or closed."""
    digits = typed.strip()
    if len(digits) == 7 and digits.startswith(authority.number):
        digits = digits[3:]
    if not (digits.isascii() and digits.isdecimal() and len(digits) == 4):
        raise refuse("number", EntryFault.NUMBER)
    number = authority.number + digits
    if there := organisation_queries.organisation(number):
        raise refuse("number", EntryFault.NUMBER_TAKEN, number=number, **_named(there))
    return number


def _school_type(said: str) -> str:
    return fields.one_of(said, choices=SCHOOL_TYPES) if said else ""


@needs(Can.MAINTAIN_SCHOOLS)
@transaction.atomic
def update(
    *,
    actor: Actor,
    school: Organisation,
    version: str,
    typed: Mapping[str, str],
    username: str,
    active: bool,
    choice: Choice | None = None,
) -> list[Change]:
    """Change a school's details, its user's name and whether that account is active; what changed, of which the school is told (3.8).

    A school without a user gets one when it has an e-mail address and a user name is given. Raises NotSaved or Stale.
    """
    row, user = _locked(school)
    if _version(row, user) != version:
        raise Stale
    values = dict[str, str]()
    fields.together(
        lambda: values.update(fields.checked(typed, fields.SCHOOL, row)),
        lambda: fields.check_email_stays(row.email, fields.tidy(typed.get("email", ""))),
        lambda: school_accounts.check_name(username, row.number, user) if user or username else None,
        lambda: _check_choice(row, choice) if choice else None,
    )
    before, emails = row.recipient, {row.email, values["email"]}
    changes = _put(row, values, choice)
    if user:
        changes += school_accounts.change(actor=actor, user=user, username=username, active=active, email=row.email)
    if changes:
        _save(actor, row, changes)
    if not user and username and row.email:
        school_accounts.set_up(actor=actor, school=row, username=username)
    _tell(actor, row, before, emails, changes)
    return changes


def _locked(school: Organisation) -> tuple[Organisation, User | None]:
    """The school first, then its user: in that order everywhere."""
    rows = Organisation.objects.select_related("authority", "successor", "category").select_for_update(of=("self",), no_key=True)
    row = rows.get(pk=school.pk)
    if (user := queries.school_user(row)) is None:
        return row, None
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    user.organisation = row  # what is changed here counts at once for what is written to them
    return row, user


def _check_choice(row: Organisation, choice: Choice) -> None:
    if choice.school_type is not None and choice.school_type != row.school_type and choice.school_type not in SCHOOL_TYPES:
        raise refuse("school_type", EntryFault.CHOICE)


def _put(row: Organisation, values: Mapping[str, str], choice: Choice | None) -> list[Change]:
    """Write the values on the row; what is different now."""
    changes = [Change(field, value) for field, value in values.items() if value != getattr(row, field)]
    if choice and choice.school_type is not None and choice.school_type != row.school_type:
        changes.append(Change("school_type", choice.school_type))
    for change in changes:
        setattr(row, change.what, change.value)
    if choice and choice.category != row.category:
        changes.append(Change("category", choice.category.name if choice.category else ""))
        row.category = choice.category
    return changes


def _save(actor: Actor, row: Organisation, changes: list[Change]) -> None:
    row.version += 1
    row.save()
    record(Action.SCHOOL_CHANGED, by=actor, number=row.number, changes={change.what: _plain(change.value) for change in changes})


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _tell(actor: Actor, row: Organisation, before: Recipient, emails: set[str], changes: list[Change]) -> None:
    """At the address it has now and at the one it had: whoever loses it hears of it too."""
    for email in sorted(emails if changes else ()):
        to = Recipient(email=email, language=row.language or before.language, name=row.name, name_cy=row.name_cy)
        catalogue.details_changed(to, row.party, changes, by=actor.party, at=timezone.now())


@needs(Can.MAINTAIN_SCHOOLS)
@transaction.atomic
def close(*, actor: Actor, school: Organisation, version: str, on: date | None, successor: str) -> None:
    """The school closes on that day, past or to come, and its place is taken by the successor, if one is named by its seven digits
    or, within its authority, by four. From that day uploads to it are refused, and name the successor. The school, the successor and
    the senders of what waits there are told. Raises NotSaved.
    """
    row, user = _locked(school)
    if _version(row, user) != version:
        raise Stale
    days = list[date]()
    successors = list[Organisation]()
    fields.together(lambda: days.append(_day(on)), lambda: successors.extend(_successor(row, successor)))
    follower = successors[0] if successors else None
    changes = [Change("closed_on", days[0])] if row.closed_on != days[0] else []
    if row.successor != follower:
        changes.append(Change("successor", f"{follower.number} {follower.name}" if follower else ""))
    row.closed_on, row.successor = days[0], follower
    if changes:
        _save(actor, row, changes)
        _tell(actor, row, row.recipient, {row.email}, changes)
        _tell_of_closing(row, days[0])


def _tell_of_closing(row: Organisation, day: date) -> None:
    """The school that takes its place, and whoever has sent it something that it has not collected."""
    waiting, after = transfer_queries.uncollected_at(row), row.successor
    if after:
        catalogue.takes_the_place(after.recipient, row.party, day, sum(one.files for one in waiting))
    for one in waiting:
        catalogue.destination_closes(one.sender.recipient, row.party, day, after.party if after else None, one.files)


def _day(on: date | None) -> date:
    if on is None:
        raise refuse("closed_on", EntryFault.NO_DATE)
    return on


def _successor(school: Organisation, typed: str) -> list[Organisation]:
    number = typed.strip()
    if not number:
        return []
    if len(number) == 4:
        number = school.number[:3] + number
    follower = organisation_queries.organisation(number) if number.isascii() and number.isdecimal() else None
    if follower is None or not follower.is_school or not follower.is_open:
        raise refuse("successor", EntryFault.SUCCESSOR, number=number[:20])
    if _leads_back(follower, school):
        raise refuse("successor", EntryFault.SUCCESSOR_ITSELF)
    return [follower]


def _leads_back(follower: Organisation, school: Organisation) -> bool:
    """Whether the follower is the school itself, or one whose place, at however many removes, the school is to take."""
    seen, one = set[int](), follower
    while one is not None and one.pk not in seen:
        if one.pk == school.pk:
            return True
        seen.add(one.pk)
        one = one.successor  # type: ignore[assignment]
    return False


@needs(Can.MAINTAIN_SCHOOLS)
@transaction.atomic
def reopen(*, actor: Actor, school: Organisation, version: str) -> None:
    """The school is open after all: no closing day, no successor. Raises NotSaved."""
    row, user = _locked(school)
    if _version(row, user) != version:
        raise Stale
    if row.closed_on is None:
        return
    row.closed_on, row.successor = None, None
    changes = [Change("closed_on", "")]
    _save(actor, row, changes)
    _tell(actor, row, row.recipient, {row.email}, changes)


@needs(Can.MAINTAIN_SCHOOLS)
@transaction.atomic
def delete(*, actor: Actor, school: Organisation) -> None:
    """Take out a school that was never used: set up by mistake. One that has sent or received anything, or that has taken another's place,
    is closed instead. Raises NotSaved.
    """
    row, user = _locked(school)
    refusal = NotSaved(SaveRefused(SaveFault.HAS_HISTORY, **_named(row)))
    if row.predecessors.exists() or (user and user.signed_in_at):
        raise refusal
    try:
        with transaction.atomic():
            row.users.all().delete()
            row.delete()
    except ProtectedError as error:
        raise refusal from error
    if user:
        catalogue.user_deleted(school.recipient, school.party)
    record(Action.SCHOOL_DELETED, by=actor, number=school.number, name=school.name, username=user.username if user else "")


def _named(place: Organisation) -> dict[str, object]:
    return {"name": place.name, "name_cy": place.name_cy}
