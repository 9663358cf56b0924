"""The text of an e-mail, made of the code and the facts in the outbox when it is sent or shown."""

from datetime import date, datetime
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import translation
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from s2s.notices.models import Email
from s2s.notices.outbox import Letter
from s2s.words import formats
from s2s.words.accounts import role
from s2s.words.transfers import kind

TEMPLATES = Path(__file__).parent / "emails"
BETWEEN = "\n\n" + "-" * 60 + "\n\n"


def write(email: Email) -> Letter:
    """In the recipient's language, or in both when it is not known, Welsh first (Welsh Language Standards)."""
    languages = [email.language] if email.language else ["cy", "en"]
    facts = dict(email.facts)
    if "link" in facts:
        facts["link"] = f"{settings.SITE_URL}{facts['link']}"
    subject = " / ".join(_render(email.notice, "subject", language, facts) for language in languages)
    text = BETWEEN.join(_render(email.notice, "text", language, facts) for language in languages)
    return Letter(" ".join(subject.split())[:300], text + "\n")  # the subject is one line, whatever a name holds


def _render(notice: str, part: str, language: str, facts: dict[str, object]) -> str:
    with translation.override(language):
        return _environment().get_template(f"{notice}/{part}.{language}.txt").render(facts).strip()


@cache
def _environment() -> Environment:
    plain_text = Environment(  # noqa: S701 # nosec B701 - an e-mail is no HTML
        loader=FileSystemLoader(TEMPLATES), trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
    )
    plain_text.filters |= {"date": _short_date, "date_words": _date_words, "role": role, "kind": kind}
    return plain_text


def _short_date(moment: str) -> str:
    return formats.short_date(_read(moment))


def _date_words(moment: str) -> str:
    return formats.date_words(_read(moment))


def _read(moment: str) -> date | datetime:
    """A day or a moment, as the outbox has it."""
    return datetime.fromisoformat(moment) if "T" in moment else date.fromisoformat(moment)
