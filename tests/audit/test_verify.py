"""Whatever somebody with the whole database does to the trail, with everything recomputed that can be without the key: it is noticed."""

from pathlib import Path
from unittest.mock import patch
from uuid import UUID

import pytest
from django.conf import settings as site_settings
from django.db import IntegrityError, connection, transaction
from django.test import Client

from s2s.accounts.actors import Site
from s2s.audit import chain, keys, noted, trail
from s2s.audit import verify as verifying
from s2s.audit.identity import new_id
from s2s.audit.models import Action, Entry, Seal
from s2s.audit.noted import Head
from s2s.audit.verify import Finding, Wrong, verify
from s2s.kept import KeyMissing
from tests.audit.forger import chain_of, copy, entries, signed_without_key, tamper, without_constraints

pytestmark = pytest.mark.django_db


def write(number: int) -> list[UUID]:
    return [trail.record(Action.FILE_SENT, by=Site(), transfer=f"R{one}", pupils=one).pk for one in range(number)]


@pytest.fixture
def five() -> list[UUID]:
    """Five entries, sealed and noted."""
    written = write(5)
    assert chain.seal() == 5
    assert noted.read() == chain.head()
    return written


def forget_the_note() -> None:
    """As on a machine without a worker, or before the note was made."""
    (site_settings.KEYS / "audit.head").unlink()


def test_a_sound_trail_verifies_sealed_or_not(five: list[UUID]) -> None:
    trail.record(Action.SIGNED_IN, by=Site())
    assert verify() is None
    assert chain.seal() == 1
    assert chain.seal() == 0
    assert verify() is None
    assert chain.head().position == 6


@pytest.mark.parametrize("column", ["action", "person", "place", "ip", "transfer"])
def test_a_changed_entry_is_named(five: list[UUID], column: str) -> None:
    tamper(f"UPDATE audit_entry SET {column} = 'other' WHERE id = %s", five[1])
    assert verify() == Finding(Wrong.CHANGED, 2, five[1])


def test_a_changed_time_fact_or_number_is_named(five: list[UUID]) -> None:
    tamper("UPDATE audit_entry SET facts = '{\"pupils\": 7}' WHERE id = %s", five[3])
    assert verify() == Finding(Wrong.CHANGED, 4, five[3])
    tamper("UPDATE audit_entry SET at = at - interval '1 day' WHERE id = %s", five[2])
    assert verify() == Finding(Wrong.CHANGED, 3, five[2])
    other = new_id()
    tamper("UPDATE audit_entry SET id = %s WHERE id = %s", other, five[0])
    tamper("UPDATE audit_seal SET entry = %s WHERE entry = %s", other, five[0])
    assert verify() == Finding(Wrong.CHANGED, 1, other)


def test_a_changed_entry_signed_and_chained_without_the_key_is_named(five: list[UUID]) -> None:
    tamper("UPDATE audit_entry SET person = 'other', digest = %s WHERE id = %s", signed_without_key(b"any"), five[1])
    chain_of(five)
    forget_the_note()
    assert verify() == Finding(Wrong.MOVED, 1, five[0])
    tamper("DELETE FROM audit_seal")
    chain.seal()  # by the site itself, with the key
    forget_the_note()
    assert verify() == Finding(Wrong.CHANGED, 2, five[1])


def test_a_dropped_entry_is_named(five: list[UUID]) -> None:
    tamper("DELETE FROM audit_entry WHERE id = %s", five[1])
    assert verify() == Finding(Wrong.MISSING, 2, five[1])


def test_a_dropped_entry_with_its_seal_is_noticed(five: list[UUID]) -> None:
    tamper("DELETE FROM audit_entry WHERE id = %s", five[1])
    tamper("DELETE FROM audit_seal WHERE entry = %s", five[1])
    assert verify() == Finding(Wrong.MOVED, 3, five[2])
    tamper("UPDATE audit_seal SET position = position - 1 WHERE position > 2")  # the gap closed
    assert verify() == Finding(Wrong.MOVED, 2, five[2])


