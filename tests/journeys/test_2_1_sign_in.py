"""Signing in and off, the first password, and the door that locks (2.1, 8)."""

import os
import re
import subprocess
import sys
import time
from datetime import timedelta
from http import HTTPMethod
from unittest.mock import patch
from uuid import uuid4

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from s2s.accounts import forgotten, links
from s2s.accounts.models import FailedSignIn, User
from s2s.audit.models import Action, Entry
from s2s.notices.models import Email
from s2s.web.urls import PAGES
from tests.cast import PASSWORD, Cast
from tests.journeys.doors import letter, mails, text, work

pytestmark = pytest.mark.django_db


def enter(username: str, password: str = PASSWORD, address: str = "192.0.2.7", next_page: str = "") -> object:
    return Client(REMOTE_ADDR=address).post("/sign-in", {"username": username, "password": password, "next": next_page})


@pytest.mark.guidance("2.1-01", "2.1-02", "2.1-06", "2.1-07", "1.6-61", "2.1-10")
def test_the_start_address_leads_to_the_login_screen(cast: Cast) -> None:
    answer = Client().get("/", follow=True)
    page = text(answer)
    assert answer.request["PATH_INFO"] == "/sign-in"
    for words in (
        "Username:",
        "Password:",
        "Submit",
        "Please enter your username and password in the boxes below and press Submit",
        "LA s2s administrator",
        "service request form",
        "LEA Administrator",
    ):
        assert words in page
    html = answer.content.decode()
    assert "mailto:IMS@gov.wales" in html
    assert '<a class="govuk-link" href="https://' in html
    assert 'type="password"' in html


@pytest.mark.guidance("2.1-05")
@pytest.mark.parametrize(("role", "at"), [("SCHOOL", "6812045"), ("LEA_USER", "681"), ("NATIONAL", "WG")])
def test_everybody_signs_in_on_the_same_page(cast: Cast, role: str, at: str) -> None:
    person = cast.person(role, at)
    client = cast.client(person)
    assert person.username in client.get("/home").content.decode()


@pytest.mark.guidance("2.1-03", "2.1-04")
@pytest.mark.parametrize(("username", "password"), [("681Bjones", PASSWORD), ("681bjones", PASSWORD.upper()), ("681BJONES", PASSWORD)])
def test_user_name_and_password_are_case_sensitive(cast: Cast, username: str, password: str) -> None:
    cast.person("LEA_USER", "681", "681bjones")
    assert enter("681bjones").status_code == 302
    assert enter(username, password).status_code == 400


def test_a_wrong_name_and_a_wrong_password_are_answered_alike(cast: Cast) -> None:
    cast.person("LEA_USER", "681", "681bjones")
    wrong_password, wrong_name = enter("681bjones", "wrong"), enter("681nobody", "wrong")
    assert wrong_password.status_code == wrong_name.status_code == 400
    assert text(wrong_password) == text(wrong_name)


@pytest.mark.guidance("2.1-08", "2.1-09")
def test_the_first_sign_in_asks_for_a_new_password_and_nothing_else_opens(cast: Cast) -> None:
    person = cast.person("SCHOOL", "6812045", must_change_password=True)
    client = cast.client(person)
    for path in ("/home", "/download/ctf", "/upload/ctf", "/contacts", "/change-password"):
        assert client.get(path)["Location"] == "/new-password", path
    assert client.post("/download/ctf/fetch", {"file": "x"})["Location"] == "/new-password"
    assert "s2s-menu" not in client.get("/new-password").content.decode()
    fresh = "four entirely unrelated words"
    answer = client.post("/new-password", {"old": PASSWORD, "new": fresh, "again": fresh})
    assert answer["Location"] == "/home"
    assert client.get("/home").status_code == 200
    assert enter(person.username).status_code == 400
    assert enter(person.username, fresh).status_code == 302


