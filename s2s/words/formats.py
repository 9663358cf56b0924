"""Dates, sizes and file names as people read them, in the language of the page."""

import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Protocol, TypeVar

from babel.dates import format_date, format_datetime
from django.utils import timezone, translation
from markupsafe import Markup, escape

from s2s.rules.kinds import MB


def short_date(moment: date | datetime) -> str:
    """23/11/2026, as the guidance's lists have it (5.3)."""
    return f"{timezone.localtime(moment) if isinstance(moment, datetime) else moment:%d/%m/%Y}"


def date_words(moment: date | datetime) -> str:
    """23 November 2026, 14:05; in Welsh 23 Tachwedd 2026, 14:05."""
    locale = translation.get_language() or "en"
    if isinstance(moment, datetime):
        return format_datetime(timezone.localtime(moment), "d MMMM y, HH:mm", locale=locale)
    return format_date(moment, "d MMMM y", locale=locale)


def day_of_month(month: int, day: int) -> str:
    """30 February; in Welsh 30 Chwefror. The day need not exist."""
    return f"{day} {format_date(date(2000, month, 1), 'MMMM', locale=translation.get_language() or 'en')}"


class Named(Protocol):
    @property
    def local_name(self) -> str: ...


N = TypeVar("N", bound=Named)


def by_local_name(things: Iterable[N]) -> list[N]:
    """In the order of the alphabet by the name in the language of the page; accents and capitals make no difference."""
    return sorted(things, key=lambda thing: unaccented(thing.local_name))


def unaccented(text: str) -> str:
    """Small letters without accents: Ŵyl is sorted as wyl."""
    return "".join(letter for letter in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(letter))


def local_name(values: Mapping[str, str]) -> str:
    """The name in the language of the page, of what was typed into a form with a name in each language."""
    return (values["name_cy"].strip() or values["name"]) if translation.get_language() == "cy" else values["name"]


def file_name(name: str) -> Markup:
    """A file name that may break after its underscores and nowhere else."""
    return Markup("_<wbr>").join(escape(part) for part in name.split("_"))


def size(number: int) -> str:
    """Bytes as people read them: 812 bytes, 34 KB, 13.7 MB."""
    if number < 1024:
        return translation.ngettext("%(number)s byte", "%(number)s bytes", number) % {"number": number}
    if number < MB:
        return f"{number / 1024:.0f} KB"
    return f"{number / MB:.1f}".removesuffix(".0") + " MB"
