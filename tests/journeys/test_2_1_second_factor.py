"""The second step after the password: an app, recovery codes, passkeys; and who needs one (2.1)."""

import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client

from s2s.accounts import links, second_factor
from s2s.accounts.models import User
from s2s.audit.models import Action, Entry
from s2s.kept import KeyMissing
from s2s.rules.roles import Can
from s2s.web.urls import PAGES
from tests.cast import PASSWORD, Cast
from tests.journeys.doors import mails, text
from tests.phone import code

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, 0, 10, tzinfo=UTC)


def secret_on(page: str) -> str:
    found = re.search(r'class="s2s-key">([A-Z2-7 ]+)<', page)
    assert found, page
    return found.group(1)


def set_up(client: Client) -> tuple[str, list[str]]:
    """An app, as a person sets it up: its secret, and the recovery codes."""
    secret = secret_on(client.get("/security/app").content.decode())
    answer = client.post("/security/app", {"code": code(secret), "password": PASSWORD})
    assert answer.status_code == 200, answer.content.decode()
    return secret, re.findall(r"<code>(\d{4} \d{4})</code>", answer.content.decode())


def at_second_step(person: User, next_page: str = "") -> Client:
    client = Client()
    answer = client.post("/sign-in", {"username": person.username, "password": PASSWORD, "next": next_page})
    assert answer["Location"] == "/sign-in/second-step"
    return client


def may_enter(person: User, typed: str) -> bool:
    return at_second_step(person).post("/sign-in/second-step", {"code": typed}).status_code == 302


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def test_with_an_app_the_password_alone_opens_nothing(cast: Cast, noon: time_machine.Traveller) -> None:
    person = cast.person("SCHOOL", "6812045")
    secret, _ = set_up(cast.client(person))
    noon.shift(60)
    client = at_second_step(person, "/download/ctf")
    assert client.get("/home")["Location"].startswith("/sign-in")
    assert client.get("/sign-in/second-step").status_code == 200
    answer = client.post("/sign-in/second-step", {"code": code(secret)})
    assert answer["Location"] == "/download/ctf"
    assert client.get("/home").status_code == 200
    assert Entry.objects.filter(action=Action.SIGNED_IN).last().facts["how"] == "second factor"  # type: ignore[union-attr]


def test_the_page_shows_picture_and_key_within_the_policy(cast: Cast) -> None:
    page = cast.client(cast.person("SCHOOL", "6812045")).get("/security/app").content.decode()
    picture = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page)
    assert picture
    svg = base64.b64decode(picture.group(1)).decode()
    assert "<svg" in svg
    assert "<script" not in svg
    assert "style=" not in page


def test_an_app_is_set_up_only_with_a_right_code_and_the_password(cast: Cast, noon: time_machine.Traveller) -> None:
    client = cast.client(cast.person("SCHOOL", "6812045"))
    secret = secret_on(client.get("/security/app").content.decode())
    wrong = client.post("/security/app", {"code": "000000", "password": PASSWORD})
    assert 'href="#code"' in wrong.content.decode()
    assert secret_on(wrong.content.decode()) == secret, "the key stays while the form is corrected"
    assert 'href="#password"' in client.post("/security/app", {"code": code(secret), "password": "x"}).content.decode()
    assert not Authenticator.objects.exists()


def test_a_code_of_the_app_works_once(cast: Cast, noon: time_machine.Traveller) -> None:
    person = cast.person("SCHOOL", "6812045")
    secret, _ = set_up(cast.client(person))
    noon.shift(60)
    typed = code(secret)
    assert may_enter(person, typed)
    for seconds in (1, 20, 20):  # also when it is only right for the clock's tolerance
        noon.shift(seconds)
        assert not may_enter(person, typed), seconds


@pytest.mark.parametrize("written", ["{} {}", " {}{} ", "{}-{}", "{} \u00a0{}"])
@pytest.mark.parametrize("later", [0, 29, 31, 59])
def test_a_code_that_was_used_is_not_good_again_when_it_is_written_otherwise(
    cast: Cast, noon: time_machine.Traveller, written: str, later: int
) -> None:
    person = cast.person("SCHOOL", "6812045")
    secret, _ = set_up(cast.client(person))
    noon.shift(60)
    typed = code(secret, 1)
    otherwise = written.format(typed[:3], typed[3:])
    assert may_enter(person, otherwise), "it is accepted as people write it"
    noon.shift(later)
    assert not may_enter(person, typed)
    assert not may_enter(person, otherwise)


