"""The lines of this process to its database, so that they can be cut: who waits for a server that fell silent would wait for ever."""

import os
import socket
import threading
from contextlib import suppress
from typing import Any
from weakref import WeakSet

import psycopg

_lock = threading.Lock()
_open: "WeakSet[Line]" = WeakSet()


class Line(psycopg.Connection[Any]):
    """A connection that `cut` knows of."""

    def __init__(self, *words: Any, **options: Any) -> None:
        super().__init__(*words, **options)
        with _lock:
            _open.add(self)


def cut() -> None:
    """Shut down every connection of this process, so that whoever waits on one gets an error now."""
    with _lock:
        lines = list(_open)
    for line in lines:
        with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(line.pgconn.socket)) as end:
            end.shutdown(socket.SHUT_RDWR)
