"""Once a week everybody with files waiting is reminded, once, and nobody else (4.2, 5.1)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
import time_machine

from s2s.notices import post
from s2s.notices.models import Email
from s2s.organisations.models import Organisation
from s2s.transfers import remind
from s2s.transfers.models import Delivery, Reminder
from tests.cast import Cast
from tests.journeys.doors import fetch, keys, mails, say
from tests.samples import name_for

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 10, 12, 6, 5, tzinfo=UTC)  # 7:05 on the clocks of Wales, which are an hour ahead until the 25th


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    """It is the Friday before."""
    with time_machine.travel(MONDAY - timedelta(days=3), tick=False) as clock:
        yield clock


@pytest.fixture
def monday(clock: time_machine.Traveller) -> "Monday":
    return Monday(clock)


class Monday:
    """The clock goes on to a Monday at 7:05, or some time after it, and the worker looks whether somebody is to be reminded."""

    def __init__(self, clock: time_machine.Traveller) -> None:
        self.clock = clock

    def __call__(self, *, later: timedelta = timedelta(0)) -> int:
        self.clock.move_to(MONDAY + later)
        return remind.remind()


def reminders(to: str) -> list[str]:
    return [words for notice, words in mails(to) if notice == "reminder"]


@pytest.mark.guidance("4.2-13")
def test_a_school_gets_one_list_of_its_waiting_files_and_none_when_nothing_waits(cast: Cast, monday: Monday) -> None:
    for number in ("001", "002"):
        cast.sent("6792303", "6812061", number)
    monday()
    [words] = reminders("office@6812061.example.org")
    assert name_for("6792303", "6812061", "001") in words
    assert name_for("6792303", "6812061", "002") in words
    assert "The Dell Primary School" in words
    assert reminders("office@6792303.example.org") == []
    llanishen = cast.client(cast.person("SCHOOL", at="6812061"))
    for key in keys(llanishen).values():
        fetch(llanishen, key)
        say(llanishen, "yes", key)
    Email.objects.all().delete()
    assert monday(later=timedelta(days=7)) == 0
    assert not Email.objects.exists()


@pytest.mark.guidance("4.2-14")
def test_an_authority_gets_the_list_of_its_schools_and_its_own(cast: Cast, monday: Monday) -> None:
    cast.sent("6792303", "6812061")
    cast.sent("6812045", "681LLLL")
    cast.sent("6812045", "XXXXXXX")
    monday()
    [words] = reminders("data@681.example.org")
    assert name_for("6792303", "6812061") in words
    assert "Llanishen Primary School" in words
    assert name_for("6812045", "681LLLL") in words
    assert "XXXXXXX" not in words
    assert reminders("data@679.example.org") == [], "its school has sent, and has nothing waiting"


def test_a_fetched_file_that_nobody_confirmed_is_still_named(cast: Cast, monday: Monday) -> None:
    cast.sent("6792303", "6812061")
    llanishen = cast.client(cast.person("SCHOOL", at="6812061"))
    fetch(llanishen, *keys(llanishen).values())
    monday()
    assert reminders("office@6812061.example.org")


def test_each_sender_is_counted_with_its_oldest_file(cast: Cast, monday: Monday, clock: time_machine.Traveller) -> None:
    cast.sent("6792303", "6812061", "001")
    clock.shift(timedelta(hours=1))
    cast.sent("6792303", "6812061", "002")
    cast.sent("6812045", "6812061", "001")
    assert monday() == 2
    [words] = reminders("office@6812061.example.org")
    assert "From: The Dell Primary School (6792303): 2 files, the oldest uploaded 09/10/2026" in words
    assert "From: Greenway Primary School (6812045): 1 file, the oldest" in words
    assert words.index("The Dell") < words.index("Greenway"), "who has waited longest stands first"


def test_with_very_many_files_every_school_is_counted_and_no_file_is_named(
    cast: Cast, monday: Monday, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remind, "NAMED", 2)
    for school in ("6812061", "6812049"):
        for number in ("001", "002"):
            cast.sent("6792303", school, number)
    monday()
    [words] = reminders("data@681.example.org")
    assert "Llanishen Primary School (6812061): 2 files" in words
    assert "Hafod Primary School (6812049): 2 files" in words
    assert "_CTF_" not in words
    [words] = reminders("office@6812061.example.org")
    assert words.count("_CTF_") == 2, "few enough for one school"


@pytest.mark.parametrize("later", [timedelta(minutes=-6), timedelta(hours=5), timedelta(days=2), timedelta(days=6, hours=23)])
def test_a_monday_without_a_worker_is_caught_up_and_nobody_is_reminded_too_soon(cast: Cast, monday: Monday, later: timedelta) -> None:
    cast.sent("6792303", "6812061")
    assert monday(later=later) == (2 if later > timedelta(0) else 0)


def test_nobody_is_reminded_twice_in_a_week_and_everybody_in_the_next(cast: Cast, monday: Monday) -> None:
    cast.sent("6792303", "6812061")
    assert [monday(later=timedelta(hours=hours)) for hours in (0, 1, 50, 160)] == [2, 0, 0, 0]
    assert monday(later=timedelta(days=7)) == 2
    assert len(reminders("office@6812061.example.org")) == 2


def test_what_was_sent_after_monday_is_for_the_next_week(cast: Cast, monday: Monday) -> None:
    monday()
    cast.sent("6792303", "6812061")
    assert monday(later=timedelta(days=2)) == 0
    assert monday(later=timedelta(days=7)) == 2


def test_cut_off_and_done_again_nothing_is_queued_twice(cast: Cast, monday: Monday) -> None:
    for school in ("6812061", "6812049", "6732182"):
        cast.sent("6792303", school)
    written = post.write

    def die_at_the_third(rows: list[post.Row]) -> None:
        if Email.objects.filter(notice="reminder").count() == 2:
            raise KeyboardInterrupt
        written(rows)

    with patch("s2s.notices.post.write", die_at_the_third), pytest.raises(KeyboardInterrupt):
        monday()
    assert Reminder.objects.count() == 2, "a place whose e-mail was not queued has no row"
    assert monday() == 3
    to = list(Email.objects.filter(notice="reminder").values_list("to", flat=True))
    assert len(to) == len(set(to)) == 5


def test_a_second_run_at_the_same_moment_queues_nothing(cast: Cast, monday: Monday) -> None:
    """It had looked who is to be reminded before the first one wrote its rows."""
    cast.sent("6792303", "6812061")
    places = list(remind._places(MONDAY))
    assert monday() == 2
    with patch.object(remind, "_places", lambda monday: places):
        assert monday() == 0
    assert len(reminders("office@6812061.example.org")) == 1


def test_an_error_at_one_place_stops_no_other_and_is_made_good(cast: Cast, monday: Monday, caplog: pytest.LogCaptureFixture) -> None:
    for school in ("6812061", "6812049"):
        cast.sent("6792303", school)
    party = Organisation.party

    def broken(place: Organisation) -> object:
        if place.number == "6812049":
            raise ZeroDivisionError
        return party.fget(place)  # type: ignore[attr-defined]

    with patch.object(Organisation, "party", property(broken)):
        assert monday() == 2, "the schools; the authority would be told of the broken one"
    assert "could not be queued" in caplog.text
    assert monday() == 1
    assert [len(reminders(f"{to}.example.org")) for to in ("office@6812061", "office@6812049", "data@681")] == [1, 1, 1]


def test_no_list_of_all_that_waits_is_held(cast: Cast, monday: Monday, django_assert_max_num_queries: object) -> None:
    for number in range(1, 8):
        cast.sent("6792303", "6812061", f"{number:03}")
    with patch.object(Delivery, "__init__", side_effect=AssertionError("a delivery was loaded")):
        assert monday() == 2


def test_weeks_long_past_are_forgotten(cast: Cast, monday: Monday) -> None:
    cast.sent("6792303", "6812061")
    monday()
    monday(later=timedelta(days=7))
    with time_machine.travel(MONDAY + remind.KEPT + timedelta(days=3)):
        remind.forget()
    assert {row.week.isoformat() for row in Reminder.objects.all()} == {"2026-10-19"}


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        ("2026-10-12T05:59:00Z", "2026-10-05T06:00:00Z"),
        ("2026-10-12T06:00:00Z", "2026-10-12T06:00:00Z"),
        ("2026-10-18T23:00:00Z", "2026-10-12T06:00:00Z"),
        ("2026-10-26T06:59:00Z", "2026-10-19T06:00:00Z"),  # the clocks went back the day before
        ("2026-10-26T07:00:00Z", "2026-10-26T07:00:00Z"),
    ],
)
def test_a_week_begins_on_monday_at_seven_by_the_clock_on_the_wall(now: str, monday: str) -> None:
    assert remind.beginning_of_week(datetime.fromisoformat(now)) == datetime.fromisoformat(monday)
