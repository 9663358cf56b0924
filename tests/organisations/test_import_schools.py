"""Taking in the official lists of schools: small lists written here, and the real ones where they lie beside the project."""

import csv
import hashlib
import io
import time
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from s2s.accounts.actors import Site
from s2s.audit.models import Entry
from s2s.organisations.import_schools import Summary, import_schools
from s2s.organisations.models import Organisation
from s2s.organisations.school_lists import LineFault, ListFault, ListRefused

pytestmark = pytest.mark.django_db

MAINTAINED = [
    "School Number",
    "School Name",
    "LA Code",
    "Local Authority",
    "Sector",
    "Governance - see notes",
    "WM Code",
    "Welsh Medium Type - see notes",
    "School Type",
    "Religious Character",
    "Address 1",
    "Address 2",
    "Address 3",
    "Address 4",
    "Postcode",
    "Phone Number",
    "Pupils - see notes",
]
OTHERS = [
    "School Number",
    "School Name",
    "LA Code",
    "Local Authority",
    "Address 1",
    "Address 2",
    "Address 3",
    "Address 4",
    "Postcode",
    "Phone Number",
]
GIAS = [
    "URN",
    "LA (code)",
    "LA (name)",
    "EstablishmentNumber",
    "EstablishmentName",
    "TypeOfEstablishment (name)",
    "EstablishmentTypeGroup (name)",
    "EstablishmentStatus (code)",
    "EstablishmentStatus (name)",
    "OpenDate",
    "CloseDate",
    "PhaseOfEducation (name)",
    "Street",
    "Locality",
    "Address3",
    "Town",
    "County (name)",
    "Postcode",
    "TelephoneNum",
]


