"""Row 29 of the failure classes: nothing that a visitor sends begins a line of the log, or colours the terminal that shows it."""

import io
import logging
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.conf import settings as of_the_site
from django.core.management.utils import get_random_secret_key
from django.test import Client

from s2s.logs import Discreet
from s2s.web.security import NoSecrets
from tests.cast import Cast
from tests.journeys.doors import work

pytestmark = pytest.mark.django_db

LINE = "1999-12-31 22:00:00,000 CRITICAL s2s.forged all keys have been sent"
# What ends a line somewhere: also for who reads UTF-8 or Latin-1; and what a terminal obeys.
ENDS = ("\n", "\r\n", "\r", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029")
COLOURS = "\x1b[2J\x1b[31m\x9b31m\x07\u202e"
FORGED = [f"x{end}{LINE}{COLOURS}" for end in ENDS]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the site writes to standard error, as its settings have it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Discreet(of_the_site.LOGGING["formatters"]["plain"]["format"]))
    handler.addFilter(NoSecrets())
    loggers = [logging.getLogger(name) for name in ("", *of_the_site.LOGGING["loggers"])]
    for logger in loggers:
        logger.addHandler(handler)
    yield written
    for logger in loggers:
        logger.removeHandler(handler)


def lines(log: io.StringIO, *, at_least: int) -> list[str]:
    """What was written. Fails when anything in it ends a line but our own, or is for a terminal to obey."""
    written = log.getvalue()
    assert [letter for letter in written if not letter.isprintable() and letter != "\n"] == []
    found = written.splitlines()
    assert len(found) >= at_least, "nothing would be seen of a line too many"
    assert [line for line in found if line.startswith(LINE[:11])] == []
    return found


@pytest.mark.parametrize("address", ["/{}", "/file/{}", "/users/{}/update", "/link/{}", "/upload/result/{}", "/static/{}"])
def test_an_address_forges_no_line(cast: Cast, log: io.StringIO, address: str) -> None:
    client = cast.client(cast.person("LEA_DBA", "681"))
    for text in FORGED:
        assert client.get(address.format(quote(text, safe=""))).status_code == 404
    lines(log, at_least=len(FORGED))


def test_a_user_name_forges_no_line(cast: Cast, log: io.StringIO) -> None:
    cast.person("SCHOOL", "6812045")
    for text in FORGED:
        for username in (text, f"6812045{text}"):
            assert Client().post("/sign-in", {"username": username, "password": text}).status_code == 400
            assert Client().post("/forgotten-password", {"username": username}).status_code in {200, 400}
    work()
    lines(log, at_least=len(FORGED))


def test_a_file_name_forges_no_line(cast: Cast, log: io.StringIO) -> None:
    client = cast.client(cast.person("SCHOOL", "6812045"))
    for text in FORGED:
        entities = "".join(f"&#{ord(letter)};" if not letter.isprintable() else letter for letter in text)
        for name in (f"filename*=UTF-8''{quote(text)}.xml", f'filename="{entities}.xml"', f'filename="{quote(text)}.xml"'):
            assert upload(client, name) == 302
    assert upload(client, "filename*=klingon''%0A") in {302, 400}
    assert client.post("/upload/ctf", b"", content_type=f"multipart/form-data; boundary={FORGED[0]}").status_code == 400
    lines(log, at_least=1)


def upload(client: Client, name: str) -> int:
    """A form as no browser sends it, with the name of its file written so."""
    line = get_random_secret_key()[:8].replace('"', "x").replace("\\", "x")
    body = f'--{line}\r\nContent-Disposition: form-data; name="files"; {name}\r\nContent-Type: text/xml\r\n\r\n<x/>\r\n--{line}--\r\n'
    return client.post("/upload/ctf", body.encode(), content_type=f'multipart/form-data; boundary="{line}"').status_code


def test_no_header_forges_a_line(cast: Cast, log: io.StringIO) -> None:
    cast.person("SCHOOL", "6812045")
    for text in FORGED:
        for header in (
            "HTTP_HOST",
            "HTTP_ORIGIN",
            "HTTP_REFERER",
            "HTTP_USER_AGENT",
            "HTTP_X_FORWARDED_FOR",
            "CONTENT_TYPE",
            "REQUEST_METHOD",
        ):
            visitor = Client(enforce_csrf_checks=True, raise_request_exception=False)
            answer = visitor.generic(
                "POST", "/sign-in", b"username=x", **{"CONTENT_TYPE": "application/x-www-form-urlencoded", header: text}
            )
            assert answer.status_code in {400, 403, 405}, (header, text)
    lines(log, at_least=3 * len(FORGED))
