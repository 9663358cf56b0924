"""The audit trail is append-only, signed, and stands or falls with what it records."""

import time
from unittest.mock import patch

import pytest
from django.db import DatabaseError, connection, transaction
from psycopg.types.json import Jsonb

from s2s.accounts.actors import Site
from s2s.audit import chain, trail
from s2s.audit.identity import new_id
from s2s.audit.models import Action, Entry, Seal
from s2s.audit.verify import verify
from s2s.transfers.models import Transfer
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_refuses_to_change_it(table: str, sql: str) -> None:
    trail.record(Action.FILE_SENT, by=Site())
    chain.seal()
    column = {"audit_entry": "id", "audit_seal": "position"}[table]
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(table, column, column))
    assert Entry.objects.count() == Seal.objects.count() == 1


def test_an_entry_written_in_one_statement_with_other_rows_is_as_good() -> None:
    row = trail.entry(Action.FILE_SENT, by=Site(), transfer="R1", pupils=2, name="Siân £", reasons=["a", "b"], when=None)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO audit_entry ({', '.join(row._fields)}) VALUES ({', '.join(['%s'] * len(row))})",
            row._replace(facts=Jsonb(row.facts)),
        )
    assert Entry.objects.get().facts["name"] == "Siân £"
    assert verify() is None
    assert chain.seal() == 1
    assert verify() is None


def test_numbers_grow_also_when_the_clock_goes_back() -> None:
    numbers = [new_id()]
    with patch("s2s.audit.identity.time.time_ns", return_value=time.time_ns() - 10**12):
        numbers += [new_id() for _ in range(1000)]
    numbers.append(new_id())
    assert numbers == sorted(set(numbers))
    assert {number.version for number in numbers} == {7}


def test_if_the_audit_entry_cannot_be_written_nothing_happens(cast: Cast) -> None:
    with patch("s2s.transfers.upload.trail.entry", side_effect=DatabaseError), pytest.raises(DatabaseError):
        cast.sent()
    assert not Transfer.objects.exists()