def written(headings: list[str], rows: list[list[str]], encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([headings, *rows])
    return text.getvalue().encode(encoding)


def welsh(number: str = "6812345", name: str = "Ysgol y Bont", *, town: str = "Cardiff", telephone: str = "029 2018 0001") -> list[str]:
    return [
        number, name, number[:3], "Cardiff", "Primary", "Community", "EM", "English medium", "Infants & Juniors", "---",
        "Bridge Street", town, "", "", "CF10 9ZZ", telephone, "210",
    ]  # fmt: skip


def ten(first: int = 6812301) -> list[list[str]]:
    return [welsh(str(first + place), f"Ysgol {place}") for place in range(10)]


def other(number: str, name: str = "Wharfside College") -> list[str]:
    return [number, name, number[:3], "Cardiff", "1 Quay Street", "Cardiff", "", "", "CF10 9ZZ", "029 2018 0002"]


def english(
    number: str = "3302001", name: str = "Canal Primary", *, group: str = "Local authority maintained schools", **more: str
) -> list[str]:
    row = {
        "URN": "100001", "LA (code)": number[:3], "EstablishmentNumber": number[3:], "EstablishmentName": name,
        "TypeOfEstablishment (name)": "Community school", "EstablishmentTypeGroup (name)": group, "EstablishmentStatus (name)": "Open",
        "PhaseOfEducation (name)": "Primary", "Street": "Lock Lane", "Locality": "Edgbaston", "Town": "Birmingham",
        "Postcode": "b4  9zz", "TelephoneNum": "01214960000",
    } | more  # fmt: skip
    return [row.get(heading, "") for heading in GIAS]


def take(content: bytes, **more: bool) -> Summary:
    return import_schools(by=Site(), content=content, **more)


def maintained(rows: list[list[str]], **more: bool) -> Summary:
    return take(written(MAINTAINED, rows), **more)


def gias(rows: list[list[str]], **more: bool) -> Summary:
    return take(written(GIAS, rows), **more)


def school(number: str) -> Organisation:
    return Organisation.objects.get(number=number)


def numbers_open() -> set[str]:
    return {row.number for row in Organisation.objects.filter(kind="school") if row.is_open}


def refusal(content: bytes) -> ListRefused:
    with pytest.raises(ListRefused) as refused:
        take(content)
    assert not Organisation.objects.filter(kind="school").exists()
    return refused.value


# What is taken from a line


def test_a_school_of_the_welsh_list() -> None:
    assert maintained([welsh(name="  Ysgol   y Bont ")]).created == 1
    row = school("6812345")
    assert (row.name, row.name_cy, row.authority.number, row.region, row.language) == ("Ysgol y Bont", "", "681", "Wales", "")
    assert (row.street, row.town, row.postcode, row.telephone) == ("Bridge Street", "Cardiff", "CF10 9ZZ", "029 2018 0001")
    assert (row.kind, row.school_type, row.email, row.is_open) == ("school", "Primary", "", True)


@pytest.mark.parametrize(
    ("lines", "postcode", "street", "town"),
    [
        (["High Street", "Talgarth", "Powys", ""], "LD3 0BB", "High Street", "Talgarth"),
        (["Bodorgan", "Ynys Môn", "", ""], "LL62 5AB", "", "Bodorgan"),
        (["Primrose Hill", "St George", "Abergele", "Conwy"], "LL22 9BU", "Primrose Hill, St George", "Abergele"),
        (["Maes y Llan", "Gyffin", "Conwy", ""], "LL32 8NB", "Maes y Llan, Gyffin", "Conwy"),
        (["The Canonry", "", "Ffordd Gwynedd", "Bangor"], "LL57 1DT", "The Canonry, Ffordd Gwynedd", "Bangor"),
        (["Eryrys Road", "Nr Mold", "", ""], "CH7 4TB", "Eryrys Road", "Mold"),
        (["Gwynedd", "", "", ""], "LL57 1DT", "", "Gwynedd"),
        (["", "", "", ""], "", "", ""),
    ],
)
def test_the_town_is_guessed_from_the_lines_of_the_address(lines: list[str], postcode: str, street: str, town: str) -> None:
    maintained([[*welsh()[:10], *lines, postcode, "", ""]])
    assert (school("6812345").street, school("6812345").town) == (street, town)


def test_independent_schools_and_units_of_the_welsh_list() -> None:
    take(written([*OTHERS, "Pupils - see notes"], [[*other("6816014"), "14"]]))
    take(written(OTHERS, [other("6811109", "The Harbour Centre")]))
    assert school("6816014").school_type == "Independent"
    assert school("6811109").school_type == "Pupil referral unit"


def test_a_school_of_gias() -> None:
    gias([english()])
    row = school("3302001")
    assert (row.name, row.authority.number, row.region, row.language) == ("Canal Primary", "330", "England", "en")
    assert (row.street, row.town, row.postcode, row.telephone) == ("Lock Lane, Edgbaston", "Birmingham", "B4 9ZZ", "01214960000")
    assert row.school_type == "Primary"


def test_independent_schools_of_gias_have_no_phase() -> None:
    gias([english(**{"PhaseOfEducation (name)": "Not applicable", "TypeOfEstablishment (name)": "Other independent school"})])
    assert school("3302001").school_type == "Other independent school"


def test_offshore_schools_belong_to_their_region() -> None:
    gias([english("7024001")])
    assert school("7024001").region == "Offshore"


def test_a_school_of_gias_closes_on_its_day() -> None:
    ahead = timezone.localdate() + timedelta(days=90)
    gias(
        [
            english("3302001", **{"EstablishmentStatus (name)": "Closed", "CloseDate": "31-08-2019"}),
            english("3302002", **{"EstablishmentStatus (name)": "Open, but proposed to close", "CloseDate": f"{ahead:%d-%m-%Y}"}),
            english("3302003", **{"EstablishmentStatus (name)": "Closed"}),
        ]
    )
    assert (school("3302001").closed_on, school("3302001").is_open) == (date(2019, 8, 31), False)
    assert (school("3302002").closed_on, school("3302002").is_open) == (ahead, True)
    assert school("3302003").closed_on == timezone.localdate()


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_with_one_number_in_gias_the_open_one_counts(order: int) -> None:
    before = english(name="Canal Primary", **{"EstablishmentStatus (name)": "Closed", "CloseDate": "31-08-2015"})
    after = english(name="Canal Academy", group="Academies")
    summary = gias([before, after][::order])
    assert (school("3302001").name, school("3302001").is_open) == ("Canal Academy", True)
    assert summary.skipped == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252"])
def test_encodings(encoding: str) -> None:
    take(written(MAINTAINED, [welsh(name="Ysgol Gŵyr".replace("ŵ", "ô") + " – Siân’s")], encoding))
    assert school("6812345").name == "Ysgol Gôyr – Siân’s"


# Taken in again


def test_a_second_time_nothing_changes() -> None:
    first = maintained([*ten(), welsh()])
    before = list(Organisation.objects.order_by("pk").values())
    second = maintained([*ten(), welsh()])
    assert (first.created, first.unchanged) == (11, 0)
    assert (second.created, second.updated, second.unchanged, second.closed, second.reopened) == (0, 0, 11, 0, 0)
    assert list(Organisation.objects.order_by("pk").values()) == before


def test_a_second_time_nothing_changes_in_gias_either() -> None:
    rows = [english(), english("3302003", **{"EstablishmentStatus (name)": "Closed"})]
    gias(rows)
    before = list(Organisation.objects.order_by("pk").values())
    assert gias(rows).unchanged == 2
    assert list(Organisation.objects.order_by("pk").values()) == before


def test_the_list_corrects_name_and_address() -> None:
    maintained([welsh()])
    assert maintained([welsh(name="Ysgol y Bont Newydd", town="Penarth")]).updated == 1
    assert (school("6812345").name, school("6812345").town) == ("Ysgol y Bont Newydd", "Penarth")


def test_what_people_entered_stays() -> None:
    maintained([welsh(telephone="")])
    entered = {"email": "head@example.org", "telephone": "029 2018 0999", "name_cy": "Ysgol y Bont", "language": "cy"}
    Organisation.objects.filter(number="6812345").update(**entered)
    maintained([welsh(name="Bridge School")])
    row = school("6812345")
    assert row.name == "Bridge School"
    assert {column: getattr(row, column) for column in entered} == entered


def test_a_blank_telephone_is_filled() -> None:
    maintained([welsh(telephone="")])
    maintained([welsh()])
    assert school("6812345").telephone == "029 2018 0001"


def test_a_school_that_a_person_added_is_taken_over_by_its_list() -> None:
    maintained(ten())
    Organisation.objects.create(
        number="6812345", kind="school", name="Ysgol Newydd", region="Wales", authority=school("6812301").authority, email="new@example.org"
    )
    assert maintained([*ten(), welsh()]).updated == 1
    assert school("6812345").email == "new@example.org"
    assert maintained(ten()).closed == 1


# Closing and reopening


def test_a_school_missing_from_its_list_is_closed_and_not_deleted() -> None:
    maintained([*ten(), welsh()])
    summary = maintained(ten())
    assert (summary.closed, summary.unchanged) == (1, 10)
    assert school("6812345").closed_on == timezone.localdate()
    assert "6812345" not in numbers_open()


def test_a_closed_school_that_reappears_is_reopened() -> None:
    maintained([*ten(), welsh()])
    maintained(ten())
    assert maintained([*ten(), welsh()]).reopened == 1
    assert school("6812345").closed_on is None


def test_a_day_of_closing_to_come_is_kept() -> None:
    maintained([welsh()])
    ahead = timezone.localdate() + timedelta(days=200)
    Organisation.objects.filter(number="6812345").update(closed_on=ahead)
    assert maintained([welsh()]).unchanged == 1
    assert school("6812345").closed_on == ahead


def test_a_list_closes_only_what_it_speaks_of() -> None:
    take(written(OTHERS, [other("6816014"), other("6811109")]))
    maintained([welsh("6722001"), *ten()])
    gias([english("3302001"), english("3302002", group="Academies"), english("3312001")])
    Organisation.objects.create(number="6819999", kind="school", name="By hand", region="Wales", authority=school("6812301").authority)
    everybody = numbers_open()
    maintained(ten())  # neither Bridgend, nor independent schools and units, nor what a person added
    gias([english("3302001")])  # neither Coventry nor academies
    assert numbers_open() == everybody
    maintained([*ten()[:9], welsh("6722001")])
    assert numbers_open() == everybody - {"6812310"}


def test_half_a_list_is_refused_as_it_would_close_too_many() -> None:
    maintained(ten())
    with pytest.raises(ListRefused) as refused:
        maintained([*ten()[:7], welsh()])
    assert (refused.value.code, refused.value.facts) == (ListFault.CLOSES_MANY, {"closing": 3, "open": 10, "most": 20})
    assert len(numbers_open()) == 10
    assert not Organisation.objects.filter(number="6812345").exists()


def test_a_fifth_may_close() -> None:
    maintained(ten())
    assert maintained(ten()[:8]).closed == 2


def test_many_close_when_somebody_says_that_it_is_right() -> None:
    maintained(ten())
    assert maintained(ten()[:3], close_many=True).closed == 7


def test_closings_that_gias_states_count_too() -> None:
    rows = [english(f"330200{place}") for place in range(5)]
    gias(rows)
    closed = [english(f"330200{place}", **{"EstablishmentStatus (name)": "Closed", "CloseDate": "31-08-2024"}) for place in range(2)]
    with pytest.raises(ListRefused):
        gias([*closed, *rows[2:]])
    assert gias([*closed[:1], *rows[1:]]).closed == 1


# Broken and hostile lines


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (welsh()[:-4], LineFault.COLUMNS),
        ([*welsh(), "more"], LineFault.COLUMNS),
        (["nothing"], LineFault.COLUMNS),
        (welsh("681234"), LineFault.NUMBER),
        (welsh("68123456"), LineFault.NUMBER),
        (welsh("681２３４５"), LineFault.NUMBER),
        (["6812345", "Ysgol", "672", *welsh()[3:]], LineFault.NUMBER),
        (welsh("3302001"), LineFault.OTHER_LIST),
        (welsh("6812301"), LineFault.DUPLICATE),
        (welsh(name="  "), LineFault.NAME),
        (welsh(name="Y" * 201), LineFault.TOO_LONG),
        (welsh(name="Y" * 200_000), LineFault.COLUMNS),  # more than the reader takes for one cell
        (welsh(telephone="0" * 41), LineFault.TOO_LONG),
        (welsh(name="Ysgol\x00"), LineFault.CHARACTER),
        (welsh(name="Ysgol \u202egnol"), LineFault.CHARACTER),
        (welsh(name="Ysgol M\ufffdn"), LineFault.CHARACTER),
    ],
)
def test_a_broken_line_is_passed_over_and_reported(line: list[str], fault: LineFault) -> None:
    rows = ten()
    summary = maintained([*rows[:5], line, *rows[5:]])
    assert [(skipped.line, skipped.fault) for skipped in summary.skipped] == [(7, fault)]
    assert summary.created == 10


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"LA (code)": "999"}, LineFault.AUTHORITY),
        ({"LA (code)": "681"}, LineFault.OTHER_LIST),
        ({"EstablishmentNumber": ""}, LineFault.NO_NUMBER),
        ({"EstablishmentNumber": "20O1"}, LineFault.NUMBER),
        ({"EstablishmentStatus (name)": "Proposed to open"}, LineFault.PROPOSED),
        ({"CloseDate": "31/08/2024"}, LineFault.DATE),
        ({"CloseDate": "30-02-2024"}, LineFault.DATE),
    ],
)
def test_a_line_of_gias_that_is_no_school_for_us(more: dict[str, str], fault: LineFault) -> None:
    summary = gias([english("3302002"), english(**more)])
    assert [(skipped.line, skipped.fault) for skipped in summary.skipped] == [(3, fault)]
    assert summary.created == 1


