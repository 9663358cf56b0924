"""An official list of schools is taken in: new ones are added, changed ones corrected, those that are gone closed, none deleted (3.8)."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from s2s.audit.models import Action
from s2s.audit.trail import Witness, record
from s2s.organisations import authorities, school_lists
from s2s.organisations.models import Language, Organisation
from s2s.organisations.school_lists import LineFault, Listed, ListFault, ListRefused, SchoolList, Skipped

IMPORTING: Final = 0x5325_0002  # the advisory lock: one import at a time
MOST_CLOSED: Final = 20  # per cent of the open schools that a list covers; more looks like half a file
BATCH: Final = 500

FROM_LIST: Final = ("name", "street", "town", "postcode", "school_type", "listed_in")  # the list knows better
FILLED: Final = ("telephone",)  # people know better: only filled where blank; the lists have no e-mail addresses at all
WRITTEN: Final = (*FROM_LIST, *FILLED, "closed_on")

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of each school of the list; every school counts once. `closed` has those that the list no longer names too.

    `kept_open` are missing from the list, but stay open because lines of it cannot be read and may be theirs.
    """

    name: str
    created: int
    updated: int
    unchanged: int
    closed: int
    reopened: int
    kept_open: int
    skipped: tuple[Skipped, ...]


@dataclass(slots=True)
class Plan:
    """What has to be written; `before` has the columns that change of each school, as they were."""

    created: list[Organisation] = field(default_factory=list)
    updated: list[Organisation] = field(default_factory=list)
    closed: list[Organisation] = field(default_factory=list)
    reopened: list[Organisation] = field(default_factory=list)
    before: dict[str, dict[str, object]] = field(default_factory=dict)
    unchanged: int = 0
    kept_open: int = 0
    covered: int = 0  # open schools of the kinds and authorities that the list has

    @property
    def changed(self) -> list[Organisation]:
        return [*self.updated, *self.closed, *self.reopened]


@dataclass(frozen=True, slots=True)
class Preview:
    """What taking in a list would do. `digest` stands for exactly this file; `closes_many` is why it would be refused without more."""

    digest: str
    summary: Summary
    plan: Plan
    closes_many: ListRefused | None


def preview(content: bytes, *, close_many: bool = False) -> Preview:
    """Look at a list without taking it in: nothing is written. Raises ListRefused (not for CLOSES_MANY: see `Preview`)."""
    schools = school_lists.read(content)
    with transaction.atomic():
        authorities.load()  # the list may name one that is not there yet
        plan = _plan(schools, close_many=close_many)
        transaction.set_rollback(True)
    try:
        _check(schools, plan, close_many=close_many)
    except ListRefused as refusal:
        if refusal.code is not ListFault.CLOSES_MANY:
            raise
        return Preview(digest_of(content), _summary(schools, plan), plan, refusal)
    return Preview(digest_of(content), _summary(schools, plan), plan, None)


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def import_schools(*, by: Witness, content: bytes, close_many: bool = False, progress: Progress = lambda done, total: None) -> Summary:
    """Take in the Welsh address list (maintained, independent or pupil referral units) or GIAS's edubasealldata, as CSV.

    Taken in twice, a list changes nothing the second time. A list speaks for the authorities and the sort of list (maintained,
    independent ...) that it has lines of: open schools among those that it no longer names are closed, all others are left alone.
    `progress` hears how many schools are done, of how many. Raises ListRefused; nothing has then been changed. `close_many` says that
    it is right to close more than MOST_CLOSED per cent, or although lines cannot be read.
    """
    schools = school_lists.read(content)
    with transaction.atomic():
        _one_at_a_time()
        authorities.load()
        plan = _plan(schools, close_many=close_many)
        _check(schools, plan, close_many=close_many)
        _write(plan, progress)
        summary = _summary(schools, plan)
        digest = digest_of(content)
        record(Action.SCHOOLS_IMPORTED, by=by, list=summary.name, sha256=digest, schools=_counts(summary), skipped=_reasons(summary))
    return summary


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORTING])


def _plan(schools: SchoolList, *, close_many: bool) -> Plan:
    owners = {row.number: row for row in Organisation.objects.filter(kind=Organisation.Kind.AUTHORITY)}
    _drop_unknown(schools, owners)
    of_these = {school.authority for school in schools.schools.values()}
    there = {row.number: row for row in _schools(owners[number] for number in of_these)}
    plan, today = Plan(), timezone.localdate()
    for school in schools.schools.values():
        _place(plan, school, there.get(school.number), owners[school.authority], today)
    _close_missing(plan, schools, there.values(), today, close_many=close_many)
    return plan


def _drop_unknown(schools: SchoolList, owners: Mapping[str, Organisation]) -> None:
    for school in [school for school in schools.schools.values() if school.authority not in owners]:
        del schools.schools[school.number]
        schools.skipped.append(Skipped(school.line, LineFault.AUTHORITY, school.number))


