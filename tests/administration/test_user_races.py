"""Two administrators at once: one of them wins, the other is told (failure class 31)."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest.mock import Mock, patch

import pytest
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from s2s.accounts import links, lock, sign_in
from s2s.accounts.actors import Site
from s2s.accounts.models import FailedSignIn, User
from s2s.administration import user_maintenance, yearly_audit
from s2s.administration.models import UserAudit
from s2s.audit.models import Action, Entry
from s2s.organisations import import_schools
from s2s.organisations.import_schools import Summary
from tests.cast import Cast
from tests.journeys.doors import text
from tests.journeys.users import NEW, dba, form, listed
from tests.organisations.test_import_schools import MAINTAINED, ten, written
from tests.transfers.test_races import PATIENCE, at_once, cast, database, on_its_own_connection

__all__ = ["cast", "database"]  # fixtures


def ask(client: Client, path: str, typed: dict[str, str]) -> Callable[[], HttpResponse]:
    return lambda: client.post(path, typed)


def of_two(answers: list[HttpResponse]) -> list[int]:
    return sorted(answer.status_code for answer in answers)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ({"username": "681one", "role": "LEA_SCHOOL"}, {"username": "681two", "role": "LEA_SCHOOL"}, "There can be only one"),
        ({"username": "681same"}, {"username": "681same"}, "The username 681same is already in use"),
        ({"username": "681case"}, {"username": "681Case"}, "The username 681Case is already in use"),
    ],
)
def test_two_who_add_the_same_at_once(cast: Cast, first: dict[str, str], second: dict[str, str], said: str) -> None:
    client, another = dba(cast), dba(cast)
    answers = at_once(user_maintenance, "record", ask(client, "/users/add", NEW | first), ask(another, "/users/add", NEW | second))
    assert of_two(answers) == [302, 400]
    assert said in text(answers[1])
    added = {first["username"], second["username"]} & set(listed(client, "update"))
    assert added == {first["username"]}


def test_two_who_change_the_same_user_at_once(cast: Cast) -> None:
    cast.person("LEA_USER", "681", "681changing")
    client, another, path = dba(cast), dba(cast), "/users/681changing/update"
    opened = form(client, path)
    answers = at_once(
        user_maintenance,
        "_save_changed",
        ask(client, path, opened | {"role": "LEA_PLASC"}),
        ask(another, path, opened | {"role": "LEA_ADMISSIONS"}),
    )
    assert of_two(answers) == [302, 400]
    assert "has the new role" in text(client.get(path))
    assert "Somebody else has saved this since you opened it" in text(answers[1])
    assert User.objects.get(username="681changing").role == "LEA_PLASC"


def test_two_national_administrators_who_delete_each_other(cast: Cast) -> None:
    User.objects.filter(role="NATIONAL").delete()
    one, two = (cast.client(cast.person("NATIONAL", "WG", username)) for username in ("wgone", "wgtwo"))
    paths = ["/users/wgtwo/delete", "/users/wgone/delete"]
    asks = [ask(client, path, form(client, path)) for client, path in zip((one, two), paths, strict=True)]
    answers = at_once(user_maintenance, "_removed_by_deleting", *asks)
    assert of_two(answers) == [302, 400]
    assert [user.username for user in User.objects.filter(role="NATIONAL")] == ["wgone"]


def test_two_who_start_the_yearly_audit_at_once(cast: Cast) -> None:
    client, another = (cast.client(cast.person("NATIONAL", "WG", username)) for username in ("wgthree", "wgfour"))
    due = timezone.localdate() + timedelta(days=60)
    day = {"due_on-day": str(due.day), "due_on-month": str(due.month), "due_on-year": str(due.year), "sure": "yes"}
    answers = at_once(yearly_audit, "record", ask(client, "/users/audit/start", day), ask(another, "/users/audit/start", day))
    assert of_two(answers) == [302, 400]
    assert "An audit of users is already under way" in text(answers[1])
    assert UserAudit.objects.count() == 1


def test_two_lists_are_taken_in_one_after_the_other(cast: Cast) -> None:
    """Planned at the same moment, both would add the same schools."""
    cast.authority("681")
    content = written(MAINTAINED, ten(6812701))

    def take_in() -> Summary:
        return import_schools.import_schools(by=Site(), content=content, close_many=False)

    first, second = at_once(import_schools, "_write", take_in, take_in)  # type: ignore[arg-type]
    assert [(one.created, one.unchanged) for one in (first, second)] == [(10, 0), (0, 10)]  # type: ignore[attr-defined]


def test_of_many_tries_at_one_moment_no_more_get_through_than_one_after_the_other(cast: Cast) -> None:
    tries = lock.FAILURES_BY_BOTH + 3
    all_here, check, look_at_password = threading.Barrier(tries), lock._check, Mock(return_value=None)

    def check_at_one_moment(failures: object, coming: int, *more: object) -> None:
        check(failures, coming, *more)  # type: ignore[arg-type]
        if coming:  # nothing is written down yet: all of them get this far
            connections.close_all()  # there are fewer in the pool than tries
            all_here.wait(PATIENCE)

    cast.person("LEA_USER", "681", "681guessed")
    guess = ask(Client(), "/sign-in", {"username": "681guessed", "password": "wrong"})
    with (
        patch.object(lock, "_check", check_at_one_moment),
        patch.object(sign_in, "authenticate", look_at_password),
        ThreadPoolExecutor(tries) as pool,
    ):
        answers = [pool.submit(on_its_own_connection, guess) for _ in range(tries)]
    assert {answer.result().status_code for answer in answers} == {400}
    assert look_at_password.call_count <= lock.FAILURES_BY_BOTH
    assert FailedSignIn.objects.filter(username="681guessed").count() == look_at_password.call_count, "the others are not counted"
    assert Entry.objects.filter(person="681guessed", action=Action.SIGN_IN_REFUSED).count() == look_at_password.call_count
    assert Entry.objects.filter(person="681guessed", action=Action.SIGN_IN_LOCKED).count() == 1


def test_two_who_use_one_link_at_once(cast: Cast) -> None:
    """The link is good once: the second is told that it no longer works, and only the first password counts."""
    person = cast.person("SCHOOL", "6812045")
    path = links.make(person, valid=timedelta(hours=1))
    first, second = "four entirely unrelated words", "another unguessable phrase"
    answers = at_once(links, "record", *(ask(Client(), path, {"new": password, "again": password}) for password in (first, second)))
    assert [answer.status_code for answer in answers] == [302, 404]
    assert User.objects.get(pk=person.pk).check_password(first)
    assert Entry.objects.filter(action=Action.PASSWORD_SET_BY_LINK).count() == 1