def test_a_line_of_the_welsh_list_may_end_early_where_only_blanks_are_left_out() -> None:
    assert maintained([welsh()[:-1], welsh("6812346")[:-2]]).created == 2
    assert (school("6812345").telephone, school("6812346").telephone) == ("029 2018 0001", "")


def test_a_school_whose_line_is_broken_stays_open() -> None:
    maintained([*ten(), welsh()])
    assert maintained([*ten(), welsh()[:6]]).closed == 0
    assert maintained([*ten(), welsh(name="")]).closed == 0
    assert "6812345" in numbers_open()


def test_nothing_closes_when_a_line_cannot_be_read_at_all() -> None:
    maintained([*ten(), welsh()])
    summary = maintained([*ten(), ["?"]])
    assert (summary.closed, summary.kept_open) == (0, 1)
    assert "6812345" in numbers_open()
    assert maintained([*ten(), ["?"]], close_many=True).closed == 1


def test_a_quotation_mark_that_never_closes_closes_no_school() -> None:
    maintained(ten())
    text = written(MAINTAINED, ten()).decode().replace("6812309,Ysgol 8", '6812309,"Ysgol 8')
    summary = take(text.encode())
    assert [skipped.fault for skipped in summary.skipped] == [LineFault.COLUMNS]
    assert (summary.closed, summary.kept_open) == (0, 2)


