"""The operator's commands as they are run: processes of their own, with what they say and the status they end with."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import psycopg
import pytest

from tests.crash.site import PROJECT, RECIPIENT, SENDERS, Site, free_port, until
from tests.organisations.test_import_schools import MAINTAINED, ten, written

SETUP = "import django; django.setup(); from s2s.accounts.actors import Site; "
RECORD = SETUP + "from s2s.audit.trail import Action, record; [record(Action.SIGNED_IN, by=Site(str(one))) for one in range({})]"


@pytest.fixture(scope="module")
def settled() -> Iterator[Site]:
    site = Site("console")
    try:
        yield site.settle(SENDERS[0], RECIPIENT)
    finally:
        site.close()


@pytest.fixture
def site(settled: Site) -> Site:
    """Three entries, sealed and noted."""
    tamper(settled, "DELETE FROM audit_entry")
    tamper(settled, "DELETE FROM audit_seal")
    (settled.data / "keys/audit.head").unlink(missing_ok=True)
    settled.run("-c", RECORD.format(3))
    assert s2s(settled, "audit", "verify").returncode == 0
    return settled


def tamper(site: Site, sql: str, *values: object) -> None:
    site.tell("ALTER TABLE audit_entry DISABLE TRIGGER USER")
    site.tell("ALTER TABLE audit_seal DISABLE TRIGGER USER")
    site.tell(sql, *values)
    site.tell("ALTER TABLE audit_entry ENABLE TRIGGER USER")
    site.tell("ALTER TABLE audit_seal ENABLE TRIGGER USER")


def s2s(site: Site, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "s2s", *words], env=site.environment, cwd=PROJECT, capture_output=True, text=True, check=False
    )


def head(site: Site) -> str:
    return (site.data / "keys/audit.head").read_text().strip()


def test_a_sound_trail_ends_well_and_says_what_to_note_down(site: Site) -> None:
    site.run("-c", RECORD.format(1))
    done = s2s(site, "audit", "verify")
    assert done.returncode == 0, done.stderr
    assert "sound: 4 entries" in done.stdout
    assert head(site) in done.stdout
    assert head(site).startswith("4:")
    assert s2s(site, "audit", "verify", "--reaching", head(site)).returncode == 0
    since = s2s(site, "audit", "verify", "--since", head(site))
    assert since.returncode == 0
    assert "sound: 0 entries after 4" in since.stdout


def test_a_changed_entry_ends_badly_and_is_named(site: Site) -> None:
    [[entry]] = site.ask("SELECT entry FROM audit_seal WHERE position = 2")
    tamper(site, "UPDATE audit_entry SET person = 'other' WHERE id = %s", entry)
    done = s2s(site, "audit", "verify")
    assert done.returncode == 1
    assert f"NOT sound. First bad row: entry {entry} (number 2 in the chain): it was changed." in done.stdout


def test_a_trail_cut_short_ends_badly_until_the_operator_says_that_a_backup_was_restored(site: Site) -> None:
    tamper(site, "DELETE FROM audit_entry WHERE id = (SELECT entry FROM audit_seal WHERE position = 3)")
    tamper(site, "DELETE FROM audit_seal WHERE position = 3")
    done = s2s(site, "audit", "verify")
    assert done.returncode == 1
    assert "audit.head, beside the keys, says that there were 3 entries" in done.stdout
    assert "s2s audit acknowledge" in done.stdout
    assert s2s(site, "audit", "acknowledge", "Monday's backup").returncode == 0
    assert s2s(site, "audit", "verify").returncode == 0
    assert site.count("SELECT count(*) FROM audit_entry WHERE facts ->> 'why' = %s", "Monday's backup") == 1
    again = s2s(site, "audit", "acknowledge", "once more")
    assert again.returncode == 1
    assert "nothing to acknowledge" in again.stdout


def test_what_was_changed_is_not_acknowledged_away(site: Site) -> None:
    tamper(site, "UPDATE audit_entry SET person = 'other' WHERE id = (SELECT entry FROM audit_seal WHERE position = 1)")
    done = s2s(site, "audit", "acknowledge", "never mind")
    assert done.returncode == 1
    assert "number 1 in the chain" in done.stdout
    assert site.count("SELECT count(*) FROM audit_entry") == 3


def test_an_emptied_trail_ends_badly_on_every_machine(site: Site) -> None:
    tamper(site, "DELETE FROM audit_entry")
    tamper(site, "DELETE FROM audit_seal")
    assert s2s(site, "audit", "verify").returncode == 1
    (site.data / "keys/audit.head").unlink()  # as where no worker runs
    done = s2s(site, "audit", "verify")
    assert done.returncode == 1
    assert "empty, although audit.key has been made" in done.stdout


def test_a_place_that_is_none_and_one_that_is_not_in_the_chain_end_badly(site: Site) -> None:
    odd = s2s(site, "audit", "verify", "--reaching", "987c3f")
    assert odd.returncode == 1
    assert "“987c3f” is no place in the chain" in odd.stdout
    for option in ("--reaching", "--since"):
        done = s2s(site, "audit", "verify", option, f"3:{'00' * 32}")
        assert done.returncode == 1
        assert "does not contain what was noted down as number 3" in done.stdout


def test_a_missing_key_is_said_in_a_sentence(site: Site) -> None:
    key = site.data / "keys/audit.key"
    key.rename(key.with_suffix(".away"))
    try:
        done = s2s(site, "audit", "verify")
    finally:
        key.with_suffix(".away").rename(key)
    assert done.returncode == 1
    assert done.stderr.strip() == f"audit.key is missing in {key.parent}: put it back from the backup"


SEND = (
    SETUP
    + """
