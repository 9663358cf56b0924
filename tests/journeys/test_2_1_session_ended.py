"""A session that ended while somebody filled a form or chose files: what is said, and the way back (2.1)."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from s2s.accounts.models import User
from s2s.organisations.models import Organisation
from s2s.transfers.models import Transfer
from s2s.web import carried
from s2s.web.typed import MOST
from tests.cast import PASSWORD, Cast
from tests.journeys.doors import keys, text
from tests.journeys.filled_forms import form
from tests.journeys.test_2_1_second_factor import set_up
from tests.journeys.test_other_language import value
from tests.phone import code

pytestmark = pytest.mark.django_db

UPLOAD = "http://testserver/upload/ctf"


def test_files_sent_after_the_end_are_told_that_nothing_was_taken_and_the_page_comes_back(cast: Cast) -> None:
    client = cast.client(cast.person("SCHOOL", "6812045"))
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        files = {"files": SimpleUploadedFile("6812045_CTF_6812061_001.xml", b"<x/>")}
        door = client.post("/upload/ctf", files, headers={"referer": UPLOAD})["Location"]
        assert door == "/sign-in?next=%2Fupload%2Fctf&ended=files"
        page = client.get(door)
        assert "nothing that you sent just now was accepted" in text(page)
        assert "choose the files again" in text(page), "a browser cannot be given files"
        assert not Transfer.objects.exists()
        assert 'name="next" value="/upload/ctf"' in page.content.decode()
        form = {"username": "6812045", "password": PASSWORD, "next": "/upload/ctf"}
        assert client.post("/sign-in", form)["Location"] == "/upload/ctf"


def test_a_form_of_many_pages_leads_back_to_the_page_it_stood_on(cast: Cast) -> None:
    cast.person("SCHOOL", "6812045")
    door = Client().post("/download/ctf/fetch", {"file": "x"}, headers={"referer": "http://testserver/download/ctf?sort=name"})
    assert door["Location"] == "/sign-in?next=%2Fdownload%2Fctf%3Fsort%3Dname&ended=form"


@pytest.mark.parametrize("referer", ["https://evil.example/upload/ctf", "//evil.example", "no address", ""])
def test_the_way_back_is_never_another_site(cast: Cast, referer: str) -> None:
    assert Client().post("/upload/ctf", {}, headers={"referer": referer})["Location"] == "/sign-in?ended=files"


def test_a_page_asked_for_after_the_end_says_so_and_a_first_visit_does_not(cast: Cast) -> None:
    client = cast.client(cast.person("SCHOOL", "6812045"))
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        door = client.get("/download/ctf")["Location"]
        assert door == "/sign-in?next=%2Fdownload%2Fctf&ended=session"
        assert "Your session has ended" in text(client.get(door))
    assert "has ended" not in text(Client().get("/download/ctf", follow=True))
    client = cast.client(cast.person("SCHOOL", "6812045"))
    client.post("/log-off")
    assert "has ended" not in text(client.get("/home", follow=True)), "whoever logged off knows"


# What was typed

ADD, BACK = "/schools/add", "in the boxes again. Nothing has been saved yet."
SCHOOL = {"estab": "2099", "name": "Ysgol y <Bont>", "address1": "1 Stryd Fawr"}


def later(minutes: int) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False)


def sign_in(client: Client, username: str, door: str, password: str = PASSWORD) -> str:
    """Through the sign-in page that this address opens; where it leads."""
    asked = client.get(door)
    assert asked.status_code == 200
    answer = client.post("/sign-in", {"username": username, "password": password, "next": value(asked.content.decode(), "next")})
    return str(answer["Location"]) if answer.status_code == 302 else ""


@pytest.mark.parametrize("minutes", [16, 10 * 60 + 1])
def test_what_was_typed_is_in_the_boxes_again_for_the_same_person_and_nothing_is_done(cast: Cast, minutes: int) -> None:
    client = cast.client(cast.person("LEA_DBA", "681"))
    typed, before = form(client, ADD) | SCHOOL, Organisation.objects.count()
    with later(minutes):
        door = client.post(ADD, typed)["Location"]
        assert door == "/sign-in?next=%2Fschools%2Fadd&ended=typed"
        assert "nothing was saved" in text(client.get(door))
        assert sign_in(client, "681leadba", door, "wrong") == "", "it survives a wrong password"
        assert sign_in(client, "681leadba", door) == ADD
        assert client.session.get_expiry_age() == settings.SESSION_COOKIE_AGE, "the session lasts no longer than any"
        page = client.get(ADD)
        assert (BACK in text(page), "govuk-error-summary" in page.content.decode()) == (True, False)
        assert value(page.content.decode(), "name") == "Ysgol y &lt;Bont&gt;"
        assert form(client, ADD)["name"] == "", "once: after Back or a reload the page is as ever"
        assert BACK not in text(client.get(ADD))
        assert Organisation.objects.count() == before


def test_to_somebody_else_nothing_is_shown_and_it_is_gone(cast: Cast) -> None:
    mine, other = cast.person("LEA_DBA", "681"), cast.person("LEA_DBA", "679")
    client = cast.client(mine)
    typed = form(client, ADD) | SCHOOL
    with later(16):
        door = client.post(ADD, typed)["Location"]
        assert sign_in(client, other.username, door) == ADD
        assert "typed" not in client.session
        assert (form(client, ADD)["name"], BACK in text(client.get(ADD))) == ("", False)
        client.post("/log-off")
        assert sign_in(client, mine.username, door) == ADD
        assert form(client, ADD)["name"] == "", "dropped, not hidden"


@pytest.mark.parametrize(("minutes", "name"), [(58, "Ysgol y <Bont>"), (62, "")])
def test_what_waits_cannot_be_read_in_the_database_and_is_good_for_an_hour(cast: Cast, minutes: int, name: str) -> None:
    client = cast.client(cast.person("LEA_DBA", "681"))
    typed = form(client, ADD) | SCHOOL
    with later(16):
        door = client.post(ADD, typed)["Location"]
        assert all("Bont" not in str(row.get_decoded()) for row in Session.objects.all())
    with later(16 + 50):
        assert client.get(door).status_code == 200
    with later(16 + minutes):
        sign_in(client, "681leadba", door)
        assert form(client, ADD)["name"] == name


def test_a_password_is_kept_by_nobody(cast: Cast) -> None:
    client = cast.client(cast.person("LEA_DBA", "681"))
    typed = form(client, "/users/add") | {
        "username": "681anew", "name": "Siân", "way": "assigned", "password": "heron lantern", "again": "heron lantern",
    }  # fmt: skip
    with later(16):
        door = client.post("/users/add", typed)["Location"]
        kept = carried_in(client)
        assert ("username=681anew" in kept, "heron" in kept, "csrf" in kept) == (True, False, False)
        sign_in(client, "681leadba", door)
        again = form(client, "/users/add")
        assert (again["username"], again["name"], again["password"]) == ("681anew", "Siân", "")
        assert not User.objects.filter(username="681anew").exists()


def carried_in(client: Client) -> str:
    """What waits in the session, opened."""
    found = carried.read(client.session["typed"])
    assert found
    assert isinstance(found.what, dict)
    return str(found.what["said"])


def test_a_page_of_passwords_or_codes_alone_keeps_nothing(cast: Cast) -> None:
    client = cast.client(cast.person("LEA_DBA", "681"))
    for page in ("/change-password", "/security/app", "/sign-in", "/forgotten-password", "/upload/ctf", "/find-school"):
        assert 'name="whose"' not in client.get(page, follow=True).content.decode(), page
    assert 'name="whose"' in client.get(ADD).content.decode()


def test_too_much_is_not_kept(cast: Cast) -> None:
    client = cast.client(cast.person("LEA_DBA", "681"))
    typed = form(client, ADD)
    with later(16):
        assert client.post(ADD, typed | {"name": "x" * MOST})["Location"].endswith("ended=form")
        assert "typed" not in client.session
        assert client.post(ADD, typed | {"name": "x" * (MOST // 2)})["Location"].endswith("ended=typed")


def test_only_the_site_says_whose_a_form_is_and_only_on_its_page(cast: Cast) -> None:
    client = cast.client(cast.person("LEA_DBA", "681"))
    typed, other = form(client, ADD) | SCHOOL, form(client, "/lea")["whose"]
    ticks = carried.seal(cast.actor("LEA_DBA", "681"), [1, 2])
    for forged in ("", "x", typed["whose"][:-4] + "AAAA", other, ticks):
        assert Client().post(ADD, typed | {"whose": forged})["Location"] == "/sign-in?ended=form", forged
    assert Client().post(ADD, typed)["Location"] == "/sign-in?next=%2Fschools%2Fadd&ended=typed"


def test_another_site_plants_nothing(cast: Cast) -> None:
    typed = form(cast.client(cast.person("LEA_DBA", "681")), ADD) | SCHOOL
    client = Client(enforce_csrf_checks=True)
    assert client.post(ADD, typed, headers={"origin": "https://evil.example"}).status_code == 403
    assert client.post(ADD, typed | {"csrfmiddlewaretoken": "x"}).status_code == 403
    assert "typed" not in client.session


def test_it_outlives_the_second_step(cast: Cast) -> None:
    client = cast.client(cast.person("LEA_DBA", "681"))
    typed = form(client, ADD) | SCHOOL
    secret, _ = set_up(client)
    with later(16):
        door = client.post(ADD, typed)["Location"]
        assert sign_in(client, "681leadba", door) == "/sign-in/second-step"
        assert client.post("/sign-in/second-step", {"code": code(secret)})["Location"] == ADD
        assert form(client, ADD)["name"] == "Ysgol y <Bont>"


def test_the_note_of_a_rejection_is_kept(cast: Cast) -> None:
    cast.sent()
    client = cast.client(cast.person("SCHOOL", "6812061"))
    page = f"/download/ctf/{next(iter(keys(client).values()))}/reject"
    typed = form(client, page) | {"note": "Not our pupil"}
    with later(16):
        assert sign_in(client, "6812061", client.post(page, typed)["Location"]) == page
        again = client.get(page)
        assert ("Not our pupil" in text(again), BACK in text(again)) == (True, True)


def test_what_stood_there_when_it_was_typed_is_compared_as_ever(cast: Cast) -> None:
    """Somebody else saves meanwhile: the version of the form is kept with what was typed."""
    client = cast.client(cast.person("LEA_DBA", "681"))
    typed = form(client, "/lea") | {"email": "new@681.example.org"}
    with later(16):
        door = client.post("/lea", typed)["Location"]
        national, page = cast.client(cast.person("NATIONAL", "WG")), "/leas/681/update"
        assert national.post(page, form(national, page) | {"email": "second@681.example.org"}).status_code == 302
        sign_in(client, "681leadba", door)
        again = form(client, "/lea")
        assert again["email"] == "new@681.example.org"
        assert client.post("/lea", again).status_code == 400, "not over what the other has saved"


def test_it_is_said_in_welsh(cast: Cast) -> None:
    client = cast.client(cast.person("LEA_DBA", "681"))
    typed = form(client, ADD) | SCHOOL
    client.post("/language", {"language": "cy", "next": "/home"})
    with later(16):
        door = client.post(ADD, typed)["Location"]
        assert "Mae eich sesiwn wedi dod i ben ac ni chafodd dim ei gadw" in text(client.get(door))
        sign_in(client, "681leadba", door)
        assert "Nid oes dim wedi'i gadw eto." in text(client.get(ADD))