# Refused as a whole


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", ListFault.UNKNOWN_LIST),
        (b"Name,Number\r\nYsgol,6812345\r\n", ListFault.UNKNOWN_LIST),
        (written(MAINTAINED[1:], [welsh()[1:]]), ListFault.UNKNOWN_LIST),
        (written(MAINTAINED, [welsh()], "utf-16"), ListFault.UNKNOWN_LIST),
        (b"PK\x03\x04\x81\x8d\x9d", ListFault.NOT_TEXT),
        (written(MAINTAINED, []), ListFault.NO_SCHOOLS),
        (written(MAINTAINED, [welsh("12")]), ListFault.NO_SCHOOLS),
    ],
)
def test_a_file_that_is_no_list_is_refused(content: bytes, fault: ListFault) -> None:
    assert refusal(content).code == fault


def test_the_headings_of_an_unknown_list_are_told_in_plain_characters() -> None:
    assert refusal(b"Enw\x1b[31m,Rhif\r\n").facts == {"headings": [r"Enw\x1b[31m", "Rhif"]}


# The record, and how far it is


def test_an_import_is_recorded_with_its_counts_and_its_digest() -> None:
    content = written(MAINTAINED, [*ten(), welsh("12"), welsh("13")])
    take(content)
    entry = Entry.objects.get(action="schools imported")
    assert entry.person == "s2s"
    assert entry.facts["sha256"] == hashlib.sha256(content).hexdigest()
    assert entry.facts["schools"] == {"created": 10, "updated": 0, "unchanged": 0, "closed": 0, "reopened": 0, "kept_open": 0}
    assert (entry.facts["list"], entry.facts["skipped"]) == ("Wales", {"number": 2})


