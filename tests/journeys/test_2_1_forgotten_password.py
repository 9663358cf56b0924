"""A forgotten password: a link to the address on record, good once, for an hour, and only while nothing has changed (2.1, 3.7)."""

import logging
import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import timezone
from django.utils.module_loading import import_string

from s2s.accounts import links
from s2s.accounts.models import OneTimeLink, User
from s2s.audit.models import Action, Entry
from s2s.notices.models import Email
from s2s.organisations.models import Organisation
from tests.cast import PASSWORD, Cast
from tests.journeys.doors import mails, text, work

pytestmark = pytest.mark.django_db

FRESH = "four entirely unrelated words"
BOTH = {"new": FRESH, "again": FRESH}


def ask(username: str, **more: object) -> object:
    return Client(**more).post("/forgotten-password", {"username": username})


def link_for(person: User) -> str:
    """The path of the link that the person got by e-mail."""
    ask(person.username)
    work()
    letter = mails(person.email)[-1][1]
    found = re.search(r"http://127\.0\.0\.1:8000(/link/\S+)", letter)
    assert found, letter
    return found.group(1)


def may_sign_in(person: User, password: str) -> bool:
    return Client().post("/sign-in", {"username": person.username, "password": password}).status_code == 302


def test_a_forgotten_password_is_replaced_by_a_link(cast: Cast) -> None:
    person = cast.person("SCHOOL", "6812045", language="en")
    elsewhere = cast.client(person)
    assert "/forgotten-password" in Client().get("/sign-in").content.decode()
    path = link_for(person)
    visitor = Client()
    assert "Choose a new password" in text(visitor.get(path))
    answer = visitor.post(path, BOTH)
    assert answer["Location"] == "/sign-in"
    assert may_sign_in(person, FRESH)
    assert not may_sign_in(person, PASSWORD)
    assert elsewhere.get("/home").status_code == 302, "all sessions have ended"
    assert Entry.objects.filter(action=Action.PASSWORD_SET_BY_LINK, person="6812045").count() == 1
    assert mails(person.email)[-1][0] == "security", "and the person is told"


def test_the_link_travels_without_the_user_name(cast: Cast) -> None:
    """3.7: never in the same e-mail as the user name."""
    person = cast.person("LEA_USER", "681", "681bjones", email="office@example.org")
    Organisation.objects.update(language="")
    link_for(person)
    [(notice, letter)] = mails("office@example.org")
    assert notice == "password_forgotten"
    assert "681bjones" not in letter
    assert "Dewiswch un newydd" in letter, "both languages where none is known"


def test_a_first_password_is_no_longer_due_after_a_link(cast: Cast) -> None:
    soon = timezone.now() + timedelta(days=7)
    person = cast.person("SCHOOL", "6812045", must_change_password=True, password_expires_at=soon)
    Client().post(link_for(person), BOTH)
    person.refresh_from_db()
    assert (person.must_change_password, person.password_expires_at) == (False, None)


def test_row_22_a_link_works_once(cast: Cast) -> None:
    """Row 22: single use."""
    person = cast.person("SCHOOL", "6812045")
    path = link_for(person)
    assert Client().post(path, BOTH).status_code == 302
    assert Client().get(path).status_code == 404
    other = "another unguessable phrase"
    assert "no longer works" in text(Client().post(path, {"new": other, "again": other}))
    assert not may_sign_in(person, other)


def test_row_22_a_link_works_for_an_hour(cast: Cast) -> None:
    """Row 22: expiry."""
    path = link_for(cast.person("SCHOOL", "6812045"))
    with time_machine.travel(timezone.now() + timedelta(minutes=59), tick=False):
        assert Client().get(path).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        assert Client().get(path).status_code == 404
        assert Client().post(path, BOTH).status_code == 404


@pytest.mark.parametrize(
    "change",
    [{"password": "md5$x$y"}, {"role": "LEA_PLASC"}, {"session_epoch": 1}, {"is_active": False}, {"email": "thief@example.org"}],
    ids=lambda change: next(iter(change)),
)
def test_row_22_a_link_dies_with_what_it_was_made_for(cast: Cast, change: dict[str, object]) -> None:
    """Row 22: bound to the user, dead after a change of password or role, not for disabled users."""
    person = cast.person("LEA_USER", "681")
    path = link_for(person)
    assert Client().get(path).status_code == 200
    User.objects.filter(pk=person.pk).update(**change)
    assert Client().get(path).status_code == 404
    assert Client().post(path, BOTH).status_code == 404
    assert not may_sign_in(person, FRESH)


def test_a_link_outlives_a_new_secret_key_while_the_old_one_counts(cast: Cast, settings: object) -> None:
    path = link_for(cast.person("SCHOOL", "6812045"))
    before = settings.SECRET_KEY  # type: ignore[attr-defined]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key", []  # type: ignore[attr-defined]
    assert Client().get(path).status_code == 404
    settings.SECRET_KEY_FALLBACKS = [before]  # type: ignore[attr-defined]
    assert Client().get(path).status_code == 200


def test_row_22_a_link_dies_when_its_person_moves_to_another_place(cast: Cast) -> None:
    """Row 22: bound to the desk it was made for."""
    person = cast.person("LEA_USER", "681")
    path = link_for(person)
    User.objects.filter(pk=person.pk).update(organisation=cast.authority("679"))
    assert Client().get(path).status_code == 404


