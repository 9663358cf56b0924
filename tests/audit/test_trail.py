"""The audit trail is append-only, chained, and stands or falls with what it records."""

from unittest.mock import patch

import pytest
from django.db import DatabaseError, connection, transaction

from s2s.accounts.actors import Site
from s2s.audit import trail
from s2s.audit.models import Action, Entry, Seal
from s2s.transfers.models import Transfer
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def three() -> list[Entry]:
    entries = [trail.record(Action.FILE_SENT, by=Site(), transfer=f"R{number}", pupils=number) for number in range(3)]
    assert trail.seal() == 3
    return entries


def tamper(sql: str, *values: object) -> None:
    """As somebody with the keys to the database would: past the triggers."""
    with connection.cursor() as cursor:
        for table in ("audit_entry", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        for table in ("audit_entry", "audit_seal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_a_sound_trail_verifies_sealed_or_not(three: list[Entry]) -> None:
    trail.record(Action.SIGNED_IN, by=Site())
    assert trail.verify() is None
    assert trail.seal() == 1
    assert trail.seal() == 0
    assert trail.verify() is None


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET id = id + 1000", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_refuses_to_change_it(three: list[Entry], table: str, sql: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(table))
    assert Entry.objects.count() == Seal.objects.count() == 3


@pytest.mark.parametrize("column", ["action", "person", "place", "address", "transfer"])
def test_a_changed_entry_is_named(three: list[Entry], column: str) -> None:
    tamper(f"UPDATE audit_entry SET {column} = 'other' WHERE id = %s", three[1].pk)
    finding = trail.verify()
    assert finding is not None
    assert finding.entry == three[1].pk


def test_a_changed_time_or_fact_is_named(three: list[Entry]) -> None:
    tamper("UPDATE audit_entry SET facts = '{\"pupils\": 7}' WHERE id = %s", three[2].pk)
    assert trail.verify().entry == three[2].pk  # type: ignore[union-attr]
    tamper("UPDATE audit_entry SET at = at - interval '1 day' WHERE id = %s", three[0].pk)
    assert trail.verify().entry == three[0].pk  # type: ignore[union-attr]


def test_a_dropped_entry_is_named(three: list[Entry]) -> None:
    tamper("DELETE FROM audit_entry WHERE id = %s", three[1].pk)
    assert trail.verify().entry == three[1].pk  # type: ignore[union-attr]


def test_an_entry_dropped_with_its_seal_breaks_the_chain_at_the_next(three: list[Entry]) -> None:
    tamper("DELETE FROM audit_entry WHERE id = %s", three[1].pk)
    tamper("DELETE FROM audit_seal WHERE entry = %s", three[1].pk)
    assert trail.verify().entry == three[2].pk  # type: ignore[union-attr]


def test_two_entries_that_changed_places_are_named(three: list[Entry]) -> None:
    first, second = three[0].pk, three[1].pk
    tamper("UPDATE audit_seal SET entry = %s WHERE entry = %s", -1, first)
    tamper("UPDATE audit_seal SET entry = %s WHERE entry = %s", first, second)
    tamper("UPDATE audit_seal SET entry = %s WHERE entry = -1", second)
    assert trail.verify().entry == second  # type: ignore[union-attr]


def test_an_entry_written_past_the_site_is_named_before_it_is_sealed(three: list[Entry]) -> None:
    entry = Entry.objects.create(action=Action.SIGNED_IN, person="681dba", digest=bytes(32))
    assert trail.verify().entry == entry.pk  # type: ignore[union-attr]


def test_a_chain_cut_short_no_longer_reaches_the_value_noted_down(three: list[Entry]) -> None:
    noted = trail.head().chain.hex()
    assert trail.verify(reaching=noted) is None
    tamper("DELETE FROM audit_entry WHERE id = %s", three[2].pk)
    tamper("DELETE FROM audit_seal WHERE entry = %s", three[2].pk)
    assert trail.verify() is None
    assert trail.verify(reaching=noted) is not None


def test_if_the_audit_entry_cannot_be_written_nothing_happens(cast: Cast) -> None:
    with patch("s2s.transfers.upload.record", side_effect=DatabaseError), pytest.raises(DatabaseError):
        cast.sent()
    assert not Transfer.objects.exists()
