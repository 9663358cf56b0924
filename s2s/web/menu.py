"""The menu on the left (2.1): made of the rows of `urls.py`, so that it holds what the role may and nothing else."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import get_resolver, reverse
from django.utils.translation import gettext as _

from s2s.accounts import second_factor
from s2s.accounts.models import User
from s2s.web.page import Open, Row


@dataclass(frozen=True)
class Entry:
    """A line of the menu; `entries` are those below it, shown while one of them is open."""

    title: str
    href: str
    here: bool
    open: bool
    hint: str
    entries: "tuple[Entry, ...]" = ()


def menu(request: HttpRequest) -> list[Entry]:
    """What this person's menu holds, in the guidance's order; nothing before sign-in or while a new password or second factor is due."""
    user = getattr(request, "user", None)  # there is none when a request fails before anybody looked who sends it
    if not user or not user.is_authenticated or user.must_change_password or second_factor.is_due(user):
        return []
    rows = [row for row in _rows() if row.menu and (isinstance(row.right, Open) or user.may(row.right)) and not _has_better(user, row)]
    headings = {row.menu[0] for row in rows if len(row.menu) == 1}
    # Whoever has the pages but not their heading has them at the top: the national administrator those of the DBA menu (picture in 3.9).
    tops = [row for row in rows if len(row.menu) == 1 or row.menu[0] not in headings]
    return [entry for entry in (_group(request, top, rows) for top in tops) if entry]


def _rows() -> list[Row]:
    """Every row of the site, in its order, from where Django has them: pages of headings ask for the menu, so it imports no page."""
    return [pattern.callback.row for pattern in get_resolver().url_patterns]  # type: ignore[union-attr]


def _has_better(user: User, row: Row) -> bool:
    return row.menu_unless is not None and user.may(row.menu_unless)


def _group(request: HttpRequest, top: Row, rows: list[Row]) -> Entry | None:
    below = tuple(_entry(request, row) for row in rows if len(row.menu) > 1 and len(top.menu) == 1 and row.menu[0] == top.menu[0])
    if top.heading and not below:  # a group of which the role has nothing
        return None
    return _entry(request, top, below)


def _entry(request: HttpRequest, row: Row, below: tuple[Entry, ...] = ()) -> Entry:
    href = reverse(row.name)
    return Entry(
        title=_(row.menu[-1]),
        href=href,
        here=request.path == href,
        open=request.path == href or request.path.startswith(href + "/") or any(entry.open for entry in below),
        hint=_(row.hint) if row.hint else "",
        entries=below,
    )


def children(request: HttpRequest, name: str) -> tuple[Entry, ...]:
    """The entries below one heading of the menu, for the page of that heading."""
    return next((entry.entries for entry in menu(request) if entry.href == reverse(name)), ())
