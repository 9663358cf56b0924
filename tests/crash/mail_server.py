"""A mail server that can be away, or slow at the moment a test chooses."""

import asyncio
from dataclasses import dataclass
from email import message_from_bytes
from threading import Event
from weakref import WeakSet

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Letter:
    number: str  # its Message-ID: the e-mail's key
    to: str


class Conversation(SMTP):
    """One that can be cut off from outside."""

    open: "WeakSet[asyncio.BaseTransport]" = WeakSet()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.open.add(transport)
        super().connection_made(transport)


class Line(Controller):
    def factory(self) -> SMTP:
        return Conversation(self.handler, **self.SMTP_kwargs)

    def hang_up(self) -> None:
        """On everybody, in the middle of a word; and nobody new is taken."""
        asyncio.run_coroutine_threadsafe(self._end_all(), self.loop).result()

    async def _end_all(self) -> None:
        self.server.close()
        await asyncio.sleep(0.01)  # those that were being taken have a conversation now
        for one in list(Conversation.open):
            one.abort()  # type: ignore[attr-defined]
        await asyncio.sleep(0.01)


class MailServer:
    def __init__(self, port: int) -> None:
        self.port = port
        self.letters: list[Letter] = []
        self.slow_before, self.slow_after = Gate(), Gate()  # before it takes a letter, and after, when only the sender does not know yet
        self.refused: set[str] = set()  # addresses that it does not know
        self.drops = 0  # so many times it takes a letter and hangs up before it says so
        self.controller: Line | None = None

    def start(self) -> None:
        self.controller = Line(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self) -> None:
        """Whoever calls now is refused, and whoever was talking is cut off."""
        if self.controller:
            self.controller.hang_up()
            self.controller.stop()
            self.controller = None

    def close(self) -> None:
        self.slow_before.open()
        self.slow_after.open()
        self.stop()

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        await self.slow_before.passed()
        if address in self.refused:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        message = message_from_bytes(bytes(envelope.content or b""))
        self.letters.append(Letter(message["Message-ID"].strip("<>").removesuffix("@s2s"), ", ".join(envelope.rcpt_tos)))
        await self.slow_after.passed()
        if self.drops:
            self.drops -= 1
            server.transport.abort()
        return "250 OK"


class Gate:
    """Open at first; while it is shut, those who come wait, and it is known that somebody does."""

    def __init__(self) -> None:
        self.is_open, self.reached = Event(), Event()
        self.open()

    def shut(self) -> None:
        self.reached.clear()
        self.is_open.clear()

    def open(self) -> None:
        self.is_open.set()

    async def passed(self) -> None:
        if not self.is_open.is_set():
            self.reached.set()
        while not self.is_open.is_set():
            await asyncio.sleep(0.005)
