"""The web server: `python -m s2s.machine.web_server HOST PORT PROCESSES`, with the site's environment.

Each of its processes shows by a beat that it is alive. One that has not for half a minute is killed and started again.
"""

import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

FOLDER_OF_BEATS = "_S2S_BEATS"  # of our own making: the folder where each process has a file that it touches
DEAD = 30.0  # seconds without a beat
LOOK = 2.0  # seconds between two looks
GRACE = 6  # seconds that a process may take to finish what it is doing


def main(host: str, port: int, processes: int) -> None:
    server = Server(
        "s2s.asgi:application",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        http=HTTPModes.http1,  # HTTP/2 is the proxy's
        http1_settings=HTTP1Settings(header_read_timeout=10_000),  # milliseconds: who sends headers slower than this is no browser
        workers=processes,
        backlog=2048,  # on the day of a census everybody comes at once: they wait, they are not turned away
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=GRACE,
        log_level=LogLevels.warning,
    )
    with tempfile.TemporaryDirectory(prefix="s2s-beats-") as folder:
        os.environ[FOLDER_OF_BEATS] = folder
        threading.Thread(target=_watch, args=(server, Path(folder)), daemon=True).start()
        server.serve()


def beat() -> None:
    """This process is alive."""
    if folder := os.environ.get(FOLDER_OF_BEATS):
        with suppress(OSError):
            Path(folder, str(os.getpid())).touch()


def _watch(server: Any, folder: Path) -> None:
    before = time.monotonic()
    while True:
        time.sleep(LOOK)
        asleep, before = time.monotonic() - before > LOOK + 5, time.monotonic()
        if not asleep:  # else it is the machine that stood still
            end_the_dead(folder, [worker.inner.pid for worker in server.wrks if worker.inner.pid], print_)


def end_the_dead(folder: Path, children: list[int], say: Callable[[str], None]) -> None:
    """Kill each of these processes that has beaten, and beats no longer."""
    for child in children:
        with suppress(OSError):
            if time.time() - (folder / str(child)).stat().st_mtime > DEAD:
                (folder / str(child)).unlink()
                os.kill(child, signal.SIGKILL)
                say(f"The web process {child} gave no sign of life for {DEAD:.0f} s. It is started again.")


def print_(words: str) -> None:
    with suppress(OSError):
        print(words, file=sys.stderr, flush=True)  # noqa: T201 - said to whoever runs it


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
