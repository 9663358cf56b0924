"""Find a school: everybody finds the seven digits by what they remember of a name (3.8, Establishment finder)."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from s2s.organisations.finder import Question, find, words_of
from s2s.organisations.models import Organisation
from tests.cast import Cast
from tests.journeys.doors import text
from tests.journeys.filled_forms import form

pytestmark = pytest.mark.django_db

# number -> English name, Welsh name, town
SCHOOLS = {
    "6812061": ("Llanishen High School", "", "Cardiff"),
    "6812090": ("Llanishen Fach Primary School", "Ysgol Gynradd Llanisien Fach", "Cardiff"),
    "6813301": ("St Mary's Catholic Primary School", "", "Cardiff"),
    "6803301": ("St. Mary’s R.C. Primary School", "", "Newport"),
    "6812045": ("Greenway Primary School", "", "Rumney"),
    "6814071": ("Ysgol Gyfun Gymraeg Glantaf", "", "Cardiff"),
    "6812110": ("Whitchurch Primary School", "Ysgol Gynradd yr Eglwys Newydd", "Cardiff"),
    "6732182": ("Romilly Primary School", "", "Barry"),
    "6802320": ("Ysgol Ifor Hael", "", "Casnewydd"),
    "6792303": ("The Dell Primary School", "", "Chepstow"),
    "6602130": ("Ysgol Gynradd Amlwch", "", "Amlwch"),
    "6602170": ("Ysgol Tŷ'r Ŵyn", "", "Llangefni"),
}
PEOPLE = (
    "LEA_DBA", "LEA_USER", "LEA_SCHOOL", "LEA_LOST_PUPIL", "LEA_LOST_PUPIL_TRANSFER", "LEA_DBA_VIEW", "LEA_PLASC", "LEA_ADMISSIONS",
    "SCHOOL", "NATIONAL",
)  # fmt: skip


@pytest.fixture
def wales(cast: Cast) -> None:
    cast.authority("680")
    Organisation.objects.filter(number="680").update(name="Newport City Council", name_cy="Cyngor Dinas Casnewydd")
    for number, (name, name_cy, town) in SCHOOLS.items():
        cast.school(number, name=name, name_cy=name_cy, town=town)


@pytest.fixture
def greenway(cast: Cast, wales: None) -> Client:
    return cast.client(cast.person("SCHOOL", "6812045"))


def numbers(client: Client, query: str) -> list[str]:
    answer = client.get("/find-school", {"q": query} if "=" not in query else dict(part.split("=") for part in query.split("&")))
    assert answer.status_code == 200
    return re.findall(r'<div class="s2s-found__number"><code[^>]*>(\d{7})</code>', answer.content.decode())


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("Greenway", "6812045"),
        ("greenway PRIMARY school", "6812045"),
        ("Greenwy", "6812045"),
        ("Green", "6812045"),  # still typing
        ("Llanishan", "6812090"),
        ("Llanishan high", "6812061"),
        ("Lanishen Fach", "6812090"),
        ("Llanisien Fach", "6812090"),  # its Welsh name
        ("Ysgol Gynraidd Amlwch", "6602130"),
        ("Amlwch Primary School", "6602130"),  # its English name, which it has not
        ("eglwys newydd", "6812110"),
        ("Witchurch", "6812110"),
        ("Glan Taf", "6814071"),
        ("Ty'r Wyn", "6602170"),
        ("Tŷ’r Ŵyn", "6602170"),
        ("Ysgol Ifor Hale", "6802320"),
        ("Dell", "6792303"),
        ("the del", "6792303"),
        ("Romily Barry", "6732182"),
        ("Saint Marys Newport", "6803301"),
        ("st mary's casnewydd", "6803301"),
        ("primary rumney", "6812045"),
    ],
)
def test_a_school_is_found_by_what_somebody_remembers(greenway: Client, asked: str, first: str) -> None:
    assert numbers(greenway, asked)[0] == first


@pytest.mark.parametrize(
    "asked", ["St Mary's", "Saint Marys", "ST MARYS", "St. Mary’s", "St Mary`s", "Saint Mary's Primary", "Santes Mary's"]
)
def test_saints_are_found_however_they_are_written(greenway: Client, asked: str) -> None:
    assert numbers(greenway, asked) == ["6813301", "6803301"], "the own LA's first"


def test_ysgol_gynradd_finds_the_primary_schools(greenway: Client) -> None:
    found = numbers(greenway, "Ysgol Gynraidd")
    assert {"6602130", "6812110", "6812090"} <= set(found)
    assert "6814071" not in found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("6812045", ["6812045"]),
        ("2045", ["6812045"]),
        ("3301", ["6803301", "6813301"]),
        ("660", ["6602130", "6602170"]),
        ("6602", ["6602130", "6602170"]),
        ("681 2045", ["6812045"]),
        ("660LLLL", ["6602130", "6602170"]),
        ("68122", []),
        ("9999999", []),
        ("00000000000000", []),
    ],
)
def test_a_number_or_the_beginning_of_one(greenway: Client, asked: str, found: list[str]) -> None:
    assert sorted(numbers(greenway, asked)) == found


def test_a_postcode_finds_its_schools(greenway: Client) -> None:
    school = Organisation.objects.get(number="6812045")
    school.postcode, school.version = "CF14 6XY", school.version + 1
    school.save()
    assert numbers(greenway, "CF14 6XY") == ["6812045"]


def test_a_file_name_is_shown_of_one_open_school_alone_and_of_the_one_that_came_after(greenway: Client) -> None:
    assert "_CTF_" not in text(greenway.get("/find-school?q=660"))
    assert "…_CTF_ 6812045 _001.xml" in text(greenway.get("/find-school?q=6812045"))
    Organisation.objects.filter(number="6812045").update(closed_on=date(2020, 8, 31))
    assert "_CTF_" not in text(greenway.get("/find-school?q=6812045"))
    Organisation.objects.filter(number="6812045").update(successor=Organisation.objects.get(number="6602130"))
    assert "…_CTF_ 6602130 _001.xml" in text(greenway.get("/find-school?q=6812045"))


def test_the_schools_of_an_authority(greenway: Client) -> None:
    assert set(numbers(greenway, "q=&lea=680")) == {"6803301", "6802320"}
    assert numbers(greenway, "q=mary&lea=680") == ["6803301"]
    assert numbers(greenway, "q=3301&lea=680") == ["6803301"]
    assert numbers(greenway, "q=&lea=999") == []


@pytest.mark.parametrize("asked", ["zzzzqqq", "%_%", "' OR 1=1 --", "\x00", "?", "ysgol " * 400, "٣٣٣", "\N{PILE OF POO}"])
def test_odd_questions_are_answered_with_nothing_found(greenway: Client, asked: str) -> None:
    answer = greenway.get("/find-school", {"q": asked})
    assert answer.status_code == 200
    if "ysgol" not in asked and asked.strip("\x00"):
        assert "No school found" in text(answer)


def test_what_is_shown_of_a_school(greenway: Client) -> None:
    Organisation.objects.filter(number="6812061").update(
        closed_on=date(2026, 8, 31), successor=Organisation.objects.get(number="6812090"), version=1
    )
    page = text(greenway.get("/find-school?q=Llanishen+High"))
    assert "Llanishen High School" in page
    assert "Cardiff" in page
    assert "Closed on 31 August 2026. Its place was taken by Llanishen Fach Primary School (6812090)." in page
    assert "…_CTF_6812061_001.xml" not in page, "not the name of a file to a closed school"
    assert "The nearest to what you typed:" in text(greenway.get("/find-school?q=Grenway"))
    html = greenway.get("/find-school?q=Greenway").content.decode()
    assert '<code data-copy="Copy" data-copied="Copied">6812045</code>' in html
    assert "_CTF_<b>6812045</b>_001.xml" in html


def test_open_schools_come_before_closed_ones(cast: Cast, greenway: Client) -> None:
    cast.school("6812001", name="Greenway Primary School", closed_on=date(2020, 8, 31))
    assert numbers(greenway, "greenway") == ["6812045", "6812001"]


def test_of_the_same_name_the_school_nearby_comes_first(cast: Cast, greenway: Client) -> None:
    cast.school("6602045", name="Greenway Primary School")
    assert numbers(greenway, "greenway") == ["6812045", "6602045"]
    assert numbers(cast.client(cast.person("SCHOOL", "6602170")), "greenway") == ["6602045", "6812045"]


def test_of_the_same_four_digits_the_own_authority_comes_first_and_closed_schools_last(cast: Cast, greenway: Client) -> None:
    cast.school("6602045")
    cast.school("3942045", name="Ashfield", closed_on=date(2020, 8, 31))
    assert numbers(greenway, "2045") == ["6812045", "6602045", "3942045"]


@pytest.mark.guidance("3.8-04")
def test_a_change_is_found_at_once(cast: Cast, greenway: Client) -> None:
    dba = cast.client(cast.person("LEA_DBA", "681"))
    assert numbers(greenway, "Lamby") == []
    new = {"lea": "681", "number": "2099", "school_type": "Primary", "name": "Lamby Primary School", "email": "", "language": "en"}
    dba.post("/schools/add", new)
    assert numbers(greenway, "Lamby") == ["6812099"]
    path = "/schools/6812099/update"
    dba.post(path, form(dba, path) | {"name": "Trowbridge Primary School"})
    assert numbers(greenway, "Lamby") == []
    assert numbers(greenway, "Trowbridge") == ["6812099"]
    dba.post("/schools/6812099/delete")
    assert numbers(greenway, "Trowbridge") == []
    dba.post("/schools/add", new)
    assert numbers(greenway, "Trowbridge") == []
    assert numbers(greenway, "Lamby") == ["6812099"], "the same number, another school"
    lea = form(dba, "/lea")
    dba.post("/lea", lea | {"name_cy": "Prifddinas"})
    assert "6812099" in numbers(greenway, "prifddinas lamby")


@pytest.mark.parametrize("role", PEOPLE)
def test_everybody_who_has_signed_in_finds_schools(cast: Cast, wales: None, role: str) -> None:
    client = cast.client(cast.person(role, {"SCHOOL": "6812045", "NATIONAL": "WG"}.get(role, "681")))
    assert numbers(client, "romilly") == ["6732182"]
    assert ">Find a school</a>" in client.get("/home").content.decode()
    assert 'href="/find-school"' in client.get("/contacts").content.decode()
    assert 'href="/find-school"' in client.get("/help").content.decode()


def test_nobody_finds_schools_before_signing_in(cast: Cast) -> None:
    assert Client().get("/find-school?q=Greenway")["Location"].startswith("/sign-in")
    assert "/find-school" not in Client().get("/help").content.decode()


def test_the_upload_page_leads_there(greenway: Client) -> None:
    assert 'href="/find-school"' in greenway.get("/upload/ctf").content.decode()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("St. Mary’s C.P. School", "st marys cp school"),
        ("Ysgol Sant Baruc", "school st baruc"),
        ("Tŷ'r Ŵyn", "tyr wyn"),
        ("Pen-y-bont", "pen y bont"),
        ("Ysgol Gymunedol (Gynradd)", "school community primary"),
        ("", ""),
        ("٣ \N{PILE OF POO}", ""),
    ],
)
def test_the_words_of_a_name(name: str, words: str) -> None:
    assert " ".join(words_of(name)) == words


def test_thirty_thousand_schools_take_two_questions_to_the_database(cast: Cast, wales: None) -> None:
    parts = (
        "ash",
        "oak",
        "elm",
        "mill",
        "stoke",
        "wood",
        "bridge",
        "north",
        "south",
        "hamp",
        "chester",
        "ford",
        "bury",
        "worth",
        "field",
        "ley",
    )
    names = [f"{one}{two}{three}".capitalize() for one in parts for two in parts for three in parts]
    owner = Organisation.objects.get(number="680")
    Organisation.objects.bulk_create(
        [
            Organisation(
                kind="school", number=f"{201 + row // 9999}{row % 9999:04}", name=f"{names[row % 4096]} Primary School", authority=owner
            )
            for row in range(30_000)
        ],
        batch_size=2000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE organisations_organisation")  # as autovacuum does on a real site
    find(Question("Greenway"))
    for asked in ("Llanishan", "Saint Marys", "Ysgol Gynraidd Amlwch", "Ashoakmil Primary School", "Greenway"):
        with CaptureQueriesContext(connection) as questions:
            assert find(Question(asked)).schools
        assert len(questions) == 2
