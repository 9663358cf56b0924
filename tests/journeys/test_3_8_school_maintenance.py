"""School Maintenance: an LEA Administrator looks after the schools of the own LA, and of no other (3.8)."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from s2s.accounts.models import OneTimeLink, User
from s2s.audit.models import Action, Entry
from s2s.notices.models import Email
from s2s.organisations.models import Organisation
from tests.cast import PASSWORD, Cast
from tests.journeys.doors import mails, text, upload
from tests.journeys.filled_forms import form
from tests.samples import ctf, name_for

pytestmark = pytest.mark.django_db
OFFICE = "office@6812045.example.org"


@pytest.fixture
def dba(cast: Cast) -> Client:
    return cast.client(cast.person("LEA_DBA", "681"))


def change(client: Client, number: str = "6812045", **changes: str) -> object:
    path = f"/schools/{number}/update"
    return client.post(path, form(client, path) | changes, follow=True)


@pytest.mark.guidance("3.1-06")
def test_the_dba_menu_has_three_options_and_each_offers_what_is_said(cast: Cast, dba: Client) -> None:
    main = dba.get("/dba").content.decode().split("<main", 1)[1]
    options = re.findall(r'<h2[^>]*><a class="govuk-link" href="([^"]+)">([^<]+)</a></h2>', main)
    assert options == [("/users", "User Maintenance"), ("/schools", "School Maintenance"), ("/lea", "Maintain LEA Details")]
    offers = {"/users": ("Add User", "Update/View User", "Delete User"), "/schools": ("Add School", "View/Update School", "Delete School")}
    for path, entries in offers.items():
        html = dba.get(path).content.decode()
        for entry in entries:
            link = re.search(rf'<a class="govuk-link" href="([^"]+)">{entry}</a>', html)
            assert link, entry
            assert dba.get(link[1]).status_code == 200, entry
    assert "Update this LEA:" in text(dba.get("/lea"))


@pytest.mark.guidance("3.8-03", "3.8-08")
def test_the_list_of_what_can_be_done(cast: Cast, dba: Client) -> None:
    page = text(dba.get("/schools"))
    assert "Please select an item from the list..." in page
    for entry, explained in (
        ("Add School", "Allows DBA to add a new school"),
        ("Delete School", "Allows DBA to delete a schools details"),
        ("View/Update School", "Allows DBA to amend a schools details"),
        ("Back", "Go back to the previous page"),
    ):
        assert f"{entry} {explained}" in page
    assert "IMS@gov.wales" in page
    assert re.search(r'href="/dba">Back<', dba.get("/schools").content.decode())
    assert dba.get("/dba").status_code == 200


@pytest.mark.guidance("3.8-01", "3.8-07", "3.8-12", "3.8-13", "3.8-14")
def test_a_school_is_found_by_its_number_or_in_the_list(cast: Cast, dba: Client) -> None:
    for number in ("6812045", "6812061", "6792303"):
        cast.school(number)
    html = dba.get("/schools/find").content.decode()
    assert set(re.findall(r'<option value="(\d+)"', html)) == {"6812045", "6812061"}, "the LA's schools and no others"
    assert '<input type="hidden" name="lea" value="681">' in html
    assert not re.search(r'<(select|input[^>]*type="text")[^>]*name="lea"', html)
    assert "Display School Details" in html
    assert "Update School Details" in html
    for query in ("number=2045", "number=6812045", "school=6812045", "lea=681&number=2045"):
        answer = dba.get(f"/schools/find?{query}")
        assert answer["Location"] == "/schools/6812045/update", query
        assert "Greenway Primary School" in dba.get(answer["Location"]).content.decode()


@pytest.mark.guidance("3.8-02")
def test_the_school_of_another_authority_does_not_exist(cast: Cast, dba: Client) -> None:
    cast.school("6812045")
    cast.school("6792303")
    monmouthshire = cast.client(cast.person("LEA_DBA", "679"))
    pages = ("/schools/{}/update", "/schools/{}/close", "/schools/{}/delete", "/schools/{}/view")
    for page in pages:
        assert dba.get(page.format("6812045")).status_code == 200
        assert monmouthshire.get(page.format("6792303")).status_code == 200
        for number in ("6792303", "9999999", "681", "x", "%00", "٣٣٣٣٣٣٣"):
            assert dba.get(page.format(number)).status_code == 404, (page, number)
        if "view" not in page:
            said = form(monmouthshire, page.format("6792303"))
            assert dba.post(page.format("6792303"), said | {"name": "Ours", "lea": "681"}).status_code == 404
    for query in ("number=6792303", "number=2303", "school=6792303", "number=%00", "number="):
        answer = dba.get(f"/schools/find?{query}")
        assert answer.status_code == 400, query
        assert "There is a problem" in text(answer)
    assert Organisation.objects.get(number="6792303").name == "The Dell Primary School"


@pytest.mark.guidance("3.8-12")
def test_an_altered_authority_is_refused(cast: Cast, dba: Client) -> None:
    cast.school("6812045")
    cast.school("6792303")
    assert "cannot be changed" in text(dba.get("/schools/find?lea=679&number=2303"))
    answer = change(dba, lea="679", name="Moved")
    assert "The LA number is 681 and cannot be changed" in text(answer)
    school = Organisation.objects.get(number="6812045")
    assert (school.name, school.authority.number) == ("Greenway Primary School", "681")  # type: ignore[union-attr]


@pytest.mark.guidance("3.8-15", "3.8-18", "3.8-19", "3.8-04")
def test_details_are_changed_and_the_school_is_told(cast: Cast, dba: Client) -> None:
    cast.school("6812045", telephone="01632 960045")
    typed = {"name": "Greenway School", "name_cy": "Ysgol Lôn Las", "telephone": "01632 960999", "email": "head@6812045.example.org"}
    typed |= {"street": "New Road", "town": "Caerdydd", "postcode": "cf3 4as", "language": "en"}
    assert "Greenway School has been updated and has been told by email." in text(change(dba, **typed))
    assert (typed | {"postcode": "CF3 4AS"}).items() <= form(dba, "/schools/6812045/update").items()
    for address in (OFFICE, "head@6812045.example.org"):
        [(notice, words)] = mails(address)
        assert notice == "details_changed"
        assert "Cardiff has changed what s2s has on record for Greenway School (6812045)." in words
        for line in ("Name: Greenway School", "Town: Caerdydd", "Postcode: CF3 4AS", "Email address: head@6812045.example.org"):
            assert line in words
    entry = Entry.objects.get(action=Action.SCHOOL_CHANGED)
    assert (entry.person, entry.facts["number"], entry.facts["changes"]["town"]) == ("681leadba", "6812045", "Caerdydd")
    found = cast.client(cast.person("SCHOOL", "6812061")).get("/find-school?q=lon+las").content.decode()
    assert "Greenway School" in found
    assert "6812045" in found


def test_nothing_altered_is_nothing_changed(cast: Cast, dba: Client) -> None:
    school = cast.school("6812045", telephone="on request", email="greenway@hotmail.com")  # as a list or an old site may have it
    assert "You made no changes" in text(change(dba))
    assert not Entry.objects.filter(action=Action.SCHOOL_CHANGED).exists()
    assert not Email.objects.exists()
    assert "has been updated" in text(change(dba, town="Cardiff"))
    school.refresh_from_db()
    assert (school.telephone, school.email, school.version) == ("on request", "greenway@hotmail.com", 1)


@pytest.mark.guidance("3.7-03")
@pytest.mark.parametrize(
    ("box", "typed", "said"),
    [
        ("name", "", "This is blank"),
        ("name", "x" * 201, "too long: 201 characters. The limit is 200"),
        ("name", "Green\x00way", "contains a character that cannot be stored"),
        ("telephone", "ask Mair", "does not look like a telephone number"),
        ("email", "greenway@hotmail.com", "hotmail.com is a personal email domain"),
        ("email", "greenway@yahoo.co.uk", "yahoo.co.uk is a personal email domain"),
        ("email", "greenway", "not an email address"),
        ("postcode", "CARDIFF", "not a postcode"),
        ("language", "fr", "not one of the choices"),
        ("username", "green way", "can have only letters (a to z, capital or small) and digits"),
        ("username", "", "Enter a username"),
        ("username", "6812061", "reserved for that school"),
        ("username", "llanishen", "The username llanishen is already in use"),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_box(cast: Cast, dba: Client, box: str, typed: str, said: str) -> None:
    cast.person("SCHOOL", "6812045")
    cast.person("SCHOOL", "6812061", "llanishen")
    answer = change(dba, **{"town": "Caerdydd", box: typed})
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert said in text(answer)
    html = answer.content.decode()  # type: ignore[attr-defined]
    assert f'<a href="#{box}">' in html
    assert f'id="{box}-error"' in html
    assert 'value="Caerdydd"' in html, "what was typed is still there"
    assert Organisation.objects.get(number="6812045").town == ""
    assert not Email.objects.exists()


def test_all_mistakes_are_told_at_once(cast: Cast, dba: Client) -> None:
    cast.person("SCHOOL", "6812045")
    html = change(dba, name="", postcode="?", username="?").content.decode()  # type: ignore[attr-defined]
    assert re.findall(r'<a href="#(\w+)">', html) == ["name", "postcode", "username"], "in the order of the boxes"


@pytest.mark.guidance("3.8-16")
def test_another_user_name_ends_the_old_one(cast: Cast, dba: Client) -> None:
    user = cast.person("SCHOOL", "6812045")
    school = cast.client(user)
    assert school.get("/home").status_code == 200
    assert "has been updated" in text(change(dba, username="greenway1"))
    assert school.get("/home").status_code == 302, "the session has ended"
    assert Client().post("/sign-in", {"username": "6812045", "password": PASSWORD}).status_code == 400
    assert Client().post("/sign-in", {"username": "greenway1", "password": PASSWORD}).status_code == 302
    assert "Username: greenway1" in mails(OFFICE)[0][1]
    entry = Entry.objects.get(action=Action.USER_RENAMED)
    assert (entry.facts["before"], entry.facts["username"]) == ("6812045", "greenway1")


@pytest.mark.guidance("1.6-06")
def test_a_school_is_given_a_user_who_is_changed_and_deleted_and_another_one(cast: Cast, dba: Client) -> None:
    cast.school("6812045", email=OFFICE)
    change(dba, username="6812045")
    assert [notice for notice, _ in mails(OFFICE)] == ["welcome", "password_link"]
    change(dba, username="greenway1")
    page = dba.get("/schools/6812045/update").content.decode()
    assert 'href="/users/greenway1/delete"' in page
    assert 'href="/schools/6812045/update"' in dba.get("/users/greenway1/delete").content.decode(), "Cancel leads back"
    version = User.objects.get(username="greenway1").version
    answer = dba.post("/users/greenway1/delete", {"version": version})
    assert answer["Location"] == "/schools/6812045/update"
    assert not User.objects.filter(organisation__number="6812045").exists()
    assert "has no user account yet" in text(dba.get("/schools/6812045/update"))
    change(dba, username="6812045")
    assert User.objects.filter(username="6812045").exists()


def test_a_school_can_have_its_earlier_user_name_back_and_nobody_else_can(cast: Cast, dba: Client) -> None:
    cast.client(cast.person("SCHOOL", "6812045", "greenway"))
    change(dba, username="greenway1")
    cast.school("6812061")
    cast.person("SCHOOL", "6812061")
    assert "The username greenway has been used before" in text(change(dba, "6812061", username="greenway"))
    assert "has been updated" in text(change(dba, username="greenway"))
    assert Client().post("/sign-in", {"username": "greenway", "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize("username", ["6812061", "6819999"])
def test_a_name_of_seven_digits_is_kept_for_the_school_with_that_number(cast: Cast, dba: Client, username: str) -> None:
    cast.person("SCHOOL", "6812045")
    cast.school("6812061")
    assert "reserved for that school" in text(change(dba, username=username))
    new = {"username": username, "name": "B", "email": "b@cardiff.gov.uk", "role": "LEA_USER", "way": "link"}
    assert "reserved for that school" in text(dba.post("/users/add", new))
    assert not User.objects.filter(username=username).exists()
    change(dba, "6812061", username="6812061")
    assert User.objects.filter(username="6812061", organisation__number="6812061").exists()


@pytest.mark.guidance("3.8-09", "3.8-10", "3.8-11", "3.8-19")
def test_an_inactive_account_cannot_sign_in_until_it_is_active_again(cast: Cast, dba: Client) -> None:
    school = cast.client(cast.person("SCHOOL", "6812045"))
    assert school.get("/home").status_code == 200
    assert "statutory requirement, so there should be no need to make any school inactive" in text(dba.get("/schools/6812045/update"))
    change(dba, active="no")
    assert form(dba, "/schools/6812045/update")["active"] == "no"
    assert school.get("/home").status_code == 302
    assert Client().post("/sign-in", {"username": "6812045", "password": PASSWORD}).status_code == 400
    change(dba, active="yes")
    assert Client().post("/sign-in", {"username": "6812045", "password": PASSWORD}).status_code == 302
    assert ["inactive" in words for _, words in mails(OFFICE)] == [True, False]
    assert [entry.action for entry in Entry.objects.filter(action__startswith="user switched").order_by("pk")] == [
        "user switched off",
        "user switched on",
    ]


@pytest.mark.guidance("3.8-17")
def test_there_is_no_password_on_the_page_only_the_way_to_set_one(cast: Cast, dba: Client) -> None:
    user = cast.person("SCHOOL", "6812045")
    html = dba.get("/schools/6812045/update").content.decode()
    assert 'type="password"' not in html
    assert user.password not in html
    assert 'href="/users/6812045/password"' in html
    page = dba.get("/users/6812045/password").content.decode()
    boxes = re.findall(r'<input[^>]*type="password"[^>]*>', page)
    assert [re.findall(r'value="([^"]+)"', box) for box in boxes] == [[], []]
    fresh = "four entirely unrelated words"
    dba.post("/users/6812045/password", {"way": "assigned", "password": fresh, "again": fresh})
    school = Client()
    assert school.post("/sign-in", {"username": "6812045", "password": PASSWORD}).status_code == 400
    school.post("/sign-in", {"username": "6812045", "password": fresh})
    assert school.get("/home")["Location"] == "/new-password", "it must be changed"


def test_two_administrators_do_not_undo_each_other(cast: Cast, dba: Client) -> None:
    """The second is told what was saved meanwhile, keeps what was typed, and decides."""
    cast.person("SCHOOL", "6812045")
    path = "/schools/6812045/update"
    opened = form(dba, path)
    change(cast.client(cast.person("NATIONAL", "WG")), town="Rumney")
    answer = dba.post(path, opened | {"town": "Caerdydd"})
    assert answer.status_code == 400
    assert "Somebody else has saved this since you opened it" in text(answer)
    assert "Saved in the meantime: Rumney" in text(answer)
    assert 'value="Caerdydd"' in answer.content.decode()
    assert Organisation.objects.get(number="6812045").town == "Rumney"
    fresh = re.search(r'name="version" value="([^"]+)"', answer.content.decode())
    assert fresh
    assert dba.post(path, opened | {"town": "Caerdydd", "version": fresh[1]}).status_code == 302
    assert Organisation.objects.get(number="6812045").town == "Caerdydd"


def test_a_form_about_the_school_is_told_when_its_user_has_changed(cast: Cast, dba: Client) -> None:
    cast.person("SCHOOL", "6812045")
    opened = form(dba, "/schools/6812045/update")
    User.objects.filter(username="6812045").update(version=5)
    assert "Somebody else has saved" in text(dba.post("/schools/6812045/update", opened | {"active": "no"}))
    assert User.objects.get(username="6812045").is_active


SMUGGLED = {
    "kind": "authority", "number": "6819999", "authority": "679", "authority_id": "1", "region": "England", "copies": "", "listed_in": "x",
    "closed_on": "2020-01-01", "successor": "6812061", "school_type": "Special", "category": "1", "role": "NATIONAL", "is_active": "",
    "organisation": "WG", "password": "mine", "must_change_password": "", "id": "1", "pk": "1",
}  # fmt: skip


def test_what_is_not_on_the_form_is_ignored(cast: Cast, dba: Client) -> None:
    user = cast.person("SCHOOL", "6812045", email=OFFICE)
    cast.school("6812061")
    before = Organisation.objects.filter(number="6812045").values().get(), User.objects.filter(pk=user.pk).values().get()
    path = "/schools/6812045/update"
    assert dba.post(path, SMUGGLED | form(dba, path) | {"town": "Caerdydd"})["Location"] == path
    after = Organisation.objects.filter(number="6812045").values().get(), User.objects.filter(pk=user.pk).values().get()
    assert {column for column in before[0] if before[0][column] != after[0][column]} == {"town", "version"}
    assert before[1] == after[1]


# Adding


NEW = {"lea": "681", "number": "2099", "school_type": "Primary", "name": "Lamby Primary School", "email": "office@lamby.example.org"}
NEW |= {"name_cy": "", "telephone": "", "street": "", "town": "Rumney", "postcode": "", "language": "en", "username": ""}


@pytest.mark.guidance("3.8-05", "3.8-04")
def test_a_new_school_can_be_sent_to_at_once_and_gets_its_user_by_a_link(cast: Cast, dba: Client) -> None:
    answer = dba.post("/schools/add", NEW, follow=True)
    assert "Lamby Primary School (6812099) has been added" in text(answer)
    school = Organisation.objects.get(number="6812099")
    assert (school.kind, school.authority.number, school.region, school.school_type) == ("school", "681", "Wales", "Primary")  # type: ignore[union-attr]
    user = User.objects.get(organisation=school)
    assert (user.username, user.role, user.email, user.has_usable_password()) == ("6812099", "SCHOOL", "office@lamby.example.org", False)
    (first, named), (second, linked) = mails("office@lamby.example.org")
    assert (first, second) == ("welcome", "password_link")
    assert "Your username: 6812099" in named
    assert "/link/" not in named
    assert "6812099" not in linked, "never in the same e-mail (3.7)"
    path = re.search(r"/link/\S+", linked)
    assert path
    fresh = "four entirely unrelated words"
    Client().post(path.group(), {"new": fresh, "again": fresh})
    assert Client().post("/sign-in", {"username": "6812099", "password": fresh}).status_code == 302
    greenway = cast.client(cast.person("SCHOOL", "6812045"))
    assert "is safe" in upload(greenway, (name_for("6812045", "6812099"), ctf(destination="6812099")))
    assert "Lamby Primary School" in text(greenway.get("/find-school?q=Lamby"))
    assert Entry.objects.get(action=Action.SCHOOL_ADDED).facts["number"] == "6812099"


def test_a_school_without_an_address_has_no_user_until_it_has_one(cast: Cast, dba: Client) -> None:
    assert "It has no user account yet" in text(dba.post("/schools/add", NEW | {"email": ""}, follow=True))
    assert not User.objects.filter(organisation__number="6812099").exists()
    change(dba, "6812099", email="office@lamby.example.org", username="6812099")
    assert User.objects.get(organisation__number="6812099").username == "6812099"
    assert [notice for notice, _ in mails("office@lamby.example.org")] == ["welcome", "password_link", "details_changed"]


def test_a_link_that_was_not_used_is_sent_again_to_the_new_address(cast: Cast, dba: Client) -> None:
    dba.post("/schools/add", NEW)
    change(dba, "6812099", email="new@lamby.example.org")
    assert "password_link" in [notice for notice, _ in mails("new@lamby.example.org")]
    assert OneTimeLink.objects.count() == 2


@pytest.mark.guidance("A1-01")
@pytest.mark.parametrize("number", ["209", "20999", "681209", "68120990", "6792099", "20a9", "٢٠٩٩", "", "-209"])
def test_a_number_has_seven_digits(cast: Cast, dba: Client, number: str) -> None:
    answer = dba.post("/schools/add", NEW | {"number": number})
    assert answer.status_code == 400
    assert "An establishment number has seven digits: the LA number, then the school's own four." in text(answer)
    assert not Organisation.objects.filter(name="Lamby Primary School").exists()


@pytest.mark.guidance("A1-01")
def test_no_two_schools_have_the_same_number(cast: Cast, dba: Client) -> None:
    cast.school("6812099", name="Rumney Infants", closed_on=timezone.localdate() - timedelta(days=400))
    cast.school("6792099")
    for number in ("2099", "6812099"):
        assert "6812099 is already the number of Rumney Infants" in text(dba.post("/schools/add", NEW | {"number": number}))
    assert "has been added" in text(dba.post("/schools/add", NEW | {"number": "2303"}, follow=True)), "the number of a school elsewhere"
    assert Organisation.objects.filter(number__endswith="2099").count() == 2


def test_of_two_who_add_the_same_number_at_once_the_second_is_told(cast: Cast, dba: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.school("6812099", name="Rumney Infants")
    monkeypatch.setattr("s2s.administration.school_maintenance.organisation_queries.organisation", lambda number: None)
    answer = dba.post("/schools/add", NEW)
    assert answer.status_code == 400
    assert "6812099 is already the number of" in text(answer)


def test_a_school_is_added_to_the_own_authority_and_to_no_other(cast: Cast, dba: Client) -> None:
    cast.authority("679")
    assert "cannot be changed" in text(dba.post("/schools/add", NEW | {"lea": "679"}))
    dba.post("/schools/add?lea=679", NEW | SMUGGLED | {"number": "2099", "school_type": "Primary"})
    school = Organisation.objects.get(name="Lamby Primary School")
    assert (school.number, school.kind, school.region, school.closed_on, school.successor) == ("6812099", "school", "Wales", None, None)
    assert school.category is None
    assert User.objects.get(organisation=school).role == "SCHOOL"


def test_a_user_name_that_somebody_has_adds_no_school(cast: Cast, dba: Client) -> None:
    cast.person("LEA_USER", "681", "681bjones")
    assert "The username 681BJones is already in use" in text(dba.post("/schools/add", NEW | {"username": "681BJones"}))
    assert not Organisation.objects.filter(number="6812099").exists()
    assert not Email.objects.exists()


# Deleting and closing


@pytest.mark.guidance("3.8-06")
def test_a_school_set_up_by_mistake_is_deleted_with_its_user(cast: Cast, dba: Client) -> None:
    dba.post("/schools/add", NEW)
    assert dba.get("/schools/delete?number=2099")["Location"] == "/schools/6812099/delete"
    assert "Lamby Primary School" in text(dba.get("/schools/6812099/delete"))
    assert "has been deleted" in text(dba.post("/schools/6812099/delete", follow=True))
    assert not Organisation.objects.filter(number="6812099").exists()
    assert not User.objects.filter(username="6812099").exists()
    assert mails(NEW["email"])[-1][0] == "user_deleted"
    assert Entry.objects.get(action=Action.SCHOOL_DELETED).facts == {
        "number": "6812099",
        "name": "Lamby Primary School",
        "username": "6812099",
    }


def test_a_school_with_history_is_not_deleted(cast: Cast, dba: Client) -> None:
    cast.sent("6812045", "6812061")
    cast.school("6812098", successor=cast.school("6812049"))
    user = cast.person("SCHOOL", "6812077")
    cast.client(user)
    for number in ("6812045", "6812061", "6812049", "6812077"):
        answer = dba.post(f"/schools/{number}/delete")
        assert answer.status_code == 400, number
        assert "Close it instead" in text(answer)
        assert "/close" in answer.content.decode()
        assert Organisation.objects.filter(number=number).exists()
    assert User.objects.filter(pk=user.pk).exists()
    assert not Entry.objects.filter(action=Action.SCHOOL_DELETED).exists()


def close(client: Client, number: str, day: str, successor: str = "") -> object:
    path = f"/schools/{number}/close"
    parts = dict(zip(("closed_on-day", "closed_on-month", "closed_on-year"), day.split(), strict=True)) if day else {}
    return client.post(path, {**form(client, path), **parts, "successor": successor}, follow=True)


@pytest.mark.guidance("3.8-04")
def test_an_upload_to_a_closed_school_is_refused_and_names_the_successor(cast: Cast, dba: Client) -> None:
    greenway = cast.client(cast.person("SCHOOL", "6812045"))
    cast.school("6812061")
    cast.school("6812049")
    file = (name_for("6812045", "6812061"), ctf(destination="6812061"))
    assert "Closed on 31 August 2026. Its place was taken by Hafod Primary School (6812049)." in text(
        close(dba, "6812061", "31 8 2026", "6812049")
    )
    page = upload(greenway, file)
    assert "closed on 31 August 2026. Its place was taken by Hafod Primary School (6812049)" in page
    assert "is safe" not in page
    found = text(greenway.get("/find-school?q=Llanishen"))
    assert "Closed on 31 August 2026" in found
    assert "6812049" in found
    [(notice, words)] = mails("office@6812061.example.org")
    assert (notice, "Closing day: 31 August 2026" in words, "Successor: 6812049 Hafod Primary School" in words) == (
        "details_changed",
        True,
        True,
    )
    said = form(dba, "/schools/6812061/close")
    assert "Open" in text(dba.post("/schools/6812061/close", said | {"reopen": "yes"}, follow=True))
    assert "is safe" in upload(greenway, file)


def test_a_school_that_will_close_can_be_sent_to_until_then(cast: Cast, dba: Client) -> None:
    greenway = cast.client(cast.person("SCHOOL", "6812045"))
    cast.school("6812061")
    soon = timezone.localdate() + timedelta(days=10)
    assert "Closes on" in text(close(dba, "6812061", f"{soon.day} {soon.month} {soon.year}"))
    assert "is safe" in upload(greenway, (name_for("6812045", "6812061"), ctf(destination="6812061")))


@pytest.mark.parametrize(
    ("day", "successor", "said"),
    [
        ("", "", "The day is missing"),
        ("31 2 2026", "", "There is no such day: 31 February 2026"),
        ("1 8 26", "", "This is not a date"),
        ("x y z", "", "This is not a date"),
        ("31 8 2026", "6812045", "A school cannot be its own successor"),
        ("31 8 2026", "6812098", "no open school with the number 6812098"),
        ("31 8 2026", "681", "no open school with the number 681"),
        ("31 8 2026", "Hafod", "no open school with the number Hafod"),
    ],
)
def test_a_closing_that_cannot_be(cast: Cast, dba: Client, day: str, successor: str, said: str) -> None:
    cast.school("6812045")
    cast.school("6812098", closed_on=timezone.localdate())
    answer = close(dba, "6812045", day, successor)
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert said in text(answer)
    assert Organisation.objects.get(number="6812045").is_open


def test_schools_do_not_take_each_others_places_in_a_circle(cast: Cast, dba: Client) -> None:
    soon = timezone.localdate() + timedelta(days=10)
    for number in ("6812045", "6812061", "6812049"):
        cast.school(number)
    for number, after in (("6812045", "6812061"), ("6812061", "6812049")):
        close(dba, number, f"{soon.day} {soon.month} {soon.year}", after)
    assert "cannot be its own successor" in text(close(dba, "6812049", f"{soon.day} {soon.month} {soon.year}", "6812045"))
    assert Organisation.objects.get(number="6812049").closed_on is None


def test_a_closing_shows_what_waits_and_tells_the_successor_and_the_senders(cast: Cast, dba: Client) -> None:
    cast.sent("6812045", "6812061")
    cast.sent("6792303", "6812061")
    cast.school("6812049")
    page = text(dba.get("/schools/6812061/close"))
    assert "2 files are waiting there" in page
    assert "Greenway Primary School (6812045): 1" in page
    close(dba, "6812061", "31 8 2026", "6812049")
    assert mails("office@6812049.example.org")[-1][0] == "takes_the_place"
    assert "not yet downloaded: 2" in mails("office@6812049.example.org")[-1][1]
    for number in ("6812045", "6792303"):
        notice, words = mails(f"office@{number}.example.org")[-1]
        assert notice == "destination_closes"
        assert "School taking its place: Hafod Primary School (6812049)" in words
    count = Email.objects.count()
    close(dba, "6812061", "31 8 2026", "6812049")
    assert Email.objects.count() == count, "nothing new, nobody told"


@pytest.mark.parametrize("what", ["close", "reopen"])
def test_a_closing_or_reopening_with_a_form_of_before_is_refused(cast: Cast, dba: Client, what: str) -> None:
    cast.school("6812045", closed_on=timezone.localdate() if what == "reopen" else None)
    opened = form(dba, "/schools/6812045/close")
    change(cast.client(cast.person("NATIONAL", "WG")), town="Rumney")
    before = Organisation.objects.get(number="6812045").closed_on
    day = {"closed_on-day": "31", "closed_on-month": "8", "closed_on-year": "2026"}
    answer = dba.post("/schools/6812045/close", opened | day | ({"reopen": "yes"} if what == "reopen" else {}))
    assert answer.status_code == 400
    assert Organisation.objects.get(number="6812045").closed_on == before


@pytest.mark.parametrize("path", ["/schools/6812045/update", "/lea"])
def test_an_address_cannot_be_taken_away(cast: Cast, dba: Client, path: str) -> None:
    cast.school("6812045")
    answer = dba.post(path, form(dba, path) | {"email": " "})
    assert answer.status_code == 400
    assert "nobody would be told that a file has arrived" in text(answer)
    assert Organisation.objects.filter(number__in=["681", "6812045"], email="").count() == 0


def test_no_school_is_added_to_an_authority_that_is_no_more(cast: Cast, dba: Client) -> None:
    Organisation.objects.filter(number="681").update(closed_on=timezone.localdate())
    assert "no longer a local authority" in text(dba.post("/schools/add", NEW))
    assert not Organisation.objects.filter(number="6812099").exists()


@pytest.mark.guidance("3.8-18")
def test_whoever_leaves_without_update_has_changed_nothing(cast: Cast, dba: Client) -> None:
    cast.school("6812045", town="Cardiff")
    before = Organisation.objects.filter(number="6812045").values().get()
    form(dba, "/schools/6812045/update")
    dba.get("/schools/6812045/update?town=Elsewhere&name=Other")
    assert Organisation.objects.filter(number="6812045").values().get() == before


# Looking without changing


@pytest.mark.guidance("1.6-42", "1.6-44", "1.6-48", "1.6-43")
def test_the_view_only_administrator_sees_schools_and_changes_nothing(cast: Cast) -> None:
    user = cast.person("SCHOOL", "6812045")
    cast.school("6792303")
    viewer = cast.client(cast.person("LEA_DBA_VIEW", "681"))
    assert viewer.get("/schools/find?number=2045")["Location"] == "/schools/6812045/view"
    answer = viewer.get("/schools/6812045/view")
    page, html = text(answer), answer.content.decode()
    for detail in ("Greenway Primary School", OFFICE, "6812045", "Active"):
        assert detail in page
    main = html[html.index("<main") : html.index("</main>")]
    assert "<button" not in main
    assert "<form" not in main
    assert user.password not in html
    assert 'type="password"' not in html
    for path in ("/schools", "/schools/add", "/schools/6812045/update", "/schools/6812045/close", "/schools/6812045/delete"):
        assert viewer.get(path).status_code == 404, path
        assert viewer.post(path, NEW).status_code in {404, 405}, path
    assert viewer.get("/schools/6792303/view").status_code == 404


def test_welsh_pages_name_schools_in_welsh(cast: Cast) -> None:
    cast.school("6812045", name_cy="Ysgol Lôn Las", closed_on=timezone.localdate(), successor=cast.school("6812061"))
    client = cast.client(cast.person("LEA_DBA", "681"))
    client.cookies["s2s_language"] = "cy"
    page = text(client.get("/schools/6812045/view"))
    assert "Ysgol Lôn Las" in page
    assert "Local authority" not in page