from tests.cast import Cast
cast = Cast()
for number in range({}, {}): print(cast.sent(source="6812045", destination="6792303", number=f"{{number:03}}").receipt)
"""
)


def rotated(site: Site) -> dict[str, object]:
    [[facts]] = site.ask("SELECT facts FROM audit_entry WHERE action = 'keys rotated' ORDER BY id DESC LIMIT 1")
    assert isinstance(facts, dict)
    return facts


@pytest.fixture
def stored(site: Site) -> Site:
    """Three files, all of which open."""
    site.tell("TRUNCATE transfers_transfer CASCADE")
    for key in (site.data / "keys").glob("*.agekey"):
        key.unlink()
    site.run("-c", SEND.format(1, 4))
    return site


def test_changing_the_keys_ends_well_and_is_on_the_trail(stored: Site) -> None:
    done = s2s(stored, "rotate-keys")
    assert done.returncode == 0, done.stderr
    assert "Everything stored is encrypted to the newest key" in done.stdout
    assert stored.count("SELECT count(DISTINCT key) FROM transfers_content") == 1
    assert (rotated(stored)["files"], rotated(stored)["whole"]) == (3, True)
    assert s2s(stored, "audit", "verify").returncode == 0


def test_with_the_clock_behind_no_key_is_made_and_it_ends_badly(stored: Site) -> None:
    [key] = (stored.data / "keys").glob("*.agekey")
    ahead = key.rename(key.with_name("99991231T235959000000.agekey"))
    done = s2s(stored, "rotate-keys")
    assert done.returncode == 1
    assert "Is the clock behind?" in done.stdout
    assert list((stored.data / "keys").glob("*.agekey")) == [ahead]


def test_a_file_that_does_not_open_is_named_and_it_ends_badly(stored: Site) -> None:
    [[receipt, pk]] = stored.ask("SELECT receipt, id FROM transfers_transfer ORDER BY id LIMIT 1")
    stored.tell("UPDATE transfers_content SET sealed = 'nonsense' WHERE transfer_id = %s", pk)
    done = s2s(stored, "rotate-keys")
    assert done.returncode == 1
    assert "1 files do not open" in done.stdout
    assert str(receipt) in done.stderr
    assert stored.count("SELECT count(DISTINCT key) FROM transfers_content") == 2
    assert (rotated(stored)["files"], rotated(stored)["left"], rotated(stored)["whole"]) == (2, 1, False)


def test_a_change_that_is_broken_off_leaves_its_trace_and_goes_on(stored: Site) -> None:
    """Ctrl-C or a service manager's SIGTERM, while one file is held by somebody else."""
    with psycopg.connect(stored.address) as holder:
        holder.execute("SELECT FROM transfers_content ORDER BY transfer_id DESC LIMIT 1 FOR UPDATE")
        running = subprocess.Popen(
            [sys.executable, "-m", "s2s", "rotate-keys"],
            env=stored.environment,
            cwd=PROJECT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        until(lambda: stored.count(waiting), "the rotation waits for the file")
        running.terminate()
        until(lambda: running.poll() is not None, "the rotation has ended")
        assert running.returncode == 143
    assert (rotated(stored)["files"], rotated(stored)["whole"]) == (0, False)
    done = s2s(stored, "rotate-keys", "--no-new")
    assert done.returncode == 0, done.stderr
    assert (rotated(stored)["files"], rotated(stored)["whole"]) == (3, True)


def test_a_list_of_schools_is_taken_in_and_one_that_is_none_ends_badly(settled: Site, tmp_path: Path) -> None:
    schools = tmp_path / "maintained.csv"
    schools.write_bytes(written(MAINTAINED, ten()))
    done = s2s(settled, "import-schools", str(schools))
    assert done.returncode == 0, done.stderr
    assert "10 created" in done.stdout
    schools.write_bytes(written(MAINTAINED, ten()[:5]))
    done = s2s(settled, "import-schools", str(schools))
    assert done.returncode == 1
    assert "--close-many" in done.stdout
    assert settled.count("SELECT count(*) FROM organisations_organisation WHERE number LIKE '68123%%' AND closed_on IS NULL") == 10
    assert s2s(settled, "import-schools", "--close-many", str(schools)).returncode == 0
    odd = tmp_path / "odd.csv"
    odd.write_text("a,b\n1,2\n")
    done = s2s(settled, "import-schools", str(odd))
    assert done.returncode == 1
    assert "nothing has changed" in done.stdout
    assert s2s(settled, "import-schools", str(tmp_path / "none.csv")).returncode == 2


def test_bringing_the_tables_up_to_date_again_ends_well(settled: Site) -> None:
    assert s2s(settled, "migrate").returncode == 0


def test_without_its_database_a_command_ends_badly_and_says_so(settled: Site) -> None:
    nowhere = settled.environment | {"DATABASE_URL": f"postgresql://127.0.0.1:{free_port()}/s2s?connect_timeout=1"}
    with patch.object(Site, "environment", nowhere):
        done = s2s(settled, "audit", "verify")
    assert done.returncode == 1
    assert "The database of DATABASE_URL does not answer" in done.stderr
