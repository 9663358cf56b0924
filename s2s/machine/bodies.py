"""Takes in the body of a request before anybody works on it: bounded, in good time, and large ones only where there is room."""

import asyncio
import io
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Any

from s2s.machine.room import Room

SMALL = 64 * 1024  # bytes: any form of the site
PATIENCE = 20.0  # seconds for a small body; and, of a large one, to its next byte
SLOWEST = 32 * 1024  # bytes a second: the whole of a large body may take as long as at this pace
WAIT_FOR_ROOM = 10.0  # seconds

Receive = Callable[[], Awaitable[Mapping[str, Any]]]


class Why(StrEnum):
    TOO_LARGE = "too large"
    TOO_SLOW = "too slow"
    BROKEN_OFF = "broken off"
    NO_ROOM = "no room"


class NotTaken(Exception):
    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Bodies:
    """`limits`: the bytes that an address takes, where that is more than SMALL."""

    limits: Mapping[str, int]
    room: Room

    def check(self, path: str, length: int) -> None:
        """Raises NotTaken when this is more than the address takes."""
        if length > max(SMALL, self.limits.get(path, 0)):
            raise NotTaken(Why.TOO_LARGE)

    def is_large(self, length: int) -> bool:
        return length > SMALL

    @asynccontextmanager
    async def taken(self, length: int | None, receive: Receive) -> AsyncIterator[tuple[IO[bytes], int]]:
        """The whole body and its length; `length` is what its sender says, if they do. Raises NotTaken."""
        if length is None or length <= SMALL:
            yield await _read(receive, SMALL if length is None else length, exactly=length is not None, within=PATIENCE)
            return
        async with self._room(length):
            yield await _read(receive, length, exactly=True, within=PATIENCE + length / SLOWEST)

    @asynccontextmanager
    async def _room(self, length: int) -> AsyncIterator[None]:
        taken = self.room.take(length)
        try:
            async with asyncio.timeout(WAIT_FOR_ROOM):
                while taken is None:
                    await asyncio.sleep(0.1)
                    taken = self.room.take(length)
        except TimeoutError:
            raise NotTaken(Why.NO_ROOM) from None
        try:
            yield
        finally:
            self.room.give(taken)


async def _read(receive: Receive, most: int, *, exactly: bool, within: float) -> tuple[IO[bytes], int]:
    chunks: deque[memoryview] = deque()
    length = 0
    try:
        async with asyncio.timeout(within):
            async for chunk in _chunks(receive):
                length += len(chunk)
                if length > most:
                    raise NotTaken(Why.TOO_LARGE)
                chunks.append(memoryview(chunk))
    except TimeoutError:
        raise NotTaken(Why.TOO_SLOW) from None
    if exactly and length < most:
        raise NotTaken(Why.BROKEN_OFF)
    return io.BufferedReader(Chunks(chunks), SMALL), length


async def _chunks(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        async with asyncio.timeout(PATIENCE):
            message = await receive()
        if message["type"] != "http.request":
            raise NotTaken(Why.BROKEN_OFF)
        if chunk := message.get("body", b""):
            yield chunk
        more = message.get("more_body", False)


class Chunks(io.RawIOBase):
    """A file of these chunks, each forgotten when it has been read: a large body is not held a second time."""

    def __init__(self, chunks: deque[memoryview]) -> None:
        self.chunks = chunks

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self.chunks:
            return 0
        first = self.chunks.popleft()
        count = min(len(first), len(buffer))
        buffer[:count] = first[:count]
        if count < len(first):
            self.chunks.appendleft(first[count:])
        return count
