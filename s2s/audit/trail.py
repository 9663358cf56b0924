"""Writing the audit trail, sealing it into a chain and verifying it."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from typing import Protocol

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from s2s.audit.keys import audit_key
from s2s.audit.models import Action, Entry, Seal

SEALING = 0x5325_0001  # the advisory lock of whoever seals
BATCH = 5_000
START = bytes(32)


class Witness(Protocol):
    """Whoever acts: what the trail needs to know of them."""

    @property
    def name(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def ip(self) -> str: ...


def record(action: Action, *, by: Witness, transfer: str = "", **facts: object) -> Entry:
    """Write one entry, in the caller's transaction. Facts never hold a password, a token or a file's content."""
    entry = Entry(action=action, person=by.name, place=by.place, address=by.ip, transfer=transfer, facts=facts)
    entry.digest = digest(entry)
    entry.save(force_insert=True)
    return entry


def digest(entry: Entry) -> bytes:
    said = [entry.at.astimezone(UTC).isoformat(), entry.action, entry.person, entry.place, entry.address, entry.transfer, entry.facts]
    return hmac.digest(audit_key(), json.dumps(said, sort_keys=True, separators=(",", ":")).encode(), "sha256")


def seal() -> int:
    """Put what is not yet sealed into the chain, in order; returns how many entries. One sealer at a time."""
    sealed = 0
    while batch := _seal_batch():
        sealed += batch
    return sealed


@transaction.atomic
def _seal_batch() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALING])
    chain = head().chain
    seals = []
    for entry in _unsealed()[:BATCH]:
        chain = hashlib.sha256(chain + bytes(entry.digest)).digest()
        seals.append(Seal(entry=entry.pk, chain=chain))
    Seal.objects.bulk_create(seals)
    return len(seals)


def _unsealed() -> QuerySet[Entry]:
    return Entry.objects.filter(~Exists(Seal.objects.filter(entry=OuterRef("pk")))).order_by("pk")


@dataclass(frozen=True)
class Head:
    """The end of the chain. Note it down elsewhere now and then: a chain cut short later no longer reaches it."""

    number: int
    chain: bytes


def head() -> Head:
    last = Seal.objects.order_by("-pk").first()
    return Head(last.pk, bytes(last.chain)) if last else Head(0, START)


def count() -> int:
    """How many entries are sealed."""
    return Seal.objects.count()


@dataclass(frozen=True)
class Finding:
    """The first bad row: its entry number and what is wrong with it."""

    entry: int
    wrong: str


def verify(*, reaching: str = "") -> Finding | None:
    """The first row that was changed, dropped, added or moved; None when the whole trail is sound.

    `reaching` is a chain value (hexadecimal) noted down earlier, which the chain must still contain.
    """
    chain, reached = START, not reaching
    for row, entry in _sealed_rows():
        if entry is None:
            return Finding(row.entry, "the entry is missing")
        if not hmac.compare_digest(digest(entry), bytes(entry.digest)):
            return Finding(entry.pk, "the entry was changed")
        chain = hashlib.sha256(chain + bytes(entry.digest)).digest()
        if chain != bytes(row.chain):
            return Finding(entry.pk, "the chain is broken here: an entry was dropped, added or moved")
        reached = reached or chain.hex() == reaching
    for entry in _unsealed().iterator(BATCH):
        if not hmac.compare_digest(digest(entry), bytes(entry.digest)):
            return Finding(entry.pk, "the entry was changed or added by hand")
    return None if reached else Finding(0, "the chain no longer reaches the value noted down: its end was cut off")


def _sealed_rows() -> Iterator[tuple[Seal, Entry | None]]:
    last = 0
    while seals := list(Seal.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        entries = Entry.objects.in_bulk([row.entry for row in seals])
        yield from ((row, entries.get(row.entry)) for row in seals)
        last = seals[-1].pk
