"""How pages are rendered: Jinja2 with GOV.UK's components, gettext and words for dates and sizes."""

from datetime import date
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PackageLoader, StrictUndefined, pass_context
from markupsafe import Markup

from s2s import __version__, words
from s2s.web import components
from s2s.web.accounts.sessions import seconds_left
from s2s.web.boxes import ask
from s2s.web.menu import menu, place
from s2s.web.typed import whose
from s2s.words.formats import date_words, file_name, short_date, size
from s2s.words.readers import reader


def environment(**options: Any) -> Environment:
    folders = options.pop("loader").searchpath
    loader = ChoiceLoader([FileSystemLoader(folders), PackageLoader("govuk_frontend_jinja")])
    options.pop("undefined", None)  # Django's own: ours is strict
    options.pop("autoescape", None)
    env = Environment(
        loader=loader,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        autoescape=True,
        **options,
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
        "reader": reader,
    }
    env.globals |= {"demo": settings.DEMO, "settings": settings, "words": words, "again": _again, "seconds_left": seconds_left}
    env.globals |= {
        "where": place,
        "whose": whose,
        "govuk": components.govuk,
        "ask": ask,
        "button": components.button,
        "trail": components.trail,
    }
    env.globals |= {"summary_list": components.summary_list, "table": _table, "column": components.Column}
    env.filters |= {"date": short_date, "file_name": file_name, "date_words": date_words, "iso_date": date.fromisoformat, "size": size}
    return env


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


@pass_context
def _table(context: Any, caption: str, rows: Any, columns: Any, **more: Any) -> Markup:
    """A table whose headings lead to this page in another order."""
    return components.table(caption, rows, columns, again=partial(_again, context), **more)
