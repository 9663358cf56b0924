"""Secrets kept in files: made once, whole or not at all, readable by their owner alone, and what is noted beside them."""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


class KeyMissing(RuntimeError):
    """A key that was used before is not in its place: making another would hide what is lost."""


def kept(path: Path, make: Callable[[], bytes], *, allowed: Callable[[], bool] = lambda: True) -> bytes:
    """The secret in this file; made at first use, where that is `allowed`. Of several processes at once the first one's stays.

    Raises KeyMissing.
    """
    try:
        return path.read_bytes().strip()
    except FileNotFoundError:
        check(path, needed=lambda: not allowed())
    _write(path, make())
    return path.read_bytes().strip()


def check(path: Path, *, needed: Callable[[], bool]) -> None:
    """Raises KeyMissing when the secret is not in its place, though it was used."""
    if not path.exists() and needed() and not path.exists():  # another process may have made and used it meanwhile
        raise KeyMissing(f"{path.name} is missing in {path.parent}: put it back from the backup")


def open_to_others(folder: Path) -> list[str]:
    """Names of the folder and of files in it that others than their owner may read or write, or that somebody else owns than us or root."""
    paths = (folder, *(path for path in folder.iterdir() if path.is_file()))
    return [path.name for path in paths if (there := path.stat()).st_mode & 0o077 or there.st_uid not in {os.geteuid(), 0}]


def replace(path: Path, content: bytes) -> None:
    """Put this into the file, durably: whoever reads it, also after a power cut, reads the old or the new, whole."""
    _write_beside(path, content, lambda beside: beside.replace(path))


def _write(path: Path, secret: bytes) -> None:
    with suppress(FileExistsError):  # whole or not at all, and the first one stays
        _write_beside(path, secret + b"\n", path.hardlink_to)


def _write_beside(path: Path, content: bytes, put: Callable[[Path], object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")  # nobody else's, and no other thread's
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        put(beside)
    finally:
        beside.unlink(missing_ok=True)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """Flush the folder: the name of a new file is durable only then."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
