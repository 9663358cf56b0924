"""The operator sets up the first national administrator of an empty site."""

import re

import pytest
from django.test import Client

from s2s.accounts.models import User
from s2s.audit.models import Entry
from s2s.organisations.models import Organisation
from s2s.upkeep.console import set_up_administrator
from tests.cast import Cast
from tests.journeys.users import choose_password, may_sign_in

pytestmark = pytest.mark.django_db

MARY = ("wgmary", "Mary Rees", "mary.rees@gov.wales")


def test_an_empty_site_gets_its_administrator_by_a_link(capsys: pytest.CaptureFixture[str]) -> None:
    assert set_up_administrator(*MARY)
    found = re.search(r"https?://[^/]+(/link/\S+)", capsys.readouterr().out)
    assert found
    assert choose_password(found[1], "four entirely unrelated words") == 302
    assert choose_password(found[1]) == 404, "good once"
    client = Client()
    client.post("/sign-in", {"username": "wgmary", "password": "four entirely unrelated words"})
    assert client.get("/leas").status_code == 200
    assert Organisation.objects.filter(number="681").exists()
    assert Entry.objects.get(action="user added").facts["username"] == "wgmary"


def test_there_is_one_only(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    there = cast.person("NATIONAL", "WG")
    assert not set_up_administrator(*MARY)
    assert f"There is already a national administrator: {there.username}" in capsys.readouterr().out
    there.is_active = False
    there.save()
    assert set_up_administrator(*MARY), "one who cannot sign in helps nobody"
    assert not may_sign_in("wgmary", "")


@pytest.mark.parametrize(
    ("username", "name", "email", "said"),
    [
        ("wg-mary", "Mary Rees", "mary.rees@gov.wales", "can have only letters (a to z, capital or small) and digits"),
        ("wgmary", "", "mary.rees@gov.wales", "Enter the user’s full name"),
        ("wgmary", "Mary Rees", "mary@gmail.com", "gmail.com is a personal email domain"),
        ("wgmary", "Mary Rees", "mary", "not an email address"),
    ],
)
def test_mistakes_are_told_in_words(username: str, name: str, email: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert not set_up_administrator(username, name, email)
    assert said in capsys.readouterr().out
    assert not User.objects.exists()
