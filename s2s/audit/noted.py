"""The head of the chain, noted beside the keys: whoever has only the database can cut the chain off, and cannot change the note."""

from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from s2s.kept import replace


class Head(NamedTuple):
    """A place in the chain: how many entries are sealed up to here, and the chain's value. Written `158:987c…`."""

    position: int
    chain: bytes

    def __str__(self) -> str:
        return f"{self.position}:{self.chain.hex()}"


START = Head(0, bytes(32))


class NoHead(ValueError):
    """What was given as a place in the chain is none."""


def parse(text: str) -> Head:
    """The place that `158:987c…` names. Raises NoHead."""
    position, _, chain = text.strip().partition(":")
    try:
        head = Head(int(position), bytes.fromhex(chain))
    except ValueError as odd:
        raise NoHead(text) from odd
    if head.position < 1 or len(head.chain) != 32:
        raise NoHead(text)
    return head


def read() -> Head | None:
    """What was noted on this machine last; None where no worker has sealed yet. Raises NoHead when the note cannot be read."""
    try:
        return parse(_path().read_text())
    except FileNotFoundError:
        return None


def write(head: Head) -> None:
    """Note the head, durably. Raises OSError."""
    replace(_path(), f"{head}\n".encode())


def _path() -> Path:
    return Path(settings.KEYS) / "audit.head"
