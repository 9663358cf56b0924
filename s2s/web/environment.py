"""How pages and e-mails are rendered: Jinja2 with GOV.UK's components, gettext and words for dates and sizes."""

from datetime import date, datetime
from typing import Any

from babel.dates import format_date, format_datetime
from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined, pass_context
from markupsafe import Markup, escape

from s2s import __version__
from s2s.rules.kinds import MB
from s2s.web import words
from s2s.web.menu import menu


def environment(**options: Any) -> Environment:
    folders = options.pop("loader").searchpath
    loader = ChoiceLoader([FileSystemLoader(folders), PackageLoader("govuk_frontend_jinja")])
    env = Environment(  # noqa: S701 - escaped by file name, see _plain
        loader=loader, extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined, **_plain(options)
    )
    env.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext, translation.ngettext, newstyle=True, pgettext=translation.pgettext, npgettext=translation.npgettext
    )
    env.globals |= {
        "static": static,
        "url": _url,
        "menu": menu,
        "messages_of": get_messages,
        "version": __version__,
        "language": translation.get_language,
    }
    env.globals |= {"demo": settings.DEMO, "settings": settings, "words": words, "again": _again}
    env.filters |= {"date": _date, "file_name": file_name, "date_words": date_words, "size": size}
    return env


def _plain(options: dict[str, Any]) -> dict[str, Any]:
    """Django's options but for its own undefined; pages are escaped, e-mails (.txt) are not HTML."""
    options.pop("undefined", None)
    return options | {"autoescape": lambda name: name is None or not name.endswith(".txt")}


def _url(name: str, **place: object) -> str:
    return reverse(name, kwargs=place or None)


@pass_context
def _again(context: Any, **changes: object) -> str:
    """The address of this page with some of its query changed; None takes one out."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


def _date(moment: date | datetime) -> str:
    """23/11/2026, as the guidance's lists have it (5.3)."""
    return f"{timezone.localtime(moment) if isinstance(moment, datetime) else moment:%d/%m/%Y}"


def date_words(moment: date | datetime) -> str:
    """23 November 2026, 14:05; in Welsh 23 Tachwedd 2026, 14:05."""
    locale = translation.get_language() or "en"
    if isinstance(moment, datetime):
        return format_datetime(timezone.localtime(moment), "d MMMM y, HH:mm", locale=locale)
    return format_date(moment, "d MMMM y", locale=locale)


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
