"""A backup of the running site opens elsewhere: docs/operating.md, tried."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from s2s.machine import postgres
from s2s.machine.postgres import programs
from tests.crash.load import busy_senders
from tests.crash.site import Site, until
from tests.crash.whole import assert_trail_is_sound, assert_whole, collected

pytestmark = pytest.mark.crash


@pytest.fixture
def elsewhere() -> Iterator[Site]:
    """Another machine: a data folder with an empty database and nothing else."""
    site = Site("restored")
    try:
        site.start_database()
        yield site
    finally:
        site.close()


def run(program: str, site: Site, *words: str) -> None:
    """A program of PostgreSQL's own, as whoever looks after the site runs it."""
    path = programs.program(postgres.server_of(site.data).home, program)
    subprocess.run([path, *words], env={}, check=True)


def test_a_backup_of_the_busy_site_opens_elsewhere_byte_for_byte(site: Site, elsewhere: Site, tmp_path: Path) -> None:
    dump = tmp_path / "s2s.dump"
    with busy_senders(site) as senders:
        until(lambda: sum(len(sender.receipts) for sender in senders) >= 12, "there is something to keep")
        before = {receipt.number for sender in senders for receipt in list(sender.receipts.values())}
        run("pg_dump", site, "--format=custom", f"--file={dump}", site.address)
    shutil.copytree(site.data / "keys", tmp_path / "keys")  # after the dump: they then cover what it holds
    site.kill_web()

    options = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges")
    run("pg_restore", elsewhere, *options, f"--dbname={elsewhere.address}", str(dump))
    elsewhere.start_web()
    assert elsewhere.health()["keys"] != "ok", "a dump without the keys opens nothing"
    elsewhere.kill_web()
    shutil.rmtree(elsewhere.data / "keys", ignore_errors=True)
    shutil.copytree(tmp_path / "keys", elsewhere.data / "keys")
    elsewhere.start_web()

    assert elsewhere.health()["keys"] == "ok"
    assert before <= {receipt for [receipt] in elsewhere.ask("SELECT receipt FROM transfers_transfer")}
    sent = {name: content for sender in senders for name, content in sender.contents.items()}
    files = {name: content for name, content in collected(elsewhere).items() if name in sent}
    assert len(files) >= len(before)
    assert files == {name: sent[name] for name in files}
    assert_whole(elsewhere)
    assert_trail_is_sound(elsewhere)
