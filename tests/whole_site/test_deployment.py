"""What a real site refuses at its start, whom it believes, and what it closes."""

import logging
import os
import subprocess
import sys

import pytest
from django.test import Client, RequestFactory

from s2s.accounts.visitors import visitor
from s2s.web.security import is_loopback


def start(**environment: str) -> str:
    """What s2s/settings.py says of this environment, in a process of its own; empty when it starts."""
    done = subprocess.run(
        [sys.executable, "-c", "import s2s.settings"], env=os.environ | environment, capture_output=True, text=True, check=False
    )
    return done.stderr.splitlines()[-1] if done.returncode else ""


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"S2S_SITE_URL": "http://s2s.example"}, "S2S_SITE_URL begins with http://"),
        ({"S2S_HOSTS": "s2s.example,*"}, "S2S_HOSTS has to name"),
        ({"S2S_SECRET_KEY": "k"}, "S2S_SECRET_KEY"),
        ({"S2S_OLD_SECRET_KEYS": "k"}, "S2S_OLD_SECRET_KEYS"),
        ({"S2S_DEMO": "1", "S2S_BIND": "0.0.0.0"}, "S2S_BIND"),
        ({"S2S_DEMO": "1", "S2S_SITE_URL": "https://s2s.example", "S2S_TRUSTED_PROXY": "1"}, "S2S_SITE_URL on 127.0.0.1"),
    ],
)
def test_a_careless_start_is_refused_with_a_sentence(environment: dict[str, str], says: str) -> None:
    assert says in start(**environment)


def test_a_careful_start_is_not() -> None:
    assert start(S2S_SITE_URL="https://s2s.example", S2S_TRUSTED_PROXY="1", S2S_HOSTS="s2s.example", S2S_BIND="0.0.0.0") == ""
    assert start(S2S_DEMO="1", S2S_BIND="127.0.0.2") == ""


@pytest.mark.parametrize("url", ["http://127.evil.example", "http://10.0.0.1", "http://localhost.example", ""])
def test_what_only_looks_like_this_machine_is_not(url: str) -> None:
    assert is_loopback("http://127.0.0.1:8000")
    assert is_loopback("http://[::1]:8000")
    assert not is_loopback(url)


@pytest.mark.parametrize(
    ("said", "trusted", "found"),
    [
        ("203.0.113.9", False, "192.0.2.1"),
        ("203.0.113.9", True, "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9", True, "203.0.113.9"),
        ("203.0.113.9:4242", True, "203.0.113.9"),
        ("[2001:db8::7]:4242", True, "2001:db8::7"),
        ("2001:db8::7", True, "2001:db8::7"),
    ],
)
def test_the_last_entry_of_the_trusted_proxy_alone_is_believed(settings: object, said: str, trusted: bool, found: str) -> None:
    settings.TRUSTED_PROXY = trusted  # type: ignore[attr-defined]
    assert visitor(RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=said)) == found


def test_an_address_that_cannot_be_read_is_said_loudly(settings: object, caplog: pytest.LogCaptureFixture) -> None:
    settings.TRUSTED_PROXY = True  # type: ignore[attr-defined]
    assert visitor(RequestFactory().get("/", HTTP_X_FORWARDED_FOR="unknown")) == ""
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "see to the proxy" in caplog.text


@pytest.mark.django_db
def test_what_is_no_static_file_is_anonymous_and_not_kept() -> None:
    answer = Client().get("/static/no-such-file.css")
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies


@pytest.mark.django_db
def test_a_real_site_has_no_page_of_the_demonstrations_e_mails() -> None:
    assert Client().get("/demo/mail").status_code == 404
