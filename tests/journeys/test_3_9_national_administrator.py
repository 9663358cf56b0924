"""The national administrator: every LA and school, categories, notices, and the official lists (3.9)."""

from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from s2s.administration.models import KeptList, SiteNotice
from s2s.administration.sweep import sweep
from s2s.audit.models import Action, Entry
from s2s.organisations.models import Category, Organisation
from tests.cast import Cast
from tests.journeys.doors import mails, text, upload
from tests.journeys.filled_forms import form
from tests.organisations.test_import_schools import MAINTAINED, written
from tests.samples import ctf, name_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def national(cast: Cast) -> Client:
    return cast.client(cast.person("NATIONAL", "WG"))


# LEA Maintenance


@pytest.mark.guidance("3.9-15", "3.9-11")
def test_any_lea_is_edited_with_all_its_fields(cast: Cast, national: Client) -> None:
    for number in ("681", "679"):
        cast.authority(number)
        assert f"/leas/{number}/update" in national.get("/leas").content.decode()
        page = text(national.get(f"/leas/{number}/update"))
        assert "Edit LEA:" in page
        said = form(national, f"/leas/{number}/update")
        assert said["region"] == "Wales"
        assert national.post(f"/leas/{number}/update", said | {"name": f"Council {number}", "region": "England"}).status_code == 302
        row = Organisation.objects.get(number=number)
        assert (row.name, row.region) == (f"Council {number}", "England")
        assert [notice for notice, _ in mails(f"data@{number}.example.org")] == ["details_changed"]
    assert national.post("/leas/681/update", form(national, "/leas/681/update") | {"region": "Mars"}).status_code == 400
    for number in ("999", "6812045", "x"):
        assert national.get(f"/leas/{number}/update").status_code == 404


def test_the_details_of_the_national_office_stand_on_contacts(cast: Cast, national: Client) -> None:
    said = form(national, "/leas/WG/update")
    assert "disable" not in said
    assert (
        national.post("/leas/WG/update", said | {"telephone": "0300 060 4400", "opening_times": "9 to 5", "disable": "Y"}).status_code
        == 302
    )
    page = text(cast.client(cast.person("SCHOOL", "6812045")).get("/contacts"))
    assert "0300 060 4400" in page
    assert "9 to 5" in page


# School Maintenance over all LAs


@pytest.mark.guidance("3.9-19")
def test_schools_of_any_lea_are_maintained(cast: Cast, national: Client) -> None:
    for number in ("6812045", "6792303"):
        cast.school(number)
        lea = number[:3]
        assert f'<option value="{lea}"' in national.get("/schools/find").content.decode()
        assert f'<option value="{number}"' in national.get(f"/schools/find?lea={lea}").content.decode()
        assert national.get(f"/schools/find?lea={lea}&number={number[3:]}")["Location"] == f"/schools/{number}/update"
        path = f"/schools/{number}/update"
        assert national.post(path, form(national, path) | {"town": "Tref"}).status_code == 302
        assert Organisation.objects.get(number=number).town == "Tref"
    assert national.get("/schools/find?lea=681&number=6792303").status_code == 400, "another LA than the one chosen"
    assert national.get("/schools/find?lea=999").status_code == 404


@pytest.mark.guidance("3.8-04")
def test_a_school_is_opened_and_two_others_merge_into_it(cast: Cast, national: Client) -> None:
    for number in ("6812045", "6812061"):
        cast.school(number)
    new = {"lea": "681", "number": "2100", "school_type": "Primary", "name": "Ysgol y Lôn", "email": "", "language": ""}
    assert "has been added" in text(national.post("/schools/add?lea=681", new, follow=True))
    for number in ("6812045", "6812061"):
        path = f"/schools/{number}/close"
        day = {"closed_on-day": "31", "closed_on-month": "8", "closed_on-year": "2026", "successor": "6812100"}
        assert national.post(path, form(national, path) | day).status_code == 302
    assert set(Organisation.objects.get(number="6812100").predecessors.values_list("number", flat=True)) == {"6812045", "6812061"}
    assert "6812100" in text(national.get("/find-school?q=greenway"))
    assert national.post("/schools/6812100/delete").status_code == 400, "the others' successor"


