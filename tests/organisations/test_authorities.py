"""The table of local authorities and its way into the directory."""

from datetime import date

import pytest

from s2s.organisations import authorities
from s2s.organisations.models import Organisation

pytestmark = pytest.mark.django_db

# Copied out by hand: numbers 660 to 681 in order.
WELSH_IN_ORDER = [
    "Ynys Môn", "Gwynedd", "Conwy", "Ddinbych", "Fflint", "Wrecsam", "Powys", "Ceredigion", "Penfro", "Gâr", "Abertawe", "Castell-nedd",
    "Pen-y-bont", "Bro Morgannwg", "Rhondda", "Merthyr", "Caerffili", "Blaenau Gwent", "Torfaen", "Fynwy", "Casnewydd", "Caerdydd",
]  # fmt: skip


def one(number: str) -> Organisation:
    return Organisation.objects.get(number=number)


def test_the_twenty_two_of_wales_have_both_names_and_no_language_until_they_choose() -> None:
    authorities.load()
    welsh = list(Organisation.objects.filter(kind="authority", region="Wales").order_by("number"))
    assert [row.number for row in welsh] == [str(number) for number in range(660, 682)]
    assert all(part in row.name_cy for part, row in zip(WELSH_IN_ORDER, welsh, strict=True))
    assert {row.language for row in welsh} == {""}
    assert one("672").name == "Bridgend County Borough Council"  # as the pictures of 6.4 and 6.6 have it


def test_england_and_the_islands_are_there_in_english() -> None:
    authorities.load()
    others = Organisation.objects.filter(kind="authority").exclude(region="Wales")
    assert {row.language for row in others} == {"en"}
    assert (one("330").name, one("330").region) == ("Birmingham", "England")
    assert (one("707").name, one("707").region) == ("Jersey Offshore Establishments", "Offshore")
    assert Organisation.objects.filter(kind="authority", region="England", closed_on=None).count() == 153  # as many as England has


@pytest.mark.parametrize(
    ("old", "closed_on", "new"),
    [
        ("835", date(2019, 4, 1), "838"),
        ("836", date(2019, 4, 1), "839"),
        ("837", date(2019, 4, 1), "839"),
        ("928", date(2021, 4, 1), None),  # two took over
        ("909", date(2023, 4, 1), None),
        ("912", date(1997, 4, 1), None),
    ],
)
def test_reorganised_authorities_are_closed(old: str, closed_on: date, new: str | None) -> None:
    authorities.load()
    assert one(old).closed_on == closed_on
    assert not one(old).is_open
    assert one(old).successor == (one(new) if new else None)


def test_the_national_office_is_there() -> None:
    authorities.load()
    office = one("WG")
    assert (office.kind, office.name, office.name_cy) == ("national", "Welsh Government", "Llywodraeth Cymru")


def test_a_second_load_changes_nothing() -> None:
    assert authorities.load() > 200
    before = list(Organisation.objects.order_by("pk").values())
    assert authorities.load() == 0
    assert list(Organisation.objects.order_by("pk").values()) == before


def test_what_people_entered_stays_and_blanks_are_filled() -> None:
    edited = {"name": "Cardiff", "email": "data@cardiff.example.org", "copies": False, "language": "cy"}
    Organisation.objects.create(number="681", kind="authority", region="Wales", **edited)
    authorities.load()
    cardiff = one("681")
    assert {column: getattr(cardiff, column) for column in edited} == edited
    assert cardiff.name_cy == "Cyngor Caerdydd"


def test_a_reorganisation_reaches_a_site_that_was_set_up_before_it() -> None:
    Organisation.objects.create(number="909", kind="authority", name="Cumbria", region="England")
    authorities.load()
    assert not one("909").is_open
    assert one("942").name == "Cumberland"
