"""Queueing e-mails: one row each in the transaction that is the reason, rendered and sent by the worker (`outbox.py`)."""

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import TypedDict

from django.db import connection
from django.utils import timezone

from s2s.notices.recipients import Recipient

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]


class Row(TypedDict):
    """The columns of an outbox row, each as JSON carries it: a journey may write it in a statement of its own. The others have defaults."""

    key: str
    notice: str
    to: str
    language: str
    about: str
    facts: dict[str, Json]
    queued_at: str
    due_at: str


# The rows as one document: the text is the same however many they are, so it is planned once.
INSERT = """
INSERT INTO notices_email (key, notice, "to", language, about, facts, queued_at, due_at)
SELECT key, notice, "to", language, about, facts, queued_at, due_at FROM jsonb_to_recordset(%s::jsonb) AS told (
    key uuid, notice text, "to" text, language text, about text, facts jsonb, queued_at timestamptz, due_at timestamptz
)
"""

_gathered: ContextVar[list[Row] | None] = ContextVar("rows that somebody gathers", default=None)


def row(notice: str, *, to: Recipient, about: str = "", **facts: object) -> Row:
    """The row of an e-mail that may go out at once. Nothing is written."""
    now = timezone.now().isoformat()
    said = {name: plain(value) for name, value in facts.items()}
    return Row(key=str(uuid.uuid4()), notice=notice, to=to.email, language=to.language, about=about, facts=said, queued_at=now, due_at=now)


def queue(notice: str, *, to: Recipient, about: str = "", **facts: object) -> None:
    """Queue the e-mail. Without an address nothing is queued; the page still says what happened."""
    if to.email:
        one = row(notice, to=to, about=about, **facts)
        rows = _gathered.get()
        write([one]) if rows is None else rows.append(one)


@contextmanager
def gathered() -> Iterator[list[Row]]:
    """Collect what is queued within the block in this list, unwritten: the caller writes it."""
    rows: list[Row] = []
    before = _gathered.set(rows)
    try:
        yield rows
    finally:
        _gathered.reset(before)


@contextmanager
def together() -> Iterator[None]:
    """Write all that is queued within the block at its end, in one statement; after a fault, none of it."""
    with gathered() as rows:
        yield
    write(rows)


def write(rows: Sequence[Row]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(INSERT, [json.dumps(rows)])


def plain(value: object) -> Json:
    """The value as JSON carries it: moments as ISO 8601, dataclasses by the names of their fields. Raises TypeError."""
    match value:
        case bool() | int() | None:
            return value
        case str():
            return str(value)  # of an enumeration the value
        case date() | datetime():
            return value.isoformat()
        case Mapping():
            return {str(name): plain(part) for name, part in value.items()}
        case list() | tuple():
            return [plain(part) for part in value]
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"an e-mail cannot carry a {type(value).__name__}")
