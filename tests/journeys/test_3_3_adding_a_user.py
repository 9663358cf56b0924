"""User Maintenance and Add User (3.1-3.3, 3.7)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from s2s.accounts.models import User
from s2s.audit.models import Action, Entry
from s2s.notices.models import Email
from tests.cast import Cast
from tests.journeys.doors import mails, text
from tests.journeys.users import ASSIGNED, FRESH, NEW, choose_password, dba, link_in_mail, listed, may_sign_in, national, offered, person

pytestmark = pytest.mark.django_db

TO = NEW["email"]
BOTH_WAYS = [{"way": "link"}, {"way": "assigned", "password": ASSIGNED, "again": ASSIGNED}]


@pytest.mark.guidance("3.2-06", "3.2-07", "3.2-08", "3.2-09", "3.2-10", "3.2-11")
def test_user_maintenance_is_a_list_with_an_explanation_beside_each_entry(cast: Cast) -> None:
    client = dba(cast)
    answer = client.get("/users")
    page, html = text(answer), answer.content.decode()
    assert "Please select an item from the list.." in page
    cast.person("LEA_USER", "681")
    for href, entry, explanation, there in (
        ("/users/add", "Add User", "Allows DBA to add new users", "Add User"),
        ("/users/list", "Update/View User", "Allows DBA to update or view user details", "Update Details 681leauser"),
        ("/users/list", "Delete User", "Allows DBA to delete users", "Delete 681leauser"),
        ("/users/list", "Change Password", "Allows DBA to change password for selected user", "Change Password 681leauser"),
        ("/dba", "Back", "Go back to the previous page", "User Maintenance"),
    ):
        assert f"{entry} {explanation}" in page
        assert f'href="{href}">{entry}<' in html
        assert there in text(client.get(href)), href
    assert "/change-password" in html, "the own password is another entry, in the menu"


@pytest.mark.guidance("3.3-02", "3.3-05", "3.1-04", "1.6-05")
def test_a_user_is_added_and_works_at_once(cast: Cast) -> None:
    client = dba(cast)
    answer = client.post("/users/add", NEW, follow=True)
    assert "681bjones has been added" in text(answer)
    user = person("681bjones")
    assert (user.name, user.email, user.role, user.organisation.number) == ("Bethan Jones", TO, "LEA_USER", "681")
    assert "681bjones" in listed(client, "update")
    assert choose_password(link_in_mail(TO)) == 302
    assert may_sign_in("681bjones", FRESH)
    entry = Entry.objects.get(action=Action.USER_ADDED)
    assert (entry.person, entry.facts) == ("681leadba", {"username": "681bjones", "role": "LEA_USER", "at": "681", "assigned": False})


@pytest.mark.guidance("1.6-02")
def test_one_la_has_several_users_with_different_roles(cast: Cast) -> None:
    client = dba(cast)
    for role in ("LEA_USER", "LEA_USER", "LEA_SCHOOL", "LEA_PLASC", "LEA_DBA_VIEW"):
        number = User.objects.count()
        form = NEW | {"username": f"681user{number}", "role": role, "email": f"user{number}@cardiff.gov.uk"}
        assert client.post("/users/add", form).status_code == 302, role
        choose_password(link_in_mail(form["email"]))
        assert may_sign_in(form["username"], FRESH)


@pytest.mark.guidance("3.3-03")
@pytest.mark.parametrize("way", BOTH_WAYS)
def test_the_password_comes_by_a_link_or_is_assigned_and_is_never_shown(cast: Cast, way: dict[str, str]) -> None:
    client = dba(cast)
    answer = client.post("/users/add", NEW | way, follow=True)
    pages = [
        answer,
        *(client.get(f"/users/681bjones/{page}") for page in ("update", "delete", "password")),
        client.get("/users/681bjones/view"),
    ]
    for page in pages:
        assert page.status_code == 200
        assert ASSIGNED not in page.content.decode()
        assert person("681bjones").password not in page.content.decode()


@pytest.mark.guidance("3.3-06", "3.3-07")
@pytest.mark.parametrize("way", BOTH_WAYS)
def test_user_name_and_password_are_told_in_two_separate_mails(cast: Cast, way: dict[str, str]) -> None:
    dba(cast).post("/users/add", NEW | way)
    letters = [letter for _, letter in mails(TO)]
    assert len(letters) == 2
    of_name, of_password = letters
    assert "681bjones" in of_name
    assert "/link/" not in of_name
    assert "681bjones" not in of_password
    assert ("/link/" in of_password) == (way["way"] == "link")
    assert ("will give you the password" in of_password) == (way["way"] == "assigned")
    assert not any(ASSIGNED in letter for letter in letters), "the password itself is in no e-mail at all"


def test_an_assigned_password_must_be_changed_and_dies_after_a_week(cast: Cast) -> None:
    client = dba(cast)
    client.post("/users/add", NEW | BOTH_WAYS[1])
    assert may_sign_in("681bjones", ASSIGNED)
    assert person("681bjones").must_change_password
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=-1), tick=False):
        assert may_sign_in("681bjones", ASSIGNED)
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1), tick=False):
        assert not may_sign_in("681bjones", ASSIGNED)


def test_a_link_dies_after_a_week(cast: Cast) -> None:
    dba(cast).post("/users/add", NEW)
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1), tick=False):
        assert choose_password(link_in_mail(TO)) == 404
    assert choose_password(link_in_mail(TO)) == 302


def test_assigning_can_be_switched_off(cast: Cast, settings: object) -> None:
    settings.ASSIGNED_PASSWORDS = False  # type: ignore[attr-defined]
    client = dba(cast)
    assert 'type="password"' not in client.get("/users/add").content.decode()
    answer = client.post("/users/add", NEW | BOTH_WAYS[1])
    assert answer.status_code == 400
    assert "Administrators do not set passwords on this site" in text(answer)
    assert not User.objects.filter(username="681bjones").exists()
    assert client.post("/users/add", NEW).status_code == 302


@pytest.mark.guidance("3.3-04")
def test_the_role_comes_from_the_list_of_roles_a_dba_may_give(cast: Cast) -> None:
    client = dba(cast)
    assert offered(client, "/users/add", "role") == [
        "LEA_USER", "LEA_SCHOOL", "LEA_LOST_PUPIL", "LEA_LOST_PUPIL_TRANSFER", "LEA_DBA_VIEW", "LEA_PLASC", "LEA_ADMISSIONS",
    ]  # fmt: skip
    assert "Choose a role from the list" in text(client.post("/users/add", NEW | {"role": ""}))


@pytest.mark.guidance("3.1-03")
@pytest.mark.parametrize("role", ["LEA_DBA", "NATIONAL", "SCHOOL", "root", "\0"])
def test_a_role_that_is_not_in_the_list_is_refused(cast: Cast, role: str) -> None:
    answer = dba(cast).post("/users/add", NEW | {"role": role})
    assert answer.status_code == 400
    assert 'href="#role"' in answer.content.decode()
    assert not User.objects.filter(username="681bjones").exists()


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        ({"username": ""}, "username", "Enter a username"),
        ({"username": "681 bjones"}, "username", "can have only letters (a to z, capital or small) and digits"),
        ({"username": "681-b!jones"}, "username", "can have only letters (a to z, capital or small) and digits"),
        ({"username": "681bjônes"}, "username", "can have only letters (a to z, capital or small) and digits"),
        ({"username": "681b\0"}, "username", "a character that cannot be stored"),
        ({"username": "6" * 41}, "username", "The limit is 40 characters"),
        ({"name": "  "}, "name", "full name"),
        ({"name": "x\0y"}, "name", "a character that cannot be stored"),
        ({"name": "x" * 151}, "name", "cannot be used"),
        ({"email": ""}, "email", "email address"),
        ({"email": "bethan"}, "email", "not an email address"),
        ({"email": "b@\0cardiff.gov.uk"}, "email", "a character that cannot be stored"),
        ({"way": "assigned", "password": "short", "again": "short"}, "password", "too short"),
        ({"way": "assigned", "password": "password1234", "again": "password1234"}, "password", "a common one"),
        ({"way": "assigned", "password": "xx681bjonesxx", "again": "xx681bjonesxx"}, "password", "belong to you"),
        ({"way": "assigned", "password": ASSIGNED, "again": ASSIGNED + "x"}, "again", "not the same"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_added(cast: Cast, wrong: dict[str, str], field: str, said: str) -> None:
    answer = dba(cast).post("/users/add", NEW | wrong)
    assert answer.status_code == 400
    html = answer.content.decode()
    assert f'href="#{field}"' in html
    assert f'id="{field}-error"' in html
    assert said in text(answer)
    assert ASSIGNED not in html
    assert User.objects.count() == 1
    assert not Email.objects.exists()


def test_everything_wrong_is_said_at_once(cast: Cast) -> None:
    html = dba(cast).post("/users/add", {"way": "assigned", "password": "short"}).content.decode()
    summary = html[html.index("govuk-error-summary__list") :]
    assert re.findall(r'<a href="#(\w+)"', summary[: summary.index("</ul>")]) == ["username", "name", "email", "role", "password", "again"]


@pytest.mark.guidance("3.3-02")
def test_the_user_name_of_the_guidance_and_the_longest_one_pass(cast: Cast) -> None:
    client = dba(cast)
    for username in ("681bjones", "6" * 40):
        assert client.post("/users/add", NEW | {"username": username}).status_code == 302


@pytest.mark.guidance("3.3-01")
def test_a_user_name_is_unique_over_the_whole_site(cast: Cast) -> None:
    client = dba(cast)
    client.post("/users/add", NEW)
    for again, by in ((NEW, client), (NEW | {"email": "b.j@newport.gov.uk"}, dba(cast, "680")), (NEW | {"username": "681BJones"}, client)):
        answer = by.post("/users/add", again)
        assert answer.status_code == 400
        assert "is already in use on s2s" in text(answer)
    assert User.objects.filter(username__iexact="681bjones").count() == 1


def test_the_name_of_somebody_who_has_signed_in_never_becomes_somebody_elses(cast: Cast) -> None:
    client, gone = dba(cast), cast.person("LEA_USER", "681", "681bjones")
    cast.client(gone)
    client.post("/users/681bjones/delete", {"version": gone.version})
    assert not User.objects.filter(username="681bjones").exists()
    for name in ("681bjones", "681BJones"):
        assert f"The username {name} has been used before" in text(client.post("/users/add", NEW | {"username": name}))


@pytest.mark.guidance("3.7-01", "3.7-02")
@pytest.mark.parametrize(
    "domain", ["hotmail.com", "yahoo.co.uk", "gmail.com", "outlook.com", "live.co.uk", "icloud.com", "Mail.Yahoo.co.uk"]
)
def test_personal_e_mail_domains_are_refused_with_the_reason(cast: Cast, domain: str) -> None:
    answer = dba(cast).post("/users/add", NEW | {"email": f"a@{domain}"})
    assert answer.status_code == 400
    assert "personal email domain. These are strictly prohibited" in text(answer)
    assert User.objects.count() == 1


@pytest.mark.guidance("1.6-23")
def test_an_la_has_one_lea_school_user(cast: Cast) -> None:
    client = dba(cast)
    cast.person("LEA_SCHOOL", "680"), cast.person("LEA_SCHOOL", "681")
    user = cast.person("LEA_USER", "681")
    answer = client.post("/users/add", NEW | {"role": "LEA_SCHOOL"})
    assert answer.status_code == 400
    assert "Cardiff already has an LEA School user: 681leaschool. There can be only one." in text(answer)
    answer = client.post("/users/681leauser/update", {"role": "LEA_SCHOOL", "version": user.version})
    assert answer.status_code == 400
    assert "There can be only one" in text(answer)
    assert User.objects.filter(organisation__number="681", role="LEA_SCHOOL").count() == 1


@pytest.mark.parametrize("role", ["LEA_SCHOOL", "LEA_DBA"])
def test_the_database_itself_keeps_the_second_one_out(cast: Cast, role: str) -> None:
    cast.person(role, "681")
    with pytest.raises(IntegrityError), transaction.atomic():
        cast.person(role, "681", "681another")


@pytest.mark.parametrize("extra", [{"role": "LEA_USER", "organisation": "680", "at": "680", "is_active": "", "must_change_password": ""}])
def test_fields_that_the_form_does_not_have_are_ignored(cast: Cast, extra: dict[str, str]) -> None:
    other = cast.authority("680")
    answer = dba(cast).post(
        "/users/add?at=680", NEW | extra | {"organisation_id": other.pk, "session_epoch": "7", "id": "1", "language": "cy"}
    )
    assert answer.status_code == 302
    user = person("681bjones")
    assert (user.organisation.number, user.is_active, user.must_change_password, user.session_epoch) == ("681", True, True, 0)
    assert user.language == ""


# The national administrator


@pytest.mark.guidance("3.1-02", "3.9-18")
def test_the_national_administrator_sets_up_a_dba(cast: Cast) -> None:
    cast.authority("681")
    client = national(cast)
    assert "LEA_DBA" in offered(client, "/users/add?at=681", "role")
    assert client.post("/users/add?at=681", NEW | {"role": "LEA_DBA"}).status_code == 302
    assert choose_password(link_in_mail(TO)) == 302
    assert may_sign_in("681bjones", FRESH)
    assert person("681bjones").role == "LEA_DBA"


@pytest.mark.guidance("3.1-01")
def test_a_second_dba_is_refused_with_the_reason(cast: Cast) -> None:
    cast.person("LEA_DBA", "681")
    user, client = cast.person("LEA_USER", "681"), national(cast)
    answer = client.post("/users/add?at=681", NEW | {"role": "LEA_DBA"})
    assert answer.status_code == 400
    assert "Cardiff already has an LEA Administrator: 681leadba" in text(answer)
    answer = client.post("/users/681leauser/update", {"role": "LEA_DBA", "version": user.version})
    assert "There can be only one" in text(answer)
    assert User.objects.filter(role="LEA_DBA").count() == 1


def test_the_national_administrator_first_chooses_an_la(cast: Cast) -> None:
    cast.authority("681"), cast.authority("680")
    client = national(cast)
    assert {"681", "680", "WG"} <= set(offered(client, "/users", "at"))
    assert "Add User" not in text(client.get("/users"))
    for page in ("add", "list"):
        assert client.get(f"/users/{page}")["Location"] == "/users"
    assert "Newport" in text(client.get("/users/add?at=680"))
    for number in ("999", "6812045", "nowhere", "%00"):
        assert client.get(f"/users/add?at={number}").status_code == 404


@pytest.mark.parametrize(
    "page", ["add?at=681", "list?at=681", *(f"681leauser/{what}" for what in ("update", "correct", "delete", "password", "view"))]
)
def test_the_la_that_was_chosen_is_kept_through_trail_links_and_forms(cast: Cast, page: str) -> None:
    user = cast.person("LEA_USER", "681")
    client = national(cast)
    html = client.get(f"/users/{page}").content.decode()
    main = html[html.index('<nav class="govuk-breadcrumbs"') : html.index("</main>")]
    assert set(re.findall(r'href="(/users(?:/list)?(?:\?[^"]*)?)"', main)) <= {"/users?at=681", "/users/list?at=681"}
    assert 'href="/users?at=681"' in main
    if "leauser" in page:
        assert 'href="/users/list?at=681"' in main
    if page.endswith("delete"):
        assert client.post("/users/681leauser/delete", {"version": user.version})["Location"] == "/users/list?at=681"
    if page.endswith("password"):
        assert client.post("/users/681leauser/password", {"way": "link"})["Location"] == "/users/list?at=681"


def test_the_own_password_and_those_of_others_lead_to_each_other(cast: Cast) -> None:
    client = dba(cast)
    for page, other in (("/users", "/change-password"), ("/users/list", "/change-password"), ("/change-password", "/users")):
        html = client.get(page).content.decode()
        assert f'<a class="govuk-link" href="{other}">' in html[html.index("<main") : html.index("</main>")], page
    theirs = cast.client(cast.person("LEA_USER", "681")).get("/change-password").content.decode()
    assert 'href="/users"' not in theirs


def test_national_staff_are_added_with_their_own_role_alone(cast: Cast) -> None:
    client = national(cast)
    assert offered(client, "/users/add?at=WG", "role") == ["NATIONAL"]
    assert client.post("/users/add?at=WG", NEW | {"username": "wgbjones", "email": "b@gov.wales", "role": "LEA_USER"}).status_code == 400
    assert client.post("/users/add?at=WG", NEW | {"username": "wgbjones", "email": "b@gov.wales", "role": "NATIONAL"}).status_code == 302
    assert person("wgbjones").organisation.number == "WG"
    cast.authority("681")
    assert client.post("/users/add?at=681", NEW | {"role": "NATIONAL"}).status_code == 400