def test_row_22_no_part_of_a_link_can_be_exchanged(cast: Cast) -> None:
    """Row 22: bound to the user."""
    mine, theirs = (link_for(cast.person("SCHOOL", at)).split("/")[2:] for at in ("6812045", "6812061"))
    assert Client().get(f"/link/{mine[0]}/{theirs[1]}").status_code == 404
    assert Client().get(f"/link/{mine[0]}/{mine[1][:-1]}").status_code == 404
    assert mine[1] not in str(list(OneTimeLink.objects.values())), "only a digest is kept"


def test_looking_at_a_link_changes_nothing_and_tells_no_other_site(cast: Cast) -> None:
    path = link_for(cast.person("SCHOOL", "6812045"))
    before = list(OneTimeLink.objects.values())
    for _ in range(3):  # as programs do that look into e-mails
        answer = Client().get(path)
        assert Client().head(path).status_code == 200
    assert list(OneTimeLink.objects.values()) == before
    assert answer["Referrer-Policy"] == "strict-origin"
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("form", "field"),
    [({"new": "short", "again": "short"}, "new"), ({"new": FRESH, "again": "x"}, "again"), ({"new": "6812045681204", "again": ""}, "new")],
)
def test_a_weak_password_is_refused_and_the_link_stays(cast: Cast, form: dict[str, str], field: str) -> None:
    path = link_for(cast.person("SCHOOL", "6812045"))
    answer = Client().post(path, form)
    assert answer.status_code == 400
    assert f'href="#{field}"' in answer.content.decode()
    assert Client().get(path).status_code == 200


def test_row_16_nothing_but_the_password_can_be_set(cast: Cast) -> None:
    """Row 16: mass assignment."""
    person = cast.person("SCHOOL", "6812045")
    Client().post(link_for(person), BOTH | {"role": "NATIONAL", "is_active": "1", "email": "thief@example.org", "username": "x"})
    kept = User.objects.get(pk=person.pk)
    assert (kept.role, kept.email, kept.username) == ("SCHOOL", person.email, "6812045")


def test_row_21_everybody_gets_the_same_answer(cast: Cast) -> None:
    """Row 21: enumeration. The page does the same work for all; the worker finds out who exists."""
    cast.person("SCHOOL", "6812045")
    cast.person("SCHOOL", "6812061", is_active=False)
    cast.school("6812049", email="")
    cast.person("SCHOOL", "6812049")
    answers = {(ask(name).status_code, text(ask(name))) for name in ("6812045", "6812061", "6812049", "6819999", "no such; name")}
    assert len(answers) == 1
    assert not Email.objects.exists(), "nothing is done before the worker does it"
    work()
    assert {email.to for email in Email.objects.all()} == {"office@6812045.example.org"}


def test_a_person_is_not_buried_in_links(cast: Cast) -> None:
    person = cast.person("SCHOOL", "6812045")
    for number in range(9):
        ask("6812045", REMOTE_ADDR=f"192.0.2.{number}")
    work()
    assert len(mails(person.email)) == 3


def test_asking_too_often_is_refused(cast: Cast) -> None:
    answers = [ask(f"681guess{number}").status_code for number in range(25)]
    assert answers[:20] == [200] * 20
    assert answers[20:] == [400] * 5


def test_row_12_the_host_of_a_link_is_fixed(cast: Cast) -> None:
    """Row 12: a forged Host is refused, a forged X-Forwarded-Host changes nothing."""
    person = cast.person("SCHOOL", "6812045")
    assert Client(headers={"host": "evil.example"}).post("/forgotten-password", {"username": "6812045"}).status_code == 400
    Client(headers={"x-forwarded-host": "evil.example"}).post("/forgotten-password", {"username": "6812045"})
    work()
    [(_, letter)] = mails(person.email)
    assert "http://127.0.0.1:8000/link/" in letter
    assert "evil" not in letter


def test_the_secret_of_a_link_stays_out_of_the_logs(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    """Row 28: no password or token in logs, not even of a form that comes back with a problem."""
    path = link_for(cast.person("SCHOOL", "6812045"))
    hide = settings.LOGGING["filters"]["no_secrets"]["()"]
    with caplog.at_level(logging.WARNING):
        logging.getLogger("django.request").addHandler(caplog.handler)
        caplog.handler.addFilter(import_string(hide)())
        Client().post(path, {"new": "short", "again": "short"})
        Client().get(path + "x")
    assert "Bad Request" in caplog.text
    assert path.split("/")[3] not in caplog.text
    assert all("no_secrets" in handler["filters"] for handler in settings.LOGGING["handlers"].values())


def test_an_invitation_is_good_for_seven_days(cast: Cast) -> None:
    """For the administrators' journeys (3.3): the same link, valid for longer."""
    person = cast.person("SCHOOL", "6812045")
    path = links.make(person, valid=links.AFTER_INVITATION)
    with time_machine.travel(timezone.now() + timedelta(days=6, hours=23), tick=False):
        assert Client().get(path).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1), tick=False):
        assert Client().get(path).status_code == 404