def test_the_sort_and_category_are_the_national_administrators_to_set(cast: Cast, national: Client) -> None:
    cast.school("6812045", school_type="Primary")
    category = Category.objects.create(name="Pilot")
    path = "/schools/6812045/update"
    dba = cast.client(cast.person("LEA_DBA", "681"))
    assert dba.post(path, form(dba, path) | {"school_type": "Special", "category": str(category.pk)}).status_code == 302
    school = Organisation.objects.get(number="6812045")
    assert (school.school_type, school.category) == ("Primary", None)
    assert national.post(path, form(national, path) | {"school_type": "Special", "category": str(category.pk)}).status_code == 302
    school.refresh_from_db()
    assert (school.school_type, school.category) == ("Special", category)
    for wrong in ("99999", "x", "9" * 30):
        assert national.post(path, form(national, path) | {"category": wrong}).status_code == 400, wrong
    assert national.post(path, form(national, path) | {"school_type": "Hospital"}).status_code == 400


@pytest.mark.guidance("3.9-16")
def test_a_non_maintained_special_school_is_added_changed_and_sent_to(cast: Cast, national: Client) -> None:
    cast.authority("681")
    new = {
        "lea": "681",
        "number": "7001",
        "school_type": "Primary",
        "name": "Craig y Parc",
        "email": "office@craig.example.org",
        "language": "en",
    }
    assert "has been added" in text(national.post("/special-schools/add?lea=681", new, follow=True))
    assert Organisation.objects.get(number="6817001").school_type == "Non-maintained special school"
    assert "Craig y Parc" in text(national.get("/special-schools"))
    path = "/schools/6817001/update"
    assert national.post(path, form(national, path) | {"name": "Craig-y-Parc School"}).status_code == 302
    assert "Craig-y-Parc School" in text(national.get("/special-schools"))
    greenway = cast.client(cast.person("SCHOOL", "6812045"))
    assert "is safe" in upload(greenway, (name_for("6812045", "6817001"), ctf(destination="6817001")))


# Category Maintenance


@pytest.mark.guidance("3.9-17")
def test_categories_are_added_renamed_and_removed(cast: Cast, national: Client) -> None:
    assert "The category Pilot has been added" in text(national.post("/categories", {"name": "Pilot", "name_cy": "Peilot"}, follow=True))
    category = Category.objects.get()
    cast.school("6812045", category=category)
    assert "Pilot 1 school" in text(national.get("/categories"))
    path = f"/categories/{category.pk}/update"
    assert "now called Cluster" in text(national.post(path, form(national, path) | {"name": "Cluster"}, follow=True))
    assert "1 school had it and now has none" in text(national.post(path, {"remove": "yes"}, follow=True))
    assert not Category.objects.exists()
    assert Organisation.objects.get(number="6812045").category is None
    assert national.post(path, {"remove": "yes"}).status_code == 404
    assert [entry.action for entry in Entry.objects.filter(action__startswith="category").order_by("pk")] == [
        "category added",
        "category changed",
        "category removed",
    ]


def test_a_category_needs_a_name_of_its_own(cast: Cast, national: Client) -> None:
    national.post("/categories", {"name": "Pilot"})
    for name, said in (("pilot", "There is already one with this name: pilot"), ("", "This is blank"), ("x" * 101, "too long")):
        answer = national.post("/categories", {"name": name})
        assert answer.status_code == 400
        assert said in text(answer)
    path = f"/categories/{Category.objects.get().pk}/update"
    opened = form(national, path)
    national.post(path, opened | {"name": "Cluster"})
    assert "Somebody else has saved" in text(national.post(path, opened | {"name": "Other"}))
    assert Category.objects.get().name == "Cluster"


# Notices on Home


def days(name: str, day: object) -> dict[str, str]:
    return {f"{name}-{part}": str(getattr(day, part)) for part in ("day", "month", "year")}


