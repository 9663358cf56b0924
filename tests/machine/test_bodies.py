"""A body is taken whole, in good time and within its bounds, or not at all; and slow ones keep no thread."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from s2s.machine import bodies, web_server
from s2s.machine.bodies import SMALL, Bodies, NotTaken, Why
from s2s.machine.bridge import ASKED_FIRST, REFUSED, Bridge, BrokenOff, environ_of
from s2s.machine.room import UNIT, Room

LARGE = 2 * UNIT


def arriving(*chunks: bytes, then: str = "end") -> Callable[[], Awaitable[dict[str, Any]]]:
    """What a server hands on: these chunks, and then the end, silence, or that the sender has gone."""
    messages = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    if then == "end":
        messages[-1:] = [{"type": "http.request", "body": chunks[-1] if chunks else b"", "more_body": False}]

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop(0)
        if then == "gone":
            return {"type": "http.disconnect"}
        await asyncio.Event().wait()
        raise AssertionError

    return receive


@pytest.fixture
def door(tmp_path: Path) -> Bodies:
    return Bodies({"/upload": LARGE}, Room(tmp_path / "room", LARGE))


def taken(door: Bodies, length: int | None, receive: Callable[[], Awaitable[dict[str, Any]]]) -> bytes:
    async def take() -> bytes:
        async with door.taken(length, receive) as (body, size):
            content = body.read()
            assert size == len(content)
            return content

    return asyncio.run(take())


def why_not(door: Bodies, length: int | None, receive: Callable[[], Awaitable[dict[str, Any]]]) -> Why:
    with pytest.raises(NotTaken) as refusal:
        taken(door, length, receive)
    return refusal.value.why


def test_a_body_comes_whole_in_whatever_pieces(door: Bodies) -> None:
    assert taken(door, 11, arriving(b"hello", b" ", b"world")) == b"hello world"
    assert taken(door, 0, arriving()) == b""
    assert taken(door, None, arriving(b"of unknown", b" length")) == b"of unknown length"


def test_a_body_can_be_read_by_lines_and_by_pieces_of_any_size(door: Bodies) -> None:
    async def read() -> list[bytes]:
        async with door.taken(12, arriving(b"one\ntw", b"o\n", b"rest")) as (body, _):
            return [body.readline(), body.readline(), body.read(2), body.read(100), body.read(1)]

    assert asyncio.run(read()) == [b"one\n", b"two\n", b"re", b"st", b""]


def test_more_than_an_address_takes_is_not_read(door: Bodies) -> None:
    for path, most in (("/upload", LARGE), ("/sign-in", SMALL)):
        door.check(path, most)
        with pytest.raises(NotTaken) as refusal:
            door.check(path, most + 1)
        assert refusal.value.why is Why.TOO_LARGE


def test_a_body_that_is_longer_or_shorter_than_it_says_is_not_taken(door: Bodies) -> None:
    assert why_not(door, 5, arriving(b"123456")) is Why.TOO_LARGE
    assert why_not(door, 5, arriving(b"1234")) is Why.BROKEN_OFF
    assert why_not(door, 5, arriving(b"1234", then="gone")) is Why.BROKEN_OFF
    assert why_not(door, None, arriving(*[b"x" * 1000] * 66)) is Why.TOO_LARGE


def test_a_body_that_stops_arriving_is_not_waited_for(door: Bodies, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "PATIENCE", 0.05)
    assert why_not(door, 5, arriving(b"1", then="silence")) is Why.TOO_SLOW
    assert why_not(door, LARGE, arriving(b"1", then="silence")) is Why.TOO_SLOW


def test_a_body_that_trickles_has_a_deadline_for_the_whole(door: Bodies, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "SLOWEST", 1e9)
    monkeypatch.setattr(bodies, "PATIENCE", 0.1)

    async def trickle() -> dict[str, Any]:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"x", "more_body": True}

    assert why_not(door, 1000, trickle) is Why.TOO_SLOW
    assert why_not(door, LARGE, trickle) is Why.TOO_SLOW


def test_what_has_no_room_waits_and_is_then_told(door: Bodies, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "WAIT_FOR_ROOM", 0.2)
    others = door.room.take(LARGE)
    assert others
    assert why_not(door, SMALL + 1, arriving(b"x" * (SMALL + 1))) is Why.NO_ROOM
    assert taken(door, SMALL, arriving(b"x" * SMALL)), "a form needs no room"
    monkeypatch.setattr(bodies, "WAIT_FOR_ROOM", 60)
    threading.Timer(0.1, door.room.give, [others]).start()
    assert taken(door, SMALL + 1, arriving(b"x" * (SMALL + 1)))
    assert door.room.take(LARGE), "and its room is given back"


def test_room_is_one_for_all_processes_and_comes_back_from_a_dead_one(tmp_path: Path) -> None:
    room = Room(tmp_path, 3 * UNIT)
    place = f"Path({str(tmp_path)!r}), {3 * UNIT}"
    hold = f"import time; from pathlib import Path; from s2s.machine.room import Room; Room({place}).take({2 * UNIT})"
    with subprocess.Popen([sys.executable, "-c", f"{hold}; print('!', flush=True); time.sleep(60)"], stdout=subprocess.PIPE) as other:
        assert other.stdout
        other.stdout.readline()
        assert room.take(2 * UNIT) is None
        one = room.take(UNIT)
        assert one
        room.give(one)
        other.kill()
    assert room.take(3 * UNIT)


def test_what_is_larger_than_all_the_room_gets_all_of_it(tmp_path: Path) -> None:
    room = Room(tmp_path, 2 * UNIT)
    taken = room.take(9 * UNIT)
    assert taken
    assert len(taken) == 2


SCOPE: dict[str, Any] = {
    "type": "http",
    "http_version": "1.1",
    "method": "POST",
    "scheme": "http",
    "raw_path": b"/upload",
    "query_string": b"a=b",
    "server": ("127.0.0.1", "8000"),
    "client": ("192.0.2.7", 4242),
    "headers": [],
}


class Site:
    """A WSGI application that notes what it was asked, and whether it was closed."""

    def __init__(self, status: str = "200 OK", chunks: Iterable[bytes] = (b"done",)) -> None:
        self.asked: list[dict[str, Any]] = []
        self.status, self.chunks, self.closed = status, chunks, 0

    def __call__(self, environ: dict[str, Any], start: Callable[..., object]) -> "Site":
        self.asked.append(environ | {"body": environ["wsgi.input"].read()})
        coming = environ.get(ASKED_FIRST) and self.status == "200 OK"
        start("204 No Content" if coming else self.status, [("X-Said", "yes")])
        return Site(chunks=()) if coming else self

    def __iter__(self) -> Any:
        return iter(self.chunks)

    def close(self) -> None:
        self.closed += 1


def ask(
    site: Site, door: Bodies, receive: Any = None, *, headers: dict[str, str] | None = None, **scope: object
) -> tuple[int, bytes, bool]:
    """Status and body of the answer, and whether the connection ends with it."""
    said: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        said.append(dict(message))

    pairs = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    bridge = Bridge(site, threads=2, bodies=door, beat=lambda: None)
    asyncio.run(bridge(SCOPE | {"headers": pairs} | scope, receive or arriving(), send))
    bridge.pool.shutdown()
    content = b"".join(message.get("body", b"") for message in said)
    assert said[-1]["more_body"] is False
    return said[0]["status"], content, (b"connection", b"close") in said[0]["headers"]


def test_a_request_reaches_the_site_with_its_body_and_is_closed(door: Bodies) -> None:
    site = Site(chunks=[b"one ", b"two"])
    assert ask(site, door, arriving(b"x" * 10), headers={"content-length": "10", "cookie": "a=1"}) == (200, b"one two", False)
    [asked] = site.asked
    assert (asked["body"], asked["PATH_INFO"], asked["QUERY_STRING"]) == (b"x" * 10, "/upload", "a=b")
    assert (asked["REMOTE_ADDR"], asked["HTTP_COOKIE"], asked["CONTENT_LENGTH"]) == ("192.0.2.7", "a=1", "10")
    assert site.closed == 1


def test_more_chunks_than_may_be_made_ahead_all_arrive(door: Bodies) -> None:
    assert ask(Site(chunks=[b"x" * 300_000] * 40), door, method="GET")[1] == b"x" * 300_000 * 40


def test_a_reply_that_fails_in_the_middle_is_broken_off_and_does_not_pass_for_a_whole_one(door: Bodies) -> None:
    def half() -> Iterator[bytes]:
        yield b"half a zip"
        raise RuntimeError("the database went away")

    with pytest.raises(BrokenOff):
        ask(Site(chunks=half()), door, method="GET")


def test_a_reply_that_fails_at_once_is_an_error(door: Bodies) -> None:
    def nothing(environ: object, start: object) -> Iterator[bytes]:
        raise RuntimeError("a fault of ours")

    assert ask(nothing, door, method="GET") == (500, b"", False)  # type: ignore[arg-type]


def test_a_large_body_is_read_only_if_the_site_says_yes_first(door: Bodies) -> None:
    site, length = Site(), str(SMALL + 1)
    assert ask(site, door, arriving(b"x" * (SMALL + 1)), headers={"content-length": length})[0] == 200
    assert [(bool(one.get(ASKED_FIRST)), len(one["body"])) for one in site.asked] == [(True, 0), (False, SMALL + 1)]

    stranger = Site("302 Found", [b""])
    assert ask(stranger, door, arriving(then="silence"), headers={"content-length": length}) == (302, b"", True)
    assert len(stranger.asked) == 1


@pytest.mark.parametrize(
    ("path", "length", "receive", "why"),
    [
        (b"/sign-in", SMALL + 1, arriving(then="silence"), Why.TOO_LARGE),
        (b"/upload", LARGE + 1, arriving(then="silence"), Why.TOO_LARGE),
        (b"/sign-in", 10, arriving(b"x", then="gone"), Why.BROKEN_OFF),
    ],
)
def test_the_site_says_why_a_body_was_not_taken(door: Bodies, path: bytes, length: int, receive: Any, why: Why) -> None:
    site = Site("413 Too Large")
    assert ask(site, door, receive, headers={"content-length": str(length)}, raw_path=path) == (413, b"done", True)
    assert [one.get(REFUSED) for one in site.asked] == [why]


def test_names_of_headers_with_an_underscore_do_not_pass_for_those_of_the_proxy() -> None:
    headers = [(b"x_forwarded_for", b"203.0.113.9"), (b"x-real", b"1"), (b"x-real", b"2"), (b"cookie", b"a=1"), (b"cookie", b"b=2")]
    environ = environ_of(SCOPE | {"headers": headers})
    assert "HTTP_X_FORWARDED_FOR" not in environ
    assert (environ["HTTP_X_REAL"], environ["HTTP_COOKIE"]) == ("1,2", "a=1; b=2")


def test_forty_slow_senders_keep_nobody_waiting(door: Bodies) -> None:
    """With two threads; before, so many of them stopped everything."""

    async def all_at_once() -> list[int]:
        bridge = Bridge(Site(), threads=2, bodies=door, beat=lambda: None)

        async def nowhere(message: Any) -> None:
            pass

        slow = SCOPE | {"headers": [(b"content-length", b"9")]}
        waiting = [asyncio.create_task(bridge(slow, arriving(b"x", then="silence"), nowhere)) for _ in range(40)]
        await asyncio.sleep(0)
        said: list[int] = []

        async def send(message: Any) -> None:
            if "status" in message:
                said.append(message["status"])

        await bridge(SCOPE | {"method": "GET"}, arriving(), send)
        for task in waiting:
            assert not task.done()
            task.cancel()
        return said

    assert asyncio.run(all_at_once()) == [200]


def test_a_process_whose_threads_are_all_stuck_beats_no_longer(door: Bodies) -> None:
    bridge = Bridge(Site(), threads=2, bodies=door, beat=lambda: None)
    assert not bridge.is_stuck()
    bridge.begun = {1: -1e9, 2: -1e9}
    assert bridge.is_stuck()
    bridge.begun = {1: -1e9}
    assert not bridge.is_stuck()


def test_a_frozen_process_is_killed_and_one_that_beats_is_not(tmp_path: Path) -> None:
    said: list[str] = []
    with (
        subprocess.Popen(["sleep", "60"]) as frozen,
        subprocess.Popen(["sleep", "60"]) as lives,
        subprocess.Popen(["sleep", "60"]) as begins,
    ):
        os.kill(frozen.pid, signal.SIGSTOP)
        for process in (frozen, lives):
            (tmp_path / str(process.pid)).touch()
        os.utime(tmp_path / str(frozen.pid), (0, 0))
        web_server.end_the_dead(tmp_path, [frozen.pid, lives.pid, begins.pid], said.append)
        assert frozen.wait(60) == -signal.SIGKILL
        assert lives.poll() is begins.poll() is None
        lives.kill()
        begins.kill()
    assert said == [f"The web process {frozen.pid} gave no sign of life for 30 s. It is started again."]
