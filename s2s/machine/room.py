"""Room for large bodies: how many bytes of uploads all processes of this machine may hold in memory at once.

A unit of room is a file and a lock on it. Whatever becomes of a process, the system gives its locks back.
"""

import fcntl
import os
from contextlib import suppress
from pathlib import Path

UNIT = 8 * 1_048_576  # bytes


class Room:
    def __init__(self, folder: Path, size: int) -> None:
        """`size` in bytes; it is the same for all processes that share the folder."""
        self.folder, self.units = folder, max(1, size // UNIT)

    def take(self, size: int) -> list[int] | None:
        """Room for so many bytes, as a list for `give`; None when there is not enough just now. Nobody gets more than all there is."""
        wanted = min(self.units, -(-size // UNIT))
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        taken: list[int] = []
        for number in range(self.units):
            if len(taken) == wanted:
                break
            if (unit := self._lock(number)) is not None:
                taken.append(unit)
        if len(taken) == wanted:
            return taken
        self.give(taken)
        return None

    def give(self, taken: list[int]) -> None:
        for unit in taken:
            with suppress(OSError):
                os.close(unit)

    def _lock(self, number: int) -> int | None:
        unit = os.open(self.folder / str(number), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(unit, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(unit)
            return None
        return unit
