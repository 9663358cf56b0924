"""The running server: whether it runs, how to reach it, how to start and stop it."""

import fcntl
import hashlib
import os
import signal
import socket
import stat
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from s2s.machine.postgres import owner, programs
from s2s.machine.postgres.parameters import durability
from s2s.machine.trouble import Trouble

PORT = "5432"  # only the name of the socket
LONGEST_SOCKET = 100  # the shortest limit known is macOS's 103 bytes
FORCE = 15.0  # seconds that a server may take to stop
PATIENCE = 600  # seconds: recovery after a crash replays the log first


@dataclass(frozen=True)
class Server:
    """The server whose files are in the folder `home`; it runs as the owner of that folder."""

    home: Path

    @property
    def cluster(self) -> Path:
        return self.home / "cluster"

    @property
    def socket_folder(self) -> Path:
        beside = self.home / "socket"
        if len(os.fsencode(beside / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET:
            return beside
        return Path("/tmp") / f"s2s-{hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]}"  # noqa: S108 # nosec B108 - its owner and mode are checked

    @property
    def socket(self) -> Path:
        return self.socket_folder / f".s.PGSQL.{PORT}"

    @property
    def address(self) -> str:
        """The URL of the database.

        The host comes last, as a parameter: Django's URL parser makes capitals small when it stands between @ and /.
        """
        password = (self.home / "password").read_text()
        return f"postgresql://s2s:{password}@/s2s?host={quote(str(self.socket_folder), safe='')}"

    def holds_lock(self) -> bool:
        """True while the server or one of its children lives, in whatever state."""
        try:
            with (self.home / "server.lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    def listens(self) -> bool:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            return probe.connect_ex(os.fsencode(self.socket)) == 0

    def refusal(self) -> str:
        """Why the server does not answer (yet); empty when it does."""
        try:
            psycopg.connect(self.address, connect_timeout=10).close()
        except psycopg.OperationalError as error:
            return str(error).strip()
        return ""

    def forgets(self) -> bool:
        options = self.cluster / "postmaster.opts"
        return options.exists() and "fsync=off" in options.read_text()

    def process_id(self) -> int | None:
        try:
            return int((self.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    def tell(self, what: signal.Signals) -> bool:
        """Send the server a signal; False when there is nobody to send it to."""
        number = self.process_id()
        with suppress(ProcessLookupError):
            if number:
                os.kill(number, what)
                return True
        return False

    def kill(self) -> None:
        """End the server's processes, frozen ones too."""
        listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
        processes = [line.split(None, 2) for line in listing.splitlines() if len(line.split(None, 2)) == 3]
        ours = {number for number, _, command in processes if str(self.cluster) in command and number == str(self.process_id())}
        for number in ours | {number for number, parent, _ in processes if parent in ours}:
            with suppress(ProcessLookupError):
                os.kill(int(number), signal.SIGKILL)

    def last_words(self) -> str:
        """The end of the server's log, for a message."""
        logs = [self.home / "start.log", *(self.cluster / "log").glob("*.log")]
        newest = max((log for log in logs if log.exists()), key=lambda log: log.stat().st_mtime_ns)
        return "\n".join(newest.read_text(errors="replace").splitlines()[-8:])


def start(server: Server, *, durable: bool) -> None:
    """Start it unless it runs, and wait until it answers. Raises Trouble."""
    deadline = time.monotonic() + PATIENCE
    while server.holds_lock():  # it runs, or starts, or stops, or was killed and its last children are still leaving
        if not (refusal := server.refusal()):
            return
        if time.monotonic() > deadline:
            raise Trouble(f"PostgreSQL in {server.home} runs but takes no questions: {refusal}")
        time.sleep(0.05)
    launch(server, durable=durable)
    while refusal := server.refusal():
        if not server.holds_lock():
            raise Trouble(f"PostgreSQL in {server.home} did not start. It said:\n{server.last_words()}")
        if time.monotonic() > deadline:
            raise Trouble(f"PostgreSQL in {server.home} takes no questions yet, it may still be recovering: {refusal}")
        time.sleep(0.02)


def stop(server: Server) -> None:
    """Stop it, if it runs, and wait until it is gone: by force if it must be, well before a service manager's 90 seconds."""
    began = time.monotonic()
    asked = 0
    while server.holds_lock():
        waited = time.monotonic() - began
        if asked == 0 and (server.listens() or waited > FORCE / 4):
            asked += server.tell(signal.SIGINT)  # "fast": rolls back what is open, writes a checkpoint
        elif waited > FORCE:
            server.kill()  # what was committed is in its log, and the next start reads that
        if waited > PATIENCE:
            raise Trouble(f"PostgreSQL in {server.home} does not stop. It said:\n{server.last_words()}")
        time.sleep(0.02)


def launch(server: Server, *, durable: bool) -> None:
    """Start the server in a session of its own, so that a Ctrl-C meant for us does not reach it, and leave it the lock."""
    _prepare_socket(server)
    environment = programs.environment()
    if left_over := server.process_id():
        # The lock was free, so whoever has this number today is not PostgreSQL: this makes it pass over the number, and only over that.
        environment["PG_GRANDPARENT_PID"] = str(left_over)
    folders = f'"{str(server.socket_folder).replace(chr(34), chr(34) * 2)}"'
    lasting = durability(durable=durable)
    command = [programs.program(server.home, "postgres"), "-D", str(server.cluster), "-p", PORT, "-k", folders, *lasting]
    with (server.home / "server.lock").open("a") as lock, (server.home / "start.log").open("w") as log:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        subprocess.run(
            ["/bin/sh", "-c", '"$0" "$@" &', *command],
            **owner.identity(server.home),
            env=environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(lock.fileno(),),
            start_new_session=True,
            check=True,
        )


def _prepare_socket(server: Server) -> None:
    """Make an empty folder for the socket, which only the owner of the cluster can enter."""
    folder = server.socket_folder
    folder.mkdir(mode=0o700, exist_ok=True)
    owner = server.home.stat()
    if os.geteuid() == 0 and folder.lstat().st_uid == 0:
        os.chown(folder, owner.st_uid, owner.st_gid, follow_symlinks=False)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner.st_uid or stat.S_IMODE(found.st_mode) & 0o077:
        raise Trouble(f"{folder} is not the database's own folder. Remove it, or choose an S2S_DATA with a shorter name.")
    for left_over in folder.glob(".s.PGSQL.*"):
        left_over.unlink()