def test_a_notice_is_on_everybodys_home_page_in_their_language_until_withdrawn(cast: Cast, national: Client) -> None:
    school = cast.client(cast.person("SCHOOL", "6812045"))
    user = cast.client(cast.person("LEA_USER", "679"))
    notice = {"text": "s2s is closed <on> Sunday.", "text_cy": "Mae s2s ar gau ddydd Sul."}
    assert national.post("/notices", notice).status_code == 302
    assert "s2s is closed <on> Sunday." in text(school.get("/home"))
    user.cookies["s2s_language"] = "cy"
    assert "Mae s2s ar gau ddydd Sul." in text(user.get("/home"))
    assert "s2s is closed <on> Sunday." in text(national.get("/home"))
    key = SiteNotice.objects.get().pk
    for stranger in (school, user, cast.client(cast.person("LEA_DBA", "681"))):
        assert stranger.post(f"/notices/{key}/withdraw").status_code == 404
    national.post(f"/notices/{key}/withdraw")
    national.post(f"/notices/{key}/withdraw")
    assert "Sunday" not in text(school.get("/home"))
    assert "Sunday" in text(national.get("/notices")), "it stays on record"
    assert [entry.action for entry in Entry.objects.filter(action__startswith="notice").order_by("pk")] == [
        Action.NOTICE_PUBLISHED,
        Action.NOTICE_WITHDRAWN,
    ]


def test_a_notice_has_its_days(cast: Cast, national: Client) -> None:
    today = timezone.localdate()
    both = {"text": "Soon", "text_cy": "Cyn bo hir"}
    assert (
        national.post("/notices", both | days("first", today + timedelta(days=3)) | days("last", today + timedelta(days=4))).status_code
        == 302
    )
    assert "Soon" not in text(national.get("/home"))
    SiteNotice.objects.update(begins_at=timezone.now() - timedelta(days=2))
    assert "Soon" in text(national.get("/home"))
    SiteNotice.objects.update(ends_at=timezone.now())
    assert "Soon" not in text(national.get("/home"))


def test_a_notice_needs_both_languages_and_days_that_can_be(cast: Cast, national: Client) -> None:
    today = timezone.localdate()
    both = {"text": "Now", "text_cy": "Nawr"}
    for wrong, box in (
        ({"text": "", "text_cy": "Nawr"}, "text"),
        ({"text": "Now", "text_cy": ""}, "text_cy"),
        ({"text": "x" * 1001, "text_cy": "Nawr"}, "text"),
        (both | {"first-day": "31", "first-month": "2", "first-year": "2026"}, "first"),
        (both | days("last", today - timedelta(days=1)), "last"),
        (both | days("first", today + timedelta(days=3)) | days("last", today + timedelta(days=2)), "last"),
    ):
        answer = national.post("/notices", wrong)
        assert answer.status_code == 400, wrong
        assert f'<a href="#{box}">' in answer.content.decode(), wrong
    assert not SiteNotice.objects.exists()


# The official lists


def school(number: str, name: str, town: str = "Cardiff") -> list[str]:
    row = dict.fromkeys(MAINTAINED, "") | {"School Number": number, "School Name": name, "LA Code": number[:3], "Sector": "Primary"}
    return list((row | {"Address 1": "School Lane", "Address 2": town, "Postcode": "CF10 1AA"}).values())


def listed(*rows: list[str]) -> bytes:
    return written(MAINTAINED, list(rows))


FIRST = [school("6812045", "Greenway Primary School"), school("6812061", "Llanishen Primary School"), school("6812049", "Hafod")]
FIRST += [school(f"68130{number:02}", f"School {number}") for number in range(10)]


def look(client: Client, content: bytes) -> object:
    """The page that shows what the list would change; or the refusal."""
    answer = client.post("/import", {"list": SimpleUploadedFile("schools.csv", content)})
    return client.get(answer["Location"]) if answer.status_code == 302 else answer


def take_in(client: Client, content: bytes, **more: str) -> object:
    """Look at the list, and then take in what was looked at."""
    answer = client.post("/import", {"list": SimpleUploadedFile("schools.csv", content)})
    return client.post(answer["Location"], more, follow=True)


