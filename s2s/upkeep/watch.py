"""Watches the database for one process: whether it answers, and whether its tables fit this code.

While it is away nobody waits for it: pages say so at once. Who was already waiting when it fell silent is let go, because a server that is
frozen, or whose machine is gone, never ends a connection by itself.
"""

import asyncio
import threading
from contextlib import suppress
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections

from s2s.machine import lines
from s2s.machine.trouble import SET_UP_WRONGLY, Trouble
from s2s.upkeep import schema
from s2s.upkeep.schema import Misfit

ROUND = 2.0  # seconds between two looks
AGAIN = 0.3  # seconds between two tries while it is away
CONNECTING = 2.0  # seconds
SILENT = 5.0  # seconds after which a server that still listens counts as frozen
AWAY = (psycopg.Error, OSError, TimeoutError)

Connection = psycopg.AsyncConnection[tuple[Any, ...]]


def look(within: float) -> Misfit:
    """One look at the database, with a connection of its own. Raises one of AWAY when it does not answer within so many seconds."""

    async def at_once() -> Misfit:
        async with asyncio.timeout(within), await _connect() as connection:
            return await _misfit(connection)

    return asyncio.run(at_once())


def check(within: float) -> None:
    """Raises Trouble, with its status, when tables and code do not fit or the database is not of this site's kind; else as `look`."""
    if misfit := look(within):
        raise Trouble(f"This does not fit: {misfit}.", status=SET_UP_WRONGLY if misfit.is_of_purpose else 1)


def check_purpose() -> None:
    """Raises Trouble when the database is not of this site's kind. Of one that does not answer, or has other tables, nothing is said."""
    with suppress(*AWAY):
        if (misfit := look(CONNECTING)).is_of_purpose:
            raise Trouble(f"This does not fit: {misfit}.", status=SET_UP_WRONGLY)


class Watch:
    """What this process last knew of its database; at first, that all is well."""

    def __init__(self) -> None:
        self.away = False
        self.misfit = Misfit.NONE
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._doubt = asyncio.Event()

    def start(self) -> None:
        """Look now, and from now on every few seconds."""
        try:
            self.misfit = look(CONNECTING)
        except AWAY:
            self.away = True
        self._thread = threading.Thread(target=lambda: asyncio.run(self._watch()), name="database watch", daemon=True)
        self._thread.start()

    def doubt(self) -> None:
        """Look again now, without waiting for the round: somebody did not get an answer from the database."""
        if self._loop:
            self._loop.call_soon_threadsafe(self._doubt.set)

    async def _watch(self) -> None:
        self._loop = asyncio.get_running_loop()
        while True:
            try:
                async with asyncio.timeout(CONNECTING):
                    connection = await _connect()
            except AWAY:
                self._lost()
                await asyncio.sleep(AGAIN)
                continue
            try:
                await self._watch_over(connection)
            except TimeoutError:
                self._lost()
            except AWAY:
                pass  # only this connection may have ended: the next one says
            finally:
                connection.pgconn.finish()  # not `close`, which would wait for a server that is silent

    async def _watch_over(self, connection: Connection) -> None:
        """Look every few seconds until it does not answer."""
        while True:
            async with asyncio.timeout(SILENT):
                self.misfit = await _misfit(connection)
            self.away = False
            self._doubt.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._doubt.wait(), ROUND)

    def _lost(self) -> None:
        """Note that the database is away: from now on nobody waits for it, and who is waiting gets an error."""
        self.away = True
        lines.cut()


async def _connect() -> Connection:
    parameters = connections["default"].get_connection_params()
    for of_django in ("context", "cursor_factory", "prepare_threshold"):
        parameters.pop(of_django, None)
    return await psycopg.AsyncConnection.connect(**parameters, autocommit=True, prepare_threshold=None)


async def _misfit(connection: Connection) -> Misfit:
    try:
        cursor = await connection.execute(schema.APPLIED)
    except psycopg.errors.UndefinedTable:
        return Misfit.OLDER
    of_version = schema.misfit([(str(app), str(name)) for app, name in await cursor.fetchall()])
    return of_version or await _mistaken(connection)


async def _mistaken(connection: Connection) -> Misfit:
    cursor = await connection.execute(schema.IS_DEMONSTRATION)
    return schema.mistaken(is_demonstration=await cursor.fetchone() == (True,), wanted=settings.DEMO)


watch = Watch()