@pytest.mark.guidance("3.2-05")
def test_a_person_changes_the_own_password(cast: Cast) -> None:
    person = cast.person("SCHOOL", "6812045")
    client, elsewhere = cast.client(person), cast.client(person)
    fresh = "another unguessable phrase"
    client.post("/change-password", {"old": PASSWORD, "new": fresh, "again": fresh})
    assert client.get("/home").status_code == 200
    assert elsewhere.get("/home").status_code == 302, "other sessions of the person end"
    assert enter(person.username).status_code == 400
    assert enter(person.username, fresh).status_code == 302
    assert Entry.objects.filter(action=Action.PASSWORD_CHANGED).count() == 1


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"old": "wrong", "new": "another unguessable phrase", "again": "another unguessable phrase"}, "old"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "new"),
        ({"old": PASSWORD, "new": "password1234", "again": "password1234"}, "new"),
        ({"old": PASSWORD, "new": PASSWORD, "again": PASSWORD}, "new"),
        ({"old": PASSWORD, "new": "another unguessable phrase", "again": "another unguessable phrasE"}, "again"),
        ({}, "old"),
    ],
)
def test_a_bad_new_password_is_refused_and_changes_nothing(cast: Cast, form: dict[str, str], field: str) -> None:
    person = cast.person("SCHOOL", "6812045")
    answer = cast.client(person).post("/change-password", form)
    assert answer.status_code == 400
    assert f'href="#{field}"' in answer.content.decode()
    assert enter(person.username).status_code == 302


@pytest.mark.guidance("8-01", "8-02")
def test_logoff_takes_two_steps_and_ends_the_session(cast: Cast) -> None:
    client = cast.client(cast.person("SCHOOL", "6812045"))
    old = client.cookies["s2s_session"].value
    assert "Logoff" in text(client.get("/log-off"))
    assert client.get("/home").status_code == 200, "asking is not logging off"
    assert "finished your session" in text(client.post("/log-off", follow=True))
    client.cookies["s2s_session"] = old
    assert client.get("/home")["Location"].startswith("/sign-in")
    assert "no-store" in client.get("/home")["Cache-Control"]


def test_the_session_gets_a_new_name_at_sign_in(cast: Cast) -> None:
    client = Client()
    client.get("/sign-in")
    client.cookies["s2s_session"] = "chosen-by-a-stranger"
    person = cast.person("SCHOOL", "6812045")
    client.post("/sign-in", {"username": person.username, "password": PASSWORD})
    assert client.cookies["s2s_session"].value != "chosen-by-a-stranger"
    assert len(client.cookies["s2s_session"].value) >= 32


def test_a_session_ends_after_fifteen_idle_minutes(cast: Cast) -> None:
    client = cast.client(cast.person("SCHOOL", "6812045"))
    with time_machine.travel(timezone.now() + timedelta(minutes=14), tick=False):
        assert client.get("/home").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=28), tick=False):
        assert client.get("/home").status_code == 200, "each use extends it"
    with time_machine.travel(timezone.now() + timedelta(minutes=44), tick=False):
        assert client.get("/home").status_code == 302


def test_a_session_ends_after_ten_hours_however_busy(cast: Cast) -> None:
    client = cast.client(cast.person("SCHOOL", "6812045"))
    start = timezone.now()
    for minutes in range(10, 600, 10):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            assert client.get("/home").status_code == 200, minutes
    with time_machine.travel(start + timedelta(minutes=601), tick=False):
        assert client.get("/home").status_code == 302


def test_the_door_locks_after_repeated_failures_even_for_the_right_password(cast: Cast) -> None:
    cast.person("LEA_USER", "681", "681bjones")
    for _ in range(5):
        assert enter("681bjones", "wrong").status_code == 400
    locked = enter("681bjones")
    assert locked.status_code == 400
    assert "15" in text(locked)
    assert Entry.objects.filter(action=Action.SIGN_IN_LOCKED).count() == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        assert enter("681bjones").status_code == 302


def test_trying_while_locked_does_not_lock_for_longer(cast: Cast) -> None:
    cast.person("LEA_USER", "681", "681bjones")
    start = timezone.now()
    for _ in range(5):
        enter("681bjones", "wrong")
    for minutes in (5, 10, 14):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            enter("681bjones", "wrong")
    with time_machine.travel(start + timedelta(minutes=16), tick=False):
        assert enter("681bjones").status_code == 302


def test_one_address_cannot_try_name_after_name(cast: Cast) -> None:
    cast.person("LEA_USER", "681", "681bjones")
    for number in range(30):
        enter(f"681guess{number}", "wrong")
    assert "15" in text(enter("681bjones"))
    assert enter("681bjones", address="192.0.2.99").status_code == 302