def test_a_refused_list_leaves_no_record() -> None:
    refusal(written(MAINTAINED, []))
    assert not Entry.objects.exists()


def test_progress_ends_with_all_schools() -> None:
    heard: list[tuple[int, int]] = []
    import_schools(by=Site(), content=written(MAINTAINED, ten()), progress=lambda done, total: heard.append((done, total)))
    assert heard[0] == (0, 10)
    assert heard[-1] == (10, 10)


# The real lists, where they lie beside the project


def real(name: str) -> bytes:
    path = Path(__file__).resolve().parents[3] / "shared/data" / name
    if not path.exists():
        pytest.skip(f"{path.name} is not beside the project: the real list is not tried")
    return path.read_bytes()


def test_the_real_welsh_lists() -> None:
    content = real("gov_wales_address_list_2018-04-10_maintained.csv")
    begin = time.process_time()
    summary = take(content)
    assert time.process_time() - begin < 5, "seconds of the processor; a quarter of one is usual"
    assert (summary.created, summary.skipped) == (1521, ())
    assert take(real("gov_wales_address_list_2018-04-10_independent.csv")).created == 72
    assert take(real("gov_wales_address_list_2018-04-10_pru.csv")).created == 23
    school_types = Counter(Organisation.objects.filter(kind="school").values_list("school_type", flat=True))
    assert school_types["Secondary"] == 195
    assert school_types["Nursery"] == 11
    assert not Organisation.objects.filter(kind="school", town="").exists()
    again = take(content)
    assert (again.unchanged, again.closed) == (1521, 0)


def test_the_real_heading_of_gias() -> None:
    assert take(real("gias_sample_schools-experience_edubase.csv")).created == 4
    assert school("2073402").name == "St Thomas' CofE Primary School"
