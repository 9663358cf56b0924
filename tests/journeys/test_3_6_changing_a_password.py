"""Change Password of an LEA or school user by an administrator (3.6, 3.7)."""

import pytest
from django.test import Client

from s2s.accounts.models import User
from s2s.audit.models import Action, Entry
from s2s.organisations.models import Organisation
from tests.cast import PASSWORD, Cast
from tests.journeys.doors import letter, mails, text, work
from tests.journeys.test_2_1_second_factor import set_up
from tests.journeys.users import ASSIGNED, FRESH, choose_password, dba, form, link_in_mail, listed, may_sign_in, national, person

pytestmark = pytest.mark.django_db

ASSIGN = {"way": "assigned", "password": ASSIGNED, "again": ASSIGNED}
LEA = ("LEA_USER", "681", "681leauser@example.org")
SCHOOL = ("SCHOOL", "6812045", "office@6812045.example.org")
WHOSE = pytest.mark.parametrize(("role", "at", "mailbox"), [LEA, SCHOOL])


@pytest.mark.guidance("3.6-03")
def test_the_list_holds_lea_and_school_users_of_the_own_la(cast: Cast) -> None:
    for role, at in (("LEA_USER", "681"), ("SCHOOL", "6812045"), ("LEA_USER", "680"), ("SCHOOL", "6802320")):
        cast.person(role, at)
    client = dba(cast)
    assert listed(client, "password") == ["681leauser"]
    assert listed(client, "password", "?show=school") == ["6812045"]


@pytest.mark.guidance("3.6-01", "3.6-02", "3.6-05", "3.6-06")
@WHOSE
def test_by_a_link_to_the_address_on_record(cast: Cast, role: str, at: str, mailbox: str) -> None:
    user = cast.person(role, at, language="en")
    theirs, client = cast.client(user), dba(cast)
    answer = client.post(f"/users/{user.username}/password", {"way": "link"}, follow=True)
    assert mailbox in text(answer)
    assert not may_sign_in(user.username, PASSWORD), "the old password stops at once"
    assert theirs.get("/home").status_code == 302
    [(notice, letter)] = mails(mailbox)
    assert notice == "password_link"
    assert "An administrator has reset your s2s password" in letter
    assert user.username not in letter, "never the user name"
    path = link_in_mail(mailbox)
    assert choose_password(path) == 302
    assert choose_password(path) == 404, "good once"
    assert may_sign_in(user.username, FRESH)


@pytest.mark.guidance("3.6-01", "3.6-02", "3.6-05", "3.6-06", "3.6-07")
@WHOSE
def test_by_assigning_one(cast: Cast, role: str, at: str, mailbox: str) -> None:
    user = cast.person(role, at, language="en")
    dba(cast).post(f"/users/{user.username}/password", ASSIGN)
    assert not may_sign_in(user.username, PASSWORD)
    browser = Client()
    browser.post("/sign-in", {"username": user.username, "password": ASSIGNED})
    assert browser.get("/home")["Location"] == "/new-password"
    assert "Choose a new password" in text(browser.get("/new-password"))
    [(notice, letter)] = mails(mailbox)
    assert notice == "password_assigned"
    assert user.username not in letter
    assert ASSIGNED not in letter
    entry = Entry.objects.get(action=Action.PASSWORD_RESET)
    assert entry.facts == {"username": user.username, "at": at, "assigned": True}


@pytest.mark.guidance("3.6-04")
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"again": ASSIGNED + " "}, "again"),
        ({"again": ""}, "again"),
        ({"password": "", "again": ""}, "password"),
        ({"password": "short", "again": "short"}, "password"),
        ({"password": "681leauser123", "again": "681leauser123"}, "password"),
    ],
)
def test_two_different_or_weak_passwords_change_nothing(cast: Cast, wrong: dict[str, str], field: str) -> None:
    cast.person("LEA_USER", "681")
    answer = dba(cast).post("/users/681leauser/password", ASSIGN | wrong)
    assert answer.status_code == 400
    html = answer.content.decode()
    assert f'href="#{field}"' in html
    assert 'id="way-2" name="way" type="radio" value="assigned" checked' in html
    assert ASSIGNED not in html
    assert may_sign_in("681leauser", PASSWORD)
    assert not mails("681leauser@example.org")