def test_a_list_is_looked_at_first_and_then_taken_in_as_it_was_shown(cast: Cast, national: Client) -> None:
    first = listed(*FIRST)
    page = look(national, first)
    assert "13 would be added" in text(page)
    assert "Nothing has been saved yet" in text(page)
    assert not Organisation.objects.filter(kind="school").exists()
    assert not Entry.objects.filter(action=Action.SCHOOLS_IMPORTED).exists()
    assert "13 added" in text(national.post(f"/import/{KeptList.objects.get().key}", follow=True)), "no second choosing"
    assert not KeptList.objects.exists(), "taken in, it is no longer kept"
    assert Organisation.objects.get(number="6812061").name == "Llanishen Primary School"
    entry = Entry.objects.get(action=Action.SCHOOLS_IMPORTED)
    assert (entry.person, entry.facts["sha256"]) == ("WGnational", sha256(first).hexdigest())

    second = listed(school("6812045", "Greenway School"), *FIRST[1:2], *FIRST[3:], school("6812099", "Lamby"), school("9992000", "Nowhere"))
    words = text(look(national, second))
    for part in ("1 would be added", "1 would be updated", "1 would be closed", "11 stay as they are", "1 lines skipped"):
        assert part in words
    assert "6812099 Lamby" in words
    assert "6812045 Greenway School, Cardiff Name: Greenway Primary School → Greenway School" in words
    assert "6812049 Hafod" in words
    assert (
        "Line 15 (9992000): its number is not seven digits, or does not belong to its local authority" in words or "other nation" in words
    )
    assert Organisation.objects.get(number="6812045").name == "Greenway Primary School"
    national.post(f"/import/{KeptList.objects.get().key}")
    assert Organisation.objects.get(number="6812045").name == "Greenway School"
    assert not Organisation.objects.get(number="6812049").is_open
    assert "Greenway School" in text(national.get("/find-school?q=greenway")), "found under its new name at once"


def test_a_kept_list_is_for_whoever_chose_it_and_for_a_day(cast: Cast, national: Client) -> None:
    look(national, listed(*FIRST))
    path = f"/import/{KeptList.objects.get().key}"
    assert national.get(path).status_code == 200
    assert cast.client(cast.person("NATIONAL", "WG", "wgother")).post(path).status_code == 404
    KeptList.objects.update(at=timezone.now() - timedelta(hours=23, minutes=59))
    sweep()
    assert national.get(path).status_code == 200
    KeptList.objects.update(at=timezone.now() - timedelta(hours=24, minutes=1))
    assert national.post(path).status_code == 404
    assert not Organisation.objects.filter(kind="school").exists()
    sweep()
    assert not KeptList.objects.exists()


def test_a_list_that_closes_many_has_to_be_confirmed(cast: Cast, national: Client) -> None:
    first, half = listed(*FIRST), listed(*FIRST[:5])
    take_in(national, first)
    page = look(national, half)
    assert "would close 8 of 13 open schools, which is more than 20 per cent" in text(page)
    assert "8 would be closed" in text(page)
    answer = take_in(national, half)
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert Organisation.objects.filter(kind="school", closed_on=None).count() == 13
    assert take_in(national, half, close_many="on").status_code == 200  # type: ignore[attr-defined]
    assert Organisation.objects.filter(kind="school", closed_on=None).count() == 5


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x81\x8d\x8f", "This file is not text"),
        (b"a,b\n1,2\n", "This is not one of the official lists"),
        (b"", "This is not one of the official lists"),
        (listed(), "No school in this list could be imported. Lines skipped: 0"),
    ],
)
def test_what_is_not_a_list_is_refused(cast: Cast, national: Client, content: bytes, said: str) -> None:
    if not content:
        content = b"\n"
    answer = look(national, content)
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert said in text(answer)
    assert "No list is chosen" in text(national.post("/import"))


def test_whoever_has_a_school_open_is_told_of_the_import(cast: Cast, national: Client) -> None:
    first = listed(*FIRST)
    take_in(national, first)
    dba = cast.client(cast.person("LEA_DBA", "681"))
    opened = form(dba, "/schools/6812045/update")
    second = listed(school("6812045", "Greenway School"), *FIRST[1:])
    take_in(national, second)
    assert "Somebody else has saved" in text(dba.post("/schools/6812045/update", opened | {"town": "Rumney"}))
    assert Organisation.objects.get(number="6812045").name == "Greenway School"


def test_which_authorities_have_no_lea_administrator_is_seen_at_once(cast: Cast, national: Client) -> None:
    for number in ("680", "681"):
        cast.authority(number)
    cast.person("LEA_DBA", "681")
    off = cast.person("LEA_DBA", "680", is_active=False)
    waiting = Organisation.objects.filter(kind="authority", closed_on=None).count() - 1
    assert f"{waiting} local authorit" in text(national.get("/home"))
    page = national.get("/leas?show=without").content.decode()
    assert "/leas/680/update" in page
    assert "/users/add?at=680" in page
    assert "/leas/681/update" not in page
    assert 'href="/users/681leadba/update"' in national.get("/leas").content.decode()
    off.is_active = True
    off.save()
    assert "/leas/680/update" not in national.get("/leas?show=without").content.decode()
