"""Maintain LEA Details: an LEA Administrator looks after the details of the own LA, and of no other (3.9)."""

import re
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from s2s.audit.models import Action, Entry
from s2s.notices.models import Email
from s2s.organisations.models import Organisation
from tests.cast import Cast
from tests.journeys.doors import keys, mails, text
from tests.journeys.filled_forms import form
from tests.samples import name_for

pytestmark = pytest.mark.django_db
DATA_TEAM = "data@681.example.org"


@pytest.fixture
def dba(cast: Cast) -> Client:
    return cast.client(cast.person("LEA_DBA", "681"))


def change(client: Client, **changes: str) -> object:
    return client.post("/lea", form(client, "/lea") | changes, follow=True)


def cardiff() -> Organisation:
    return Organisation.objects.get(number="681")


@pytest.mark.guidance("3.9-10", "3.9-11", "3.9-12", "3.9-04")
def test_the_form_has_the_fields_of_the_picture(cast: Cast, dba: Client) -> None:
    page, html = text(dba.get("/lea")), dba.get("/lea").content.decode()
    for field in (
        "LEA Number 681",
        "LEA Name",
        "Email",
        "Region Wales",
        "Disable Download CTF Files",
        "Date CTF Download Re-enabled –",
        "Update this LEA:",
    ):
        assert field in page
    assert form(dba, "/lea")["disable"] == "N"
    assert 'type="hidden" name="lea" value="681"' in html
    assert 'name="region"' not in html


def test_welsh_pages_say_the_welsh_name_of_what_was_saved(cast: Cast, dba: Client) -> None:
    dba.cookies["s2s_language"] = "cy"
    page = text(change(dba, name="Cardiff Council", name_cy="Cyngor Dinas Caerdydd"))
    assert "Mae manylion Cyngor Dinas Caerdydd wedi'u diweddaru." in page


@pytest.mark.guidance("3.9-01", "3.9-02", "3.9-09")
def test_details_are_changed_and_both_addresses_are_told(cast: Cast, dba: Client) -> None:
    typed = {"name": "Cardiff Council", "name_cy": "Cyngor Caerdydd", "email": "s2s@681.example.org", "telephone": "029 2087 0000"}
    typed |= {"opening_times": "Monday to Friday, 9 to 4", "language": "en"}
    assert "Cardiff Council has been updated" in text(change(dba, **typed))
    assert typed.items() <= form(dba, "/lea").items()
    school = cast.client(cast.person("SCHOOL", "6812045"))
    for detail in ("Cardiff Council", "s2s@681.example.org", "029 2087 0000", "Monday to Friday, 9 to 4"):
        assert detail in text(school.get("/contacts"))
    for address in (DATA_TEAM, "s2s@681.example.org"):
        [(notice, words)] = mails(address)
        assert notice == "details_changed"
        assert "Opening times: Monday to Friday, 9 to 4" in words
    cast.sent("6812045", "6812061")
    assert [notice for notice, _ in mails("s2s@681.example.org")] == ["details_changed", "copy"], "the next notice goes to the new address"
    assert Entry.objects.get(action=Action.AUTHORITY_CHANGED).facts["changes"]["email"] == "s2s@681.example.org"


@pytest.mark.guidance("3.9-03", "3.9-07", "3.9-12", "3.9-13")
def test_copies_are_switched_off_and_on(cast: Cast, dba: Client) -> None:
    user = cast.client(cast.person("LEA_USER", "681"))
    first, second, third = (name_for("6812045", "6812061", number) for number in ("001", "002", "003"))
    cast.sent("6812045", "6812061", "001")
    with time_machine.travel(datetime(2026, 11, 2, 12, tzinfo=UTC)):
        dba = cast.client(cast.person("LEA_DBA", "681"))
        change(dba, disable="Y")
    assert not cardiff().copies
    cast.sent("6812045", "6812061", "002")
    assert first in keys(user), "what was copied before stays"
    assert second not in keys(user)
    assert [notice for notice, _ in mails(DATA_TEAM)].count("copy") == 1
    with time_machine.travel(datetime(2026, 11, 9, 12, tzinfo=UTC)):
        dba = cast.client(cast.person("LEA_DBA", "681"))
        change(dba, disable="N")
        assert "Date CTF Download Re-enabled 09/11/2026" in text(dba.get("/lea"))
    cast.sent("6812045", "6812061", "003")
    assert third in keys(user)
    assert second not in keys(user)
    assert [notice for notice, _ in mails(DATA_TEAM)].count("copy") == 2
    assert [entry.facts["changes"] for entry in Entry.objects.filter(action=Action.AUTHORITY_CHANGED).order_by("pk")] == [
        {"copies": False},
        {"copies": True},
    ]


