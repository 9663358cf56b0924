"""A disk of its own for a site, which can be full: a file system in memory, where this machine lets us mount one."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SIZE = 4 * 1024**3  # bytes; only what is written takes memory


class SmallDisk:
    def __init__(self, folder: Path) -> None:
        """Nothing is mounted yet."""
        self.folder = folder

    def mount(self) -> bool:
        """Whether it could be mounted: that is for root, and not in every container."""
        self.unmount()
        self.folder.mkdir(parents=True, exist_ok=True)
        return self._done("-t", "tmpfs", "-o", f"size={SIZE},mode=711", "tmpfs")

    def unmount(self) -> None:
        while os.path.ismount(self.folder):
            subprocess.run(["umount", "--lazy", str(self.folder)], check=True)

    @contextmanager
    def full(self) -> Iterator[None]:
        """Not one byte more can be written meanwhile."""
        slack = 0
        while not self._resize(shutil.disk_usage(self.folder).used + slack):
            slack += 65_536  # somebody has written while we counted
        try:
            yield
        finally:
            self._resize(SIZE)

    def _resize(self, size: int) -> bool:
        return self._done("-o", f"remount,size={size}")

    def _done(self, *words: str) -> bool:
        return subprocess.run(["mount", *words, str(self.folder)], capture_output=True, check=False).returncode == 0