@pytest.mark.guidance("3.7-04")
def test_a_schools_password_goes_to_the_address_in_its_s2s_details_and_no_other(cast: Cast) -> None:
    cast.person("SCHOOL", "6812045", email="somebody@example.org")
    client = dba(cast)
    assert 'type="email"' not in client.get("/users/6812045/password").content.decode()
    client.post("/users/6812045/password", {"way": "link", "email": "thief@example.org", "to": "thief@example.org"})
    assert [notice for notice, _ in mails("office@6812045.example.org")] == ["password_link"]
    assert not mails("thief@example.org")
    assert not mails("somebody@example.org")


def test_whatever_is_written_to_a_school_goes_to_the_address_in_its_details(cast: Cast) -> None:
    user = cast.person("SCHOOL", "6812045", email="somebody@elsewhere.example.org")
    set_up(cast.client(user))
    dba(cast).post(f"/users/{user.username}/second-step")
    Client().post("/forgotten-password", {"username": user.username})
    work()
    assert [notice for notice, _ in mails("office@6812045.example.org")] == ["security", "security", "password_forgotten"]
    assert mails("somebody@elsewhere.example.org") == []


def test_without_an_address_only_assigning_is_left(cast: Cast) -> None:
    cast.person("SCHOOL", "6812045")
    Organisation.objects.filter(number="6812045").update(email="")
    client = dba(cast)
    answer = client.post("/users/6812045/password", {"way": "link"})
    assert answer.status_code == 400
    assert "no email address on record" in text(answer)
    assert may_sign_in("6812045", PASSWORD)
    assert client.post("/users/6812045/password", ASSIGN).status_code == 302
    assert may_sign_in("6812045", ASSIGNED)


def test_assigning_can_be_switched_off(cast: Cast, settings: object) -> None:
    settings.ASSIGNED_PASSWORDS = False  # type: ignore[attr-defined]
    cast.person("LEA_USER", "681")
    client = dba(cast)
    assert 'type="password"' not in client.get("/users/681leauser/password").content.decode()
    assert client.post("/users/681leauser/password", ASSIGN).status_code == 400
    assert may_sign_in("681leauser", PASSWORD)


def test_neither_oneself_nor_somebody_switched_off(cast: Cast) -> None:
    cast.person("LEA_USER", "681", is_active=False)
    client = dba(cast)
    assert "cannot do this to your own account" in text(client.post("/users/681leadba/password", ASSIGN, follow=True))
    assert "not active" in text(client.post("/users/681leauser/password", ASSIGN, follow=True))
    assert may_sign_in("681leadba", PASSWORD)


def test_the_national_administrator_helps_a_dba(cast: Cast) -> None:
    cast.person("LEA_DBA", "681"), cast.person("SCHOOL", "6812045")
    client = national(cast)
    assert listed(client, "password", "?at=681") == ["681leadba"]
    assert listed(client, "password", "?at=681&show=school") == ["6812045"]
    client.post("/users/681leadba/password", {"way": "link"})
    assert choose_password(link_in_mail("681leadba@example.org")) == 302
    assert may_sign_in("681leadba", FRESH)


def test_no_page_no_mail_and_no_entry_holds_a_password_or_a_hash(cast: Cast) -> None:
    """Row 35 of the failure classes: everything an administrator can open, everything sent, everything on record."""
    from s2s.notices.models import Email
    from s2s.web.urls import PAGES

    for role, at in (("LEA_USER", "681"), ("LEA_DBA_VIEW", "681"), ("SCHOOL", "6812045"), ("NATIONAL", "WG")):
        cast.person(role, at)
    client = dba(cast)
    for username in ("681leauser", "6812045"):
        client.post(f"/users/{username}/password", ASSIGN)
    secrets = {PASSWORD, ASSIGNED} | {user.password for user in User.objects.all()}
    pages = [row.path for row in PAGES if "GET" in row.methods and "<uuid" not in row.path]
    for viewer in (client, national(cast), cast.client(person("681leadbaview"))):
        for path in pages:
            for username in ("681leauser", "6812045") if "<str:" in path else ("",):
                where = "/" + path.replace("<str:username>", username).replace("<str:receipt>", "x")
                for at in ("", "?at=681", "?show=school"):
                    html = viewer.get(where + at).content.decode()
                    assert not [secret for secret in secrets if secret in html], where
    sent = [letter(email) for email in Email.objects.all()]
    facts = [f"{entry.person} {entry.facts}" for entry in Entry.objects.all()]
    assert sent
    assert facts
    assert not [secret for secret in secrets for text in (*sent, *facts) if secret in text]
    assert form(client, "/users/681leauser/update") == {"version": "1"}