def test_a_middle_entry_dropped_with_its_seal_and_everything_recomputed_is_noticed(five: list[UUID]) -> None:
    tamper("DELETE FROM audit_entry WHERE id = %s", five[1])
    chain_of([five[0], *five[2:]])
    forget_the_note()
    assert verify() == Finding(Wrong.MOVED, 1, five[0])


def test_a_middle_entry_dropped_and_the_rest_left_for_the_worker_to_seal_is_noticed(five: list[UUID]) -> None:
    tamper("DELETE FROM audit_entry WHERE id = %s", five[1])
    tamper("DELETE FROM audit_seal WHERE position > 1")
    assert chain.seal() == 3
    assert entries() == [five[0], *five[2:]]
    assert verify() == Finding(Wrong.CUT, 5)
    write(3)
    chain.seal()  # beyond the place that was noted
    assert verify() == Finding(Wrong.CUT, 5)


def test_what_changed_places_is_noticed_recomputed_or_not(five: list[UUID]) -> None:
    first, second, *rest = five
    chain_of([second, first, *rest])
    forget_the_note()
    assert verify() == Finding(Wrong.MOVED, 1, second)
    tamper("DELETE FROM audit_seal")
    chain.seal()
    meanwhile = new_id()
    for new, old in ((meanwhile, first), (first, second), (second, meanwhile)):
        tamper("UPDATE audit_seal SET entry = %s WHERE entry = %s", new, old)
    assert verify() == Finding(Wrong.MOVED, 1, second)


def test_two_entries_that_exchanged_what_they_say_are_named(five: list[UUID]) -> None:
    columns = "at, action, person, place, ip, transfer, facts, digest"
    tamper(f"UPDATE audit_entry a SET ({columns}) = (SELECT {columns} FROM audit_entry WHERE id = %s) WHERE a.id = %s", five[3], five[1])
    assert verify() == Finding(Wrong.CHANGED, 2, five[1])


