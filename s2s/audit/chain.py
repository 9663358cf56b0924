"""Sealing the trail: entries get their places in a chain, in batches, so that people who act never wait for one another."""

import hmac
import json
import logging
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from s2s.audit import noted
from s2s.audit.keys import audit_key
from s2s.audit.models import Action, Seal
from s2s.audit.noted import START, Head, NoHead
from s2s.audit.trail import Row, Witness, record

log = logging.getLogger(__name__)

SEALING = 0x5325_0001  # the advisory lock of whoever seals
BATCH = 5_000
LOOKING_BACK = 10_000  # seals: an entry may be committed after later ones were sealed
FIRST = UUID(int=0)

ENTRY = ", ".join(f"e.{column}" for column in Row._fields)
UNSEALED = f"""
SELECT {ENTRY} FROM audit_entry e
WHERE e.id >= %s AND NOT EXISTS (SELECT FROM audit_seal s WHERE s.entry >= %s AND s.entry = e.id)
ORDER BY e.id
"""  # noqa: S608 # nosec B608 - constants
# The limit inside keeps PostgreSQL from going through all entries from the least on, to find the first that was sealed lately.
LATELY_SEALED = """
SELECT entry FROM (SELECT entry FROM audit_seal ORDER BY position DESC LIMIT %s) AS lately ORDER BY entry LIMIT 1
"""


class NothingToAcknowledge(Exception):
    """The chain contains what is noted beside the keys."""


def seal(*, late: bool = False) -> int:
    """Put what is not yet sealed into the chain; returns how many entries. One sealer at a time.

    It looks from the head on. With `late` it goes through the whole trail, for entries whose transaction stayed open for very long,
    or whose machine had the wrong time.
    """
    sealed = 0
    while batch := _seal_batch(FIRST if late else floor()):
        sealed += batch
    _note()
    return sealed


@transaction.atomic
def _seal_batch(start: UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALING])
        cursor.execute(f"{UNSEALED} LIMIT %s", [start, start, BATCH])
        rows = [row_of(found) for found in cursor.fetchall()]
    end, seals = head(), dict[UUID, Seal]()
    for row in rows:
        if not row.is_genuine:
            log.error("the audit trail is not sound: entry %s was changed or added by hand", row.id)
        if row.id not in seals:
            end = after(end, row.id, row.digest)
            seals[row.id] = Seal(position=end.position, entry=row.id, chain=end.chain)
    Seal.objects.bulk_create(seals.values())
    return len(seals)


def row_of(found: Sequence[Any]) -> Row:
    *said, facts, digest = found
    return Row._make((*said, json.loads(facts), bytes(digest)))


def after(end: Head, entry: UUID, digest: bytes) -> Head:
    """The next place of the chain, which holds this entry: an HMAC over the value before, the position, the entry's number and digest."""
    position = end.position + 1
    sealed = b"".join((b"seal", end.chain, position.to_bytes(8), entry.bytes, digest))
    return Head(position, hmac.digest(audit_key(), sealed, "sha256"))


def head() -> Head:
    """The end of the chain."""
    return _head_of(Seal.objects.order_by("-position").first())


def at(position: int) -> Head:
    """The place with this number as the database has it, or else the start."""
    return _head_of(Seal.objects.filter(position=position).first())


def _head_of(seal: Seal | None) -> Head:
    return Head(seal.position, bytes(seal.chain)) if seal else START


def floor() -> UUID:
    """The least number among the entries sealed last: what is not sealed lies behind it, but for what came very late."""
    with connection.cursor() as cursor:
        cursor.execute(LATELY_SEALED, [LOOKING_BACK])
        return next((entry for [entry] in cursor.fetchall()), FIRST)


def is_cut() -> bool:
    """Whether the chain no longer contains what is noted beside the keys on this machine. Raises NoHead."""
    noted_down = noted.read()
    return noted_down is not None and at(noted_down.position) != noted_down


def _note() -> None:
    """Note the present head, unless that would hide that the end was cut off."""
    try:
        if is_cut():
            log.error("the audit trail is not sound: its end was cut off, or an older backup restored. See docs/operating.md")
        elif (end := head()) not in {START, noted.read()}:
            noted.write(end)
    except (OSError, NoHead) as error:
        log.error("the head of the audit trail cannot be noted beside the keys: %s", error)  # noqa: TRY400 - says it all


def acknowledge(*, by: Witness, why: str) -> None:
    """Take the chain as it is, after a restored backup, and say so in it. Raises NothingToAcknowledge."""
    if not is_cut():
        raise NothingToAcknowledge
    record(Action.TRAIL_ACKNOWLEDGED, by=by, noted=str(noted.read()), found=str(head()), why=why)
    seal()
    noted.write(head())
