"""Where one is on the site: the menu on the left (2.1), the trail above a page and its title, all made of the rows of `urls.py`.

The menu holds what the role may and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import Resolver404, get_resolver, resolve, reverse
from django.utils.translation import gettext as _

from s2s.accounts import second_factor
from s2s.accounts.models import User
from s2s.web.page import NOWHERE, Open, Page


@dataclass(frozen=True)
class Entry:
    """A line of the menu; `entries` are those below it, shown while one of them is open."""

    title: str
    href: str
    here: bool
    open: bool
    hint: str
    entries: "tuple[Entry, ...]" = ()


@dataclass(frozen=True)
class Place:
    """The page that is open: its title, and the pages above it from the top, each with its address."""

    title: str
    trail: tuple[tuple[str, str], ...]


def place(request: HttpRequest, title: str = "", parent: str = "", keep: Mapping[str, str] | None = None) -> Place:
    """Where this request leads. A view may give the page another title, such as the name of the thing it shows, or another parent.

    `keep` is what the trail takes along to the pages that keep it, where that is not in the query.
    """
    page = _page_of(request)
    if page is None:  # an address that is nobody's
        return Place(title, ())
    above = _above(page, parent)
    trail = tuple((_(one.words), _href(one, request, keep or {})) for one in reversed(above) if _is_for(request, one))
    return Place(title or _title(page), trail)


def _title(page: Page) -> str:
    return _(page.words) if page.words else ""


def menu(request: HttpRequest, parent: str = "") -> list[Entry]:
    """What this person's menu holds, in the guidance's order; nothing before sign-in or while a new password or second factor is due.

    `parent` is the page above the one that is open, where its view says so.
    """
    user = _person(request)
    if not user or user.must_change_password or second_factor.is_due(user):
        return []
    pages = [page for page in _pages().values() if page.menu and _may(user, page) and not _has_better(user, page)]
    headings = {page.menu[0] for page in pages if len(page.menu) == 1}
    # Whoever has the pages but not their heading has them at the top: the national administrator those of the DBA menu (picture in 3.9).
    tops = [page for page in pages if len(page.menu) == 1 or page.menu[0] not in headings]
    open_pages = _open(request, parent)
    return [entry for entry in (_group(top, pages, open_pages) for top in tops) if entry]


def children(request: HttpRequest, name: str) -> tuple[Entry, ...]:
    """The entries below one heading of the menu, for the page of that heading."""
    return next((entry.entries for entry in menu(request) if entry.href == reverse(name)), ())


def _pages() -> dict[str, Page]:
    """Every page of the site by its name, in their order. Django has them: pages of headings ask for the menu, so it imports no page."""
    return {page.name: page for page in (pattern.callback.page for pattern in get_resolver().url_patterns)}  # type: ignore[union-attr]


def _page_of(request: HttpRequest) -> Page | None:
    try:
        match = request.resolver_match or resolve(request.path_info)
    except Resolver404:
        return None
    return getattr(match.func, "page", None)


def _above(page: Page, parent: str = "") -> list[Page]:
    """The pages above this one, the nearest first."""
    pages, found = _pages(), list[Page]()
    name = parent or page.parent
    while name != NOWHERE:
        found.append(pages[name])
        name = pages[name].parent
    return found


def _is_for(request: HttpRequest, page: Page) -> bool:
    """Whether the trail leads this visitor there."""
    user = _person(request)
    if user is None:
        return page.right is Open.EVERYBODY
    return _may(user, page)


def _href(page: Page, request: HttpRequest, keep: Mapping[str, str]) -> str:
    """Its address. A page of the same thing is found by what is in the address of the one that is open."""
    match = request.resolver_match or resolve(request.path_info)
    given = {name: value for name, value in match.kwargs.items() if f":{name}>" in page.path}
    asked = {**request.GET.dict(), **keep}
    query = urlencode({name: asked[name] for name in page.keeps if asked.get(name)})
    return reverse(page.name, kwargs=given or None) + (f"?{query}" if query else "")


def _open(request: HttpRequest, parent: str) -> list[str]:
    """The names of the page that is open and of those above it, itself first. Home is not lit for every page below it."""
    page = _page_of(request)
    return [page.name, *(one.name for one in _above(page, parent) if one.name != "home")] if page else []


def _person(request: HttpRequest) -> User | None:
    user = getattr(request, "user", None)  # there is none when a request fails before anybody looked who sends it
    return user if user and user.is_authenticated else None


def _may(user: User, page: Page) -> bool:
    """What is withheld for a while stays in the menu: it leads to the page that says why."""
    return isinstance(page.right, Open) or user.may(page.right) or user.is_withheld(page.right)


def _has_better(user: User, page: Page) -> bool:
    return page.menu_unless is not None and user.may(page.menu_unless)


def _group(top: Page, pages: list[Page], open_pages: list[str]) -> Entry | None:
    below = tuple(_entry(page, open_pages) for page in pages if len(page.menu) > 1 and len(top.menu) == 1 and page.menu[0] == top.menu[0])
    if top.heading and not below:  # a group of which the role has nothing
        return None
    return _entry(top, open_pages, below)


def _entry(page: Page, open_pages: list[str], below: tuple[Entry, ...] = ()) -> Entry:
    return Entry(
        title=_(page.menu[-1]),
        href=reverse(page.name),
        here=open_pages[:1] == [page.name],
        open=page.name in open_pages or any(entry.open for entry in below),
        hint=_(page.hint) if page.hint else "",
        entries=below,
    )
