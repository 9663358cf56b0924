"""The two statements in which things happen: a file is accepted, and a step is taken.

What a deed writes is one JSON document whose statement is always the same text, so that PostgreSQL plans it once; only the encrypted
bytes travel beside it. `test_steps.py` holds the columns named here against the models.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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


def _rows_of_ready(table: str, columns: str, part: str) -> str:
    """The rows of those parts of the document that are about a delivery on which the step is taken."""
    one = f"jsonb_array_elements(deed -> '{part}') one, jsonb_populate_record(NULL::{table}, one -> 'row')"
    return f"SELECT {columns} FROM said, {one} row WHERE (one ->> 'of')::bigint IN (SELECT id FROM ready)"  # noqa: S608 # nosec B608


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

# Every copy of the files is locked, in the order of their numbers, so that two deeds on some of the same files wait for one another and
# never in a circle. `ready` is empty, and then nothing is written, unless each delivery asked for stands where the step starts or ends.
_STEP: Final = f"""
WITH said AS (SELECT %s::jsonb AS deed, %s::bigint[] AS ids, %s::text[] AS start, %s::text AS ending, %s::timestamptz AS moment),
copies AS (
    SELECT id, transfer_id, part IN ('addressee', 'lost') AS decides, state FROM transfers_delivery WHERE transfer_id = ANY(%s::bigint[])
    ORDER BY id FOR NO KEY UPDATE
),
asked AS (SELECT copies.* FROM copies, said WHERE id = ANY(ids)),
ready AS (
    SELECT asked.* FROM asked, said WHERE state = ANY(start)
    AND (SELECT count(*) FROM asked, said WHERE state = ANY(start) OR state = ending) = cardinality(ids)
),
moved AS (
    UPDATE transfers_delivery SET
        state = ending, state_at = moment, reason = deed ->> 'reason', note = deed ->> 'note',
        outcome = CASE WHEN decides THEN ending ELSE outcome END, outcome_at = CASE WHEN decides THEN moment ELSE outcome_at END
    FROM ready, said WHERE transfers_delivery.id = ready.id
),
others AS (
    UPDATE transfers_delivery SET outcome = ending, outcome_at = moment
    FROM ready, copies, said WHERE ready.decides AND copies.transfer_id = ready.transfer_id AND copies.id <> ready.id
        AND transfers_delivery.id = copies.id AND NOT (copies.id = ANY(ids))
),
file AS (
    UPDATE transfers_transfer SET state = ending, state_at = moment
    FROM ready, said WHERE ready.decides AND transfers_transfer.id = ready.transfer_id
),
events AS (
    INSERT INTO transfers_event (delivery_id, {EVENT})
    SELECT ready.id, row.* FROM ready, ({_rows("transfers_event", EVENT, "events")}) row
),
entries AS (INSERT INTO audit_entry ({ENTRY}) {_rows_of_ready("audit_entry", ENTRY, "entries")}),
emails AS (INSERT INTO notices_email ({EMAIL}) {_rows_of_ready("notices_email", EMAIL, "emails")})
SELECT asked.id, asked.state, ready.id IS NOT NULL FROM asked LEFT JOIN ready USING (id)
"""  # noqa: S608 # nosec B608 - our own words


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


class Stood(NamedTuple):
    """Where a delivery stood, and whether the step was taken on it."""

    state: str
    moved: bool


@dataclass(frozen=True)
class Leaves:
    """What a step leaves behind for one delivery."""

    delivery: int
    entry: Entry
    emails: Sequence[Email]


def step(
    deliveries: Mapping[int, int], step: Step, *, event: Mapping[str, object], leaves: Sequence[Leaves], reason: str = "", note: str = ""
) -> dict[int, Stood]:
    """Take the step on those of the deliveries that stand where it starts, at the moment of the event; where each of them stood.

    `deliveries` are the numbers of each and of its transfer. Other copies of a file learn the outcome. Nothing is written when one of the
    deliveries stands neither where the step starts nor where it ends.
    """
    deed = {
        "reason": reason,
        "note": note,
        "events": [event],
        "entries": [{"of": left.delivery, "row": left.entry._asdict()} for left in leaves],
        "emails": [{"of": left.delivery, "row": email} for left in leaves for email in left.emails],
    }
    start = [str(state) for state in step.start]
    values: list[Any] = [_json(deed), list(deliveries), start, str(step.end), event["at"], list(set(deliveries.values()))]
    with connection.cursor() as cursor:
        cursor.execute(_STEP, values)
        return {number: Stood(state, moved) for number, state, moved in cursor.fetchall()}


def _told(entries: Sequence[Entry], emails: Sequence[Email]) -> dict[str, object]:
    return {"entries": [entry._asdict() for entry in entries], "emails": emails}


class _Encoder(DjangoJSONEncoder):
    """Bytes in the way PostgreSQL writes them, moments to the microsecond."""

    def default(self, o: Any) -> Any:
        if isinstance(o, bytes | memoryview):
            return "\\x" + o.hex()
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


_json: Final = _Encoder(ensure_ascii=False, separators=(",", ":")).encode
