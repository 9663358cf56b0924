"""A recipient downloads, says whether the file arrived whole, downloads again or rejects (5.2, 5.3, 4.2)."""

import re

import pytest
from django.test import Client

from s2s.audit.models import Action, Entry
from s2s.rules.lifecycle import State
from s2s.transfers.models import Delivery
from tests.cast import Cast
from tests.journeys.doors import fetch, keys, mails, press, say, text, unzip
from tests.samples import ctf, name_for

pytestmark = pytest.mark.django_db


@pytest.mark.guidance("1-04", "1.3-19", "5.2-19", "5.2-20", "4.2-10", "5.2-07", "5.2-06", "5-03")
def test_a_school_collects_says_yes_and_the_sender_hears(cast: Cast) -> None:
    cast.sent("6812045", "6812061")
    llanishen = cast.client(cast.person("SCHOOL", at="6812061"))
    page = text(llanishen.get("/download/ctf"))
    for heading in ("Common Transfer Files ready for download", "Filename", "Source School", "Date Uploaded"):
        assert heading in page
    key = keys(llanishen)[name_for()]
    assert "Has the file downloaded correctly?" in text(llanishen.get(f"/download/ctf/chosen?file={key}"))
    assert fetch(llanishen, key) == ctf()
    assert name_for() in keys(llanishen), "not confirmed, so still waiting"
    assert [notice for notice, _ in mails("office@6812045.example.org")] == ["sent"]
    say(llanishen, "yes", key)
    assert name_for() not in keys(llanishen)
    assert name_for() in keys(llanishen, "/download/ctf/previous")
    notice, words = mails("office@6812045.example.org")[-1]
    assert notice == "collected"
    assert "Llanishen Primary School" in words
    assert name_for() in words


@pytest.mark.guidance("5.2-21")
def test_no_leaves_the_file_waiting_and_tells_nobody(cast: Cast) -> None:
    cast.sent()
    llanishen = cast.client(cast.person("SCHOOL", at="6812061"))
    key = keys(llanishen)[name_for()]
    fetch(llanishen, key)
    page = say(llanishen, "no", key)
    assert "Common Transfer Files ready for download" in page
    assert name_for() in keys(llanishen)
    assert Delivery.objects.get(key=key).state == State.WAITING
    assert [notice for notice, _ in mails("office@6812045.example.org")] == ["sent"]


@pytest.mark.guidance("5.2-22")
def test_a_file_is_fetched_as_often_as_needed_before_and_after(cast: Cast) -> None:
    cast.sent()
    llanishen = cast.client(cast.person("SCHOOL", at="6812061"))
    key = keys(llanishen)[name_for()]
    assert {fetch(llanishen, key) for _ in range(3)} == {ctf()}
    say(llanishen, "yes", key)
    assert {fetch(llanishen, key) for _ in range(2)} == {ctf()}
    assert Delivery.objects.get(key=key).state == State.COLLECTED
    assert Entry.objects.filter(action=Action.FETCHED).count() == 3
    assert Entry.objects.filter(action=Action.REFETCHED).count() == 2


@pytest.mark.guidance("5.2-16", "5.2-17", "1.5-02")
def test_several_files_come_in_one_zip_each_under_its_own_name(cast: Cast) -> None:
    for number in ("001", "002", "003"):
        cast.sent(number=number)
    llanishen = cast.client(cast.person("SCHOOL", at="6812061"))
    bundle = unzip(fetch(llanishen, *keys(llanishen).values()))
    assert bundle == {name_for(number=number): ctf() for number in ("001", "002", "003")}


def test_two_files_of_the_same_name_both_come_in_the_zip(cast: Cast) -> None:
    first = cast.sent(pupils=1)
    second = cast.sent(pupils=2)
    assert first.name == second.name
    llanishen = cast.client(cast.person("SCHOOL", at="6812061"))
    bundle = unzip(fetch(llanishen, *(str(delivery.key) for delivery in Delivery.objects.filter(part="addressee"))))
    assert sorted(bundle.values()) == sorted([ctf(1), ctf(2)])
    assert {name.rpartition("/")[2] for name in bundle} == {name_for()}


def test_yes_said_twice_counts_once(cast: Cast) -> None:
    cast.sent()
    llanishen = cast.client(cast.person("SCHOOL", at="6812061"))
    key = keys(llanishen)[name_for()]
    fetch(llanishen, key)
    say(llanishen, "yes", key)
    say(llanishen, "yes", key)
    assert [notice for notice, _ in mails("office@6812045.example.org")] == ["sent", "collected"]
    assert Entry.objects.filter(action=Action.CONFIRMED).count() == 1


