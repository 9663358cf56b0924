"""The two statements in which things happen: a file is accepted, and a step is taken.

What a deed writes is one JSON document whose statement is always the same text, so that PostgreSQL plans it once; only the encrypted
bytes travel beside it. `test_steps.py` holds the columns named here against the models.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from s2s.audit.trail import Row as Entry
from s2s.notices.post import Row as Email
from s2s.rules.lifecycle import Step
from s2s.transfers.store import Sealed

Rows = Sequence[Mapping[str, object]]

TRANSFER: Final = (
    "receipt, kind, name, source_id, source_address, destination_id, destination_address, parent_id, sent_by, sent_at, size, digest, "
    "version, pupil_count, warnings, state, state_at"
)
PUPIL: Final = (
    "upn, former_upn, uln, surname, forename, middle_names, former_surname, former_forename, preferred_surname, preferred_forename, "
    "date_of_birth, sex, town, postcode"
)
DELIVERY: Final = (
    "key, organisation_id, address, kind, part, view, state, state_at, outcome, outcome_at, reason, note, receipt, name, sent_at, "
    "source_address, source_name, source_name_cy, destination_address, destination_name, destination_name_cy"
)
EVENT: Final = "step, at, person, organisation_id"
ENTRY: Final = ", ".join(Entry._fields)
EMAIL: Final = ", ".join(f'"{column}"' for column in Email.__annotations__)


def _rows(table: str, columns: str, part: str) -> str:
    """The rows of one part of the document, as the table has them."""
    return f"SELECT {columns} FROM said, jsonb_populate_recordset(NULL::{table}, deed -> '{part}')"  # noqa: S608 # nosec B608 - our own words


_SEND: Final = f"""
WITH said AS (SELECT %s::jsonb AS deed),
file AS (
    INSERT INTO transfers_transfer ({TRANSFER}) {_rows("transfers_transfer", TRANSFER, "transfer")}
    ON CONFLICT (source_id, name, digest) WHERE NOT (state = 'rejected') AND parent_id IS NULL DO NOTHING RETURNING id
),
bytes AS (INSERT INTO transfers_content (transfer_id, sealed, key, mac) SELECT id, %s, %s, %s FROM file),
pupils AS (
    INSERT INTO transfers_pupil (transfer_id, {PUPIL}) SELECT file.id, row.* FROM file, ({_rows("transfers_pupil", PUPIL, "pupils")}) row
),
copies AS (
    INSERT INTO transfers_delivery (transfer_id, {DELIVERY})
    SELECT file.id, row.* FROM file, ({_rows("transfers_delivery", DELIVERY, "deliveries")}) row RETURNING id, key, part
),
events AS (
    INSERT INTO transfers_event (delivery_id, {EVENT})
    SELECT copies.id, row.* FROM copies, ({_rows("transfers_event", EVENT, "events")}) row WHERE copies.part IN ('addressee', 'lost')
),
entries AS (INSERT INTO audit_entry ({ENTRY}) SELECT row.* FROM file, ({_rows("audit_entry", ENTRY, "entries")}) row),
emails AS (INSERT INTO notices_email ({EMAIL}) SELECT row.* FROM file, ({_rows("notices_email", EMAIL, "emails")}) row)
SELECT file.id, copies.id, copies.key FROM file LEFT JOIN copies ON true
"""  # noqa: S608 # nosec B608 - our own words

# Rows are locked in the order of their numbers, so that two deeds on some of the same files wait for one another and never in a circle.
_MOVE: Final = """
WITH asked AS (SELECT id, transfer_id, part IN ('addressee', 'lost') AS decides FROM transfers_delivery WHERE id = ANY(%s)),
locked AS (
    SELECT id FROM transfers_delivery
    WHERE id IN (SELECT id FROM asked) OR transfer_id IN (SELECT transfer_id FROM asked WHERE decides)
    ORDER BY id FOR NO KEY UPDATE
),
moved AS (
    UPDATE transfers_delivery SET
        state = %s, state_at = %s, reason = %s, note = %s,
        outcome = CASE WHEN asked.decides THEN %s ELSE outcome END, outcome_at = CASE WHEN asked.decides THEN %s ELSE outcome_at END
    FROM asked JOIN locked USING (id)
    WHERE transfers_delivery.id = asked.id AND transfers_delivery.state = ANY(%s)
    RETURNING transfers_delivery.id, transfers_delivery.transfer_id, asked.decides
),
copies AS (
    UPDATE transfers_delivery SET outcome = %s, outcome_at = %s
    FROM moved WHERE decides AND transfers_delivery.transfer_id = moved.transfer_id AND transfers_delivery.id <> moved.id
),
file AS (
    UPDATE transfers_transfer SET state = %s, state_at = %s FROM moved WHERE decides AND transfers_transfer.id = moved.transfer_id
)
SELECT id FROM moved
"""

_TELL: Final = f"""
WITH said AS (SELECT %s::jsonb AS deed),
events AS (INSERT INTO transfers_event (delivery_id, {EVENT}) {_rows("transfers_event", "delivery_id, " + EVENT, "events")}),
entries AS (INSERT INTO audit_entry ({ENTRY}) {_rows("audit_entry", ENTRY, "entries")})
INSERT INTO notices_email ({EMAIL}) {_rows("notices_email", EMAIL, "emails")}
"""


class Accepted(NamedTuple):
    """The number of the new transfer, and those of its deliveries by their keys."""

    transfer: int
    deliveries: dict[UUID, int]


def send(
    sealed: Sealed,
    *,
    transfer: Mapping[str, object],
    pupils: Rows,
    deliveries: Rows,
    event: Mapping[str, object],
    entries: Sequence[Entry],
    emails: Sequence[Email],
) -> Accepted | None:
    """Write a file with all that comes of it; None, and nothing is written, where the same file stands already."""
    deed = {"transfer": [transfer], "pupils": pupils, "deliveries": deliveries, "events": [event]} | _told(entries, emails)
    with connection.cursor() as cursor:
        cursor.execute(_SEND, [_json(deed), *sealed])
        rows = cursor.fetchall()
    return Accepted(rows[0][0], {key: number for _, number, key in rows}) if rows else None


def move(deliveries: Sequence[int], step: Step, at: datetime, *, reason: str = "", note: str = "") -> set[int]:
    """Take the step on those of the deliveries that stand where it starts; the numbers of these. Other copies learn the outcome."""
    end = str(step.end)
    values: list[Any] = [list(deliveries), end, at, reason, note, end, at, [str(state) for state in step.start], end, at, end, at]
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, values)
        return {number for [number] in cursor.fetchall()}


def tell(events: Rows, entries: Sequence[Entry], emails: Sequence[Email]) -> None:
    """Write what a step leaves behind."""
    with connection.cursor() as cursor:
        cursor.execute(_TELL, [_json({"events": events} | _told(entries, emails))])


def _told(entries: Sequence[Entry], emails: Sequence[Email]) -> dict[str, object]:
    return {"entries": [entry._asdict() for entry in entries], "emails": emails}


class _Encoder(DjangoJSONEncoder):
    """Bytes in the way PostgreSQL writes them, moments to the microsecond."""

    def default(self, o: Any) -> Any:
        if isinstance(o, bytes | memoryview):
            return "\\x" + o.hex()
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


_json: Final = _Encoder(ensure_ascii=False, separators=(",", ":")).encode