def _schools(of: Iterable[Organisation]) -> Iterable[Organisation]:
    """The schools, locked against people who edit them meanwhile; files can still be sent to them."""
    schools = Organisation.objects.filter(kind=Organisation.Kind.SCHOOL, authority__in=list(of)).order_by("pk")
    return schools.select_for_update(no_key=True).select_related(None)


def _place(plan: Plan, school: Listed, row: Organisation | None, authority: Organisation, today: date) -> None:
    """Put the school where it belongs in the plan, its row as it has to be."""
    if row is None:
        plan.created.append(_new(school, authority, today))
        return
    was_open, before = _is_open(row, today), _written(row)
    for column in FROM_LIST:
        setattr(row, column, getattr(school, column))
    for column in FILLED:
        setattr(row, column, getattr(row, column) or getattr(school, column))
    row.closed_on = _closed_on(school, row.closed_on, today)
    is_open = _is_open(row, today)
    if _written(row) == before:
        plan.unchanged += 1
    else:
        plan.before[row.number] = {column: old for column, old in zip(WRITTEN, before, strict=True) if old != getattr(row, column)}
        (plan.updated if was_open == is_open else plan.reopened if is_open else plan.closed).append(row)
    plan.covered += was_open


def _new(school: Listed, authority: Organisation, today: date) -> Organisation:
    """The row of one that is new. The language of Welsh ones stays open, so they are written to in both until they choose."""
    return Organisation(
        number=school.number,
        kind=Organisation.Kind.SCHOOL,
        authority=authority,
        region=authority.region,
        language=Language.UNKNOWN if authority.region == Organisation.Region.WALES else Language.ENGLISH,
        closed_on=_closed_on(school, None, today),
        **{column: getattr(school, column) for column in (*FROM_LIST, *FILLED)},
    )


def _closed_on(school: Listed, known: date | None, today: date) -> date | None:
    """An open school keeps the future day that somebody entered; a closed one of which the list gives no day closed when we heard of it."""
    if school.is_open:
        day = school.closed_on or known
        return day if day and day > today else None
    if school.closed_on and school.closed_on <= today:
        return school.closed_on
    return known if known and known <= today else today


def _is_open(row: Organisation, today: date) -> bool:
    return row.closed_on is None or row.closed_on > today


def _written(row: Organisation) -> list[object]:
    return [getattr(row, column) for column in WRITTEN]


def _close_missing(plan: Plan, schools: SchoolList, there: Iterable[Organisation], today: date, *, close_many: bool) -> None:
    """A school missing from its own list has closed; but not one whose line could not be used."""
    covers = {(school.authority, school.listed_in) for school in schools.schools.values()}
    named = {*schools.schools, *(skipped.number for skipped in schools.skipped)}
    missing = [row for row in there if row.number not in named and _is_open(row, today) and (row.number[:3], row.listed_in) in covers]
    plan.covered += len(missing)
    if not close_many and any(skipped.is_unreadable for skipped in schools.skipped):
        plan.kept_open = len(missing)
        return
    for row in missing:
        row.closed_on = today
        plan.closed.append(row)


def _check(schools: SchoolList, plan: Plan, *, close_many: bool) -> None:
    if not schools.schools:
        raise ListRefused(ListFault.NO_SCHOOLS, skipped=len(schools.skipped))
    closing = len(plan.closed)
    if not close_many and closing * 100 > plan.covered * MOST_CLOSED:
        raise ListRefused(ListFault.CLOSES_MANY, closing=closing, open=plan.covered, most=MOST_CLOSED)


def _write(plan: Plan, progress: Progress) -> None:
    done = plan.unchanged
    total = done + len(plan.created) + len(plan.changed)
    progress(done, total)
    for batch in _batches([*plan.created, *plan.changed]):
        # INSERT ... ON CONFLICT DO UPDATE: bulk_update measured at 30 seconds for 26,000 schools, this at 3.
        for row in batch:
            row.version += 1  # whoever has the school's form open is told
        Organisation.objects.bulk_create(batch, update_conflicts=True, unique_fields=["number"], update_fields=[*WRITTEN, "version"])
        done += len(batch)
        progress(done, total)


def _batches(rows: list[Organisation]) -> Iterable[list[Organisation]]:
    return (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))


def _summary(schools: SchoolList, plan: Plan) -> Summary:
    return Summary(
        name=schools.name,
        created=len(plan.created),
        updated=len(plan.updated),
        unchanged=plan.unchanged,
        closed=len(plan.closed),
        reopened=len(plan.reopened),
        kept_open=plan.kept_open,
        skipped=tuple(sorted(schools.skipped, key=lambda skipped: skipped.line)),
    )


def _counts(summary: Summary) -> dict[str, int]:
    return {column: getattr(summary, column) for column in ("created", "updated", "unchanged", "closed", "reopened", "kept_open")}


def _reasons(summary: Summary) -> dict[str, int]:
    return dict(Counter(str(skipped.fault) for skipped in summary.skipped))
