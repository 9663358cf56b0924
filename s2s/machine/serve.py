"""Keeps the processes of the site going: starts them, restarts one that dies, and stops them in order."""

import ctypes
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType

from s2s.machine.trouble import Trouble

READY = 60.0  # seconds a site may take to its first answer
GRACE = 8.0  # seconds a process may take to finish what it is doing
BEAT = 0.1
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between the death of a process and its next start
SETTLED = 30.0  # seconds after which a process counts as healthy again

Say = Callable[[str], None]


@dataclass
class Process:
    """A program that should run for as long as the site does; a session of its own keeps a Ctrl-C of ours from reaching it."""

    name: str
    command: Sequence[str]
    running: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    again: float = 0.0  # when it may next be started

    def start(self) -> None:
        self.started = time.monotonic()
        self.running = subprocess.Popen(self.command, start_new_session=True, preexec_fn=_die_with_parent)  # noqa: PLW1509 - we have one thread

    def tend(self, say: Say) -> None:
        """Notice its death, and start it again after a pause that doubles with every death in a row."""
        now = time.monotonic()
        if self.running is None:
            if now >= self.again:
                self.start()
        elif (status := self.running.poll()) is not None:
            self.pause = FIRST_PAUSE if now - self.started > SETTLED else min(self.pause * 2, LONGEST_PAUSE)
            self.again = now + self.pause
            self.kill()
            say(f"The {self.name} process ended ({_ending(status)}). It starts again in {self.pause:.0f} s.")

    def stop(self) -> None:
        """Ask it to finish; after the grace, end it and what it started."""
        if self.running is None:
            return
        with suppress(ProcessLookupError):
            self.running.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.running.wait(GRACE)
        self.kill()

    def kill(self) -> None:
        """End whatever is left of its session."""
        if self.running is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait()
        self.running = None


@dataclass
class Revival:
    """Starts our own database again when it has died; after a pause that doubles while it does not stay."""

    start: Callable[[], bool]  # True: it had died, and is starting
    pause: float = FIRST_PAUSE
    again: float = 0.0  # when it may next be started
    started: float = 0.0

    def tend(self, say: Say) -> None:
        now = time.monotonic()
        if now < self.again:
            return
        try:
            if not self.start():
                return
        except (Trouble, OSError) as trouble:
            why = f"PostgreSQL cannot be started: {trouble}"
        else:
            why = "PostgreSQL was gone. It is started again."
        self.pause = FIRST_PAUSE if now - self.started > SETTLED else min(self.pause * 2, LONGEST_PAUSE)
        self.started, self.again = now, now + self.pause
        say(why)


def supervise(
    processes: Sequence[Process], *, ready: Callable[[], bool], announce: Callable[[], None], tend: Callable[[], None], say: Say
) -> None:
    """Run the processes until Ctrl-C or SIGTERM, then stop them in the order given.

    `announce` is called once, when `ready` first says yes; `tend` at every beat. Raises Trouble if `ready` takes too long.
    """
    with _asked_to_stop() as asked:
        try:
            deadline = time.monotonic() + READY
            while not asked:
                for process in processes:
                    process.tend(say)
                tend()
                if deadline and ready():
                    announce()
                    deadline = 0.0
                if deadline and time.monotonic() > deadline:
                    raise Trouble(f"The site did not answer within {READY:.0f} seconds; the lines above say why.")
                time.sleep(BEAT)
            say("Stopping ...")
        finally:
            for process in processes:
                process.stop()


def answers(host: str, port: int, *, called: str) -> bool:
    """True when the site at this place says that it is healthy; `called` is a host name it listens to."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Host": called})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def check_port(host: str, port: int, *, patience: float = 0.0) -> None:
    """Raises Trouble when nothing of ours can listen there; what is left of a site that was killed may take so many seconds to leave."""
    given_up = time.monotonic() + patience
    while refusal := _refusal(host, port):
        if time.monotonic() >= given_up or isinstance(refusal, PermissionError):
            raise _port_trouble(host, port, refusal)
        time.sleep(BEAT)


def _refusal(host: str, port: int) -> OSError | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error
    return None


def _port_trouble(host: str, port: int, error: OSError) -> Trouble:
    if isinstance(error, PermissionError):
        return Trouble(f"Port {port} is for the system's own services. Choose one above 1023: PORT=8001")
    return Trouble(f"Another program listens on port {port} of {host} ({error.strerror}). Stop it, or choose another port: PORT={port + 1}")


def web(environment: Mapping[str, str], *, host: str, port: int) -> Process:
    """The web server. Its threads (S2S_WEB_THREADS) mostly wait for the database: four each are more than a processor can feed."""
    processes = environment.get("S2S_WEB_PROCESSES", str(min(4, os.cpu_count() or 1)))
    return Process("web", [sys.executable, "-m", "s2s.machine.web_server", host, str(port), processes])


def worker(environment: Mapping[str, str]) -> Process:
    """The worker's process for what the clock asks for: seals, reminders, sweeping."""
    jobs = environment.get("S2S_WORKER_JOBS", "4")
    return Process("worker", [sys.executable, "-m", "s2s.upkeep.worker", jobs, str(int(GRACE) - 2)])


def postman() -> Process:
    """The worker's process for e-mails: on its own, so that a mail server that stalls holds up nothing else."""
    return Process("postman", [sys.executable, "-m", "s2s", "postman"])


@contextmanager
def _asked_to_stop() -> Iterator[list[int]]:
    """A list that stays empty until Ctrl-C or SIGTERM; repeating them changes nothing, as every wait of ours has its limit."""
    asked: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        asked.append(number)

    kept = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield asked
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def _die_with_parent() -> None:
    """If we are killed outright, nobody is left to stop our children: Linux then sends them SIGTERM."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        with suppress(OSError):
            ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


def _ending(status: int) -> str:
    return f"by {signal.Signals(-status).name}" if status < 0 else f"with status {status}"
