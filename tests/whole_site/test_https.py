"""Once somebody has come by https, their browser comes by nothing else: Strict-Transport-Security, with the settings of a real site."""

import json
import os
import subprocess
import sys

import pytest
from django.test import Client

from s2s import settings as of_the_tests

OURS = ("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_PROXY_SSL_HEADER")
PATHS = ("/sign-in", "/home", "/healthz", "/no-such-page", "/static/s2s.css")


def as_started(**environment: str) -> dict[str, object]:
    """What s2s/settings.py makes of this environment, in a process of its own."""
    run = f"import json, s2s.settings as s; print(json.dumps({{name: getattr(s, name, None) for name in {OURS}}}))"
    done = subprocess.run([sys.executable, "-c", run], env=os.environ | environment, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout))


def said(path: str, **headers: str) -> tuple[int, str]:
    """Status and Strict-Transport-Security of the answer to a visitor of whom the proxy says that they came by https."""
    answer = Client(headers={"x-forwarded-proto": "https", **headers}).get(path)
    answer.close()
    return answer.status_code, answer.headers.get("Strict-Transport-Security", "")


def use(settings: object, found: dict[str, object]) -> None:
    for name, value in found.items():
        setattr(settings, name, tuple(value) if isinstance(value, list) else value)


@pytest.mark.django_db
def test_a_site_of_https_says_on_every_answer_that_it_is_of_https_alone(settings: object) -> None:
    use(settings, as_started(S2S_SITE_URL="https://s2s.example", S2S_TRUSTED_PROXY="1"))
    for path in PATHS:
        assert said(path)[1] == "max-age=31536000; includeSubDomains", path  # a year
    assert said("/sign-in", host="evil.example") == (400, said("/sign-in")[1])


@pytest.mark.django_db
def test_a_site_of_http_says_nothing_of_it(settings: object) -> None:
    """A trial on one machine must not shut out what else answers there."""
    use(settings, as_started(S2S_SITE_URL="http://127.0.0.1:8000", S2S_TRUSTED_PROXY="1"))
    assert of_the_tests.SECURE_HSTS_SECONDS == 0
    for path in PATHS:
        assert said(path)[1] == "", path


def test_what_a_visitor_says_of_https_is_not_believed_without_a_proxy() -> None:
    assert as_started(S2S_SITE_URL="http://127.0.0.1:8000")["SECURE_PROXY_SSL_HEADER"] is None


def test_a_site_of_https_does_not_start_without_its_proxy() -> None:
    """Nothing of ours speaks https. Without a word about the proxy all visitors would have its address, and lock one another out."""
    with pytest.raises(subprocess.CalledProcessError) as refused:
        as_started(S2S_SITE_URL="https://s2s.example")
    assert "set S2S_TRUSTED_PROXY=1" in refused.value.stderr
