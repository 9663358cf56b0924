"""An administrator who assigns a password or removes a second step does not get at the person's files (3.6)."""

from datetime import timedelta

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.utils import timezone

from s2s.accounts import links
from s2s.accounts.actors import Person
from s2s.accounts.models import User
from s2s.administration import corrections
from s2s.audit.models import Action, Entry
from s2s.rules.roles import OF_FILES, Can
from tests.cast import PASSWORD, Cast
from tests.journeys.doors import keys, mails, text
from tests.journeys.filled_forms import form as filled
from tests.journeys.test_2_1_second_factor import set_up
from tests.journeys.users import ASSIGNED, FRESH, NEW, choose_password, dba, link_in_mail, national, person

pytestmark = pytest.mark.django_db

ASSIGN = {"way": "assigned", "password": ASSIGNED, "again": ASSIGNED}
OWN = "another unguessable phrase"
OFFICE = "office@6812045.example.org"


def signed_in_as_assigned(username: str) -> Client:
    """Whoever knows the assigned password signs in by it and goes on to a password of their own."""
    client = Client()
    client.post("/sign-in", {"username": username, "password": ASSIGNED})
    assert client.post("/new-password", {"old": ASSIGNED, "new": OWN, "again": OWN})["Location"] == "/home"
    return client


def test_an_administrator_who_assigns_a_password_opens_no_file_with_it(cast: Cast) -> None:
    sent = cast.sent("6812061", "6812045")
    own = cast.sent("6812045", "6812061")
    school = cast.client(cast.person("SCHOOL", "6812045"))
    [key] = keys(school).values()
    dba(cast).post("/users/6812045/password", ASSIGN)
    thief = signed_in_as_assigned("6812045")
    for path in ("/download/ctf", "/download/ctf/previous", "/upload/ctf", "/upload/ctf/sent", f"/download/ctf/{key}/reject"):
        assert thief.get(path)["Location"] == "/security/link", path
    for path in ("/download/ctf/fetch", "/download/ctf/answer", "/upload/ctf"):
        assert thief.post(path, {"file": key})["Location"] == "/security/link", path
    for transfer in (sent, own):
        assert thief.get(f"/file/{transfer.receipt}").status_code == 404
    assert sent.name not in thief.get("/home").content.decode()
    assert thief.get("/contacts").status_code == 200, "the rest is open"
    page = text(thief.get("/security/link"))
    assert "An administrator set your password and knows it" in page


def test_the_link_at_the_address_on_record_opens_the_files(cast: Cast) -> None:
    cast.sent("6812061", "6812045")
    cast.person("SCHOOL", "6812045")
    dba(cast).post("/users/6812045/password", ASSIGN)
    signed_in_as_assigned("6812045")
    assert choose_password(link_in_mail(OFFICE)) == 302, "it was sent when the assigned password was changed"
    client = Client()
    client.post("/sign-in", {"username": "6812045", "password": FRESH})
    assert len(keys(client)) == 1
    assert client.get("/security/link")["Location"] == "/home"


def test_the_link_can_be_sent_again_but_not_without_end(cast: Cast) -> None:
    cast.person("SCHOOL", "6812045")
    dba(cast).post("/users/6812045/password", ASSIGN)
    client = signed_in_as_assigned("6812045")
    said = [text(client.post("/security/link", follow=True)) for _ in range(3)]
    assert ["A link is on its way" in words for words in said] == [True, True, False]
    assert [notice for notice, _ in mails(OFFICE)].count("password_link") == 3
    assert Entry.objects.filter(action=Action.PASSWORD_LINK_SENT, person="6812045").count() == 3


def test_no_right_to_files_is_left_while_the_link_is_awaited(cast: Cast) -> None:
    for role, at in (("SCHOOL", "6812045"), ("LEA_USER", "681"), ("LEA_LOST_PUPIL_TRANSFER", "681"), ("NATIONAL", "WG")):
        user = cast.person(role, at)
        before = {right for right in Can if user.may(right)}
        user.awaits_link = True
        assert {right for right in Can if Person(user, "").may(right)} == before - OF_FILES
        assert Person(user, "").addresses == frozenset()


def test_the_trail_marks_what_is_done_with_an_assigned_password(cast: Cast) -> None:
    cast.person("SCHOOL", "6812045")
    dba(cast).post("/users/6812045/password", ASSIGN)
    signed_in_as_assigned("6812045")
    for action in (Action.SIGNED_IN, Action.PASSWORD_CHANGED):
        assert Entry.objects.get(action=action, person="6812045").facts["assigned_password"] is True
    choose_password(link_in_mail(OFFICE))
    Client().post("/sign-in", {"username": "6812045", "password": FRESH})
    assert "assigned_password" not in Entry.objects.filter(action=Action.SIGNED_IN, person="6812045").latest("pk").facts


def test_a_new_user_with_an_assigned_password_opens_no_file_either(cast: Cast) -> None:
    dba(cast).post("/users/add", NEW | ASSIGN)
    assert signed_in_as_assigned("681bjones").get("/download/ctf")["Location"] == "/security/link"
    assert person("681bjones").awaits_link


def test_what_was_connected_meanwhile_is_no_way_in_after_the_link(cast: Cast) -> None:
    user = cast.person("SCHOOL", "6812045")
    dba(cast).post("/users/6812045/password", ASSIGN)
    signed_in_as_assigned("6812045")
    SocialAccount.objects.create(user=user, provider="https://issuer.example", uid="of the administrator")
    choose_password(link_in_mail(OFFICE))
    assert not SocialAccount.objects.exists()
    assert Entry.objects.filter(action=Action.OUTSIDE_SIGN_IN_DISCONNECTED, person="6812045").count() == 1


