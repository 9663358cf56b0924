"""The whole site as `make run` starts it: web server, worker, static files and demonstration, with a database of its own."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import IO
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tests.environment import DATA

PROJECT = DATA.parent
STATIC = PROJECT / ".build/static"
PASSWORD = "a password for all who browse"  # of everybody in the demonstration
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
UP = "The site is up"
PATIENCE = 60  # seconds, for a machine that does much else


class RunningSite:
    """Where it is, what it has said, and who has signed in there: user name -> when, cookies."""

    def __init__(self, process: "subprocess.Popen[str]", address: str) -> None:
        self.address = address
        self.said: list[str] = []
        self.signed_in: dict[str, tuple[float, list[dict[str, object]]]] = {}
        self.files = 100
        self.is_up = False
        self.heard = threading.Event()
        self.listener = threading.Thread(target=self._listen, args=[process.stdout])
        self.listener.start()

    def _listen(self, lines: IO[str]) -> None:
        with lines:
            for line in lines:
                self.said.append(line)
                if line.startswith(UP):
                    self.said.clear()  # until its parts have found one another it says that it is not well
                    self.is_up = True
                    self.heard.set()
        self.heard.set()  # nothing more to wait for

    def wait_until_up(self) -> None:
        """Raises AssertionError with all it said when it is not up in time."""
        self.heard.wait(PATIENCE)
        assert self.is_up, f"The site did not start:\n{''.join(self.said)}"

    def faults(self) -> list[str]:
        """What web server and worker wrote of things that went wrong, since the last time this was asked."""
        said = [self.said.pop(0) for _ in range(len(self.said))]
        return said if any(re.search(r"Traceback|\bERROR\b|\bCRITICAL\b|process ended", line) for line in said) else []

    def number(self) -> str:
        """The number of a file that nobody has sent yet."""
        self.files += 1
        return f"{self.files:03}"


@contextmanager
def running_site() -> Iterator[RunningSite]:
    _check_static()
    data = DATA / f"browser-{WORKER}"
    shutil.rmtree(data, ignore_errors=True)
    port = _free_port()
    with _database(f"s2s_browser_{WORKER}") as database:
        own = {"S2S_DATA": data, "S2S_KEYS": data / "keys", "DATABASE_URL": database, "PORT": port, "S2S_DEMO": 1}
        own |= {"S2S_DEMO_PASSWORD": PASSWORD, "S2S_WEB_PROCESSES": 1, "S2S_WORKER_JOBS": 2, "PYTHONUNBUFFERED": 1}
        process = subprocess.Popen(
            [sys.executable, "-m", "s2s", "up"],
            cwd=PROJECT,
            env={**os.environ, **{name: str(value) for name, value in own.items()}},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        site = RunningSite(process, f"http://127.0.0.1:{port}")
        try:
            site.wait_until_up()
            yield site
        finally:
            process.terminate()
            process.wait(PATIENCE)
            site.listener.join(PATIENCE)
    shutil.rmtree(data, ignore_errors=True)


def _check_static() -> None:
    """The site serves what `collectstatic` has collected: nothing, or something old, would make every test fail for a reason of its own."""
    collected = STATIC / "staticfiles.json"
    newest = max(path.stat().st_mtime for path in (PROJECT / "s2s/web/static").rglob("*") if path.is_file())
    if not collected.exists() or collected.stat().st_mtime < newest:
        raise AssertionError("The style sheets and scripts have not been collected since they were changed: `make test` does it.")


def _free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def _database(name: str) -> Iterator[str]:
    """A database beside those of the other tests: its tables are never flushed, because the audit trail refuses that."""
    server = os.environ["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as connection:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        connection.execute(drop)
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            connection.execute(drop)
