"""Whoever sends slowly, or much, at the site's real door keeps nobody else waiting, and fills no memory."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import pytest

from tests.crash.browser import Browser, form_with
from tests.crash.site import SENDERS, Site

pytestmark = pytest.mark.crash


@contextmanager
def begun(site: Site, path: str, length: int, headers: dict[str, str] | None = None) -> Iterator[socket.socket]:
    """A POST of which only the first byte of its body has gone."""
    said = {"Host": "127.0.0.1", "Content-Length": str(length), "Content-Type": "multipart/form-data; boundary=x", **(headers or {})}
    head = "\r\n".join([f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items()), "", ""])
    with closing(socket.create_connection(("127.0.0.1", site.port), timeout=60)) as line:
        line.sendall(head.encode() + b"-")
        yield line


def status(line: socket.socket) -> int:
    return int(line.recv(4000).split(b" ", 2)[1])


def test_more_slow_senders_than_there_are_threads_keep_nobody_waiting(site: Site) -> None:
    browser = site.browser(SENDERS[0])
    with ExitStack() as slow:
        for _ in range(50):
            slow.enter_context(begun(site, "/sign-in", 1000))
            slow.enter_context(begun(site, "/upload/ctf", 60_000))
        for _ in range(12):
            assert browser.open("/home").status == 200
        name, content = site.a_file()
        assert not browser.upload(name, content).again


def test_a_stranger_is_sent_to_sign_in_before_a_large_body_is_read(site: Site) -> None:
    with begun(site, "/upload/ctf", 99 * 1_048_576) as line:
        assert status(line) == 302


def test_an_upload_that_is_too_large_and_a_form_that_is_no_form_are_not_read(site: Site) -> None:
    headers = site.browser(SENDERS[0]).headers()
    for path, length in (("/upload/ctf", 101 * 1_048_576), ("/sign-in", 65 * 1024), ("/download/ctf/fetch", 65 * 1024), ("/home", 10**9)):
        with begun(site, path, length, headers) as line:
            assert status(line) == 413, path


def test_an_upload_of_several_megabytes_passes_the_door(site: Site) -> None:
    browser = site.browser(SENDERS[0])
    name, content = site.a_file()
    padded = content.replace(b"</CTfile>", b" " * 9_000_000 + b"</CTfile>")
    answer = browser.ask("POST", "/upload/ctf", *form_with(name, padded, browser.token()))
    assert answer.status == 302
    assert Browser(site.port, browser.cookies).open(answer.headers["location"]).status == 200
