"""One of the machines that a site runs on: `s2s up`, and a service manager that starts it again whenever it ends."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tests.crash.site import PROJECT

# How the processes of `s2s up` are called, by what they are to a storm.
CALLED = {"web": "s2s.machine.web_server", "worker": "s2s.upkeep.worker", "postman": "s2s postman"}


class Machine:
    def __init__(self, name: str, data: Path, environment: Mapping[str, str]) -> None:
        self.name, self.data = name, data
        self.environment = {**environment, "S2S_DATA": str(data)}
        self.supervisor: subprocess.Popen[bytes] | None = None
        self.ends: list[str] = []  # how often it ended by itself, and what it said last

    @property
    def log(self) -> Path:
        return self.data.parent.parent / f"{self.name}.log"

    def tend(self) -> None:
        """Start it if it does not run."""
        if self.supervisor and self.supervisor.poll() is None:
            return
        if self.supervisor:
            self.ends.append(self.log.read_text(errors="replace")[-600:])
        self.data.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.supervisor = subprocess.Popen(
                [sys.executable, "-m", "s2s", "up"],
                env=self.environment,
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill_supervisor(self) -> None:
        """It alone: the system then tells its children to stop."""
        if self.supervisor:
            self.supervisor.kill()
            self.supervisor.wait()
            self.supervisor = None

    def kill_all(self) -> None:
        """SIGKILL to everything at once."""
        processes = [one for name in CALLED for one in self.processes(name)]
        if self.supervisor:
            self.supervisor.send_signal(signal.SIGSTOP)  # it starts nobody meanwhile
        kill(*processes)
        self.kill_supervisor()

    def processes(self, name: str) -> list[int]:
        """The process of this name, and those that it started."""
        if not self.supervisor:
            return []
        children = family()
        ours = [one for one, (parent, said) in children.items() if parent == self.supervisor.pid and CALLED[name] in said]
        return ours + [one for one, (parent, _) in children.items() if parent in ours]

    def stop(self) -> None:
        """As its service manager stops it."""
        if self.supervisor:
            self.supervisor.terminate()
            self.supervisor.wait(90)
            self.supervisor = None


def family() -> dict[int, tuple[int, str]]:
    """Each process of this computer, with its parent and how it was called."""
    listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listing.splitlines()]
    return {int(row[0]): (int(row[1]), row[2]) for row in rows if len(row) == 3}


def kill(*processes: int) -> None:
    for one in processes:
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
