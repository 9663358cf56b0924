"""Numbers for entries, made here and not by the database: an entry can be signed before it is written."""

import secrets
import threading
import time
from uuid import UUID


class _Counter:
    """Counts in 4096ths of a millisecond, and never stands still or goes back."""

    def __init__(self) -> None:
        self.lock, self.last = threading.Lock(), 0

    def next(self) -> int:
        with self.lock:
            self.last = max(time.time_ns() * 4096 // 1_000_000, self.last + 1)
            return self.last


_counter = _Counter()


def new_id() -> UUID:
    """A UUID of version 7 (RFC 9562): later ones are greater, within one process always and between processes as far as clocks agree."""
    ticks = _counter.next()
    return UUID(int=(ticks >> 12) << 80 | 7 << 76 | (ticks & 0xFFF) << 64 | 2 << 62 | secrets.randbits(62))
