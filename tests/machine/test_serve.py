import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from s2s.machine import postgres, serve
from s2s.machine.serve import Process
from s2s.machine.trouble import Trouble

ENDLESS = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('!', flush=True); time.sleep(60)",
]
PATIENCE = 60  # seconds, for a machine that does much else


def python(words: str) -> list[str]:
    return [sys.executable, "-c", words]


def nothing() -> None:
    pass


def supervise_until(done: Callable[[], bool], *processes: Process, ready: Callable[[], bool] = lambda: False) -> list[str]:
    """Supervise until `done`, then press Ctrl-C; what was said meanwhile."""
    said: list[str] = []
    given_up = time.monotonic() + PATIENCE

    def tend() -> None:
        if done() or time.monotonic() > given_up:
            os.kill(os.getpid(), signal.SIGINT)

    serve.supervise(processes, ready=ready, announce=lambda: said.append("up"), tend=tend, say=said.append)
    return said


def test_a_process_that_dies_is_started_again_and_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "FIRST_PAUSE", 0.05)
    starts = tmp_path / "starts"
    frail = Process("worker", python(f"open({str(starts)!r}, 'a').write('x'); raise SystemExit(3)"), pause=0.05)
    said = supervise_until(lambda: starts.exists() and len(starts.read_text()) >= 3, frail)
    assert said[0].startswith("The worker process ended (with status 3).")
    assert said[-1] == "Stopping ..."


def test_the_pause_doubles_with_every_death_up_to_half_a_minute_and_a_healthy_spell_forgives(monkeypatch: pytest.MonkeyPatch) -> None:
    frail = Process("web", python(""))
    pauses = []
    for _ in range(8):
        frail.start()
        assert frail.running
        frail.running.wait()
        frail.tend(lambda _: None)
        pauses.append(frail.pause)
    assert pauses == [1, 2, 4, 8, 16, 30, 30, 30]

    frail.start()
    assert frail.running
    frail.running.wait()
    frail.started -= serve.SETTLED
    frail.tend(lambda _: None)
    assert frail.pause == serve.FIRST_PAUSE


def test_ctrl_c_stops_the_processes_in_their_order(tmp_path: Path) -> None:
    order = tmp_path / "order"
    last_words = (
        "import signal, sys, time\n"
        "def end(*_):\n    time.sleep(.2); open(sys.argv[1], 'a').write(sys.argv[2]); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end); open(sys.argv[1] + sys.argv[2], 'w'); time.sleep(60)"
    )
    processes = [Process(name, [*python(last_words), str(order), name]) for name in ("web ", "worker")]
    supervise_until(lambda: len(list(tmp_path.iterdir())) == 2, *processes)
    assert order.read_text() == "web worker"


def test_a_ctrl_c_in_the_terminal_reaches_us_and_not_the_processes() -> None:
    process = Process("web", ENDLESS)
    process.start()
    try:
        assert process.running
        assert os.getpgid(process.running.pid) != os.getpgid(0)
    finally:
        process.stop()


def test_a_process_that_will_not_stop_is_ended_after_the_grace_with_all_it_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "GRACE", 0.3)
    child = f"import subprocess, sys; child = subprocess.Popen({STUBBORN!r}, stdout=subprocess.PIPE); child.stdout.readline()"
    stubborn = Process("web", python(f"{child}; print(child.pid, flush=True); {STUBBORN[-1]}"))
    with closing_pipe(stubborn) as lines:
        grandchild = int(next(lines))
        next(lines)
        stubborn.stop()
    assert stubborn.running is None
    assert ended(grandchild)


@contextmanager
def closing_pipe(process: Process) -> Iterator[Iterator[str]]:
    """Start the process; the lines it prints."""
    read, write = os.pipe()
    kept = os.dup(1)
    try:
        os.dup2(write, 1)
        process.start()
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(write)
    with open(read) as lines:
        yield iter(lines)