@pytest.mark.guidance("3.9-08", "3.9-20")
def test_another_authority_cannot_be_changed(cast: Cast, dba: Client) -> None:
    cast.authority("679")
    assert "The LA number is 681 and cannot be changed" in text(change(dba, lea="679", name="Ours"))
    national = cast.client(cast.person("NATIONAL", "WG"))
    for path in (
        "/leas",
        "/leas/679/update",
        "/leas/681/update",
        "/leas/WG/update",
        "/special-schools",
        "/special-schools/add",
        "/categories",
        "/import",
        "/notices",
    ):
        assert national.get(path).status_code == 200, path
        assert dba.get(path).status_code == 404, path
        assert dba.post(path, form(dba, "/lea") | {"lea": "679", "name": "Ours"}).status_code in {404, 405}, path
    assert Organisation.objects.get(number="679").name == "Monmouthshire"
    menu = dba.get("/dba").content.decode()
    for entry in ("LEA Maintenance", "Non-Maintained Special Schools", "Category Maintenance"):
        assert entry not in menu


def test_what_is_not_on_the_form_is_ignored(cast: Cast, dba: Client) -> None:
    cast.authority("679")
    before = Organisation.objects.filter(number="681").values().get()
    smuggled = {"kind": "national", "number": "999", "region": "England", "copies": "", "copies_enabled_again_on": "2020-01-01", "id": "1"}
    smuggled |= {"authority": "679", "closed_on": "2020-01-01", "successor": "679", "version_": "7", "role": "NATIONAL"}
    assert dba.post("/lea", smuggled | form(dba, "/lea") | {"name": "Cardiff Council"}).status_code == 302
    after = Organisation.objects.filter(number="681").values().get()
    assert {column for column in before if before[column] != after[column]} == {"name", "version"}


@pytest.mark.guidance("3.7-03")
@pytest.mark.parametrize(
    ("box", "typed", "said"),
    [
        ("name", "", "This is blank"),
        ("email", "cardiff@gmail.com", "gmail.com is a personal email domain"),
        ("email", "data@", "not an email address"),
        ("telephone", "Mair", "does not look like a telephone number"),
        ("opening_times", "x" * 201, "too long: 201"),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_box(cast: Cast, dba: Client, box: str, typed: str, said: str) -> None:
    answer = change(dba, **{"disable": "Y", box: typed})
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert said in text(answer)
    assert f'<a href="#{box}">' in answer.content.decode()  # type: ignore[attr-defined]
    assert cardiff().copies
    assert not Email.objects.exists()


def test_two_at_once_do_not_undo_each_other(cast: Cast, dba: Client) -> None:
    opened = form(dba, "/lea")
    national = cast.client(cast.person("NATIONAL", "WG"))
    national.post("/leas/681/update", form(national, "/leas/681/update") | {"opening_times": "Mornings"})
    answer = dba.post("/lea", opened | {"opening_times": "Afternoons"})
    assert answer.status_code == 400
    assert "Somebody else has saved this since you opened it" in text(answer)
    assert "Saved in the meantime: Mornings" in text(answer)
    assert cardiff().opening_times == "Mornings"
    fresh = re.search(r'name="version" value="(\d+)"', answer.content.decode())
    assert fresh
    assert dba.post("/lea", opened | {"opening_times": "Afternoons", "version": fresh[1]}).status_code == 302
    assert cardiff().opening_times == "Afternoons"


def test_the_version_on_top_is_the_sites(cast: Cast, dba: Client) -> None:
    cast.school("6812045")
    for path in ("/home", "/lea", "/schools/6812045/update", "/schools/6812045/close"):
        assert "Version: 3" in dba.get(path).content.decode(), path
