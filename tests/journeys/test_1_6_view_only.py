"""The view-only DBA sees users and school users of the own LA, and changes nothing (1.6)."""

import re

import pytest

from s2s.accounts.models import User
from tests.cast import Cast
from tests.journeys.doors import text
from tests.journeys.users import dba, national

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(cast: Cast) -> Cast:
    cast.person("LEA_USER", "681", name="Bethan Jones")
    cast.person("LEA_USER", "680")
    cast.school("6812045", telephone="029 2087 2000")
    cast.person("SCHOOL", "6812045")
    cast.person("SCHOOL", "6802320")
    return cast


def test_it_has_its_own_entry_and_not_the_dba_menu(people: Cast) -> None:
    client = people.client(people.person("LEA_DBA_VIEW", "681"))
    menu = re.findall(r'class="s2s-menu__link" href="([^"]+)"', client.get("/home").content.decode())
    assert "/users/list" in menu
    assert "/users" not in menu
    assert "/dba" not in menu
    assert "/users/list" not in re.findall(r'class="s2s-menu__link" href="([^"]+)"', dba(people).get("/users").content.decode())


@pytest.mark.guidance("1.6-39")
def test_lea_users_with_user_name_contact_details_and_role(people: Cast) -> None:
    client = people.client(people.person("LEA_DBA_VIEW", "681"))
    for page in (text(client.get("/users/list")), text(client.get("/users/681leauser/view"))):
        for words in ("681leauser", "Bethan Jones", "681leauser@example.org", "LEA User"):
            assert words in page
    assert "680leauser" not in text(client.get("/users/list"))


@pytest.mark.guidance("1.6-42")
def test_school_users_with_their_details(people: Cast) -> None:
    client = people.client(people.person("LEA_DBA_VIEW", "681"))
    listed, one = text(client.get("/users/list?show=school")), text(client.get("/users/6812045/view"))
    for words in ("6812045", "Greenway Primary School", "office@6812045.example.org", "School user"):
        assert words in listed
        assert words in one
    assert "029 2087 2000" in one
    assert "6802320" not in listed


@pytest.mark.guidance("1.6-48")
def test_another_las_users_do_not_exist(people: Cast) -> None:
    client = people.client(people.person("LEA_DBA_VIEW", "681"))
    assert client.get("/users/681leauser/view").status_code == 200
    for username in ("680leauser", "6802320", "nobody"):
        assert client.get(f"/users/{username}/view").status_code == 404
    assert "680leauser" not in text(client.get("/users/list?at=680")), "the own LA whatever is asked for"


@pytest.mark.guidance("1.6-40", "1.6-44")
def test_it_changes_nothing(people: Cast) -> None:
    client = people.client(people.person("LEA_DBA_VIEW", "681"))
    before = list(User.objects.order_by("pk").values())
    for path in ("/users/list", "/users/list?show=school", "/users/681leauser/view", "/users/6812045/view"):
        html = client.get(path).content.decode()
        main = html[html.index("<main") : html.index("</main>")]
        searching = r'<form class="s2s-find" method="get".*?</form>'
        assert not re.search(r"<(form|button|input|select|textarea)", re.sub(searching, "", main, flags=re.DOTALL)), path
    for path in (
        "add",
        *(f"{page}/{name}" for page in ("update", "delete", "password", "switch", "second-step") for name in ("681leauser", "6812045")),
    ):
        assert client.post(f"/users/{path}", {"role": "LEA_PLASC", "version": 0, "way": "link"}).status_code == 404, path
    for path in ("/users/list", "/users/681leauser/view"):
        assert client.post(path).status_code == 405
    assert list(User.objects.order_by("pk").values()) == before


@pytest.mark.guidance("1.6-41", "1.6-43")
def test_it_sees_no_password(people: Cast) -> None:
    client = people.client(people.person("LEA_DBA_VIEW", "681"))
    for path in ("/users/list", "/users/list?show=school", "/users/681leauser/view", "/users/6812045/view"):
        html = client.get(path).content.decode()
        main = html[html.index("<main") : html.index("</main>")]
        assert not [user.password for user in User.objects.all() if user.password in main]
        assert set(re.findall(r'type="(\w+)"', main)) <= {"text", "submit"}, "no box for a password"
        assert "md5$" not in main


@pytest.mark.guidance("1.6-62")
def test_the_national_administrator_sees_the_users_of_each_la_with_their_roles(people: Cast) -> None:
    client = national(people)
    assert client.get("/users/list")["Location"] == "/users"
    for at in ("681", "680"):
        page = text(client.get(f"/users/list?at={at}"))
        assert f"{at}leauser" in page
        assert "LEA User" in page
    assert client.get("/users/list?at=999").status_code == 404


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("LEAUSER", ["681leauser"]),
        ("681leauser@example", ["681leauser"]),
        ("6812045", ["6812045"]),
        ("greenway", ["6812045"]),
        ("office greenway", ["6812045"]),
        ("leauser greenway", []),
        ("680leauser", []),
        ("%", []),
    ],
)
def test_a_user_is_found_by_a_part_of_what_one_knows(people: Cast, said: str, found: list[str]) -> None:
    client = dba(people)
    assert re.findall(r'href="/users/(\w+)/view"', client.get("/users/list", {"q": said}).content.decode()) == found
    page = client.get("/users/681leauser/view").content.decode()
    assert 'href="/users/681leauser/update"' in page
    assert 'href="/schools/6812045/update"' in client.get("/users/6812045/view").content.decode()


def test_the_national_administrator_finds_a_user_wherever_they_are(people: Cast) -> None:
    client = people.client(people.person("NATIONAL", "WG"))
    assert 'name="q"' in client.get("/users").content.decode()
    page = client.get("/users/list?q=leauser").content.decode()
    assert set(re.findall(r'href="/users/(\w+)/view"', page)) == {"680leauser", "681leauser"}
    assert "Newport" in page
