"""What the sweep takes, and what it must leave: of everything one row just before its limit and one just after."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db.models import Model
from django.utils import timezone

from s2s.accounts import links
from s2s.accounts.models import FailedSignIn, Intervention, OneTimeLink, User
from s2s.notices.models import Email, State
from s2s.transfers.models import Reminder, UploadBatch
from s2s.upkeep.sweep import sweep
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def session(user: User, age: timedelta) -> Model:
    return Session.objects.create(session_key=f"{age.total_seconds():032.0f}", session_data="", expire_date=timezone.now() - age)


def failure(user: User, age: timedelta) -> Model:
    return FailedSignIn.objects.create(username=user.username, network="192.0.2.1", at=timezone.now() - age)


def link(user: User, age: timedelta) -> Model:
    links.make(user, valid=-age)
    return OneTimeLink.objects.latest("pk")


def intervention(user: User, age: timedelta) -> Model:
    return Intervention.objects.create(user=user, by="681dba", what="password assigned", at=timezone.now() - age)


def email(user: User, age: timedelta) -> Model:
    kept = {"notice": "sent", "to": user.email, "facts": {}, "queued_at": timezone.now() - age, "due_at": timezone.now() - age}
    return Email.objects.create(state=State.SENT, **kept)


def reminder(user: User, age: timedelta) -> Model:
    return Reminder.objects.create(organisation=user.organisation, week=(timezone.now() - age).date())


def results(user: User, age: timedelta) -> Model:
    return UploadBatch.objects.create(
        person=user.username, place="6812045", digest=b"", sealed=b"", key="", mac=b"", made_at=timezone.now() - age
    )


# How long each is kept after its time, copied by hand.
KEPT: list[tuple[Callable[[User, timedelta], Model], timedelta]] = [
    (session, timedelta(0)),
    (failure, timedelta(days=1)),
    (link, timedelta(days=30)),
    (intervention, timedelta(days=30)),
    (email, timedelta(days=90)),
    (reminder, timedelta(days=400)),
    (results, timedelta(days=1)),
]


@pytest.mark.parametrize(("make", "kept"), KEPT, ids=[make.__name__ for make, _ in KEPT])
def test_what_has_served_its_purpose_goes_and_the_rest_stays(cast: Cast, make: Callable[[User, timedelta], Model], kept: timedelta) -> None:
    a_little = timedelta(days=1) if make is reminder else timedelta(minutes=2)  # weeks are named by days
    user = cast.person("SCHOOL", "6812045")
    young, old = make(user, kept - a_little), make(user, kept + a_little)
    sweep()
    assert type(young)._default_manager.filter(pk=young.pk).exists()
    assert not type(old)._default_manager.filter(pk=old.pk).exists()


def test_a_link_that_is_still_good_and_an_email_that_still_waits_are_left_however_old(cast: Cast) -> None:
    user = cast.person("SCHOOL", "6812045")
    links.make(user, valid=timedelta(days=7))
    OneTimeLink.objects.update(made_at=timezone.now() - timedelta(days=4000))
    waits = email(user, timedelta(days=4000))
    Email.objects.filter(pk=waits.pk).update(state=State.WAITING)
    sweep()
    assert OneTimeLink.objects.count() == Email.objects.filter(pk=waits.pk).count() == 1
