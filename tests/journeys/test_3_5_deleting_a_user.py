"""Delete User (3.5)."""

import pytest

from s2s.accounts.models import User
from s2s.audit.models import Action, Entry
from tests.cast import PASSWORD, Cast
from tests.journeys.doors import mails, text
from tests.journeys.users import dba, form, listed, may_sign_in, national, person

pytestmark = pytest.mark.django_db

USER = "/users/681leauser/delete"


@pytest.mark.guidance("3.5-01", "1.6-05")
def test_update_details_and_then_delete(cast: Cast) -> None:
    cast.person("LEA_USER", "681", language="en"), cast.person("LEA_USER", "680")
    client = dba(cast)
    assert listed(client, "delete") == ["681leauser"]
    page = client.get(USER)
    assert "Delete 681leauser?" in text(page)
    assert User.objects.filter(username="681leauser").exists(), "looking deletes nothing"
    answer = client.post(USER, form(client, USER), follow=True)
    assert "681leauser has been deleted" in text(answer)
    assert not User.objects.filter(username="681leauser").exists()
    assert listed(client, "delete") == []
    [(notice, letter)] = mails("681leauser@example.org")
    assert notice == "user_deleted"
    assert "You have been removed from the s2s users of Cardiff" in letter


@pytest.mark.guidance("3.5-02")
def test_a_deleted_user_cannot_sign_in_and_the_open_session_ends(cast: Cast) -> None:
    theirs, client = cast.client(cast.person("LEA_USER", "681")), dba(cast)
    client.post(USER, form(client, USER))
    assert theirs.get("/home")["Location"].startswith("/sign-in")
    assert theirs.post("/download/ctf/fetch", {"file": "x"})["Location"].startswith("/sign-in")
    assert not may_sign_in("681leauser", PASSWORD)


def test_the_name_stays_in_the_audit_trail(cast: Cast) -> None:
    cast.client(cast.person("LEA_USER", "681"))
    client = dba(cast)
    client.post(USER, form(client, USER))
    assert Entry.objects.get(action=Action.USER_DELETED).facts == {"username": "681leauser", "role": "LEA_USER", "at": "681"}
    assert Entry.objects.filter(action=Action.SIGNED_IN, person="681leauser").exists()


def test_nobody_deletes_himself(cast: Cast) -> None:
    client = dba(cast)
    answer = client.post("/users/681leadba/delete", form(client, "/users/681leadba/delete"), follow=True)
    assert answer.status_code == 400
    assert User.objects.filter(username="681leadba").exists()
    cast.person("NATIONAL", "WG", "wgother")
    client = national(cast)
    answer = client.post("/users/WGnational/delete", form(client, "/users/WGnational/delete"), follow=True)
    assert "cannot do this to your own account" in text(answer)
    assert User.objects.filter(username="WGnational").exists()


def test_only_the_national_administrator_deletes_a_dba(cast: Cast) -> None:
    dba(cast)
    client = national(cast)
    client.post("/users/681leadba/delete", form(client, "/users/681leadba/delete"))
    assert not User.objects.filter(username="681leadba").exists()


def test_the_last_national_administrator_stays(cast: Cast) -> None:
    """The second one is there but cannot sign in, so does not count."""
    cast.person("NATIONAL", "WG", "wgother", is_active=False)
    mine = cast.person("NATIONAL", "WG", "wgthird")
    client = cast.client(mine)
    for username in ("wgother",):
        assert client.post(f"/users/{username}/delete", form(client, f"/users/{username}/delete")).status_code == 302
    assert not User.objects.filter(username="wgother").exists()
    client.post("/users/wgthird/delete", form(client, "/users/wgthird/delete"))
    assert person("wgthird").is_active
