"""Many schools get their user at one go, and the lists of schools that somebody should look after (3.7, 3.8)."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from s2s.accounts.actors import Person
from s2s.accounts.models import User
from s2s.administration import queries, set_up_many
from s2s.administration.models import SetUp, SetUpLine
from s2s.administration.queries import Attention
from s2s.administration.set_up_many import Outcome
from s2s.audit.models import Action, Entry
from s2s.notices import errands
from s2s.notices.models import Errand
from tests.cast import Cast
from tests.journeys.doors import mails, text, work

pytestmark = pytest.mark.django_db


def outcomes(run: SetUp) -> dict[str, str]:
    return {line.school.number: line.outcome for line in run.lines.all()}


def test_a_few_are_set_up_at_once_and_each_says_what_became_of_it(cast: Cast) -> None:
    numbers = ("6812045", "6812061", "6812049")
    for number in numbers:
        cast.school(number)
    cast.school("6812061", email="")
    cast.person("SCHOOL", "6812049")
    cast.person("LEA_USER", "681", "6812099")  # from before these names were kept for schools
    schools = [cast.school(number) for number in (*numbers, "6812099")]
    closed = cast.school("6812098", closed_on=timezone.localdate())
    run = set_up_many.begin(actor=cast.actor("LEA_DBA", "681"), schools=[*schools, closed])
    assert outcomes(run) == {
        "6812045": Outcome.DONE,
        "6812061": Outcome.NO_EMAIL,
        "6812049": Outcome.HAS_USER,
        "6812099": Outcome.NAME_TAKEN,
        "6812098": Outcome.CLOSED,
    }
    assert User.objects.get(username="6812045").organisation.number == "6812045"
    assert [notice for notice, _ in mails("office@6812045.example.org")] == ["welcome", "password_link"]
    assert Entry.objects.get(action=Action.SET_UP_BEGUN).facts["schools"] == 5
    assert Entry.objects.get(action=Action.USER_ADDED).facts["username"] == "6812045"


def test_many_are_the_workers_who_can_be_broken_off_and_does_none_twice(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    schools = [cast.school(f"68130{number:02}") for number in range(2 * set_up_many.AT_ONCE + 1)]
    run = set_up_many.begin(actor=cast.actor("LEA_DBA", "681"), schools=schools)
    assert set(outcomes(run).values()) == {Outcome.WAITING}
    assert Errand.objects.get().name == set_up_many.SET_UP
    real, seen = set_up_many.school_accounts.set_up, []

    def power_cut(**said: object) -> User:
        seen.append(said)
        if len(seen) == set_up_many.AT_ONCE + 5:
            raise RuntimeError
        return real(**said)  # type: ignore[arg-type]

    monkeypatch.setattr(set_up_many.school_accounts, "set_up", power_cut)
    work()
    assert set_up_many.counted(run)[Outcome.DONE] == User.objects.filter(role="SCHOOL").count() == set_up_many.AT_ONCE
    with time_machine.travel(timezone.now() + errands.FIRST_WAIT):
        work()
    set_up_many.work(str(run.key))
    assert set_up_many.counted(run)[Outcome.DONE] == len(schools)
    assert not Errand.objects.exists()
    for school in schools:
        assert [notice for notice, _ in mails(school.email)] == ["welcome", "password_link"]


def test_what_others_leave_for_the_worker_does_not_wait_behind_a_long_run(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    schools = [cast.school(f"68130{number:02}") for number in range(2 * set_up_many.AT_ONCE + 1)]
    run = set_up_many.begin(actor=cast.actor("LEA_DBA", "681"), schools=schools)
    done: list[int] = []
    monkeypatch.setitem(errands.DOERS, "say", lambda: done.append(set_up_many.counted(run)[Outcome.DONE]))
    errands.leave("say")
    work()
    assert done == [set_up_many.AT_ONCE]


def test_whoever_may_no_longer_do_it_sets_up_nobody(cast: Cast) -> None:
    schools = [cast.school(f"68130{number:02}") for number in range(set_up_many.AT_ONCE + 1)]
    run = set_up_many.begin(actor=cast.actor("LEA_DBA", "681"), schools=schools)
    User.objects.filter(username="681leadba").update(is_active=False)
    work()
    assert set(outcomes(run).values()) == {Outcome.NOT_ALLOWED}
    assert not User.objects.filter(role="SCHOOL").exists()


def test_others_schools_are_left_out(cast: Cast) -> None:
    run = set_up_many.begin(actor=cast.actor("LEA_DBA", "681"), schools=[cast.school("6812045"), cast.school("6792303")])
    assert set(outcomes(run)) == {"6812045"}
    with pytest.raises(set_up_many.SetUpRefused):
        set_up_many.begin(actor=cast.actor("LEA_DBA", "681"), schools=[cast.school("6792303")])


def test_the_lists_have_whom_they_say_and_nobody_elses(cast: Cast) -> None:
    cast.person("SCHOOL", "6812045", signed_in_at=timezone.now())
    cast.school("6812061", email="")
    cast.person("SCHOOL", "6812049")
    cast.school("6792303")
    cast.school("6812098", email="", closed_on=timezone.localdate())
    with time_machine.travel(timezone.now() - timedelta(days=28, minutes=1)):
        cast.sent("6812049", "6812045")
    with time_machine.travel(timezone.now() - timedelta(days=27)):
        cast.sent("6812045", "6812049", "002")
    dba, office = cast.person("LEA_DBA", "681"), cast.person("NATIONAL", "WG")

    def numbers(reason: Attention, viewer: User = dba) -> list[str]:
        return [school.number for school in queries.in_need_of(Person(viewer, ""), reason)]

    assert numbers(Attention.NO_EMAIL) == ["6812061"]
    assert numbers(Attention.NO_USER) == ["6812061"]
    assert numbers(Attention.NEVER_SIGNED_IN) == ["6812049"]
    assert numbers(Attention.OLD_FILES) == ["6812045"]
    assert numbers(Attention.NO_USER, office) == ["6792303", "6812061"]
    assert not queries.in_need_of(cast.actor("LEA_USER", "681"), Attention.NO_USER)


def test_from_home_to_the_list_to_the_result(cast: Cast) -> None:
    for number in ("6812045", "6812061"):
        cast.school(number)
    client = cast.client(cast.person("LEA_DBA", "681"))
    assert "2 schools without a user" in text(client.get("/home"))
    assert "Greenway Primary School" in text(client.get("/schools/attention?show=no-user"))
    assert "No school is chosen" in text(client.post("/schools/set-up", {"which": "ticked"}))
    answer = client.post("/schools/set-up", {"which": "ticked", "school": ["6812045"]}, follow=True)
    assert "1 school now has a user" in text(answer)
    assert "1 of 1 schools done" in text(answer)
    client.post("/schools/set-up", {"which": "all"})
    assert SetUpLine.objects.filter(outcome=Outcome.DONE).count() == 2
    assert "schools that have never signed in" in text(client.get("/home"))
    other = cast.client(cast.person("LEA_DBA", "679"))
    assert other.get(f"/schools/set-up/{SetUp.objects.first().key}").status_code == 404  # type: ignore[union-attr]
    for odd in ("x", "no-such"):
        assert client.get(f"/schools/attention?show={odd}").status_code == 200