def test_a_code_before_the_last_one_that_was_accepted_is_refused_and_the_next_is_good(cast: Cast, noon: time_machine.Traveller) -> None:
    person = cast.person("SCHOOL", "6812045")
    secret, _ = set_up(cast.client(person))
    noon.shift(60)
    earlier, now = code(secret, -1), code(secret)
    assert may_enter(person, now)
    assert not may_enter(person, earlier)
    assert may_enter(person, code(secret, 1))


def test_the_code_that_set_the_app_up_does_not_sign_in(cast: Cast, noon: time_machine.Traveller) -> None:
    person = cast.person("SCHOOL", "6812045")
    secret, _ = set_up(cast.client(person))
    noon.shift(31)
    assert not may_enter(person, code(secret, -1))
    assert may_enter(person, code(secret))


@pytest.mark.parametrize(("steps", "enters"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_the_clock_of_a_phone_may_be_half_a_minute_wrong(cast: Cast, noon: time_machine.Traveller, steps: int, enters: bool) -> None:
    person = cast.person("SCHOOL", "6812045")
    secret, _ = set_up(cast.client(person))
    noon.shift(600)
    assert may_enter(person, code(secret, steps)) is enters


def test_recovery_codes_are_shown_once_and_work_once(cast: Cast, noon: time_machine.Traveller) -> None:
    person = cast.person("SCHOOL", "6812045")
    client = cast.client(person)
    _, codes = set_up(client)
    assert len(set(codes)) == 10
    assert codes[0] not in client.get("/security").content.decode()
    assert "10 unused codes" in text(client.get("/security"))
    assert may_enter(person, codes[3])
    assert not may_enter(person, codes[3])
    assert "9 unused codes" in text(client.get("/security"))


def test_the_codes_can_be_kept_as_a_file(cast: Cast, noon: time_machine.Traveller) -> None:
    client = cast.client(cast.person("SCHOOL", "6812045"))
    set_up(client)
    page = client.post("/security/codes", {"password": PASSWORD}).content.decode()
    shown = re.findall(r"<code>(\d{4} \d{4})</code>", page)
    file = base64.b64decode(re.search(r'href="data:text/plain;base64,([^"]+)"[^>]* download', page).group(1)).decode()  # type: ignore[union-attr]
    assert [code.replace(" ", "") for code in shown] == re.findall(r"\b\d{8}\b", file)


def test_new_codes_end_the_old_ones(cast: Cast, noon: time_machine.Traveller) -> None:
    person = cast.person("SCHOOL", "6812045")
    client = cast.client(person)
    _, old = set_up(client)
    assert client.post("/security/codes", {"password": "x"}).status_code == 400
    new = re.findall(r"<code>(\d{4} \d{4})</code>", client.post("/security/codes", {"password": PASSWORD}).content.decode())
    assert not may_enter(person, old[0])
    assert may_enter(person, new[0])


def test_secrets_are_sealed_in_the_database(cast: Cast, noon: time_machine.Traveller) -> None:
    secret, codes = set_up(cast.client(cast.person("SCHOOL", "6812045")))
    kept = str(list(Authenticator.objects.values()))
    assert secret.replace(" ", "") not in kept
    assert codes[0].replace(" ", "") not in kept
    assert all(re.match(r"gAAAA", row.data.get("secret") or row.data["seed"]) for row in Authenticator.objects.all())


def test_switching_off_takes_the_password(cast: Cast, noon: time_machine.Traveller) -> None:
    person = cast.person("SCHOOL", "6812045")
    client = cast.client(person)
    set_up(client)
    assert 'href="#password"' in client.post("/security/remove", {"factor": "all", "password": "x"}).content.decode()
    assert 'href="#factor"' in client.post("/security/remove", {"factor": "999", "password": PASSWORD}).content.decode()
    assert client.post("/security/remove", {"factor": "all", "password": PASSWORD})["Location"] == "/security"
    assert not Authenticator.objects.exists(), "the recovery codes go too"
    assert cast.client(person).get("/home").status_code == 200
    assert [notice for notice, _ in mails(person.email)] == ["security", "security"]
    actions = list(Entry.objects.filter(action__contains="second factor").order_by("pk").values_list("action", flat=True))
    assert actions == [Action.SECOND_FACTOR_ADDED, Action.SECOND_FACTOR_REMOVED]


def test_nobody_removes_a_factor_of_somebody_else(cast: Cast, noon: time_machine.Traveller) -> None:
    hafod, greenway = cast.client(cast.person("SCHOOL", "6812049")), cast.client(cast.person("SCHOOL", "6812045"))
    set_up(hafod)
    set_up(greenway)
    theirs = Authenticator.objects.get(user__username="6812049", type="totp")
    assert greenway.post("/security/remove", {"factor": theirs.pk, "password": PASSWORD}).status_code == 400
    assert Authenticator.objects.filter(pk=theirs.pk).exists()


def test_row_20_codes_cannot_be_tried_one_after_the_other(cast: Cast, noon: time_machine.Traveller) -> None:
    """Row 20: the right code is refused too after five wrong ones, from any address, for a quarter of an hour."""
    person = cast.person("SCHOOL", "6812045")
    secret, _ = set_up(cast.client(person))
    noon.shift(60)
    for number in range(5):
        client = at_second_step(person)
        assert client.post("/sign-in/second-step", {"code": f"{number:06}"}, REMOTE_ADDR=f"192.0.2.{number}").status_code == 400
    locked = at_second_step(person).post("/sign-in/second-step", {"code": code(secret)})
    assert "Wait 15 minutes" in text(locked)
    assert Entry.objects.filter(action=Action.SECOND_FACTOR_REFUSED).count() == 6
    noon.shift(16 * 60)
    assert may_enter(person, code(secret))


def test_guessing_while_setting_up_is_counted_too(cast: Cast, noon: time_machine.Traveller) -> None:
    client = cast.client(cast.person("SCHOOL", "6812045"))
    secret = secret_on(client.get("/security/app").content.decode())
    for _ in range(5):
        client.post("/security/app", {"code": "000000", "password": PASSWORD})
    assert "Wait 15 minutes" in text(client.post("/security/app", {"code": code(secret), "password": PASSWORD}))


def test_the_second_step_waits_ten_minutes(cast: Cast, noon: time_machine.Traveller) -> None:
    person = cast.person("SCHOOL", "6812045")
    secret, _ = set_up(cast.client(person))
    client = at_second_step(person)
    noon.shift(11 * 60)
    assert client.post("/sign-in/second-step", {"code": code(secret)})["Location"] == "/"
    assert client.get("/home").status_code == 302


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"session_epoch": 1}, {"role": "LEA_PLASC"}], ids=lambda change: next(iter(change))
)
def test_row_15_whoever_is_changed_meanwhile_begins_again(cast: Cast, noon: time_machine.Traveller, change: dict[str, object]) -> None:
    """Row 15: disabled or given another role between the two steps."""
    person = cast.person("LEA_USER", "681")
    secret, _ = set_up(cast.client(person))
    client = at_second_step(person)
    noon.shift(60)
    User.objects.filter(pk=person.pk).update(**change)
    assert client.post("/sign-in/second-step", {"code": code(secret)})["Location"] == "/"
    assert client.get("/home").status_code == 302


