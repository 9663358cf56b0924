"""A user's e-mail address or name is corrected by an administrator, and holds when the user says by a link that it is right (3.4)."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from s2s.accounts.actors import Person
from s2s.accounts.models import OneTimeLink, User
from s2s.administration import corrections, user_maintenance
from s2s.administration.corrections import CorrectionDead
from s2s.administration.models import Correction
from s2s.administration.sweep import sweep
from s2s.administration.user_details import UserFault, UserRefused
from s2s.audit.models import Action, Entry
from s2s.notices.models import Email
from s2s.rules.refusals import NotSaved, Stale
from tests.cast import PASSWORD, Cast
from tests.journeys.doors import mails, text
from tests.journeys.filled_forms import form
from tests.journeys.users import choose_password, link_in_mail, may_sign_in

pytestmark = pytest.mark.django_db

OLD, NEW = "681leauser@example.org", "b.jones@council.wales"


def ask(cast: Cast, user: User, *, name: str = "Bethan Jones", email: str = NEW, by: str = "LEA_DBA") -> Correction:
    actor = cast.actor(by, "WG" if by == "NATIONAL" else "681")
    return corrections.ask(actor=actor, user=user, name=name, email=email, version=str(user.version))


def link_to(address: str) -> tuple[UUID, str]:
    [letter] = [letter for notice, letter in mails(address) if notice == "correction_asked"][-1:]
    found = re.search(r"/link/correction/([0-9a-f-]+)/(\S+)", letter)
    assert found, letter
    return UUID(found[1]), found[2]


def confirm(address: str = NEW) -> User:
    key, secret = link_to(address)
    return corrections.confirm(key=key, secret=secret, ip="192.0.2.7")


def test_nothing_changes_before_the_user_has_said_that_it_is_right(cast: Cast) -> None:
    user = cast.person("LEA_USER", "681")
    ask(cast, user)
    user.refresh_from_db()
    assert (user.email, user.name) == (OLD, "")
    confirm()
    user.refresh_from_db()
    assert (user.email, user.name, user.username) == (NEW, "Bethan Jones", "681leauser")
    assert may_sign_in("681leauser", PASSWORD), "the account is the same"


def test_the_address_on_record_is_told_before_and_after(cast: Cast) -> None:
    ask(cast, cast.person("LEA_USER", "681"))
    assert [notice for notice, _ in mails(OLD)] == ["correction_told"]
    confirm()
    assert [notice for notice, _ in mails(OLD)] == ["correction_told", "correction_told"]
    assert all(NEW in letter for _, letter in mails(OLD))
    assert "/correction/" not in "".join(letter for _, letter in mails(OLD))


def test_both_steps_stand_in_the_audit_trail(cast: Cast) -> None:
    ask(cast, cast.person("LEA_USER", "681"))
    confirm()
    asked, said = (Entry.objects.get(action=action) for action in (Action.CORRECTION_ASKED, Action.CORRECTION_CONFIRMED))
    assert (asked.person, asked.facts["username"], asked.facts["email"]) == ("681leadba", "681leauser", NEW)
    assert (said.person, said.place, said.ip, said.facts["asked_by"]) == ("681leauser", "681", "192.0.2.7", "681leadba")


def test_a_link_is_good_once_for_a_week_and_with_its_secret(cast: Cast) -> None:
    correction = ask(cast, cast.person("LEA_USER", "681"))
    with pytest.raises(CorrectionDead):
        corrections.asked(correction.key, "another secret")
    confirm()
    with pytest.raises(CorrectionDead):
        confirm()
    User.objects.filter(username="681leauser").update(email=OLD)
    ask(cast, User.objects.get(username="681leauser"))
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1)), pytest.raises(CorrectionDead):
        confirm()


def test_a_user_who_has_changed_meanwhile_or_is_off_confirms_nothing(cast: Cast) -> None:
    user, dba = cast.person("LEA_USER", "681"), cast.actor("LEA_DBA", "681")
    ask(cast, user)
    user_maintenance.change_role(actor=dba, user=user, role="LEA_PLASC", version=str(user.version))
    with pytest.raises(CorrectionDead):
        confirm()
    ask(cast, User.objects.get(pk=user.pk))
    User.objects.filter(pk=user.pk).update(is_active=False)
    with pytest.raises(CorrectionDead):
        confirm()


def test_a_second_request_makes_the_first_void(cast: Cast) -> None:
    user = cast.person("LEA_USER", "681")
    ask(cast, user, email="wrong@council.wales")
    ask(cast, user)
    with pytest.raises(CorrectionDead):
        confirm("wrong@council.wales")
    assert confirm().email == NEW


def test_a_link_to_a_password_sent_to_the_old_address_dies(cast: Cast) -> None:
    user = cast.person("LEA_USER", "681")
    user_maintenance.reset_password(actor=cast.actor("LEA_DBA", "681"), user=user)
    path = link_in_mail(OLD)
    ask(cast, User.objects.get(pk=user.pk))
    confirm()
    assert choose_password(path) == 404
    assert OneTimeLink.objects.exists()


@pytest.mark.guidance("3.7-03")
@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"email": "bethan@gmail.com"}, UserFault.EMAIL_PERSONAL),
        ({"email": ""}, UserFault.NO_EMAIL),
        ({"name": ""}, UserFault.NO_NAME),
        ({"name": "Old", "email": OLD}, UserFault.SAME_DETAILS),
    ],
)
def test_what_cannot_be_is_refused(cast: Cast, typed: dict[str, str], fault: UserFault) -> None:
    user = cast.person("LEA_USER", "681", name="Old")
    with pytest.raises((NotSaved, UserRefused)) as refusal:
        ask(cast, user, **typed)
    assert [one.code for one in getattr(refusal.value, "problems", [refusal.value])] == [fault]
    assert not Correction.objects.exists()
    assert not Email.objects.exists()


def test_nobody_corrects_themselves_a_school_or_whom_they_may_not_manage(cast: Cast) -> None:
    dba = cast.person("LEA_DBA", "681")
    for user, fault in (
        (dba, UserFault.ONESELF),
        (cast.person("SCHOOL", "6812045"), UserFault.RESERVED),
        (cast.person("NATIONAL", "WG"), UserFault.RESERVED),
    ):
        with pytest.raises(UserRefused) as refusal:
            corrections.ask(actor=Person(dba, ""), user=user, name="X", email=NEW, version=str(user.version))
        assert refusal.value.code is fault
    assert ask(cast, dba, by="NATIONAL").email == NEW


def test_a_form_that_was_open_meanwhile_is_told(cast: Cast) -> None:
    user, dba = cast.person("LEA_USER", "681"), cast.actor("LEA_DBA", "681")
    with pytest.raises(Stale):
        corrections.ask(actor=dba, user=user, name="X", email=NEW, version=str(user.version + 1))


def test_the_sweep_takes_dead_corrections_and_leaves_living_ones(cast: Cast) -> None:
    ask(cast, cast.person("LEA_USER", "681"))
    for days, left in ((6.9, 1), (7.1, 0)):
        Correction.objects.update(asked_at=timezone.now() - timedelta(days=days))
        sweep()
        assert Correction.objects.count() == left


def test_an_administrator_asks_on_the_page_and_the_user_confirms_on_theirs(cast: Cast) -> None:
    user = cast.person("LEA_USER", "681")
    dba = cast.client(cast.person("LEA_DBA", "681"))
    path = "/users/681leauser/correct"
    assert path in dba.get("/users/681leauser/update").content.decode()
    typed = form(dba, path) | {"name": "Bethan Jones", "email": "bethan@hotmail.com"}
    assert "hotmail.com is a personal email domain" in text(dba.post(path, typed))
    assert "A link has been sent to b.jones@council.wales" in text(dba.post(path, typed | {"email": NEW}, follow=True))
    stranger, (key, secret) = Client(), link_to(NEW)
    page = f"/link/correction/{key}/{secret}"
    for _ in range(2):
        assert "Bethan Jones" in text(stranger.get(page)), "looking changes nothing"
    user.refresh_from_db()
    assert user.email == OLD
    assert "Your details have been changed" in text(stranger.post(page))
    user.refresh_from_db()
    assert user.email == NEW
    for answer in (stranger.get(page), stranger.post(page), stranger.get(f"/link/correction/{key}/wrong")):
        assert answer.status_code == 404
        assert "This link no longer works" in text(answer)


def test_strangers_and_schools_have_no_such_page(cast: Cast) -> None:
    cast.person("SCHOOL", "6812045")
    cast.person("LEA_USER", "680")
    dba = cast.client(cast.person("LEA_DBA", "681"))
    for username in ("6812045", "680leauser", "nobody"):
        assert dba.get(f"/users/{username}/correct").status_code == 404
