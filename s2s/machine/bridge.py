"""Between the server, which speaks ASGI, and the site, which is WSGI: a request gets a thread of the site only when its body is here.

So whoever sends slowly keeps nobody waiting. An answer waits for its reader here too, and in its thread only if it is made while it goes.
"""

import asyncio
import io
import logging
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote_to_bytes
from wsgiref.util import FileWrapper

from s2s.machine.bodies import Bodies, NotTaken, Receive

REFUSED = "s2s.refused"  # in the environment of a request whose body was not taken: why
ASKED_FIRST = "s2s.asked first"  # in that of one whose large body waits outside: may it come? No Content says yes
BLOCK = 256 * 1024  # bytes
AHEAD = 8  # chunks made before the reader has taken the first of them
SLOW_READER = 60.0  # seconds for one chunk
HUNG = 300.0  # seconds after which a request counts as stuck; the database ends each statement long before

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

log = logging.getLogger(__name__)


class Bridge:
    def __init__(self, application: Application, *, threads: int, bodies: Bodies, beat: Callable[[], None]) -> None:
        """`beat` is called each second for as long as not all threads are stuck."""
        self.application, self.bodies, self.beat, self.threads = application, bodies, beat, threads
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="page")
        self.begun: dict[int, float] = {}  # thread -> when it took up what it is doing

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._request(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        beating = asyncio.create_task(self._keep_beating())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        beating.cancel()
        await send({"type": "lifespan.shutdown.complete"})

    async def _keep_beating(self) -> None:
        while True:
            if not self.is_stuck():
                self.beat()
            await asyncio.sleep(1)

    def is_stuck(self) -> bool:
        begun = list(self.begun.values())
        return len(begun) == self.threads and time.monotonic() - max(begun) > HUNG

    async def _request(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        request = environ_of(scope)
        try:
            if not _has_body(request):
                await self._answer(request, send)
            elif await self._let_pass(request, send):
                async with self.bodies.taken(_length(request), receive) as (body, length):
                    await self._answer(request | {"wsgi.input": body, "CONTENT_LENGTH": str(length)}, send)
        except NotTaken as refusal:
            await self._answer(request | {REFUSED: refusal.why.value, "CONTENT_LENGTH": "0"}, send, last=True)

    async def _let_pass(self, request: Environ, send: Send) -> bool:
        """A large body is read only if the site says, of the request without it, that it may come; else its answer is the answer."""
        length = _length(request) or 0
        self.bodies.check(request["PATH_INFO"], length)
        if not self.bodies.is_large(length):
            return True
        reply = await self._ask(request | {ASKED_FIRST: True, "CONTENT_LENGTH": "0"})
        if reply.status == HTTPStatus.NO_CONTENT:
            await reply.drop()
            return True
        await reply.pass_on(send, last=True)
        return False

    async def _answer(self, request: Environ, send: Send, *, last: bool = False) -> None:
        await (await self._ask(request)).pass_on(send, last=last)

    async def _ask(self, request: Environ) -> "Reply":
        """The site's reply; its head is here, the rest is on its way."""
        reply = Reply(asyncio.get_running_loop())
        self.pool.submit(self._work, reply, request)
        await reply.head()
        return reply

    def _work(self, reply: "Reply", request: Environ) -> None:
        thread = threading.get_ident()
        self.begun[thread] = time.monotonic()
        try:
            reply.write(self.application, request)
        finally:
            del self.begun[thread]


class BrokenOff(Exception):
    """The site failed in the middle of a reply."""


class Reply:
    """What the site answers: written in a thread, passed on by the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.status = int(HTTPStatus.INTERNAL_SERVER_ERROR)
        self.headers: list[tuple[bytes, bytes]] = []
        self._loop = loop
        self._chunks: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._first: bytes | None = None
        self._may_make = threading.Semaphore(AHEAD)
        self._unwanted = False
        self._broken_off = False

    def write(self, application: Application, request: Environ) -> None:
        """Run the application, in a thread, and pass on all that it says. If it fails in the middle, the reply is broken off."""
        try:
            said = application(request, self._start)
            try:
                for chunk in said:
                    if chunk and not self._put(chunk):
                        self._broken_off = True
                        break
            finally:
                getattr(said, "close", bool)()
        except Exception:
            self._broken_off = True
            log.exception("the site failed outside its pages")
        finally:
            with suppress(RuntimeError):  # the loop is closed: the process is leaving
                self._loop.call_soon_threadsafe(self._chunks.put_nowait, None)

    def _start(self, status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
        self.status = int(status.split(" ", 1)[0])
        self.headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]

    def _put(self, chunk: bytes) -> bool:
        if not self._may_make.acquire(timeout=SLOW_READER) or self._unwanted:
            return False
        self._loop.call_soon_threadsafe(self._chunks.put_nowait, chunk)
        return True

    async def head(self) -> None:
        self._first = await self._chunks.get()

    async def pass_on(self, send: Send, *, last: bool) -> None:
        """Send the reply to the reader. With `last` the connection ends after it, because we have not read all that was sent on it.

        Raises BrokenOff: the server then cuts the connection, so that half a file does not pass for a whole one.
        """
        headers = [*self.headers, (b"connection", b"close")] if last else self.headers
        try:
            await send({"type": "http.response.start", "status": self.status, "headers": headers})
            chunk = self._first
            while chunk is not None:
                self._may_make.release()
                for start in range(0, len(chunk), BLOCK):
                    await send({"type": "http.response.body", "body": chunk[start : start + BLOCK], "more_body": True})
                chunk = await self._chunks.get()
            if self._broken_off and self._first is not None:
                raise BrokenOff
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._unwanted = True
            self._may_make.release(AHEAD)

    async def drop(self) -> None:
        self._unwanted = True
        self._may_make.release(AHEAD)
        while self._first is not None:
            self._first = await self._chunks.get()


def environ_of(scope: Mapping[str, Any]) -> Environ:
    """The environment of PEP 3333, without a body."""
    host, port = (*(scope.get("server") or ("", "")), "")[:2]
    request: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"].split(b"?", 1)[0]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": lambda file, size: FileWrapper(file, BLOCK),
    }
    for name, value in scope["headers"]:
        _add_header(request, name.decode("latin-1"), value.decode("latin-1"))
    return request


def _add_header(request: Environ, name: str, value: str) -> None:
    """Add a header under the name that WSGI gives it.

    A header with an underscore in its name is left out: it would pass for one with a hyphen that only the proxy may send.
    """
    if "_" in name:
        return
    key = name.upper().replace("-", "_")
    key = key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"
    between = "; " if key == "HTTP_COOKIE" else ","
    request[key] = f"{request[key]}{between}{value}" if key in request else value


def _has_body(request: Environ) -> bool:
    return "HTTP_TRANSFER_ENCODING" in request or request.get("CONTENT_LENGTH", "0") != "0"


def _length(request: Environ) -> int | None:
    said = request.get("CONTENT_LENGTH", "")
    return int(said) if said.isdecimal() else None