def test_row_18_the_session_gets_a_new_name_at_each_step(cast: Cast, noon: time_machine.Traveller) -> None:
    """Row 18: fixation."""
    person = cast.person("SCHOOL", "6812045")
    secret, _ = set_up(cast.client(person))
    noon.shift(60)
    client = at_second_step(person)
    between = client.cookies["s2s_session"].value
    client.post("/sign-in/second-step", {"code": code(secret)})
    assert client.cookies["s2s_session"].value != between
    stranger = Client()
    stranger.cookies["s2s_session"] = between
    assert stranger.get("/home").status_code == 302


def test_row_18_a_session_that_was_there_before_is_not_the_one_between_the_steps(cast: Cast, noon: time_machine.Traveller) -> None:
    """Row 18: whoever planted a session in the browser does not take the second step in it."""
    person = cast.person("SCHOOL", "6812045")
    set_up(cast.client(person))
    client = Client()
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies["s2s_session"] = planted
    client.post("/sign-in", {"username": person.username, "password": PASSWORD})
    assert client.cookies["s2s_session"].value != planted
    stranger = Client()
    stranger.cookies["s2s_session"] = planted
    assert stranger.get("/sign-in/second-step")["Location"] == "/"


def test_the_second_step_is_nobodys_without_the_first(cast: Cast) -> None:
    assert Client().get("/sign-in/second-step")["Location"] == "/"
    assert Client().post("/sign-in/second-step", {"code": "123456"})["Location"] == "/"


