"""Once a week everybody with files waiting is reminded, and nobody else (4.2, 5.1)."""

import pytest

from s2s.notices.models import Email
from s2s.upkeep import remind
from tests.cast import Cast
from tests.journeys.doors import fetch, keys, mails, say
from tests.samples import name_for

pytestmark = pytest.mark.django_db


def reminders(to: str) -> list[str]:
    return [words for notice, words in mails(to) if notice == "reminder"]


@pytest.mark.guidance("4.2-13")
def test_a_school_gets_one_list_of_its_waiting_files_and_none_when_nothing_waits(cast: Cast) -> None:
    for number in ("001", "002"):
        cast.sent("6792303", "6812061", number)
    remind.remind()
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
    assert remind.remind() == 0
    assert not Email.objects.exists()


@pytest.mark.guidance("4.2-14")
def test_an_authority_gets_the_list_of_its_schools_and_its_own(cast: Cast) -> None:
    cast.sent("6792303", "6812061")
    cast.sent("6812045", "681LLLL")
    cast.sent("6812045", "XXXXXXX")
    remind.remind()
    [words] = reminders("data@681.example.org")
    assert name_for("6792303", "6812061") in words
    assert "Llanishen Primary School" in words
    assert name_for("6812045", "681LLLL") in words
    assert "XXXXXXX" not in words
    assert reminders("data@679.example.org") == [], "its school has sent, and has nothing waiting"


def test_a_fetched_file_that_nobody_confirmed_is_still_named(cast: Cast) -> None:
    cast.sent("6792303", "6812061")
    llanishen = cast.client(cast.person("SCHOOL", at="6812061"))
    fetch(llanishen, *keys(llanishen).values())
    remind.remind()
    assert reminders("office@6812061.example.org")


def test_a_long_list_says_how_many_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remind, "SHOWN", 1)
    for number in ("001", "002", "003"):
        cast.sent("6792303", "6812061", number)
    remind.remind()
    [words] = reminders("office@6812061.example.org")
    assert "2 more" in words