def ended(number: int) -> bool:
    """True when the process is gone, or is dead and nobody has asked for its status."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] if sys.platform == "linux" else "?"
            os.kill(number, 0)
        except (ProcessLookupError, FileNotFoundError):
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


@pytest.mark.crash
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has died")
def test_a_supervisor_that_is_killed_outright_leaves_no_process_behind() -> None:
    supervisor = (
        "from s2s.machine import serve\n"
        f"process = serve.Process('web', {ENDLESS!r})\n"
        "process.start(); print(process.running.pid, flush=True); process.running.wait()"
    )
    with subprocess.Popen(python(supervisor), stdout=subprocess.PIPE, text=True) as killed:
        assert killed.stdout
        child = int(killed.stdout.readline())
        killed.kill()
    assert ended(child)


def test_a_site_that_does_not_answer_in_time_is_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "READY", 0.2)
    quiet = Process("web", ENDLESS)
    with pytest.raises(Trouble, match="did not answer"):
        serve.supervise([quiet], ready=lambda: False, announce=nothing, tend=nothing, say=lambda _: None)
    assert quiet.running is None


def test_it_is_announced_once_that_the_site_is_up() -> None:
    beats = iter(range(1_000))
    said = supervise_until(lambda: next(beats) > 5, Process("web", ENDLESS), ready=lambda: True)
    assert said == ["up", "Stopping ..."]


def test_a_taken_port_is_told_plainly_with_what_to_do() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        with pytest.raises(Trouble, match=rf"Another program listens on port {port} .* PORT={port + 1}"):
            serve.check_port("127.0.0.1", port)
    serve.check_port("127.0.0.1", port)


def test_a_port_that_what_is_left_of_a_killed_site_still_holds_is_waited_for() -> None:
    other = socket.create_server(("127.0.0.1", 0))
    port = other.getsockname()[1]
    threading.Timer(0.3, other.close).start()
    serve.check_port("127.0.0.1", port, patience=PATIENCE)


def test_a_database_that_does_not_start_is_tried_again_after_pauses_and_the_site_goes_on() -> None:
    said: list[str] = []
    tries = iter([OSError("No space left on device"), Trouble("It said: no space"), True, False, True])

    def start() -> bool:
        found = next(tries)
        if isinstance(found, Exception):
            raise found
        return found

    revival = serve.Revival(start)
    pauses = []
    for _ in range(5):
        revival.again = 0
        revival.tend(said.append)
        pauses.append(revival.pause)
    assert pauses == [0.5, 1, 2, 2, 4]
    assert said == [
        "PostgreSQL cannot be started: No space left on device",
        "PostgreSQL cannot be started: It said: no space",
        "PostgreSQL was gone. It is started again.",
        "PostgreSQL was gone. It is started again.",
    ]
    revival.tend(said.append)
    assert len(said) == 4, "and not before the pause is over"


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        return int(probe.getsockname()[1])


@pytest.fixture
def data() -> Iterator[Path]:
    path = Path(tempfile.gettempdir()) / f"s2s Up {os.getpid()}"
    shutil.rmtree(path, ignore_errors=True)
    yield path
    postgres.stop(path)
    shutil.rmtree(path, ignore_errors=True)


class Site:
    """`s2s up` with a data folder of its own."""

    def __init__(self, data: Path, *, listening: bool = True, **environment: str) -> None:
        self.port = free_port()
        own = {"S2S_DATA": str(data), "PORT": str(self.port), "S2S_WEB_PROCESSES": "1", "PATH": os.environ["PATH"], **environment}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "s2s", "up"],
            env=own,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said: list[str] = []
        self.listener = threading.Thread(target=self._listen)
        if listening:
            self.listener.start()

    def _listen(self) -> None:
        assert self.process.stdout
        self.said.extend(self.process.stdout)

    def __enter__(self) -> "Site":
        return self

    def __exit__(self, *error: object) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE)
        if self.listener.ident:
            self.listener.join(PATIENCE)
        assert self.process.stdout
        self.process.stdout.close()

    def wait_until_up(self) -> None:
        given_up = time.monotonic() + PATIENCE
        while not any(line.startswith("The site is up") for line in self.said):
            assert self.process.poll() is None, self.said
            assert time.monotonic() < given_up, self.said
            time.sleep(0.05)

    def health(self) -> int | None:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection, suppress(OSError):
            connection.request("GET", "/healthz")
            return connection.getresponse().status
        return None

    def stop(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@pytest.mark.crash
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_site_answers_on_its_port_and_stops_leaving_no_process(data: Path, how: signal.Signals) -> None:
    with Site(data) as site:
        site.wait_until_up()
        assert site.health() == 200
        assert site.stop(how) == 0
    assert site.health() is None
    assert processes_with(str(site.port)) == processes_with(str(data)) == []


def processes_with(word: str) -> list[str]:
    listing = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in listing.splitlines() if word in line]


@pytest.mark.crash
def test_a_start_that_is_broken_off_leaves_no_database_running(data: Path) -> None:
    with Site(data) as site:
        given_up = time.monotonic() + PATIENCE
        while not postgres.server_of(data).holds_lock():
            assert time.monotonic() < given_up, site.said
            time.sleep(0.01)
        assert site.stop(signal.SIGTERM) != 0
    assert not postgres.server_of(data).holds_lock()
    assert processes_with(str(data)) == []


@pytest.mark.crash
def test_the_site_goes_on_after_its_database_was_killed(data: Path) -> None:
    with Site(data) as site:
        site.wait_until_up()
        number = postgres.server_of(data).process_id()
        assert number
        os.kill(number, signal.SIGKILL)
        given_up = time.monotonic() + PATIENCE
        while not any("It is started again" in line for line in site.said) or site.health() != 200:
            assert time.monotonic() < given_up, site.said
            time.sleep(0.2)


@pytest.mark.crash
def test_the_site_goes_on_when_whoever_read_what_it_says_has_gone(data: Path) -> None:
    with Site(data, listening=False) as site:
        assert site.process.stdout
        while not site.process.stdout.readline().startswith("The site is up"):
            assert site.process.poll() is None
        site.process.stdout.close()
        number = postgres.server_of(data).process_id()
        assert number
        os.kill(number, signal.SIGKILL)  # there is something to say
        given_up = time.monotonic() + PATIENCE
        while postgres.server_of(data).process_id() in {number, None} or site.health() != 200:
            assert site.process.poll() is None
            assert time.monotonic() < given_up
            time.sleep(0.2)


@pytest.mark.crash
def test_the_site_stops_though_its_database_is_frozen(data: Path) -> None:
    with Site(data) as site:
        site.wait_until_up()
        number = postgres.server_of(data).process_id()
        assert number
        os.kill(number, signal.SIGSTOP)
        site.stop(signal.SIGTERM)
    assert not postgres.server_of(data).holds_lock()
    assert processes_with(str(data)) == []


def test_a_port_that_is_taken_ends_the_command_with_a_sentence(data: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other, Site(data, PORT=str(other.getsockname()[1])) as site:
        assert site.process.wait(PATIENCE) == 1
    assert len(site.said) == 1
    assert site.said[0].startswith("Another program listens on port")