RESPONSES = (
    {"clientDataJSON": "e30", "attestationObject": "oA"},
    {"clientDataJSON": "e30", "authenticatorData": "", "signature": ""},
    {},
    "x",
)
MADE_UP = [
    *("", "null", "[]", "{}", "7", '"x"', "{", '{"id": 1}', "\0"),
    *(json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": response}) for response in RESPONSES),
]


@pytest.mark.parametrize("answer", MADE_UP)
def test_a_made_up_passkey_is_only_refused(cast: Cast, noon: time_machine.Traveller, answer: str) -> None:
    person = cast.person("SCHOOL", "6812045")
    client = cast.client(person)
    client.get("/security/passkey")
    assert client.post("/security/passkey", {"name": "mine", "password": PASSWORD, "passkey": answer}).status_code == 400
    set_up(client)
    door = at_second_step(person)
    door.get("/sign-in/second-step")
    assert door.post("/sign-in/second-step", {"passkey": answer}).status_code == 400


@pytest.mark.parametrize(("role", "at"), [("LEA_DBA", "681"), ("NATIONAL", "WG")])
def test_where_it_is_required_nothing_opens_before_it_is_set_up(
    cast: Cast, noon: time_machine.Traveller, settings: object, role: str, at: str
) -> None:
    settings.REQUIRE_SECOND_FACTOR = True  # type: ignore[attr-defined]
    client = cast.client(cast.person(role, at))
    closed = [row for row in PAGES if isinstance(row.right, Can) and "<" not in row.path]
    assert len(closed) > 5
    for row in closed:
        for method in row.methods:
            assert client.generic(method, f"/{row.path}")["Location"] == "/security", row.path
    page = client.get("/security").content.decode()
    assert "Your role needs a second step" in page
    assert "s2s-menu" not in page
    set_up(client)
    assert client.get("/home").status_code == 200


NEED_ONE = {  # copied by hand: whoever sees pupils beyond one school, or looks after users
    "LEA_DBA": True, "LEA_USER": True, "LEA_SCHOOL": True, "LEA_LOST_PUPIL": True, "LEA_LOST_PUPIL_TRANSFER": True,
    "LEA_DBA_VIEW": False, "LEA_PLASC": True, "LEA_ADMISSIONS": True, "SCHOOL": False, "NATIONAL": True,
}  # fmt: skip


@pytest.mark.parametrize("role", NEED_ONE)
def test_who_needs_a_second_step(cast: Cast, settings: object, role: str) -> None:
    client = cast.client(cast.person(role, {"SCHOOL": "6812045", "NATIONAL": "WG"}.get(role, "681")))
    settings.REQUIRE_SECOND_FACTOR = False  # type: ignore[attr-defined]
    assert client.get("/home").status_code == 200, "not where it is switched off"
    settings.REQUIRE_SECOND_FACTOR = True  # type: ignore[attr-defined]
    assert (client.get("/home").status_code == 302) is NEED_ONE[role]


@pytest.mark.parametrize(
    ("environment", "required"),
    [({}, "True"), ({"S2S_DEMO": "1"}, "False"), ({"S2S_REQUIRE_SECOND_FACTOR": "0"}, "False")],
)
def test_a_second_step_is_required_unless_it_is_switched_off(environment: dict[str, str], required: str) -> None:
    own = {"S2S_REQUIRE_SECOND_FACTOR": ""} | environment
    run = [sys.executable, "-c", "import s2s.settings as s; print(s.REQUIRE_SECOND_FACTOR)"]
    assert subprocess.run(run, env=os.environ | own, capture_output=True, text=True, check=True).stdout.strip() == required


def test_a_new_password_comes_before_the_second_factor(cast: Cast, settings: object) -> None:
    settings.REQUIRE_SECOND_FACTOR = True  # type: ignore[attr-defined]
    client = cast.client(cast.person("LEA_DBA", "681", must_change_password=True))
    assert client.get("/home")["Location"] == "/new-password"
    assert client.get("/security")["Location"] == "/new-password"


def test_the_link_after_a_forgotten_password_does_not_pass_the_second_step(cast: Cast, noon: time_machine.Traveller) -> None:
    person = cast.person("SCHOOL", "6812045")
    set_up(cast.client(person))
    fresh = "four entirely unrelated words"
    Client().post(links.make(person, valid=timedelta(hours=1)), {"new": fresh, "again": fresh})
    answer = Client().post("/sign-in", {"username": "6812045", "password": fresh})
    assert answer["Location"] == "/sign-in/second-step"


def test_the_operator_helps_whoever_has_lost_everything(cast: Cast, noon: time_machine.Traveller) -> None:
    person = cast.person("LEA_DBA", "681")
    set_up(cast.client(person))
    call_command("remove_second_factor", person.username)
    assert cast.client(person).get("/home").status_code == 200
    assert mails(person.email)[-1][0] == "security"
    assert Entry.objects.filter(action=Action.SECOND_FACTOR_REMOVED, person="s2s").count() == 1
    with pytest.raises(CommandError, match="nobody called 681nobody"):
        call_command("remove_second_factor", "681nobody")


@pytest.mark.parametrize(
    ("role", "at", "helper"), [("LEA_USER", "681", "LEA_DBA"), ("SCHOOL", "6812045", "LEA_DBA"), ("LEA_DBA", "681", "NATIONAL")]
)
def test_an_administrator_helps_whoever_has_lost_everything(
    cast: Cast, noon: time_machine.Traveller, role: str, at: str, helper: str
) -> None:
    user = cast.person(role, at)
    theirs = cast.client(user)
    set_up(theirs)
    client = cast.client(cast.person(helper, "WG" if helper == "NATIONAL" else "681"))
    assert "Remove the second step" in text(client.get(f"/users/{user.username}/password"))
    answer = client.post(f"/users/{user.username}/second-step", follow=True)
    assert "has been removed, and they have been told" in text(answer)
    assert "Remove the second step" not in text(answer)
    assert theirs.get("/home").status_code == 302, "their sessions have ended"
    assert Client().post("/sign-in", {"username": user.username, "password": PASSWORD})["Location"] == "/home"
    assert mails(user.email)[-1][0] == "security"
    entry = Entry.objects.filter(action=Action.SECOND_FACTOR_REMOVED).latest("pk")
    assert entry.facts["person"] == user.username


def test_nobody_takes_the_second_step_of_others_or_the_own_away_like_this(cast: Cast, noon: time_machine.Traveller) -> None:
    dba, elsewhere, national = (cast.person(*one) for one in (("LEA_DBA", "681"), ("LEA_USER", "680"), ("NATIONAL", "WG")))
    clients = {one.username: cast.client(one) for one in (dba, elsewhere, national)}
    for client in clients.values():
        set_up(client)
    helper = clients[dba.username]
    assert helper.post(f"/users/{elsewhere.username}/second-step").status_code == 404
    assert helper.post(f"/users/{national.username}/second-step").status_code == 404
    assert "You cannot do this to your own account" in text(helper.post(f"/users/{dba.username}/second-step", follow=True))
    assert clients[elsewhere.username].post(f"/users/{dba.username}/second-step").status_code == 404
    assert all(second_factor.is_on(one) for one in (dba, elsewhere, national))


def test_without_its_key_nothing_is_sealed_anew(cast: Cast, noon: time_machine.Traveller, settings: object, tmp_path: Path) -> None:
    person = cast.person("SCHOOL", "6812045")
    set_up(cast.client(person))
    settings.KEYS = tmp_path  # type: ignore[attr-defined]
    second_factor._seal.cache_clear()
    try:
        with pytest.raises(KeyMissing):
            second_factor.codes_left(person)
        assert not list(tmp_path.iterdir())
    finally:
        second_factor._seal.cache_clear()
