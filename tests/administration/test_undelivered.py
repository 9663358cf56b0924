"""An e-mail address that the mail server refuses: whoever can correct it is told, and sees it until e-mails arrive there again."""

import smtplib

import pytest
from django.core.mail.backends.locmem import EmailBackend

from s2s.notices import outbox
from s2s.notices.models import DeadAddress
from s2s.words import emails
from tests.cast import Cast
from tests.journeys.doors import mails, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def dead(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The addresses that the mail server refuses."""
    addresses: set[str] = set()
    take = EmailBackend.send_messages

    def answer(line, messages):  # type: ignore[no-untyped-def]
        [to] = messages[0].to
        if to in addresses:
            raise smtplib.SMTPRecipientsRefused({to: (550, b"5.1.1 no such mailbox")})
        return take(line, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", answer)
    return addresses


def send() -> None:
    while outbox.Line(emails.write).send_due():
        pass


def told(to: str) -> list[str]:
    return [words for notice, words in mails(to) if notice == "undeliverable"]


def home(cast: Cast, role: str, at: str) -> str:
    return text(cast.client(cast.person(role, at)).get("/home"))


def test_whoever_can_correct_a_dead_address_is_told_once_and_sees_it_on_home(cast: Cast, dead: set[str]) -> None:
    cast.person("LEA_DBA", "681", email="dba@681.example.org")
    cast.person("LEA_DBA", "679", email="dba@679.example.org")
    dead.add("office@6812061.example.org")
    for number in ("001", "002"):
        cast.sent("6792303", "6812061", number)
        send()
    [words] = told("dba@681.example.org")
    assert "office@6812061.example.org" in words
    assert "Llanishen Primary School (6812061)" in words
    assert "550 5.1.1" in words
    assert told("dba@679.example.org") == []
    assert "office@6812061.example.org" in home(cast, "LEA_DBA", "681")
    assert "office@6812061.example.org" in home(cast, "NATIONAL", "WG")
    for role, at in (("LEA_DBA", "679"), ("LEA_USER", "681"), ("SCHOOL", "6812045")):
        assert "office@6812061" not in home(cast, role, at), (role, at)


def test_only_who_can_have_it_corrected_sees_the_authoritys_own_dead_address(cast: Cast, dead: set[str]) -> None:
    dead.add("data@681.example.org")
    cast.sent("6792303", "681LLLL")
    send()
    assert "data@681.example.org" in home(cast, "LEA_DBA", "681")
    for role in ("LEA_DBA_VIEW", "LEA_USER", "LEA_LOST_PUPIL"):
        assert "550 5.1.1" not in home(cast, role, "681"), role


def test_once_the_mailbox_works_or_the_address_is_another_one_it_is_no_longer_shown(cast: Cast, dead: set[str]) -> None:
    dead |= {"office@6812061.example.org", "office@6812049.example.org"}
    for school in ("6812061", "6812049"):
        cast.sent("6792303", school)
    send()
    assert home(cast, "LEA_DBA", "681").count("550 5.1.1") == 2
    cast.school("6812049", email="new@6812049.example.org")
    assert home(cast, "LEA_DBA", "681").count("550 5.1.1") == 1
    dead.clear()
    cast.sent("6792303", "6812061", "002")
    send()
    assert "do not arrive" not in home(cast, "LEA_DBA", "681")


def test_of_a_dead_address_of_the_administrator_the_national_administrator_hears(cast: Cast, dead: set[str]) -> None:
    dba = cast.person("LEA_DBA", "681", email="dba@681.example.org")
    cast.person("NATIONAL", "WG", email="national@wg.example.org")
    dead.add("dba@681.example.org")
    from s2s.notices import catalogue

    catalogue.audit_suspended(dba.recipient, dba.organisation.party)
    send()
    [words] = told("national@wg.example.org")
    assert "Cardiff (681)" in words
    assert told("dba@681.example.org") == []
    assert "681leadba: dba@681.example.org" in home(cast, "NATIONAL", "WG")


def test_where_nobody_can_be_told_nothing_goes_round_in_circles(cast: Cast, dead: set[str]) -> None:
    cast.person("NATIONAL", "WG", email="national@wg.example.org")
    dead |= {"office@6812061.example.org", "national@wg.example.org"}
    cast.sent("6792303", "6812061")
    send()
    assert len(told("national@wg.example.org")) == 1
    assert DeadAddress.objects.count() == 2
