"""Writing the audit trail. How entries are sealed into a chain: `chain.py`; how the trail is verified: `verify.py`."""

import hmac
import json
from datetime import UTC, datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from django.utils import timezone

from s2s.audit.identity import new_id
from s2s.audit.keys import audit_key
from s2s.audit.models import Action, Entry

in_json = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


class Witness(Protocol):
    """Whoever acts: what the trail needs to know of them."""

    @property
    def name(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def ip(self) -> str: ...


class Row(NamedTuple):
    """An entry as it is written: the columns of its table, by their names. `facts` is written as JSON."""

    id: UUID
    at: datetime
    action: str
    person: str
    place: str
    ip: str
    transfer: str
    facts: dict[str, object]
    digest: bytes

    @property
    def is_genuine(self) -> bool:
        """Whether the entry was written, just as it stands, by somebody who has the key."""
        return hmac.compare_digest(digest(self), self.digest)


def record(action: Action, *, by: Witness, transfer: str = "", **facts: object) -> Entry:
    """Write one entry, in the caller's transaction. Facts never hold a password, a token or a file's content."""
    row = Entry(**entry(action, by=by, transfer=transfer, **facts)._asdict())
    row.save(force_insert=True)
    return row


def entry(action: Action, *, by: Witness, transfer: str = "", **facts: object) -> Row:
    """What `record` writes, complete and signed, for a journey that writes it with other rows in one statement. Asks no database."""
    row = Row(new_id(), timezone.now(), action.value, by.name, by.place, by.ip, transfer, facts, b"")
    return row._replace(digest=digest(row))


def digest(row: Row) -> bytes:
    """HMAC-SHA256 over everything an entry says. Its number is part of it, so that a copy under another number is no entry."""
    said = (str(row.id), row.at.astimezone(UTC).isoformat(), *row[2:-1])
    return hmac.digest(audit_key(), in_json(said).encode(), "sha256")