def test_yes_before_any_download_is_refused(cast: Cast) -> None:
    cast.sent()
    llanishen = cast.client(cast.person("SCHOOL", at="6812061"))
    say(llanishen, "yes", keys(llanishen)[name_for()])
    assert name_for() in keys(llanishen)
    assert [notice for notice, _ in mails("office@6812045.example.org")] == ["sent"]


def test_the_file_is_saved_never_shown(cast: Cast) -> None:
    cast.sent()
    llanishen = cast.client(cast.person("SCHOOL", at="6812061"))
    answer = llanishen.post("/download/ctf/fetch", {"file": keys(llanishen)[name_for()]})
    assert answer["Content-Disposition"] == f'attachment; filename="{name_for()}"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox")
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.guidance("4.2-11", "4.2-12")
def test_a_school_rejects_with_a_reason_and_the_sender_hears(cast: Cast) -> None:
    transfer = cast.sent()
    llanishen = cast.client(cast.person("SCHOOL", at="6812061"))
    key = keys(llanishen)[name_for()]
    answer = llanishen.post(f"/download/ctf/{key}/reject", {"reason": "other", "note": "Seren went to Newport."}, follow=True)
    assert "has been rejected" in text(answer)
    assert name_for() not in keys(llanishen)
    assert name_for() not in keys(llanishen, "/download/ctf/previous")
    assert Delivery.objects.get(key=key).state == State.REJECTED
    notice, words = mails("office@6812045.example.org")[-1]
    assert notice == "rejected"
    assert "Seren" not in words, "what was written may name a pupil: on the site only"
    greenway = cast.client(cast.person("SCHOOL", at="6812045"))
    assert "Seren went to Newport." in text(greenway.get(f"/file/{transfer.receipt}"))


@pytest.mark.parametrize(
    ("form", "field"), [({}, "reason"), ({"reason": "nonsense"}, "reason"), ({"reason": "other", "note": " "}, "note")]
)
def test_a_rejection_needs_a_reason_and_other_needs_words(cast: Cast, form: dict[str, str], field: str) -> None:
    cast.sent()
    llanishen = cast.client(cast.person("SCHOOL", at="6812061"))
    key = keys(llanishen)[name_for()]
    answer = llanishen.post(f"/download/ctf/{key}/reject", form)
    assert answer.status_code == 400
    assert f'href="#{field}"' in answer.content.decode()
    assert Delivery.objects.get(key=key).state == State.WAITING


def test_what_was_rejected_or_collected_can_no_longer_be_rejected(cast: Cast) -> None:
    cast.sent()
    llanishen = cast.client(cast.person("SCHOOL", at="6812061"))
    key = keys(llanishen)[name_for()]
    fetch(llanishen, key)
    say(llanishen, "yes", key)
    assert llanishen.post(f"/download/ctf/{key}/reject", {"reason": "not_ours"}).status_code == 404
    assert Delivery.objects.get(key=key).state == State.COLLECTED


@pytest.mark.guidance("1-06", "5.2-15")
def test_a_third_school_and_a_third_authority_never_see_the_file(cast: Cast) -> None:
    transfer = cast.sent("6812045", "6812061")
    key = str(transfer.addressee.key)
    assert name_for() in keys(cast.client(cast.person("SCHOOL", at="6812061")))
    for role, at in (("SCHOOL", "6812049"), ("SCHOOL", "6792303"), ("LEA_USER", "675"), ("LEA_DBA", "679"), ("NATIONAL", "WG")):
        stranger = cast.client(cast.person(role, at=at))
        page = stranger.get("/download/ctf")
        assert name_for() not in page.content.decode()
        for path in (f"/file/{transfer.receipt}", f"/download/ctf/chosen?file={key}", f"/download/ctf/{key}/reject"):
            assert stranger.get(path).status_code == 404, path
        for path in ("/download/ctf/fetch", "/download/ctf/answer"):
            assert stranger.post(path, {"file": key, "answer": "yes"}).status_code == 404, path
        assert stranger.post(f"/download/ctf/{key}/reject", {"reason": "not_ours"}).status_code == 404
    assert transfer.addressee.state == State.WAITING


