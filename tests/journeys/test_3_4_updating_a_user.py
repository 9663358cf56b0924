"""Update/View User (3.4), and switching a user off and on."""

import re

import pytest

from s2s.accounts.models import User
from s2s.audit.models import Action, Entry
from tests.cast import PASSWORD, Cast
from tests.journeys.doors import mails, text
from tests.journeys.users import NEW, choose_password, dba, form, link_in_mail, listed, may_sign_in, national, offered, person

pytestmark = pytest.mark.django_db

USER = "/users/681leauser/update"


@pytest.mark.guidance("3.4-01", "3.2-12")
def test_a_user_is_chosen_from_the_own_las_users(cast: Cast) -> None:
    for role, at in (("LEA_USER", "681"), ("LEA_PLASC", "681"), ("LEA_USER", "680"), ("SCHOOL", "6812045")):
        cast.person(role, at)
    client = dba(cast)
    assert listed(client, "update") == ["681leadba", "681leaplasc", "681leauser"]
    assert "Update Details 681leauser" in text(client.get("/users/list"))
    assert client.get(USER).status_code == 200
    for stranger in ("680leauser", "nobody", "%00", "6812045"):
        assert client.get(f"/users/{stranger}/update").status_code == 404


@pytest.mark.guidance("1.6-16", "3.2-12")
@pytest.mark.parametrize("page", ["update", "delete", "password"])
def test_another_las_user_does_not_exist(cast: Cast, page: str) -> None:
    for at in ("680", "6802320", "WG"):
        person = cast.person({"680": "LEA_USER", "WG": "NATIONAL"}.get(at, "SCHOOL"), at)
        client, before = dba(cast), User.objects.filter(pk=person.pk).values().get()
        for answer in (
            client.get(f"/users/{person.username}/{page}"),
            client.post(f"/users/{person.username}/{page}", {"version": 0, "role": "LEA_PLASC", "way": "link"}),
            client.get(f"/users/{person.username}/view"),
        ):
            assert answer.status_code == 404
            assert "Page not found" in text(answer)
        assert User.objects.filter(pk=person.pk).values().get() == before


@pytest.mark.guidance("3.2-08")
def test_the_details_are_shown(cast: Cast) -> None:
    cast.person("LEA_USER", "681", name="Bethan Jones")
    client = dba(cast)
    page = text(client.get(USER))
    for words in ("681leauser", "Bethan Jones", "681leauser@example.org", "Cardiff (681)", "LEA User", "Active", "Never"):
        assert words in page
    cast.client(person("681leauser"))
    assert "Last signed in Never" not in text(client.get(USER))


@pytest.mark.guidance("3.4-03", "3.4-05", "1.6-05")
def test_the_role_is_changed_and_the_user_is_told(cast: Cast) -> None:
    cast.person("LEA_USER", "681", language="en")
    client = dba(cast)
    answer = client.post(USER, form(client, USER) | {"role": "LEA_PLASC"}, follow=True)
    assert "has the new role" in text(answer)
    assert person("681leauser").role == "LEA_PLASC"
    [(notice, letter)] = mails("681leauser@example.org")
    assert notice == "role_changed"
    assert "Your role on s2s for Cardiff is now: LEA PLASC" in letter
    entry = Entry.objects.get(action=Action.USER_ROLE_CHANGED)
    assert entry.facts == {"username": "681leauser", "role": "LEA_PLASC", "former": "LEA_USER", "at": "681"}


@pytest.mark.guidance("3.4-04")
def test_the_open_session_ends_and_the_next_one_has_the_new_rights(cast: Cast) -> None:
    user = cast.person("LEA_USER", "681")
    theirs, client = cast.client(user), dba(cast)
    assert theirs.get("/download/ctf").status_code == 200
    client.post(USER, form(client, USER) | {"role": "LEA_LOST_PUPIL"})
    assert theirs.get("/download/ctf")["Location"].startswith("/sign-in")
    client.post(USER, form(client, USER) | {"role": "LEA_USER"})
    assert theirs.get("/home")["Location"].startswith("/sign-in"), "it does not come to life again when the role comes back"
    client.post(USER, form(client, USER) | {"role": "LEA_LOST_PUPIL"})
    again = cast.client(user)
    assert again.get("/home").status_code == 200
    assert again.get("/download/ctf").status_code == 404
    assert ">Download<" not in again.get("/home").content.decode()


@pytest.mark.guidance("3.4-02")
def test_nothing_but_the_role_can_be_changed(cast: Cast) -> None:
    cast.person("LEA_USER", "681", name="Bethan Jones")
    client = dba(cast)
    html = client.get(USER).content.decode()
    assert set(re.findall(r'<(?:input|select)[^>]* name="(\w+)"', html[html.index("<main") :])) == {
        "csrfmiddlewaretoken", "whose", "version", "role",
    }  # fmt: skip
    other = {"username": "other", "name": "Other", "email": "other@example.org", "is_active": "", "organisation": "1", "language": "cy"}
    client.post(USER, form(client, USER) | {"role": "LEA_PLASC", "password": "x", "must_change_password": "on"} | other)
    user = person("681leauser")
    assert (user.name, user.email, user.is_active, user.organisation.number) == ("Bethan Jones", "681leauser@example.org", True, "681")
    assert (user.role, user.language, user.must_change_password) == ("LEA_PLASC", "", False)
    assert may_sign_in("681leauser", PASSWORD)


