"""The guides of `docs/` as pages below Help, each for those whom it is for, in the language of the page.

Nothing in a guide becomes HTML but what Markdown itself makes: HTML in the text is shown as text.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_noop as _
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from s2s.accounts.actors import Person
from s2s.rules.roles import Can
from s2s.web.page import SignedIn, show


@dataclass(frozen=True)
class Guide:
    """`name` is its part of the file's name and of its address."""

    name: str
    title: str
    is_for: Callable[[Person], bool]


def _everybody(reader: Person) -> bool:
    return True


def _no_school(reader: Person) -> bool:
    return not reader.organisation.is_school


def _administrator(reader: Person) -> bool:
    return reader.may(Can.MAINTAIN_USERS) or reader.may(Can.VIEW_USERS)


GUIDES: Final = (
    Guide("schools", _("Guide for schools"), _everybody),  # LAs send and download as schools do
    Guide("local-authorities", _("Guide for local authorities"), _no_school),
    Guide("administrators", _("Guide for LEA Administrators"), _administrator),
)


def guides_for(reader: Person) -> list[Guide]:
    return [guide for guide in GUIDES if guide.is_for(reader)]


def guide_page(request: SignedIn, guide: str) -> HttpResponse:
    found = next((one for one in guides_for(request.actor) if one.name == guide), None)
    if found is None:
        raise Http404
    title, text = rendered(found.name, get_language() or "en")
    return show(request, "guide.html", {"text": text}, title=title)


@cache
def rendered(name: str, language: str) -> tuple[str, Markup]:
    """The title of the guide, and the rest of it as HTML."""
    lines = (settings.PROJECT / f"docs/for-{name}.{language}.md").read_text(encoding="utf-8")
    title, _switch, text = lines.split("\n\n", 2)  # the second line leads to the other language, as the top of our pages does
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    blocks = markdown.parse(text)
    for token in [*blocks, *(child for block in blocks for child in block.children or ())]:
        _dress(token)
    html = markdown.renderer.render(blocks, markdown.options, {})
    return title.removeprefix("# "), Markup(html)  # noqa: S704 # nosec B704 - no text of a guide is HTML


CLASSES: Final = {
    "h2": "govuk-heading-m",
    "h3": "govuk-heading-s",
    "ul": "govuk-list govuk-list--bullet",
    "ol": "govuk-list govuk-list--number",
    "a": "govuk-link",
    "table": "govuk-table",
    "th": "govuk-table__header",
    "td": "govuk-table__cell",
    "img": "s2s-picture",
}


def _dress(token: Token) -> None:
    """The classes of the design system; links to other guides lead to their pages, and pictures to the static files."""
    if token.nesting >= 0 and token.tag in CLASSES:
        token.attrJoin("class", CLASSES[token.tag])
    if token.type == "link_open":
        token.attrSet("href", _target(str(token.attrGet("href"))))
    if token.type == "image":
        token.attrSet("src", static(str(token.attrGet("src")).replace("pictures/", "guides/")))


def _target(href: str) -> str:
    name = href.removeprefix("for-").split(".")[0]
    return reverse("guide", kwargs={"guide": name}) if href.startswith("for-") else href