def test_strangers_cannot_lock_somebody_out_of_an_address_they_use(cast: Cast) -> None:
    cast.person("LEA_USER", "681", "681bjones")
    assert enter("681bjones", address="192.0.2.50").status_code == 302
    for number in range(25):
        enter("681bjones", "wrong", address=f"198.51.100.{number}")
    assert enter("681bjones", address="203.0.113.9").status_code == 400, "a new address has to wait"
    assert enter("681bjones", address="192.0.2.50").status_code == 302, "the known one does not"


def test_a_success_clears_the_failures_of_that_address(cast: Cast) -> None:
    cast.person("LEA_USER", "681", "681bjones")
    for _ in range(4):
        enter("681bjones", "wrong")
    assert enter("681bjones").status_code == 302
    assert not FailedSignIn.objects.exists()


def test_a_disabled_person_cannot_sign_in_and_open_sessions_end(cast: Cast) -> None:
    person = cast.person("SCHOOL", "6812045")
    client = cast.client(person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert client.get("/home").status_code == 302
    assert enter(person.username).status_code == 400


@pytest.mark.parametrize("change", [{"role": "LEA_PLASC"}, {"session_epoch": 1}])
def test_a_change_of_role_ends_open_sessions(cast: Cast, change: dict[str, object]) -> None:
    person = cast.person("LEA_USER", "681")
    client = cast.client(person)
    User.objects.filter(pk=person.pk).update(**change)
    assert client.get("/home").status_code == 302


ELSEWHERE = ["//evil.example", "https://evil.example", "\\\\evil.example", "/\\evil.example", "https:evil"]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_the_language_switch_stays_on_the_site(cast: Cast, address: str) -> None:
    switched = Client().post("/language", {"language": "cy", "next": address})
    assert switched["Location"] == "/"
    assert switched.cookies["s2s_language"].value == "cy"
    assert Client().post("/language", {"language": "cy", "next": "/help?x=1"})["Location"] == "/help?x=1"


@pytest.mark.parametrize(
    "address", ["//evil.example", "https://evil.example", "\\\\evil.example", "javascript:alert(1)", "/\\evil.example", "https:evil"]
)
def test_the_way_on_after_sign_in_stays_on_the_site(cast: Cast, address: str) -> None:
    cast.person("SCHOOL", "6812045")
    assert enter("6812045", next_page=address)["Location"] == "/home"


def test_the_way_on_after_sign_in_is_the_page_that_was_asked_for(cast: Cast) -> None:
    cast.person("SCHOOL", "6812045")
    asked = Client().get("/download/ctf?sort=name")["Location"]
    assert asked == "/sign-in?next=%2Fdownload%2Fctf%3Fsort%3Dname"
    assert enter("6812045", next_page="/download/ctf?sort=name")["Location"] == "/download/ctf?sort=name"


def test_what_was_typed_into_the_wrong_box_stays_out_of_the_audit_trail(cast: Cast) -> None:
    enter("my secret! password", "x")
    entry = Entry.objects.get(action=Action.SIGN_IN_REFUSED)
    assert entry.person == ""
    assert "secret" not in str(entry.facts)


def test_sign_ins_and_log_offs_are_on_the_audit_trail(cast: Cast) -> None:
    client = cast.client(cast.person("SCHOOL", "6812045"))
    client.post("/log-off")
    assert [entry.action for entry in Entry.objects.order_by("pk")] == [Action.SIGNED_IN, Action.LOGGED_OFF]


def test_an_unknown_name_costs_a_hash_like_a_known_one(cast: Cast) -> None:
    cast.person("LEA_USER", "681", "681bjones")
    with patch("django.contrib.auth.hashers.MD5PasswordHasher.encode", side_effect=lambda *_, **__: time.sleep(0) or "x") as hashed:
        enter("681nobody", "wrong")
    assert hashed.call_count == 1


def test_nul_and_endless_names_are_only_wrong(cast: Cast) -> None:
    assert enter("a\0b").status_code == 400
    assert enter("x" * 60_000).status_code == 400


def test_row_20_ten_wrong_passwords_lock_and_the_account_is_told_once(cast: Cast) -> None:
    """Row 20: the right password is refused while locked; the account's address and its administrator hear of it, once for a lock."""
    cast.person("LEA_DBA", "681", email="dba@example.org")
    cast.person("SCHOOL", "6812045")
    for _ in range(10):
        enter("6812045", "wrong")
    assert enter("6812045").status_code == 400
    work()
    assert [notice for notice, _ in mails("office@6812045.example.org")] == ["locked"]
    [(notice, letter)] = mails("dba@example.org")
    assert notice == "locked_of"
    assert "6812045 (Greenway Primary School)" in letter
    assert Entry.objects.filter(action=Action.ACCOUNT_LOCKED, person="6812045").count() == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        for _ in range(6):
            enter("6812045", "wrong")
        work()
    assert [notice for notice, _ in mails("office@6812045.example.org")] == ["locked", "locked"], "the next lock is another one"


def test_row_20_a_lock_by_strangers_from_many_addresses_is_told_too(cast: Cast) -> None:
    """Row 20: per account, from anywhere."""
    cast.person("SCHOOL", "6812045")
    for number in range(25):
        enter("6812045", "wrong", address=f"198.51.100.{number}")
    work()
    assert [notice for notice, _ in mails("office@6812045.example.org")] == ["locked"]
    assert Entry.objects.filter(action=Action.ACCOUNT_LOCKED).count() == 1


def test_row_20_locks_from_several_addresses_at_once_are_told_once(cast: Cast) -> None:
    """Row 20: nobody's mailbox is filled by a stranger."""
    cast.person("SCHOOL", "6812045")
    for address in ("198.51.100.1", "198.51.100.2", "198.51.100.3"):
        for _ in range(5):
            enter("6812045", "wrong", address=address)
    work()
    assert [notice for notice, _ in mails("office@6812045.example.org")] == ["locked"]


def test_row_21_a_locked_door_looks_at_nobodys_password(cast: Cast) -> None:
    """Row 21: whoever exists or not, right password or wrong: the same words after the same questions, and no hash for a flood to cost."""
    cast.person("SCHOOL", "6812045")
    said, work = set(), set()
    for number, (name, password) in enumerate((("6812045", PASSWORD), ("6812045", "wrong"), ("6819999", "wrong"))):
        for _ in range(6):
            enter(name, "wrong", address=f"198.51.100.{number}")
        with (
            patch.object(MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode) as hashed,
            CaptureQueriesContext(connection) as asked,
        ):
            said.add(text(enter(name, password, address=f"198.51.100.{number}")))
        assert hashed.call_count == 0
        work.add(tuple(kind_of_work(query["sql"]) for query in asked))
    assert len(said) == len(work) == 1
    assert "too many failed attempts" in said.pop()


def test_row_20_wrong_passwords_inside_count_as_well(cast: Cast) -> None:
    """Row 20: whoever finds a session open does not guess the password there."""
    client = cast.client(cast.person("SCHOOL", "6812045"))
    for _ in range(5):
        assert client.post("/security/codes", {}).status_code == 302
        client.post("/security/app", {"code": "1", "password": "wrong"})
    assert "too many failed attempts" in text(client.post("/security/app", {"code": "1", "password": PASSWORD}))
    assert "too many failed attempts" in text(client.post("/change-password", {"old": PASSWORD, "new": "x", "again": "x"}))


STRANGERS = {
    "unknown": {},
    "wrong": {},
    "disabled": {"is_active": False},
    "expired": {"password_expires_at": timezone.now() - timedelta(minutes=1)},
    "invited": {"password": "!never set"},
}


THE_SAME_WORK = [
    "SELECT accounts_knownnetwork",
    "SELECT accounts_failedsignin",
    "INSERT accounts_failedsignin",
    "SELECT accounts_failedsignin",
    "SELECT accounts_user",
    "SAVEPOINT",
    "INSERT audit_entry",
    "SELECT accounts_failedsignin",
    "RELEASE",
]


@pytest.mark.parametrize("who", STRANGERS)
def test_row_21_whoever_is_not_let_in_gets_the_same_answer_after_the_same_work(cast: Cast, who: str) -> None:
    """Row 21: text, status, one hash, and the same questions to the database (bench/signin_timing.py measures the time)."""
    person = cast.person("LEA_USER", "681", "681bjones")
    expected = text(enter("681nobody", "wrong", address="192.0.2.99"))
    User.objects.filter(pk=person.pk).update(**STRANGERS[who])
    name = "681nobody" if who == "unknown" else "681bjones"
    password = PASSWORD if who in {"disabled", "expired", "invited"} else "wrong"
    with (
        patch.object(MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode) as hashed,
        CaptureQueriesContext(connection) as asked,
    ):
        answer = enter(name, password)
    assert answer.status_code == 400
    assert text(answer) == expected
    assert hashed.call_count == 1
    assert [kind_of_work(query["sql"]) for query in asked] == THE_SAME_WORK


def kind_of_work(query: str) -> str:
    """SELECT accounts_user: the verb and the table."""
    verb, table = query.split(" ", maxsplit=1)[0], re.search(r'(?:FROM|INTO) "(\w+)"', query)
    return f"{verb} {table.group(1)}" if table else verb


def test_an_assigned_password_that_nobody_used_in_time_is_dead(cast: Cast) -> None:
    """3.3, 3.6: dead after its day with the answer for a wrong one; a link still helps."""
    soon = timezone.now() + timedelta(days=7)
    person = cast.person("SCHOOL", "6812045", must_change_password=True, password_expires_at=soon)
    with time_machine.travel(soon - timedelta(minutes=1), tick=False):
        assert enter("6812045").status_code == 302
    with time_machine.travel(soon + timedelta(minutes=1), tick=False):
        assert text(enter("6812045")) == text(enter("681nobody"))
        fresh = "four entirely unrelated words"
        Client().post(links.make(person, valid=timedelta(hours=1)), {"new": fresh, "again": fresh})
        assert enter("6812045", fresh).status_code == 302


def test_changing_an_assigned_password_in_time_lets_it_live(cast: Cast) -> None:
    soon = timezone.now() + timedelta(days=7)
    person = cast.person("SCHOOL", "6812045", must_change_password=True, password_expires_at=soon)
    fresh = "four entirely unrelated words"
    cast.client(person).post("/new-password", {"old": PASSWORD, "new": fresh, "again": fresh})
    with time_machine.travel(soon + timedelta(days=1), tick=False):
        assert enter("6812045", fresh).status_code == 302


def test_row_16_signing_in_takes_nothing_but_name_and_password(cast: Cast) -> None:
    """Row 16: mass assignment."""
    person = cast.person("SCHOOL", "6812045", must_change_password=True)
    more = {"role": "NATIONAL", "organisation": "WG", "is_active": "1", "must_change_password": ""}
    client = Client()
    client.post("/sign-in", {"username": "6812045", "password": PASSWORD, **more})
    client.post("/new-password", {"old": PASSWORD, "new": "short", "again": "short", **more})
    kept = User.objects.get(pk=person.pk)
    assert (kept.role, kept.organisation.number, kept.must_change_password) == ("SCHOOL", "6812045", True)


def test_row_19_the_cookie_is_for_https_where_the_site_is(settings: object) -> None:
    """Row 19: cookie flags."""
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY")
    run = f"import s2s.settings as s; print(*(getattr(s, name) for name in {names}))"
    environment = os.environ | {"S2S_SITE_URL": "https://s2s.example", "S2S_TRUSTED_PROXY": "1"}
    said = subprocess.run([sys.executable, "-c", run], env=environment, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["True"] * 4


@pytest.mark.guidance("2.1-10")
@pytest.mark.parametrize(("role", "at"), [("LEA_DBA", "681"), ("LEA_DBA_VIEW", "681"), ("NATIONAL", "WG"), ("SCHOOL", "6812045")])
def test_row_35_no_page_and_no_letter_holds_a_password_or_its_hash(cast: Cast, role: str, at: str) -> None:
    """Row 35: not the reader's own, and not anybody else's."""
    other = cast.person("SCHOOL", "6812061")
    person = cast.person(role, at)
    client = cast.client(person)
    links.make(other, valid=timedelta(hours=1))
    forgotten.ask(username=other.username, ip="")
    work()
    pages = [row.path for row in PAGES if HTTPMethod.GET in row.methods and "<" not in row.path]
    said = [client.get(f"/{path}").content.decode() for path in pages] + [letter(email) for email in Email.objects.all()]
    assert len(said) > 20
    for secret in (PASSWORD, person.password, other.password, other.password.split("$")[-1], person.get_session_auth_hash()):
        assert not [page for page in said if secret in page]


def test_row_17_forms_of_signing_in_need_their_token(cast: Cast) -> None:
    """Row 17: also before anybody is signed in (a stranger must not sign a visitor in as somebody else)."""
    cast.person("SCHOOL", "6812045")
    client = Client(enforce_csrf_checks=True)
    for path in ("/sign-in", "/sign-in/second-step", "/sign-in/dfe", "/forgotten-password", f"/link/{uuid4()}/x"):
        assert client.post(path, {"username": "6812045", "password": PASSWORD}).status_code == 403, path
