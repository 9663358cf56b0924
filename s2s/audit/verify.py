"""Verifying the trail: the first bad row, whatever somebody with every right over the database, but without the key, has done."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from s2s.audit import chain, keys, noted
from s2s.audit.chain import BATCH, ENTRY, FIRST, UNSEALED, row_of
from s2s.audit.models import Entry
from s2s.audit.noted import START, Head, NoHead

SEALED = f"""
SELECT s.position, s.entry, s.chain, {ENTRY} FROM audit_seal s LEFT JOIN audit_entry e ON e.id = s.entry
WHERE s.position > %s ORDER BY s.position
"""  # noqa: S608 # nosec B608 - constants


class Wrong(StrEnum):
    CHANGED = "changed"
    MISSING = "missing"
    MOVED = "moved"
    TWICE = "twice"
    ADDED = "added"
    CUT = "cut"
    NO_NOTE = "no note"
    NOT_REACHED = "not reached"
    EMPTIED = "emptied"


@dataclass(frozen=True)
class Finding:
    """What is wrong, and with which row: its place in the chain, and the number of its entry."""

    wrong: Wrong
    position: int = 0
    entry: UUID | None = None


@transaction.atomic
def verify(*, since: Head = START, reaching: Head | None = None, is_noted: bool = True) -> Finding | None:
    """The first row that was changed, dropped, added, copied or moved; None when the trail is sound.

    The chain must contain what is noted beside the keys on this machine (but for `is_noted=False`), and `reaching`. With `since`
    everything up to there is taken as verified before, if the chain still contains it. Raises KeyMissing.
    """
    keys.check_key()
    # Unsealed entries first: what is sealed meanwhile is then seen twice, and nothing is missed.
    added = _unsealed(FIRST if since == START else chain.floor())
    return (_since(since) or _sealed(since)) or added or (_noted() if is_noted else None) or _reached(reaching) or _emptied()


def _since(since: Head) -> Finding | None:
    return None if chain.at(since.position) == since else Finding(Wrong.NOT_REACHED, since.position)


def _sealed(since: Head) -> Finding | None:
    end = since
    for position, number, value, *found in _stream(SEALED, [since.position]):
        if position == end.position:
            return Finding(Wrong.TWICE, position, number)
        if found[0] is None:
            return Finding(Wrong.MISSING, position, number)
        row = row_of(found)
        if not row.is_genuine:
            return Finding(Wrong.CHANGED, position, number)
        end = chain.after(end, number, row.digest)
        if (position, value) != end:
            return Finding(Wrong.MOVED, position, number)
    return None


def _unsealed(start: UUID) -> Finding | None:
    last = None
    for found in _stream(UNSEALED, [str(start)] * 2):
        row = row_of(found)
        if not row.is_genuine:
            return Finding(Wrong.ADDED, entry=row.id)
        if row.id == last:
            return Finding(Wrong.TWICE, entry=row.id)
        last = row.id
    return None


def _stream(question: str, values: Sequence[int | str]) -> Iterator[Sequence[Any]]:
    with closing(connection.chunked_cursor()) as cursor:
        cursor.execute(question, values)
        while rows := cursor.fetchmany(BATCH):
            yield from rows


def _noted() -> Finding | None:
    try:
        return Finding(Wrong.CUT, there.position) if chain.is_cut() and (there := noted.read()) else None
    except NoHead:
        return Finding(Wrong.NO_NOTE)


def _reached(reaching: Head | None) -> Finding | None:
    if reaching is None or chain.at(reaching.position) == reaching:
        return None
    return Finding(Wrong.NOT_REACHED, reaching.position)


def _emptied() -> Finding | None:
    """What is wrong with an empty trail beside an existing key: the key is made with the first entry, so entries have been removed."""
    return Finding(Wrong.EMPTIED) if keys.is_there() and not Entry.objects.exists() else None
