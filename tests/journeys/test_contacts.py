"""Contacts: whom to ask at the own LA and at the national office; for LAs also their neighbours (1.3)."""

import pytest

from s2s.organisations.models import Organisation
from tests.cast import Cast
from tests.journeys.doors import text

pytestmark = pytest.mark.django_db


@pytest.mark.guidance("1.3-13", "3.2-04")
def test_a_school_finds_its_authority_and_the_administrator(cast: Cast) -> None:
    cast.authority("681")
    Organisation.objects.filter(number="681").update(telephone="029 2087 0000", opening_times="Monday to Friday, 9 to 4")
    cast.person("LEA_DBA", "681", name="Bethan Jones", email="bethan@681.example.org")
    cast.person("LEA_DBA", "679", name="Somebody Else")
    page = text(cast.client(cast.person("SCHOOL", "6812045")).get("/contacts"))
    for detail in (
        "Cardiff",
        "data@681.example.org",
        "029 2087 0000",
        "Monday to Friday, 9 to 4",
        "Bethan Jones",
        "bethan@681.example.org",
    ):
        assert detail in page
    assert "IMS@gov.wales" in page
    assert "Somebody Else" not in page


def test_an_administrator_who_is_switched_off_is_not_named(cast: Cast) -> None:
    cast.person("LEA_DBA", "681", name="Bethan Jones", is_active=False)
    assert "Bethan Jones" not in text(cast.client(cast.person("SCHOOL", "6812045")).get("/contacts"))


def test_the_national_office_stands_there_for_everybody(cast: Cast) -> None:
    cast.national()
    Organisation.objects.filter(number="WG").update(email="ims@wg.example.org", telephone="0300 060 4400", opening_times="9 to 5")
    for role, at in (("SCHOOL", "6812045"), ("LEA_USER", "681"), ("NATIONAL", "WG")):
        page = text(cast.client(cast.person(role, at)).get("/contacts"))
        for detail in ("ims@wg.example.org", "0300 060 4400", "9 to 5"):
            assert detail in page, role


@pytest.mark.parametrize("role", ["LEA_USER", "LEA_DBA_VIEW", "NATIONAL"])
def test_an_authority_finds_its_neighbours(cast: Cast, role: str) -> None:
    cast.authority("681")
    cast.person("LEA_DBA", "679", name="Mair Evans", email="mair@679.example.org")
    client = cast.client(cast.person(role, "WG" if role == "NATIONAL" else "681"))
    assert '<option value="679"' in client.get("/contacts").content.decode()
    page = text(client.get("/contacts?lea=679"))
    for detail in ("Monmouthshire 679", "data@679.example.org", "Mair Evans", "mair@679.example.org"):
        assert detail in page
    for odd in ("999", "6812045", "%00", "x"):
        assert client.get(f"/contacts?lea={odd}").status_code == 200


def test_a_school_is_led_to_its_own_authority_only(cast: Cast) -> None:
    cast.person("LEA_DBA", "679", name="Mair Evans")
    client = cast.client(cast.person("SCHOOL", "6812045"))
    html = client.get("/contacts?lea=679").content.decode()
    assert "<option" not in html
    assert "Mair Evans" not in html


def test_welsh_pages_name_the_authority_in_welsh(cast: Cast) -> None:
    client = cast.client(cast.person("SCHOOL", "6812045"))
    client.cookies["s2s_language"] = "cy"
    assert "Caerdydd" in text(client.get("/contacts"))
