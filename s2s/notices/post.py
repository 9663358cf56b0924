"""Queueing an e-mail in the transaction that is its reason, and handing it to the mail server."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from procrastinate.contrib.django import app
from procrastinate.types import JSONDict

from s2s.notices.models import Email
from s2s.notices.recipients import Recipient

CARRY_A_LINK = {"password_link", "password_forgotten"}
SEND = "send e-mail"  # the job's name in the queue; `tasks.py` does it


_gathered: ContextVar[list[Email] | None] = ContextVar("e-mails that will be queued together", default=None)


def queue(notice: str, *, to: Recipient, about: str = "", **facts: object) -> None:
    """Write the e-mail in the recipient's language and queue it. Nobody to write to: nothing (the page still says it)."""
    if to.email:
        email = Email(notice=notice, to=to.email, about=about, subject=_subject(notice, to, facts), text=_text(notice, to, facts))
        gathered = _gathered.get()
        _queue([email]) if gathered is None else gathered.append(email)


@contextmanager
def together() -> Iterator[None]:
    """What is queued within is queued at its end, in two statements however many e-mails there are; after a fault, none."""
    emails: list[Email] = []
    before = _gathered.set(emails)
    try:
        yield
    finally:
        _gathered.reset(before)
    _queue(emails)


def _queue(emails: list[Email]) -> None:
    if emails:
        jobs: list[JSONDict] = [{"pk": email.pk} for email in Email.objects.bulk_create(emails)]
        app.configure_task(SEND, queue="mail").batch_defer(*jobs)


def _languages(to: Recipient) -> list[str]:
    return [to.language] if to.language else ["cy", "en"]


def _subject(notice: str, to: Recipient, facts: dict[str, object]) -> str:
    said = [_render(notice, "subject", language, facts) for language in _languages(to)]
    return " ".join(" / ".join(said).split())[:300]  # one line, whatever a name holds


def _text(notice: str, to: Recipient, facts: dict[str, object]) -> str:
    return ("\n\n" + "-" * 60 + "\n\n").join(_render(notice, "text", language, facts) for language in _languages(to)) + "\n"


def _render(notice: str, part: str, language: str, facts: dict[str, object]) -> str:
    with translation.override(language):
        return render_to_string(f"notices/{notice}/{part}.{language}.txt", facts).strip()


@transaction.atomic
def send(pk: int) -> bool:
    """Send the e-mail unless it has been sent; two workers never send the same one. False when there was nothing to do.

    Raises whatever the mail server's refusal or absence raises, and OperationalError while another worker is at it, who may yet fail:
    the worker tries again later.
    """
    email = Email.objects.select_for_update(nowait=True).filter(pk=pk, sent_at=None).first()
    if email is None:
        return False
    message = EmailMessage(subject=email.subject, body=email.text, to=[email.to], headers={"Message-ID": f"<{email.key}@s2s>"})
    message.extra_headers["Auto-Submitted"] = "auto-generated"
    message.send()
    email.sent_at = timezone.now()
    if email.notice in CARRY_A_LINK and not settings.DEMO:
        email.text = ""  # whoever reads the database later finds no way in
    email.save(update_fields=["sent_at", "text"])
    return True


def late(after: timedelta) -> int:
    """How many e-mails have been waiting for longer than this."""
    return Email.objects.filter(sent_at=None, queued_at__lt=timezone.now() - after).count()