def test_a_link_that_follows_no_assigned_password_leaves_the_connection(cast: Cast) -> None:
    user = cast.person("SCHOOL", "6812045")
    SocialAccount.objects.create(user=user, provider="https://issuer.example", uid="of the school")
    dba(cast).post("/users/6812045/password", {"way": "link"})
    choose_password(link_in_mail(OFFICE))
    assert SocialAccount.objects.exists()


def test_nobody_assigns_a_password_and_removes_the_second_step_within_a_day(cast: Cast) -> None:
    """In either order; somebody else may, and so may they a day later."""
    for at in ("6812045", "6812061"):
        set_up(cast.client(cast.person("SCHOOL", at)))
    client, other = dba(cast), national(cast)
    now = timezone.now()
    client.post("/users/6812045/second-step")
    refused = client.post("/users/6812045/password", ASSIGN)
    assert refused.status_code == 400
    assert "within 24 hours" in text(refused)
    assert cast.client(User.objects.get(username="6812045")), "the old password holds"
    client.post("/users/6812061/password", ASSIGN)
    assert "within 24 hours" in text(client.post("/users/6812061/second-step", follow=True))
    assert not Entry.objects.filter(action=Action.SECOND_FACTOR_REMOVED, facts__person="6812061").exists()
    assert client.post("/users/6812045/password", {"way": "link"}).status_code == 302, "a link goes to the address on record"
    assert other.post("/users/6812061/second-step", follow=True).status_code == 200
    assert Entry.objects.filter(action=Action.SECOND_FACTOR_REMOVED, facts__person="6812061").exists()
    with time_machine.travel(now + timedelta(hours=24, minutes=1), tick=False):
        again = cast.client(User.objects.get(username="681leadba"))
        assert again.post("/users/6812045/password", ASSIGN).status_code == 302


def test_the_own_password_changed_is_told_by_email(cast: Cast) -> None:
    client = cast.client(cast.person("SCHOOL", "6812045", language="en"))
    client.post("/change-password", {"old": PASSWORD, "new": FRESH, "again": FRESH})
    [(notice, letter)] = mails(OFFICE)
    assert notice == "security"
    assert "Your password was changed on the page Change Password." in letter


def change_address(cast: Cast, email: str) -> None:
    """The LEA Administrator changes the address on record of 6812045."""
    administrator = dba(cast)
    form = filled(administrator, "/schools/6812045/update")
    assert administrator.post("/schools/6812045/update", form | {"email": email})["Location"] == "/schools/6812045/update"


def test_an_administrator_who_changes_the_address_and_has_the_link_sent_there_opens_no_file_for_a_day(cast: Cast) -> None:
    sent = cast.sent("6812061", "6812045")
    school = cast.client(cast.person("SCHOOL", "6812045"))
    User.objects.filter(username="6812045").update(signed_in_at=timezone.now())
    assert sent.name in text(school.get("/download/ctf")), "the owner gets it"
    change_address(cast, "dba@681.example.org")
    assert "details_changed" in [notice for notice, _ in mails(OFFICE)], "the earlier address is told at once"
    dba(cast).post("/users/6812045/password", {"way": "link"})
    assert choose_password(link_in_mail("dba@681.example.org")) == 302
    thief = Client()
    thief.post("/sign-in", {"username": "6812045", "password": FRESH})
    assert thief.get("/download/ctf")["Location"] == "/security/link"
    for path in ("/upload/ctf", "/download/ctf/fetch"):
        assert thief.post(path)["Location"] == "/security/link", path
    assert thief.get(f"/file/{sent.receipt}").status_code == 404
    assert "went to the new one" in text(thief.get("/security/link"))
    assert Entry.objects.filter(action=Action.PASSWORD_SET_BY_LINK, facts__has_key="files_from").exists()
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1)):
        thief.post("/sign-in", {"username": "6812045", "password": FRESH})
        assert sent.name in text(thief.get("/download/ctf"))


def test_a_correction_of_a_users_address_opens_no_file_for_a_day_either(cast: Cast) -> None:
    user = cast.person("LEA_USER", "681")
    User.objects.filter(pk=user.pk).update(signed_in_at=timezone.now(), name="Siân Rees")
    actor = Person(cast.person("LEA_DBA", "681"), "192.0.2.1")
    correction = corrections.ask(actor=actor, user=user, name="Siân Rees", email="dba@681.example.org", version=str(user.version))
    [asked] = [email for notice, email in mails("dba@681.example.org") if notice == "correction_asked"]
    secret = str(asked).split(f"{correction.key}/")[1].split()[0]
    corrections.confirm(key=correction.key, secret=secret, ip="192.0.2.1")
    path = links.make(User.objects.get(pk=user.pk), valid=links.AFTER_FORGETTING)
    assert choose_password(path) == 302
    assert User.objects.get(pk=user.pk).is_shut_out


def test_the_first_address_of_a_school_that_nobody_has_signed_in_for_may_have_been_wrong(cast: Cast) -> None:
    cast.sent("6812061", "6812045")
    cast.person("SCHOOL", "6812045")
    change_address(cast, "right@6812045.example.org")
    dba(cast).post("/users/6812045/password", {"way": "link"})
    assert choose_password(link_in_mail("right@6812045.example.org")) == 302
    client = Client()
    client.post("/sign-in", {"username": "6812045", "password": FRESH})
    assert len(keys(client)) == 1
