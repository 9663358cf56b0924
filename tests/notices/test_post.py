"""An e-mail is queued in the transaction that is its reason, sent once, in the recipient's language, and waits for the mail server."""

import smtplib
from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from s2s.notices import catalogue, post
from s2s.notices.models import Email
from s2s.notices.recipients import Recipient
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def to(language: str) -> Recipient:
    return Recipient("office@school.example.org", language, "Hafod Primary School", "Ysgol Gynradd Hafod")


def collected(language: str, file: str = "6812045_CTF_6812061_001.xml") -> Email:
    about = catalogue.File(file, "7K3M-92QF-X4TD", datetime(2026, 7, 1, 9, tzinfo=UTC))
    catalogue.collected(to(language), about, catalogue.Party("6812061", "Llanishen School", "Ysgol Llanisien"))
    return Email.objects.latest("pk")


def test_each_language_and_both_when_it_is_not_known() -> None:
    english, welsh, both = collected("en"), collected("cy"), collected("")
    assert "has downloaded your file" in english.text
    assert "Llanishen School" in english.text
    assert "1 July 2026, 10:00" in english.text
    assert "wedi lawrlwytho eich ffeil" in welsh.text
    assert "Ysgol Llanisien" in welsh.text
    assert "1 Gorffennaf 2026, 10:00" in welsh.text
    assert "has downloaded" not in welsh.text
    assert both.text.index("wedi lawrlwytho") < both.text.index("has downloaded"), "Welsh first"
    assert "Cafodd eich ffeil" in both.subject
    assert "Your file was downloaded" in both.subject


def test_a_line_break_in_a_name_never_makes_a_header() -> None:
    email = collected("en", file="x.xml\r\nBcc: thief@evil.example")
    assert "\n" not in email.subject
    assert "\r" not in email.subject


def test_nobody_to_write_to_is_nothing_to_send() -> None:
    catalogue.sent(Recipient("", "en", "", ""), catalogue.File("f", "r", timezone.now()), lost=False)
    assert not Email.objects.exists()


def test_the_job_is_queued_in_the_same_transaction(cast: Cast) -> None:
    def send_and_fail() -> None:
        with transaction.atomic():
            cast.sent()
            assert ProcrastinateJob.objects.filter(task_name=post.SEND).count() == 3
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        send_and_fail()
    assert not ProcrastinateJob.objects.filter(task_name=post.SEND).exists()
    assert not Email.objects.exists()


def test_an_email_is_sent_once() -> None:
    email = collected("en")
    assert post.send(email.pk) is True
    assert post.send(email.pk) is False
    [letter] = mail.outbox
    assert letter.to == ["office@school.example.org"]
    assert letter.extra_headers["Message-ID"] == f"<{email.key}@s2s>"
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"


def test_a_dead_mail_server_loses_nothing() -> None:
    email = collected("en")
    with patch("django.core.mail.EmailMessage.send", side_effect=smtplib.SMTPServerDisconnected), pytest.raises(smtplib.SMTPException):
        post.send(email.pk)
    email.refresh_from_db()
    assert email.sent_at is None
    assert post.send(email.pk) is True


def test_a_link_that_lets_somebody_in_is_not_kept_once_it_is_sent() -> None:
    catalogue.password_link(to("en"), "/link/key/secret", timezone.now(), catalogue.Party("681", "Cardiff", "Caerdydd"), reset=True)
    email = Email.objects.latest("pk")
    assert "/link/key/secret" in email.text
    post.send(email.pk)
    assert "/link/key/secret" in str(mail.outbox[0].body)
    email.refresh_from_db()
    assert email.text == ""