@pytest.mark.guidance("3.1-03")
def test_a_dba_neither_makes_nor_changes_a_dba(cast: Cast) -> None:
    cast.person("LEA_USER", "681")
    client = dba(cast)
    assert "LEA_DBA" not in offered(client, USER, "role")
    answer = client.post(USER, form(client, USER) | {"role": "LEA_DBA"})
    assert answer.status_code == 400
    assert "Only the national administrator" in text(answer)
    own = client.get("/users/681leadba/update")
    assert "Only the national administrator" in text(own)
    assert "<select" not in own.content.decode()
    client.post("/users/681leadba/update", {"role": "LEA_USER", "version": 0})
    client.post("/users/681leadba/delete", {"version": 0})
    assert person("681leadba").role == "LEA_DBA"


@pytest.mark.parametrize("role", ["", "SCHOOL", "NATIONAL", "root", "LEA_USER", "\0"])
def test_a_role_that_cannot_be_given_changes_nothing(cast: Cast, role: str) -> None:
    cast.person("LEA_USER", "681")
    client = dba(cast)
    answer = client.post(USER, form(client, USER) | {"role": role})
    assert answer.status_code == 400
    assert 'href="#role"' in answer.content.decode()
    assert person("681leauser").version == 0


def test_a_form_that_was_open_meanwhile_is_told(cast: Cast) -> None:
    cast.person("LEA_USER", "681")
    client = dba(cast)
    opened = form(client, USER)
    client.post(USER, opened | {"role": "LEA_PLASC"})
    for path, stale in ((USER, {"role": "LEA_ADMISSIONS"}), ("/users/681leauser/delete", {})):
        for version in (opened, {"version": ""}, {"version": "x"}, {}):
            answer = client.post(path, stale | version, follow=True)
            assert answer.status_code == 400
            assert "Somebody else has saved this since you opened it" in text(answer)
            assert 'name="version" value="1"' in answer.content.decode(), "the next press counts"
            if stale:
                assert "Saved in the meantime: LEA PLASC" in text(answer)
    assert person("681leauser").role == "LEA_PLASC"
    client.post("/users/681leauser/delete", form(client, "/users/681leauser/delete"))
    assert client.post(USER, opened).status_code == 404


def test_an_invitation_that_the_change_has_killed_is_sent_again(cast: Cast) -> None:
    client = dba(cast)
    client.post("/users/add", NEW)
    first = link_in_mail(NEW["email"])
    client.post("/users/681bjones/update", form(client, "/users/681bjones/update") | {"role": "LEA_PLASC"})
    assert choose_password(first) == 404
    assert choose_password(link_in_mail(NEW["email"])) == 302


# The national administrator


@pytest.mark.guidance("3.9-18")
def test_the_national_administrator_changes_a_dba(cast: Cast) -> None:
    cast.person("LEA_DBA", "681"), cast.person("LEA_USER", "681")
    client = national(cast)
    for username, role in (("681leadba", "LEA_USER"), ("681leauser", "LEA_DBA")):
        path = f"/users/{username}/update"
        assert client.post(path, form(client, path) | {"role": role}).status_code == 302
    assert (person("681leadba").role, person("681leauser").role) == ("LEA_USER", "LEA_DBA")


def test_switched_off_a_user_cannot_sign_in_until_switched_on(cast: Cast) -> None:
    user = cast.person("LEA_USER", "681", language="en")
    theirs, client = cast.client(user), national(cast)
    assert dba(cast).post("/users/681leauser/switch", {"version": 0, "switch": "off"}).status_code == 404
    client.post("/users/681leauser/switch", form(client, USER) | {"switch": "off"})
    assert (person("681leauser").is_active, person("681leauser").inactive_because) == (False, "switched off")
    assert theirs.get("/home").status_code == 302
    assert not may_sign_in("681leauser", PASSWORD)
    assert "Not active: switched off" in text(client.get(USER))
    client.post("/users/681leauser/switch", form(client, USER) | {"switch": "on"})
    assert theirs.get("/home").status_code == 302, "the old session is over for good"
    assert may_sign_in("681leauser", PASSWORD)
    assert [notice for notice, _ in mails("681leauser@example.org")] == ["user_switched", "user_switched"]
    actions = [Action.USER_SWITCHED_OFF, Action.USER_SWITCHED_ON]
    assert [entry.action for entry in Entry.objects.filter(action__in=actions).order_by("pk")] == actions


def test_nobody_switches_himself_or_the_last_national_administrator_off(cast: Cast) -> None:
    client = national(cast)
    answer = client.post("/users/WGnational/switch", {"version": 0, "switch": "off"}, follow=True)
    assert "cannot do this to your own account" in text(answer)
    assert person("WGnational").is_active
    cast.person("SCHOOL", "6812045")
    assert client.post("/users/6812045/switch", {"version": 0, "switch": "off"}).status_code == 404, "schools: School Maintenance"
