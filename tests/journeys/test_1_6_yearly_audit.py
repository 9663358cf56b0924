"""The yearly audit of users: "seek written confirmation of valid users for each LA on an annual basis" (1.6)."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from s2s.accounts.models import User
from s2s.administration.models import Confirmation, UserAudit
from s2s.administration.tasks import yearly_audit_of_users
from s2s.audit.models import Action, Entry
from s2s.notices import catalogue
from s2s.notices.catalogue import Party
from s2s.notices.recipients import Recipient
from s2s.organisations.models import Organisation
from tests.cast import PASSWORD, Cast
from tests.journeys.doors import mails, text
from tests.journeys.users import NEW, dba, form, may_sign_in, national, person

pytestmark = pytest.mark.django_db

START = datetime(2026, 10, 1, 9, tzinfo=UTC)
DUE = {"day": "30", "month": "11", "year": "2026"}


@pytest.fixture
def clock() -> "object":
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def people(clock: object, cast: Cast) -> Cast:
    for role, at in (("LEA_DBA", "681"), ("LEA_USER", "681"), ("SCHOOL", "6812045"), ("LEA_DBA", "680"), ("LEA_USER", "680")):
        cast.person(role, at, language="en")
    return cast


@pytest.fixture
def begun(people: Cast) -> UserAudit:
    assert national(people).post("/users/audit/start", DUE).status_code == 302
    return UserAudit.objects.get()


def boxes(client: Client, path: str = "/users/audit") -> dict[str, str]:
    """Whom the page lists: user name -> the key of its box."""
    html = client.get(path).content.decode()
    found = re.findall(r'name="user" value="(\d+)".*?<span class="govuk-visually-hidden">([^<]+)</span>', html, re.DOTALL)
    return {name: key for key, name in found}


def confirm(client: Client, *keys: str, path: str = "/users/audit/confirm") -> str:
    return text(client.post(path, {"user": keys, "confirm": "ticked"}, follow=True))


def answers(audit: UserAudit) -> dict[str, str]:
    return {row.username: row.answer for row in audit.confirmations.all()}


def pass_days(clock: object, days: float) -> None:
    clock.shift(timedelta(days=days))  # type: ignore[attr-defined]
    yearly_audit_of_users(timestamp=0)


@pytest.mark.guidance("1.6-63")
def test_each_la_gets_its_list_and_answers_and_missing_answers_are_visible(people: Cast) -> None:
    client = national(people)
    assert "There has been no audit yet" in text(client.get("/users/audit"))
    answer = client.post("/users/audit/start", DUE, follow=True)
    assert "5 users are to be confirmed" in text(answer)
    for at, number in (("681", 2), ("680", 1)):
        [(notice, letter)] = mails(f"{at}leadba@example.org")
        assert notice == "audit_started"
        assert f"Users to confirm or remove: {number}" in letter
        assert "30 November 2026" in letter
    cardiff = dba(people)
    assert set(boxes(cardiff)) == {"681leauser", "6812045"}
    assert "Confirm your users" in text(cardiff.get("/users"))
    confirm(cardiff, *boxes(cardiff).values())
    overview = text(client.get("/users/audit"))
    assert "40% answered" in overview
    assert re.search(r"Newport 680 Waiting 0% 0% 2 0 Cardiff 681 Waiting 66% 66% 1 0", overview), overview
    assert set(boxes(client)) == {"681leadba", "680leadba"}, "the LEA Administrators are for the national administrator to confirm"


@pytest.mark.guidance("1.6-64")
def test_the_dba_confirms_and_name_and_date_are_kept(people: Cast, begun: UserAudit) -> None:
    client = dba(people)
    assert "1 user is confirmed" in confirm(client, boxes(client)["6812045"])
    row = begun.confirmations.get(username="6812045")
    assert (row.answer, row.answered_by, row.answered_at) == ("confirmed", "681leadba", START)
    assert set(boxes(client)) == {"681leauser"}
    entry = Entry.objects.get(action=Action.USERS_CONFIRMED)
    assert (entry.person, entry.facts["usernames"]) == ("681leadba", ["6812045"])
    assert "1 of 3 answered" in text(client.get("/users/audit"))


def test_all_that_is_shown_is_confirmed_with_one_button(people: Cast, begun: UserAudit) -> None:
    client = dba(people)
    shown = re.findall(r'name="shown" value="(\d+)"', client.get("/users/audit").content.decode())
    assert len(shown) == 2
    client.post("/users/audit/confirm", {"shown": shown, "confirm": "shown"})
    assert answers(begun)["681leauser"] == answers(begun)["6812045"] == "confirmed"
    assert answers(begun)["680leauser"] == "waiting"
    assert "Nobody is left for you to confirm" in text(client.get("/users/audit"))


def test_nobody_ticked_is_said(people: Cast, begun: UserAudit) -> None:
    assert "Nobody is chosen" in confirm(dba(people))


def test_whoever_is_removed_is_deleted_and_it_stays_on_record(people: Cast, begun: UserAudit) -> None:
    client = dba(people)
    for username in ("681leauser", "6812045"):
        path = f"/users/delete/{username}?back=audit"
        assert path in client.get("/users/audit").content.decode()
        answer = client.post(path, form(client, path))
        assert answer["Location"] == "/users/audit"
        assert not User.objects.filter(username=username).exists()
        row = begun.confirmations.get(username=username)
        assert (row.answer, row.answered_by, row.user) == ("removed", "681leadba", None)


def test_a_user_added_meanwhile_counts_as_confirmed(people: Cast, begun: UserAudit, clock: object) -> None:
    dba(people).post("/users/add", NEW)
    row = begun.confirmations.get(username="681bjones")
    assert (row.answer, row.answered_by) == ("confirmed", "681leadba")
    pass_days(clock, 61)
    assert person("681bjones").is_active


def test_a_school_added_meanwhile_counts_as_confirmed(people: Cast, begun: UserAudit, clock: object) -> None:
    dba(people).post("/schools/add", {"number": "2099", "name": "Lamby Primary School", "email": "office@lamby.cardiff.sch.uk"})
    row = begun.confirmations.get(username="6812099")
    assert (row.answer, row.answered_by) == ("confirmed", "681leadba")


@pytest.mark.parametrize("who", ["681leadba", "WGnational"])
def test_home_says_how_many_await_an_answer(people: Cast, begun: UserAudit, clock: object, who: str) -> None:
    client = dba(people) if who == "681leadba" else national(people)
    assert "2 users to confirm" in text(client.get("/home"))
    assert "ends on 30 November 2026" in text(client.get("/home"))
    assert "to confirm" not in text(people.client(person("681leauser")).get("/home"))
    confirm(client, *boxes(client).values())
    assert "to confirm" not in text(client.get("/home"))


def test_others_answers_are_out_of_reach(people: Cast, begun: UserAudit) -> None:
    theirs = begun.confirmations.get(username="680leauser").pk
    own = begun.confirmations.get(username="681leadba").pk
    client = dba(people)
    for field, button in (("user", "ticked"), ("shown", "shown")):
        assert client.post("/users/audit/confirm", {field: [theirs], "confirm": button}).status_code == 404
        assert client.post("/users/audit/confirm?at=680", {field: [theirs], "confirm": button}).status_code == 404
    client.post("/users/audit/confirm", {"user": [own], "confirm": "ticked"})
    assert set(answers(begun).values()) == {"waiting"}, "himself neither"
    assert "680leauser" not in text(client.get("/users/audit?at=680"))
    assert "680leauser" not in text(client.get("/users/audit/report?at=680"))
    for odd in ("x", "-1", "9" * 30, "\0"):
        client.post("/users/audit/confirm", {"user": [odd], "confirm": "ticked"})


def test_where_there_is_no_dba_the_national_administrator_answers(people: Cast, begun: UserAudit) -> None:
    client = national(people)
    assert "680leauser" not in boxes(client)
    User.objects.filter(username="680leadba").delete()
    assert set(boxes(client)) == {"681leadba", "680leauser"}
    assert set(boxes(client, "/users/audit?at=680")) == {"680leauser"}
    confirm(client, boxes(client)["680leauser"])
    assert answers(begun)["680leauser"] == "confirmed"


def test_reminders_go_out_14_and_3_days_before_once_each(people: Cast, begun: UserAudit, clock: object) -> None:
    def reminders() -> int:
        return len([notice for notice, _ in mails("681leadba@example.org") if notice == "audit_reminder"])

    clock.move_to(datetime(2026, 11, 15, 6, tzinfo=UTC))  # type: ignore[attr-defined]
    pass_days(clock, 0)
    assert reminders() == 0, "15 days before"
    pass_days(clock, 1)
    pass_days(clock, 0)
    pass_days(clock, 1)
    assert reminders() == 1, "14 days before, and not again"
    letter = mails("681leadba@example.org")[-1][1]
    assert "Users without an answer: 2" in letter
    pass_days(clock, 10)
    assert reminders() == 2, "3 days before"
    pass_days(clock, 2)
    assert reminders() == 2


def test_a_reminder_that_was_missed_is_caught_up_and_who_has_answered_gets_none(people: Cast, begun: UserAudit, clock: object) -> None:
    client = dba(people)
    confirm(client, *boxes(client).values())
    pass_days(clock, 50)  # ten days before: nothing ran on the 16th
    assert [notice for notice, _ in mails("680leadba@example.org")] == ["audit_started", "audit_reminder"]
    assert [notice for notice, _ in mails("681leadba@example.org")] == ["audit_started"]


def test_whoever_is_not_confirmed_when_the_day_has_passed_is_suspended(people: Cast, begun: UserAudit, clock: object) -> None:
    client, theirs = dba(people), people.client(person("6812045"))
    confirm(client, boxes(client)["681leauser"])
    pass_days(clock, 60)
    assert person("6812045").is_active, "the day itself still counts"
    theirs = people.client(person("6812045"))
    pass_days(clock, 1)
    school = person("6812045")
    assert (school.is_active, school.inactive_because) == (False, "not confirmed")
    assert theirs.get("/home").status_code == 302, "the open session has ended"
    assert not may_sign_in("6812045", PASSWORD)
    assert may_sign_in("681leauser", PASSWORD)
    assert answers(begun) | {"681leadba": "", "680leadba": ""} == {
        "681leauser": "confirmed", "6812045": "suspended", "680leauser": "suspended", "681leadba": "", "680leadba": "",
    }  # fmt: skip
    [(notice, letter)] = mails("office@6812045.example.org")
    assert notice == "audit_suspended"
    assert "nobody has confirmed your s2s access" in letter
    assert "Users suspended: 1" in mails("681leadba@example.org")[-1][1]
    begun.refresh_from_db()
    assert begun.closed_at
    actions = [entry.action for entry in Entry.objects.filter(action__in=[Action.USERS_SUSPENDED, Action.USER_AUDIT_CLOSED]).order_by("pk")]
    assert actions == [Action.USERS_SUSPENDED, Action.USERS_SUSPENDED, Action.USER_AUDIT_CLOSED]
    count = len(mails("681leadba@example.org"))
    pass_days(clock, 1)
    assert len(mails("681leadba@example.org")) == count, "once"


def test_a_dba_is_never_suspended_by_the_clock_and_stays_on_the_national_list(people: Cast, begun: UserAudit, clock: object) -> None:
    pass_days(clock, 61)
    assert person("681leadba").is_active
    client = national(people)
    assert {"681leadba", "680leadba"} <= set(boxes(client))
    confirm(client, boxes(client)["681leadba"])
    assert answers(begun)["681leadba"] == "confirmed"
    assert "681leadba" not in boxes(client)


def test_confirmed_late_the_user_is_let_in_again(people: Cast, begun: UserAudit, clock: object) -> None:
    pass_days(clock, 61)
    client = dba(people)
    assert "The day has passed" in text(client.get("/users/audit"))
    confirm(client, boxes(client)["6812045"])
    assert may_sign_in("6812045", PASSWORD)
    assert not may_sign_in("681leauser", PASSWORD)
    assert mails("office@6812045.example.org")[-1][0] == "user_switched"


def test_confirming_does_not_undo_a_switching_off(people: Cast, begun: UserAudit) -> None:
    User.objects.filter(username="681leauser").update(is_active=False, inactive_because="switched off")
    client = dba(people)
    confirm(client, boxes(client)["681leauser"])
    assert not person("681leauser").is_active


def test_a_user_who_disappeared_with_the_school_is_no_riddle(people: Cast, begun: UserAudit, clock: object) -> None:
    User.objects.filter(username="6812045").delete()
    assert "6812045" not in boxes(dba(people))
    pass_days(clock, 61)
    assert answers(begun)["6812045"] == "removed"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Enter the day"),
        ({"day": "31", "month": "11", "year": "2026"}, "Enter the day"),
        ({"day": "x", "month": "11", "year": "2026"}, "Enter the day"),
        ({"day": "1", "month": "10", "year": "2026"}, "has to be after today"),
        ({"day": "2", "month": "10", "year": "2027"}, "more than a year away"),
        ({"day": "1", "month": "1", "year": "99999999999"}, "Enter the day"),
    ],
)
def test_a_day_that_cannot_be_is_refused(people: Cast, typed: dict[str, str], said: str) -> None:
    answer = national(people).post("/users/audit/start", typed)
    assert answer.status_code == 400
    assert said in text(answer)
    assert not UserAudit.objects.exists()


def test_one_audit_at_a_time(people: Cast, begun: UserAudit, clock: object) -> None:
    client = national(people)
    assert "An audit of users is running until 30 November 2026" in text(client.post("/users/audit/start", DUE))
    with pytest.raises(IntegrityError):
        UserAudit.objects.create(due_on=begun.due_on, started_by="x")


def test_the_next_one_can_follow_and_the_first_stays_on_record(people: Cast, begun: UserAudit, clock: object) -> None:
    pass_days(clock, 61)
    client = national(people)
    assert client.post("/users/audit/start", {"day": "30", "month": "11", "year": "2027"}).status_code == 302
    assert UserAudit.objects.count() == 2
    client, again = dba(people), UserAudit.objects.latest("pk")
    assert answers(again)["6812045"] == "waiting", "who was suspended is asked about again"
    confirm(client, boxes(client)["6812045"])
    assert may_sign_in("6812045", PASSWORD)
    assert (answers(begun)["6812045"], answers(again)["6812045"]) == ("suspended", "confirmed")
    client = national(people)
    assert "Suspended" in text(client.get(f"/users/audit/report?audit={begun.pk}"))
    for odd in ("999", "x", "-1"):
        assert client.get(f"/users/audit/report?audit={odd}").status_code in {200, 404}


@pytest.mark.guidance("1.6-63")
def test_the_report_says_who_confirmed_what_and_when(people: Cast, begun: UserAudit) -> None:
    client = dba(people)
    confirm(client, boxes(client)["6812045"])
    for viewer in (client, national(people)):
        page = text(viewer.get("/users/audit/report"))
        assert "6812045 Greenway Primary School 6812045 School user Confirmed 681leadba 1 October 2026, 10:00" in page
    assert "680leauser" in text(national(people).get("/users/audit/report"))
    assert "680leauser" not in text(client.get("/users/audit/report"))
    assert "680leauser" not in text(national(people).get("/users/audit/report?at=681"))


def test_the_file_opens_in_a_spreadsheet_and_runs_nothing(people: Cast, begun: UserAudit) -> None:
    Organisation.objects.filter(number="6812045").update(name='=HYPERLINK("http://evil.example")')
    answer = dba(people).get("/users/audit/report/file")
    assert answer["Content-Type"].startswith("text/csv")
    assert 'attachment; filename="yearly-audit-of-users-2026-11-30-681.csv"' in answer["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["User name"] for row in rows] == ["681leadba", "681leauser", "6812045"]
    assert rows[2]["School or local authority"] == '\'=HYPERLINK("http://evil.example")'
    assert rows[2]["Answer"] == "Waiting"


def test_closing_can_be_broken_off_and_goes_on_the_next_day(
    people: Cast, begun: UserAudit, clock: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, seen = catalogue.audit_suspended, []

    def power_cut(to: Recipient, at: Party) -> None:
        seen.append(to)
        if len(seen) == 2:
            raise RuntimeError
        real(to, at)

    monkeypatch.setattr(catalogue, "audit_suspended", power_cut)
    with pytest.raises(RuntimeError):
        pass_days(clock, 61)
    begun.refresh_from_db()
    assert begun.closed_at is None
    monkeypatch.setattr(catalogue, "audit_suspended", real)
    pass_days(clock, 1)
    begun.refresh_from_db()
    assert begun.closed_at
    assert not User.objects.filter(username__in=["681leauser", "6812045", "680leauser"], is_active=True).exists()
    assert Confirmation.objects.filter(answer="suspended").count() == 3
    assert [notice for notice, _ in mails("office@6812045.example.org")] == ["audit_suspended"]
    assert timezone.localdate() > begun.due_on