def test_the_sender_of_a_file_cannot_fetch_the_recipients_copy(cast: Cast) -> None:
    transfer = cast.sent("6812045", "6812061")
    greenway = cast.client(cast.person("SCHOOL", at="6812045"))
    assert greenway.post("/download/ctf/fetch", {"file": str(transfer.addressee.key)}).status_code == 404


@pytest.mark.guidance("5.3-02")
def test_a_schools_list_opens_with_the_oldest_and_each_heading_sorts_both_ways(cast: Cast) -> None:
    for source, number in (("6812045", "003"), ("6792303", "001"), ("6732182", "002")):
        cast.sent(source, "6812061", number)
    llanishen = cast.client(cast.person("SCHOOL", at="6812061"))
    assert list(keys(llanishen)) == list(keys(llanishen, "/download/ctf?sort=date")), "all for one destination, so the oldest first"
    names = [name_for("6732182", "6812061", "002"), name_for("6792303", "6812061", "001"), name_for("6812045", "6812061", "003")]
    assert list(keys(llanishen, press(llanishen, "/download/ctf", "sort:name:asc"))) == names
    assert list(keys(llanishen, press(llanishen, "/download/ctf?sort=name", "sort:name:desc"))) == names[::-1]
    by_source = ["Greenway", "Romilly", "The Dell"]
    assert [name[:7] for name in keys(llanishen, "/download/ctf?sort=source")] == ["6812045", "6732182", "6792303"], by_source
    assert [name[-7:-4] for name in keys(llanishen, "/download/ctf?sort=date")] == ["003", "001", "002"]
    assert len(keys(llanishen, "/download/ctf?sort=pk'--&direction=x&page=0")) == 3


@pytest.mark.guidance("5.3-04")
def test_dates_are_day_month_year_and_sort_as_dates(cast: Cast) -> None:
    from datetime import UTC, datetime

    for number, when in (("001", datetime(2026, 1, 2, tzinfo=UTC)), ("002", datetime(2025, 12, 31, tzinfo=UTC))):
        cast.sent(number=number).deliveries.update(sent_at=when)
    llanishen = cast.client(cast.person("SCHOOL", at="6812061"))
    assert [name[-7:-4] for name in keys(llanishen, "/download/ctf?sort=date")] == ["002", "001"]
    page = text(llanishen.get("/download/ctf"))
    assert "02/01/2026" in page
    assert "31/12/2025" in page


def test_choosing_nothing_is_said(cast: Cast) -> None:
    cast.sent()
    llanishen = cast.client(cast.person("SCHOOL", at="6812061"))
    assert "Choose at least one file" in text(llanishen.get("/download/ctf/chosen", follow=True))


@pytest.mark.parametrize("key", ["nonsense", "00000000-0000-0000-0000-000000000000", "' OR 1=1 --"])
def test_an_odd_key_is_no_file(cast: Cast, key: str) -> None:
    llanishen = cast.client(cast.person("SCHOOL", at="6812061"))
    assert llanishen.get("/download/ctf/chosen", {"file": key}).status_code == 404
    assert llanishen.post("/download/ctf/fetch", {"file": key}).status_code == 404


def test_a_long_list_is_paged_without_losing_or_repeating(cast: Cast) -> None:
    for number in range(1, 53):
        cast.sent(number=f"{number:03}")
    llanishen = cast.client(cast.person("SCHOOL", at="6812061"))
    first = keys(llanishen, "/download/ctf?sort=name")
    onwards = next_page(llanishen, "/download/ctf?sort=name", "after")
    cast.sent(number="000")  # arrives while somebody turns the page
    second = keys(llanishen, onwards)
    assert [len(first), len(second)] == [50, 2]
    assert len(first | second) == 52
    assert list(keys(llanishen, next_page(llanishen, onwards, "before"))) == list(first)


def next_page(client: Client, path: str, way: str) -> str:
    """Where the button of the next or previous page leads."""
    [button] = re.findall(rf'value="({way}:[^"]+)"', client.get(path).content.decode().replace("\n", " "))
    return press(client, path, button)


def test_the_timeline_tells_both_ends_the_same_story(cast: Cast) -> None:
    transfer = cast.sent()
    llanishen = cast.client(cast.person("SCHOOL", at="6812061"))
    key = keys(llanishen)[name_for()]
    fetch(llanishen, key)
    say(llanishen, "yes", key)
    for client in (llanishen, cast.client(cast.person("SCHOOL", at="6812045"))):
        page = text(client.get(f"/file/{transfer.receipt}"))
        assert page.count("Greenway Primary School") >= 2
        assert page.count("Llanishen Primary School") >= 3