def test_the_database_refuses_the_copy_of_a_genuine_entry(five: list[UUID]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        copy(five[1], five[1])


def test_a_copy_of_a_genuine_entry_under_another_number_is_named_sealed_or_not(five: list[UUID]) -> None:
    number = new_id()
    copy(five[1], number)
    assert verify() == Finding(Wrong.ADDED, entry=number)
    chain.seal()
    assert verify() == Finding(Wrong.CHANGED, 6, number)


def test_a_copy_in_the_middle_with_everything_recomputed_is_noticed(five: list[UUID]) -> None:
    number = new_id()
    copy(five[1], number)
    chain_of([*five[:2], number, *five[2:]])
    forget_the_note()
    assert verify() == Finding(Wrong.MOVED, 1, five[0])


def test_an_entry_sealed_twice_is_noticed(five: list[UUID]) -> None:
    without_constraints()
    chain_of([*five, five[1]])
    forget_the_note()
    assert verify() == Finding(Wrong.MOVED, 1, five[0])
    tamper("DELETE FROM audit_seal")
    chain.seal()
    tamper("INSERT INTO audit_seal SELECT * FROM audit_seal WHERE position = 3")
    assert verify() == Finding(Wrong.TWICE, 3, five[2])


def test_a_copy_under_the_same_number_is_noticed_sealed_or_not(five: list[UUID]) -> None:
    without_constraints()
    copy(five[1], five[1])
    assert verify() == Finding(Wrong.TWICE, 2, five[1])


def test_a_copy_of_an_entry_that_is_not_sealed_is_noticed_and_stops_no_sealing(five: list[UUID]) -> None:
    [number] = write(1)
    without_constraints()
    copy(number, number)
    assert verify() == Finding(Wrong.TWICE, entry=number)
    assert chain.seal() == 1
    assert verify() == Finding(Wrong.TWICE, 6, number)


def test_an_entry_written_past_the_site_is_named_before_and_after_sealing(five: list[UUID], caplog: pytest.LogCaptureFixture) -> None:
    entry = Entry.objects.create(action=Action.SIGNED_IN, person="681dba", digest=signed_without_key(b"any"))
    assert verify() == Finding(Wrong.ADDED, entry=entry.pk)
    chain.seal()
    assert f"entry {entry.pk} was changed or added by hand" in caplog.text
    assert verify() == Finding(Wrong.CHANGED, 6, entry.pk)


def test_an_end_that_was_cut_off_is_noticed_by_what_is_noted_beside_the_keys(five: list[UUID]) -> None:
    tamper("DELETE FROM audit_entry WHERE id = %s", five[4])
    tamper("DELETE FROM audit_seal WHERE entry = %s", five[4])
    assert verify() == Finding(Wrong.CUT, 5)
    assert verify(is_noted=False) is None, "everything that is still there is sound"


def test_the_note_is_not_replaced_by_a_chain_that_was_cut(five: list[UUID], caplog: pytest.LogCaptureFixture) -> None:
    there = noted.read()
    tamper("DELETE FROM audit_entry WHERE id = %s", five[4])
    tamper("DELETE FROM audit_seal WHERE entry = %s", five[4])
    write(4)
    assert chain.seal() == 4
    assert "its end was cut off" in caplog.text
    assert noted.read() == there
    assert verify() == Finding(Wrong.CUT, 5)


def test_a_cut_end_is_said_by_the_health_page_which_stays_200(five: list[UUID]) -> None:
    assert Client().get("/healthz").json()["trail"] == "ok"
    tamper("DELETE FROM audit_seal WHERE position > 3")
    answer = Client().get("/healthz").json()
    assert "s2s audit verify" in answer["trail"]
    (site_settings.KEYS / "audit.head").write_text("?")
    assert "cannot be read" in Client().get("/healthz").json()["trail"]


def test_two_emptied_tables_are_noticed_with_a_note_and_without(five: list[UUID]) -> None:
    tamper("DELETE FROM audit_entry")
    tamper("DELETE FROM audit_seal")
    assert verify() == Finding(Wrong.CUT, 5)
    forget_the_note()
    assert verify() == Finding(Wrong.EMPTIED)


def test_a_site_that_has_no_key_yet_has_a_sound_trail(settings: object, tmp_path: Path) -> None:
    settings.KEYS = tmp_path  # type: ignore[attr-defined]
    assert verify() is None


def test_a_cut_end_is_noticed_by_a_place_that_was_noted_down(five: list[UUID]) -> None:
    end = chain.head()
    assert verify(reaching=end) is None
    assert verify(reaching=Head(5, bytes(32))) == Finding(Wrong.NOT_REACHED, 5)
    tamper("DELETE FROM audit_seal WHERE position = 5")
    tamper("DELETE FROM audit_entry WHERE id = %s", five[4])
    forget_the_note()
    assert verify() is None
    assert verify(reaching=end) == Finding(Wrong.NOT_REACHED, 5)


def test_verifying_since_a_place_noted_down_looks_at_what_came_after(five: list[UUID]) -> None:
    there = chain.head()
    later = write(2)
    chain.seal()
    tamper("UPDATE audit_entry SET person = 'other' WHERE id = %s", five[0])
    assert verify() == Finding(Wrong.CHANGED, 1, five[0])
    assert verify(since=there) is None
    assert verify(since=Head(5, bytes(32))) == Finding(Wrong.NOT_REACHED, 5)
    tamper("UPDATE audit_entry SET person = 'other' WHERE id = %s", later[1])
    assert verify(since=there) == Finding(Wrong.CHANGED, 7, later[1])
    [unsealed] = write(1)
    tamper("UPDATE audit_entry SET person = 'other' WHERE id = %s", unsealed)
    tamper("DELETE FROM audit_seal WHERE position > 5")
    assert verify(since=there) == Finding(Wrong.ADDED, entry=later[1])


def test_another_workers_older_note_is_in_the_chain(five: list[UUID]) -> None:
    older = noted.read()
    write(3)
    chain.seal()
    assert older
    noted.write(older)  # on its own machine
    assert verify() is None
    chain.seal()
    assert noted.read() == chain.head(), "it catches up"


def test_entries_that_are_sealed_while_the_trail_is_verified_disturb_nothing(five: list[UUID]) -> None:
    write(3)
    with patch.object(verifying, "_since", side_effect=lambda since: chain.seal() and None):
        assert verify() is None
    assert chain.head().position == 8


def test_sealing_goes_from_the_head_on_and_once_a_day_through_everything(five: list[UUID]) -> None:
    late = Entry(**trail.entry(Action.SIGNED_IN, by=Site())._asdict())  # its transaction is still open
    write(4)
    with patch.object(chain, "LOOKING_BACK", 3):
        chain.seal()
        late.save(force_insert=True)
        assert chain.floor() > late.pk
        assert chain.seal() == 0
        assert chain.seal(late=True) == 1
    assert entries()[-1] == late.pk
    assert verify() is None


def test_an_entry_that_is_committed_after_later_ones_were_sealed_is_sealed_next(five: list[UUID]) -> None:
    late = Entry(**trail.entry(Action.SIGNED_IN, by=Site())._asdict())
    write(4)
    chain.seal()
    late.save(force_insert=True)
    assert chain.seal() == 1
    assert verify() is None


def test_after_a_restored_backup_the_operator_says_so_and_the_trail_goes_on(five: list[UUID]) -> None:
    cut = chain.head()
    tamper("DELETE FROM audit_seal WHERE position > 3")
    tamper("DELETE FROM audit_entry WHERE id = ANY(%s)", five[3:])
    write(1)
    chain.seal()
    assert verify() == Finding(Wrong.CUT, 5)
    chain.acknowledge(by=Site("console"), why="Tuesday's backup after the fire")
    assert verify() is None
    assert noted.read() == chain.head()
    entry = Entry.objects.get(action=Action.TRAIL_ACKNOWLEDGED)
    assert entry.facts["noted"] == str(cut)
    assert entry.facts["found"].startswith("4:")
    assert entry.facts["why"] == "Tuesday's backup after the fire"
    with pytest.raises(chain.NothingToAcknowledge):
        chain.acknowledge(by=Site("console"), why="again")


def test_without_the_key_nothing_is_called_sound(five: list[UUID], settings: object, tmp_path: Path) -> None:
    settings.KEYS = tmp_path  # type: ignore[attr-defined]
    with pytest.raises(KeyMissing):
        verify()
    tamper("DELETE FROM audit_entry")
    noted.write(Head(5, bytes(32)))
    with pytest.raises(KeyMissing):  # and no other is made in its place
        keys.check_key()
    keys.audit_key.cache_clear()
    with pytest.raises(KeyMissing):
        keys.audit_key()


@pytest.mark.parametrize("text", ["", "5", "5:", f"0:{'00' * 32}", f"x:{'00' * 32}", f"5:{'00' * 31}", "5:zz"])
def test_a_note_that_cannot_be_read_is_said_and_left(five: list[UUID], text: str, caplog: pytest.LogCaptureFixture) -> None:
    (site_settings.KEYS / "audit.head").write_text(text)
    assert verify() == Finding(Wrong.NO_NOTE)
    write(1)
    assert chain.seal() == 1
    assert "cannot be noted" in caplog.text
    assert (site_settings.KEYS / "audit.head").read_text() == text


def test_a_folder_of_keys_that_cannot_be_written_stops_no_sealing(five: list[UUID], caplog: pytest.LogCaptureFixture) -> None:
    write(1)
    with patch.object(noted, "replace", side_effect=PermissionError("read-only")):
        assert chain.seal() == 1
    assert "read-only" in caplog.text
    assert Seal.objects.count() == 6


def test_sealing_and_verifying_find_their_rows_by_indexes(five: list[UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for question, values in ((verifying.SEALED, [0]), (chain.UNSEALED, [chain.FIRST, chain.FIRST])):
            cursor.execute(f"EXPLAIN {question}", values)
            plan = "\n".join(line for [line] in cursor.fetchall())
            assert "Seq Scan" not in plan, plan


def test_a_seal_depends_on_what_went_before_position_entry_and_digest() -> None:
    entry, other = new_id(), new_id()
    places = (Head(5, bytes(32)), entry, bytes(32)), (Head(6, bytes(32)), entry, bytes(32)), (Head(5, b"1" * 32), entry, bytes(32))
    values = {chain.after(*place).chain for place in (*places, (places[0][0], other, bytes(32)), (places[0][0], entry, b"1" * 32))}
    assert len(values) == 5
