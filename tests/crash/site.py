"""A whole site of its own, made to be killed: a PostgreSQL that really writes to its disk, a web server of two processes, workers."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path

import psycopg
from django.conf import settings

from s2s.machine import postgres
from tests.crash.browser import Browser
from tests.samples import ctf, name_for, pupil

PROJECT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 60  # seconds, for a machine that does much else
SENDERS = ("6812045", "6812049", "6812061", "6732182")
RECIPIENT = "6792303"  # of another authority than the senders: each file makes three deliveries and four e-mails


def until(condition: Callable[[], object], what: str) -> None:
    given_up = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < given_up, f"waited in vain until {what}"
        time.sleep(0.01)


def free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        return int(probe.getsockname()[1])


class Site:
    def __init__(self, name: str, *, threads: int = 16) -> None:
        """Nothing runs yet. `name` makes its data folder, emptied of what an earlier run may have left; `threads` has each web process."""
        self.threads = str(threads)
        self.data = Path(os.environ["S2S_DATA"]) / f"{name}-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
        self.port, self.mail_port = free_port(), free_port()
        self.web: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []
        self.address = ""
        self.numbers = {sender: count(1) for sender in SENDERS}
        postgres.stop(self.data)
        shutil.rmtree(self.data, ignore_errors=True)

    def a_file(self, sender: str = SENDERS[0]) -> tuple[str, bytes]:
        """A file like no other from this sender to the recipient: its name, and some 20 KB of three pupils."""
        number = next(self.numbers[sender])
        pupils = [pupil(number * 10 + one, full=True) for one in range(3)]
        return name_for(sender, RECIPIENT, f"{number:03}"), ctf(pupils, source=sender, destination=RECIPIENT)

    def settle(self, *schools: str) -> "Site":
        """The database runs, with tables, and with people in these schools."""
        self.start_database()
        self.run("-m", "tests.crash.people", *schools)
        return self

    def start_database(self) -> None:
        self.address = postgres.ensure(self.data, durable=True)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": self.address,
            "S2S_DATA": str(self.data),
            "S2S_SECRET_KEY": "only-for-tests-only-for-tests-only",
            "PORT": str(self.port),
            "S2S_WEB_PROCESSES": "2",
            "S2S_WEB_THREADS": self.threads,
            "S2S_POOL": self.threads,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail_port}",
            "DJANGO_SETTINGS_MODULE": "s2s.settings",
        }

    def run(self, *words: str) -> str:
        """What a Python program says that runs beside the site, with the site's settings."""
        done = subprocess.run([sys.executable, *words], env=self.environment, cwd=PROJECT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, command: str) -> subprocess.Popen[bytes]:
        with (self.data / f"{command}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "s2s", command],
                env=self.environment,
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def log(self, command: str) -> str:
        """What the processes of this command have said so far."""
        path = self.data / f"{command}.log"
        return path.read_text() if path.exists() else ""

    def start_web(self) -> None:
        """Each of its processes answers; if it ran already, it goes on."""
        if self.web:
            until(lambda: all(self.answers() for _ in range(12)), "each process knows that the database is there")
            return
        assert (settings.STATIC_ROOT / "staticfiles.json").exists(), "the style sheets are not built: make test builds them"
        self.web = self.start("web")
        until(self.answers, "the web server answers")

    def answers(self) -> bool:
        assert self.web
        assert self.web.poll() is None, (self.data / "web.log").read_text()[-3000:]
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection, suppress(OSError, HTTPException):
            connection.request("GET", "/help")
            return connection.getresponse().status == 200
        return False

    def health(self) -> dict[str, str]:
        """What /healthz says of each part."""
        parts: dict[str, str] = json.loads(Browser(self.port).open("/healthz").content)
        return parts

    def kill_web(self) -> None:
        """SIGKILL to the web server and all its processes."""
        assert self.web
        end(self.web)
        self.web = None

    def start_worker(self, command: str = "worker") -> subprocess.Popen[bytes]:
        """`postman` is the part of a worker that sends e-mails, alone."""
        worker = self.start(command)
        self.workers.append(worker)
        return worker

    def kill_worker(self, worker: subprocess.Popen[bytes]) -> None:
        """SIGKILL to the worker and to its processes: nobody has time to stop in order, or to start anybody anew."""
        os.kill(worker.pid, signal.SIGSTOP)
        for one in children_of(worker.pid):
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        end(worker)
        self.workers.remove(worker)

    def database_processes(self) -> list[int]:
        number = postgres.server_of(self.data).process_id()
        assert number
        processes = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout.splitlines()
        return [number, *(int(one) for one, parent in map(str.split, processes) if int(parent) == number)]

    def signal_database(self, signal_number: signal.Signals) -> None:
        for one in self.database_processes():
            with suppress(ProcessLookupError):  # it left when it saw the others die
                os.kill(one, signal_number)

    @contextmanager
    def database_away(self, how: str) -> Iterator[None]:
        """It is killed, or frozen: its machine still takes connections, and nothing ever answers."""
        if how == "killed":
            self.kill_database()
            try:
                yield
            finally:
                self.start_database()
        else:
            self.signal_database(signal.SIGSTOP)
            try:
                yield
            finally:
                self.signal_database(signal.SIGCONT)

    def kill_database(self) -> None:
        """SIGKILL to all processes of the database at once, as when the machine stops."""
        server = postgres.server_of(self.data)
        self.signal_database(signal.SIGKILL)
        until(lambda: not server.holds_lock(), "the last process of the database has left")

    def browser(self, username: str) -> Browser:
        return Browser(self.port).sign_in(username)

    def ask(self, question: str, *facts: object) -> list[tuple[object, ...]]:
        with psycopg.connect(self.address) as connection:
            return connection.execute(question, facts).fetchall()

    def count(self, question: str, *facts: object) -> int:
        [[number]] = self.ask(question, *facts)
        assert isinstance(number, int)
        return number

    def tell(self, statement: str, *facts: object) -> int:
        """Returns how many rows it changed."""
        with psycopg.connect(self.address) as connection:
            return connection.execute(statement, facts).rowcount

    def close(self) -> None:
        for worker in list(self.workers):
            self.kill_worker(worker)
        if self.web:
            end(self.web)
        postgres.stop(self.data)
        elsewhere = self.data / "postgres.place"
        if elsewhere.exists():
            shutil.rmtree(elsewhere.read_text().strip())
        shutil.rmtree(self.data)


def children_of(number: int) -> list[int]:
    processes = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout.splitlines()
    return [int(one) for one, parent in map(str.split, processes) if int(parent) == number]


def end(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to everything of its session."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
