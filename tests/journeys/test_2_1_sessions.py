"""The sessions of a person: listed, ended, extended, and what ends them (2.1, 8)."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from s2s.accounts.models import User
from s2s.accounts.session_store import stored_key
from s2s.audit.models import Action, Entry
from s2s.web.accounts.browsers import browser_words
from tests.cast import PASSWORD, Cast
from tests.journeys.doors import text

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/604.1"


def rows(client: Client) -> dict[str, str]:
    """The other sessions that the page lists: browser -> the number its button carries."""
    html = client.get("/security").content.decode()
    found = re.findall(r'name="session" value="(\d+)">.*?<span class="govuk-visually-hidden"> (.+?),', html, re.DOTALL)
    return {browser: number for number, browser in found}


def is_in(client: Client) -> bool:
    return client.get("/home").status_code == 200


def test_sessions_are_listed_in_plain_words(cast: Cast) -> None:
    person = cast.person("SCHOOL", "6812045")
    with time_machine.travel(datetime(2026, 11, 23, 9, tzinfo=UTC), tick=False) as clock:
        phone = cast.client(person, HTTP_USER_AGENT=IPHONE, REMOTE_ADDR="192.0.2.50")
        clock.shift(300)
        office = cast.client(person, HTTP_USER_AGENT=FIREFOX)
        clock.shift(60)
        assert is_in(phone)
        clock.shift(60)
        page = text(office.get("/security"))
    assert re.search(r"Firefox on Windows This session .* Since: 23 November 2026, 09:05 · Last used: 23 November 2026, 09:0[57]", page)
    assert "Safari on iPhone Network address: 192.0.2.50 · Since: 23 November 2026, 09:00 · Last used: 23 November 2026, 09:06" in page


def test_one_session_is_ended(cast: Cast) -> None:
    person = cast.person("SCHOOL", "6812045")
    phone, office = cast.client(person, HTTP_USER_AGENT=IPHONE), cast.client(person, HTTP_USER_AGENT=FIREFOX)
    assert office.post("/security/sessions", {"session": rows(office)["Safari on iPhone"]})["Location"] == "/security"
    assert not is_in(phone)
    assert is_in(office)
    assert rows(office) == {}
    assert Entry.objects.filter(action=Action.SESSION_ENDED).count() == 1


def test_the_database_holds_no_key_that_opens_a_session(cast: Cast) -> None:
    """Whoever reads the database, or a backup of it, is not signed in by what stands there."""
    office = cast.client(cast.person("SCHOOL", "6812045"))
    held = {*Session.objects.values_list("session_key", flat=True), *UserSession.objects.values_list("session_key", flat=True)}
    assert held
    for key in held:
        thief = Client()
        thief.cookies["s2s_session"] = key
        assert not is_in(thief)
    assert office.cookies["s2s_session"].value not in held
    assert is_in(office)


def test_all_others_are_ended(cast: Cast) -> None:
    person = cast.person("SCHOOL", "6812045")
    others, office = [cast.client(person) for _ in range(3)], cast.client(person)
    office.post("/security/sessions", {"session": "others"})
    assert [is_in(other) for other in others] == [False] * 3
    assert is_in(office)
    assert "Since:" in text(office.get("/security")), "this one stays on the list"


def test_a_session_that_is_not_listed_is_ended_with_the_others(cast: Cast) -> None:
    person = cast.person("SCHOOL", "6812045")
    other, office = cast.client(person), cast.client(person)
    UserSession.objects.filter(session_key=stored_key(other.cookies["s2s_session"].value)).delete()
    office.post("/security/sessions", {"session": "others"})
    assert not is_in(other)
    assert is_in(office)


def test_nobody_ends_the_sessions_of_somebody_else(cast: Cast) -> None:
    victim, stranger = cast.client(cast.person("SCHOOL", "6812045")), cast.client(cast.person("SCHOOL", "6812061"))
    other = cast.client(cast.person("SCHOOL", "6812045"))
    [number] = rows(victim).values()
    for value in (number, "0", "-1", "x", "9" * 40, ""):
        assert stranger.post("/security/sessions", {"session": value}).status_code == 302
    assert is_in(other)


def test_row_18_an_old_session_is_dead_after_log_off_and_after_a_new_password(cast: Cast) -> None:
    """Row 18: the name the session had before opens nothing."""
    client = cast.client(cast.person("SCHOOL", "6812045"))
    before = client.cookies["s2s_session"].value
    fresh = "another unguessable phrase"
    client.post("/change-password", {"old": PASSWORD, "new": fresh, "again": fresh})
    after = client.cookies["s2s_session"].value
    assert before != after
    assert is_in(client)
    client.post("/log-off")
    for name in (before, after):
        client.cookies["s2s_session"] = name
        assert not is_in(client)


@pytest.mark.parametrize(
    "change", [{"role": "LEA_PLASC"}, {"is_active": False}, {"session_epoch": 1}], ids=lambda change: next(iter(change))
)
def test_row_15_the_very_next_request_is_refused(cast: Cast, change: dict[str, object]) -> None:
    """Row 15: role changed or disabled during a session."""
    person = cast.person("LEA_USER", "681")
    clients = [cast.client(person), cast.client(person)]
    User.objects.filter(pk=person.pk).update(**change)
    for client in clients:
        assert client.post("/download/ctf/fetch", {"file": "x"})["Location"] == "/sign-in?ended=form"
        assert not is_in(client)


def test_row_15_a_change_of_place_ends_the_sessions(cast: Cast) -> None:
    """Row 15: who is moved to another authority, as when two become one, signs in again there."""
    person = cast.person("LEA_USER", "681")
    client = cast.client(person)
    User.objects.filter(pk=person.pk).update(organisation=cast.authority("679"))
    assert not is_in(client)


def test_sessions_survive_a_new_secret_key_while_the_old_one_counts(cast: Cast, settings: object) -> None:
    before = settings.SECRET_KEY  # type: ignore[attr-defined]
    client, forgotten = cast.client(cast.person("SCHOOL", "6812045")), cast.client(cast.person("SCHOOL", "6812061"))
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key", [before]  # type: ignore[attr-defined]
    assert is_in(client)
    settings.SECRET_KEY_FALLBACKS = []  # type: ignore[attr-defined]
    assert is_in(client), "from its first use on the session goes by the new key"
    assert not is_in(forgotten)


def test_the_page_knows_how_long_the_session_lasts_and_the_button_extends_it(cast: Cast) -> None:
    """Row 19: 15 minutes without use, ten hours in all."""
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        client = cast.client(cast.person("SCHOOL", "6812045"))
        assert 'data-session="900"' in client.get("/home").content.decode()
        clock.shift(14 * 60)
        assert client.post("/session/extend").json() == {"seconds": 900}
        clock.shift(14 * 60)
        assert is_in(client), "it was extended"
    for minutes in range(38, 590, 10):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            client.post("/session/extend")
    with time_machine.travel(start + timedelta(minutes=594), tick=False):
        assert client.post("/session/extend").json() == {"seconds": 360}, "but never beyond ten hours"
    with time_machine.travel(start + timedelta(minutes=600, seconds=1), tick=False):
        assert client.post("/session/extend")["Location"] == "/sign-in?ended=form"


def test_a_page_for_nobody_warns_of_nothing(cast: Cast) -> None:
    assert "data-session" not in Client().get("/sign-in").content.decode()


def test_the_last_sign_in_stands_on_home(cast: Cast) -> None:
    person = cast.person("SCHOOL", "6812045", language="en")
    with time_machine.travel(datetime(2026, 11, 3, 14, 5, tzinfo=UTC), tick=False):
        assert "You last signed in" not in text(cast.client(person).get("/home"))
    with time_machine.travel(datetime(2026, 11, 23, 9, 0, tzinfo=UTC), tick=False):
        assert "You last signed in on 3 November 2026, 14:05. Wasn’t that you?" in text(cast.client(person).get("/home"))


def test_row_34_nothing_of_a_session_is_kept_by_the_browser(cast: Cast) -> None:
    """Row 34: no-store, also for the page that shows recovery codes and the key of an app."""
    client = cast.client(cast.person("SCHOOL", "6812045"))
    for path in ("/home", "/security", "/security/app", "/security/passkey", "/change-password"):
        assert client.get(path)["Cache-Control"] == "no-store", path


@pytest.mark.parametrize(
    ("called", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (IPHONE, "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge on Windows"),
        ("curl/8.0", "Unknown device"),
        ("", "Unknown device"),
        ("<script>alert(1)</script> Windows", "Windows"),
    ],
)
def test_a_browser_in_plain_words(called: str, words: str) -> None:
    assert browser_words(called) == words
