"""An e-mail is one row, written in the transaction that is its reason; its words are made when it is sent, in the recipient's language."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from s2s.notices import catalogue, post
from s2s.notices.models import Email
from s2s.notices.recipients import Recipient
from s2s.rules.kinds import Kind
from s2s.rules.lifecycle import RejectReason
from s2s.words import emails
from tests.cast import Cast
from tests.journeys.doors import fetch, keys, letter, say, upload
from tests.samples import ctf, name_for

pytestmark = pytest.mark.django_db


def to(language: str) -> Recipient:
    return Recipient("office@school.example.org", language, "Hafod Primary School", "Ysgol Gynradd Hafod")


def collected(language: str, file: str = "6812045_CTF_6812061_001.xml") -> Email:
    about = catalogue.File(file, "7K3M-92QF-X4TD", datetime(2026, 7, 1, 9, tzinfo=UTC), Kind.CTF)
    catalogue.collected(to(language), about, catalogue.Party("6812061", "Llanishen School", "Ysgol Llanisien"))
    return Email.objects.latest("pk")


def test_each_language_and_both_when_it_is_not_known() -> None:
    english, welsh, both = (emails.write(collected(language)) for language in ("en", "cy", ""))
    assert "has downloaded your file" in english.text
    assert "Llanishen School" in english.text
    assert "1 July 2026, 10:00" in english.text
    assert "wedi lawrlwytho eich ffeil" in welsh.text
    assert "Ysgol Llanisien" in welsh.text
    assert "1 Gorffennaf 2026, 10:00" in welsh.text
    assert "has downloaded" not in welsh.text
    assert both.text.index("wedi lawrlwytho") < both.text.index("has downloaded"), "Welsh first"
    assert "Cafodd eich ffeil" in both.subject
    assert "Your file has been downloaded" in both.subject
    assert "http://127.0.0.1:8000/file/7K3M-92QF-X4TD" in english.text


def test_a_line_break_in_a_name_never_makes_a_header() -> None:
    said = emails.write(collected("en", file="x.xml\r\nBcc: thief@evil.example"))
    assert "\n" not in said.subject
    assert "\r" not in said.subject


def test_nobody_to_write_to_is_nothing_to_send() -> None:
    catalogue.sent(Recipient("", "en", "", ""), catalogue.File("f", "r", timezone.now(), Kind.CTF), lost=False)
    assert not Email.objects.exists()


def test_an_email_is_queued_in_the_transaction_that_is_its_reason(cast: Cast) -> None:
    def send_and_fail() -> None:
        with transaction.atomic():
            cast.sent()
            assert Email.objects.count() == 3
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        send_and_fail()
    assert not Email.objects.exists()


def test_a_row_holds_codes_and_facts_and_no_words() -> None:
    about = catalogue.File("f.xml", "7K3M-92QF-X4TD", datetime(2026, 7, 1, 9, tzinfo=UTC), Kind.CTF)
    party = catalogue.Party("6812061", "Llanishen School", "Ysgol Llanisien")
    with post.gathered() as rows:
        catalogue.rejected(to("cy"), about, party, RejectReason.NOT_OURS)
        catalogue.details_changed(to("cy"), party, [catalogue.Change("closed_on", date(2026, 8, 31))], party, about.at)
    assert not Email.objects.exists(), "whoever gathers rows writes them"
    rejected, changed = rows
    assert (rejected["notice"], rejected["to"], rejected["language"], rejected["about"]) == (
        "rejected",
        "office@school.example.org",
        "cy",
        "7K3M-92QF-X4TD",
    )
    assert rejected["facts"] == {
        "link": "/file/7K3M-92QF-X4TD",
        "kind": "ctf",
        "by": {"number": "6812061", "name": "Llanishen School", "name_cy": "Ysgol Llanisien"},
        "reason": "not_ours",
        "file": "f.xml",
        "receipt": "7K3M-92QF-X4TD",
        "at": "2026-07-01T09:00:00+00:00",
    }
    assert changed["facts"]["changes"] == [{"what": "closed_on", "value": "2026-08-31"}]
    post.write(rows)
    assert letter(Email.objects.earliest("pk")).splitlines()[0] == "Gwrthodwyd eich ffeil: f.xml"
    assert "Diwrnod cau: 31 Awst 2026" in letter(Email.objects.latest("pk"))


def test_several_at_once_are_one_statement_and_after_a_fault_none() -> None:
    def two_and_a_fault() -> None:
        with post.together():
            collected("en")
            raise ZeroDivisionError

    with (
        CaptureQueriesContext(
            connection,
        ) as asked,
        post.together(),
    ):
        for _ in range(4):
            catalogue.user_deleted(to("en"), catalogue.Party("681", "Cardiff", "Caerdydd"))
    assert len([query for query in asked if "INSERT" in query["sql"]]) == 1
    assert Email.objects.count() == 4
    Email.objects.all().delete()
    with pytest.raises(Email.DoesNotExist):
        two_and_a_fault()
    assert not Email.objects.exists()


def test_what_is_not_plain_is_no_fact() -> None:
    with pytest.raises(TypeError):
        post.row("sent", to=to("en"), file=object())


def test_no_journey_of_a_person_queues_a_job(cast: Cast) -> None:
    """A job would NOTIFY in the person's transaction, and a commit with NOTIFY holds one lock of the whole database through its fsync."""
    school, other = cast.person("SCHOOL", "6812045"), cast.person("SCHOOL", "6792303")
    upload(cast.client(school), (name_for("6812045", "6792303"), ctf(1, source="6812045", destination="6792303")))
    there = cast.client(other)
    for key in keys(there).values():
        fetch(there, key)
        say(there, "yes", key)
    Client().post("/forgotten-password", {"username": "6812045"})
    for _ in range(6):
        Client().post("/sign-in", {"username": "6812045", "password": "wrong"})
    assert Email.objects.filter(notice="collected").exists()
    assert not ProcrastinateJob.objects.exists()
