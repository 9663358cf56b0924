"""The yearly audit of users: "seek written confirmation of valid users for each LA on an annual basis" (1.6)."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from s2s.accounts.models import User
from s2s.administration import yearly_audit
from s2s.administration.models import Confirmation, UserAudit
from s2s.administration.tasks import yearly_audit_of_users
from s2s.administration.yearly_audit import AuditFault, AuditRefused
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
DUE = {"due_on-day": "30", "due_on-month": "11", "due_on-year": "2026"}
START_IT = DUE | {"sure": "yes"}


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
    assert national(people).post("/users/audit/start", START_IT).status_code == 302
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


def close(cast: Cast) -> str:
    """The national administrator looks at the numbers and presses the button."""
    client = national(cast)
    assert client.get("/users/audit/close").status_code == 200
    return text(client.post("/users/audit/close", follow=True))


def day(said: date) -> dict[str, str]:
    return {f"due_on-{part}": str(getattr(said, part)) for part in ("day", "month", "year")}


@pytest.mark.guidance("1.6-63")
def test_each_la_gets_its_list_and_answers_and_missing_answers_are_visible(people: Cast) -> None:
    client = national(people)
    assert "There has been no audit yet" in text(client.get("/users/audit"))
    answer = client.post("/users/audit/start", START_IT, follow=True)
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
    assert "1 user has been confirmed" in confirm(client, boxes(client)["6812045"])
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
        path = f"/users/{username}/delete?back=audit"
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


def test_nothing_happens_by_the_clock_and_the_national_administrator_is_told_once(people: Cast, begun: UserAudit, clock: object) -> None:
    office = national(people)
    for _ in range(3):
        pass_days(clock, 61)
    assert not User.objects.filter(is_active=False).exists()
    begun.refresh_from_db()
    assert begun.closed_at is None
    [(notice, letter)] = mails("WGnational@example.org")
    assert notice == "audit_is_over"
    assert "who would be suspended: 2" in letter
    assert "who would only be noted: 3" in letter
    assert office.get("/users/audit").status_code in {200, 302}
    assert "Nobody will be suspended until you close the audit" in text(national(people).get("/users/audit"))


def test_closing_shows_the_numbers_by_la_and_suspends_la_users_only(people: Cast, begun: UserAudit, clock: object) -> None:
    client = dba(people)
    confirm(client, boxes(client)["681leauser"])
    pass_days(clock, 61)
    theirs, school = people.client(person("680leauser")), people.client(person("6812045"))
    page = text(national(people).get("/users/audit/close"))
    assert "1 user without an answer will be suspended" in page
    assert "Newport 680 1 1" in page
    assert "Cardiff 681 0 2" in page
    assert "1 user has been suspended" in close(people)
    suspended = person("680leauser")
    assert (suspended.is_active, suspended.inactive_because) == (False, "not confirmed")
    assert theirs.get("/home").status_code == 302, "the open session has ended"
    assert school.get("/home").status_code == 200, "schools are never suspended for want of an answer (3.8)"
    assert may_sign_in("681leauser", PASSWORD)
    assert answers(begun) == {
        "681leadba": "unanswered", "680leadba": "unanswered", "6812045": "unanswered", "681leauser": "confirmed", "680leauser": "suspended",
    }  # fmt: skip
    assert [notice for notice, _ in mails("680leauser@example.org")] == ["audit_suspended"]
    assert "Users suspended: 1" in mails("680leadba@example.org")[-1][1]
    assert not mails("office@6812045.example.org")


def test_an_audit_is_closed_once(people: Cast, begun: UserAudit, clock: object) -> None:
    pass_days(clock, 61)
    actor = people.actor("NATIONAL", "WG")
    yearly_audit.close(actor=actor, audit=begun)
    for again in (yearly_audit.close, yearly_audit.cancel):
        with pytest.raises(AuditRefused) as refusal:
            again(actor=actor, audit=begun)
        assert refusal.value.code is AuditFault.CLOSED
    assert Entry.objects.filter(action=Action.USER_AUDIT_CLOSED).count() == 1
    assert [notice for notice, _ in mails("680leauser@example.org")] == ["audit_suspended"]
    assert national(people).post("/users/audit/close").status_code == 404


def test_who_did_what_to_an_audit_stands_in_the_trail(people: Cast, begun: UserAudit, clock: object) -> None:
    entry = Entry.objects.get(action=Action.USER_AUDIT_STARTED)
    assert (entry.person, entry.facts) == ("WGnational", {"due_on": "2026-11-30", "users": 5})
    national(people).post("/users/audit/extend", day(date(2026, 12, 31)))
    entry = Entry.objects.get(action=Action.USER_AUDIT_EXTENDED)
    assert (entry.person, entry.facts["before"], entry.facts["due_on"]) == ("WGnational", "2026-11-30", "2026-12-31")
    pass_days(clock, 92)
    close(people)
    assert {entry.person for entry in Entry.objects.filter(action__in=[Action.USERS_SUSPENDED, Action.USER_AUDIT_CLOSED])} == {"WGnational"}


def test_an_audit_is_not_closed_before_its_day_has_passed(people: Cast, begun: UserAudit, clock: object) -> None:
    pass_days(clock, 60)
    assert "have until 30 November 2026 to answer" in close(people)
    assert not User.objects.filter(is_active=False).exists()
    assert UserAudit.running()


def test_there_is_more_time_and_whoever_has_still_to_answer_is_told(people: Cast, begun: UserAudit, clock: object) -> None:
    client = dba(people)
    confirm(client, *boxes(client).values())
    pass_days(clock, 65)
    office = national(people)
    assert "already have until 30 November 2026" in text(office.post("/users/audit/extend", day(date(2026, 11, 30))))
    assert "must be after today" in text(office.post("/users/audit/extend", day(date(2026, 12, 4))))
    assert "more than a year away" in text(office.post("/users/audit/extend", day(date(2028, 1, 1))))
    assert "More time has been given" in text(office.post("/users/audit/extend", day(date(2026, 12, 31)), follow=True))
    assert [notice for notice, _ in mails("681leadba@example.org")] == ["audit_started"]
    assert "31 December 2026" in mails("680leadba@example.org")[-1][1]
    pass_days(clock, 15)
    assert mails("680leadba@example.org")[-1][0] == "audit_reminder", "reminders go out again before the new day"


def test_a_cancelled_audit_suspends_nobody_and_asks_nothing_more(people: Cast, begun: UserAudit, clock: object) -> None:
    client, office = dba(people), national(people)
    confirm(client, boxes(client)["6812045"])
    assert "3 of 5" not in text(office.get("/users/audit/cancel"))
    assert "The audit has been cancelled" in text(office.post("/users/audit/cancel", follow=True))
    assert mails("681leadba@example.org")[-1][0] == "audit_cancelled"
    assert "This audit was cancelled" in text(client.get("/users/audit"))
    assert boxes(client) == {}
    assert answers(begun)["6812045"] == "confirmed", "what was answered is kept"
    pass_days(clock, 61)
    assert not User.objects.filter(is_active=False).exists()
    assert not [notice for notice, _ in mails("WGnational@example.org") if notice == "audit_is_over"]
    assert national(people).post("/users/audit/start", day(date(2027, 3, 1)) | {"sure": "yes"}).status_code == 302


def test_a_suspended_person_learns_after_the_right_password_whom_to_ask(people: Cast, begun: UserAudit, clock: object) -> None:
    pass_days(clock, 61)
    close(people)
    User.objects.filter(username="680leadba").update(name="Ceri Rees")
    right = Client().post("/sign-in", {"username": "680leauser", "password": PASSWORD})
    assert right.status_code == 400
    assert "Ask your LEA Administrator, Ceri Rees (680leadba@example.org), to confirm you" in text(right)
    wrong = text(Client().post("/sign-in", {"username": "680leauser", "password": "wrong"}))
    assert "suspended" not in wrong
    assert "is not right" in wrong
    User.objects.filter(username="680leadba").delete()
    assert "Write to IMS@gov.wales to be confirmed" in text(Client().post("/sign-in", {"username": "680leauser", "password": PASSWORD}))
    User.objects.filter(username="680leauser").update(inactive_because="switched off")
    assert "suspended" not in text(Client().post("/sign-in", {"username": "680leauser", "password": PASSWORD}))


def test_a_dba_is_never_suspended_and_stays_on_the_national_list(people: Cast, begun: UserAudit, clock: object) -> None:
    pass_days(clock, 61)
    close(people)
    assert person("681leadba").is_active
    client = national(people)
    assert {"681leadba", "680leadba"} <= set(boxes(client))
    confirm(client, boxes(client)["681leadba"])
    assert answers(begun)["681leadba"] == "confirmed"
    assert "681leadba" not in boxes(client)


def test_confirmed_late_the_user_is_let_in_again(people: Cast, begun: UserAudit, clock: object) -> None:
    pass_days(clock, 61)
    close(people)
    client = dba(people)
    assert "This audit is closed" in text(client.get("/users/audit"))
    assert not may_sign_in("681leauser", PASSWORD)
    confirm(client, boxes(client)["681leauser"])
    assert may_sign_in("681leauser", PASSWORD)
    assert mails("681leauser@example.org")[-1][0] == "user_switched"


def test_confirming_does_not_undo_a_switching_off(people: Cast, begun: UserAudit) -> None:
    User.objects.filter(username="681leauser").update(is_active=False, inactive_because="switched off")
    client = dba(people)
    confirm(client, boxes(client)["681leauser"])
    assert not person("681leauser").is_active


def test_a_user_who_disappeared_with_the_school_is_no_riddle(people: Cast, begun: UserAudit, clock: object) -> None:
    User.objects.filter(username="6812045").delete()
    assert "6812045" not in boxes(dba(people))
    pass_days(clock, 61)
    close(people)
    assert answers(begun)["6812045"] == "removed"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("", "", ""), "Enter by which day|Enter the day"),
        (("31", "11", "2026"), "There is no such day: 31 November 2026"),
        (("x", "11", "2026"), "This is not a date"),
        (("28", "10", "2026"), "at least 28 days to answer. The first day that you can enter is 29 October 2026"),
        (("2", "10", "2027"), "more than a year away"),
        (("1", "1", "99999999999"), "This is not a date"),
    ],
)
def test_a_day_that_cannot_be_is_refused(people: Cast, typed: tuple[str, str, str], said: str) -> None:
    answer = national(people).post("/users/audit/start", dict(zip(DUE, typed, strict=True)) | {"sure": "yes"})
    assert answer.status_code == 400
    assert re.search(said, text(answer))
    assert not UserAudit.objects.exists()


def test_with_28_days_it_is_enough(people: Cast) -> None:
    assert national(people).post("/users/audit/start", day(date(2026, 10, 29)) | {"sure": "yes"}).status_code == 302


def test_what_would_be_asked_is_seen_before_the_audit_begins(people: Cast) -> None:
    User.objects.filter(username="680leadba").delete()
    client = national(people)
    page = text(client.post("/users/audit/start", DUE))
    for part in ("30 November 2026", "authorities to be confirmed 3", "School users to be confirmed 1", "asked 2", "answer for them 1"):
        assert part in page, (part, page)
    assert not UserAudit.objects.exists()
    assert not mails("681leadba@example.org")
    html = client.post("/users/audit/start", DUE).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(sure|due_on-\w+)" value="([^"]*)"', html))
    assert client.post("/users/audit/start", hidden).status_code == 302
    assert UserAudit.objects.get().due_on == date(2026, 11, 30)


def test_one_audit_at_a_time(people: Cast, begun: UserAudit, clock: object) -> None:
    client = national(people)
    assert "An audit of users is already under way until 30 November 2026" in text(client.post("/users/audit/start", START_IT))
    with pytest.raises(IntegrityError):
        UserAudit.objects.create(due_on=begun.due_on, started_by="x")


def test_the_next_one_can_follow_and_the_first_stays_on_record(people: Cast, begun: UserAudit, clock: object) -> None:
    pass_days(clock, 61)
    close(people)
    client = national(people)
    assert client.post("/users/audit/start", day(date(2027, 11, 30)) | {"sure": "yes"}).status_code == 302
    assert UserAudit.objects.count() == 2
    client, again = dba(people), UserAudit.objects.latest("pk")
    assert answers(again)["681leauser"] == "waiting", "who was suspended is asked about again"
    confirm(client, boxes(client)["681leauser"])
    assert may_sign_in("681leauser", PASSWORD)
    assert (answers(begun)["681leauser"], answers(again)["681leauser"]) == ("suspended", "confirmed")
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
    assert [row["Username"] for row in rows] == ["681leadba", "681leauser", "6812045"]
    assert rows[2]["School or local authority"] == '\'=HYPERLINK("http://evil.example")'
    assert rows[2]["Answer"] == "Waiting"


def test_closing_is_all_or_nothing(people: Cast, begun: UserAudit, clock: object, monkeypatch: pytest.MonkeyPatch) -> None:
    real, seen = catalogue.audit_suspended, []

    def power_cut(to: Recipient, at: Party) -> None:
        seen.append(to)
        if len(seen) == 2:
            raise RuntimeError
        real(to, at)

    pass_days(clock, 61)
    actor = people.actor("NATIONAL", "WG")
    monkeypatch.setattr(catalogue, "audit_suspended", power_cut)
    with pytest.raises(RuntimeError), transaction.atomic():
        yearly_audit.close(actor=actor, audit=begun)
    assert not User.objects.filter(is_active=False).exists()
    assert UserAudit.running()
    assert not mails("680leauser@example.org")
    monkeypatch.setattr(catalogue, "audit_suspended", real)
    assert yearly_audit.close(actor=actor, audit=begun) == 2
    assert Confirmation.objects.filter(answer="suspended").count() == 2
