"""What every page is: a row that names its right, and a guard that keeps it (default deny)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from http import HTTPMethod
from typing import TypeVar
from urllib.parse import urlencode

from django.core.paginator import Page as Slice
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse

from s2s.accounts import second_factor
from s2s.accounts.actors import Person
from s2s.accounts.models import User
from s2s.rules.roles import Can
from s2s.web.security import visitor

T = TypeVar("T", bound=Model)
PAGE_LENGTH = 50


class Open(Enum):
    """Pages without a right: for everybody, or for everybody who has signed in even if a new password or a second factor is still due."""

    EVERYBODY = "everybody"
    BEFORE_PASSWORD = "signed in, new password due"  # noqa: S105
    BEFORE_SECOND_FACTOR = "signed in, second factor due"


class SignedIn(HttpRequest):
    """A request by a signed-in person."""

    actor: Person


View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Row:
    """One page: its path, view, right, methods and, if it has one, its place in the menu (group, entry)."""

    path: str
    view: View
    right: Can | Open
    name: str
    methods: tuple[HTTPMethod, ...] = (HTTPMethod.GET,)
    menu: tuple[str, ...] = ()
    hint: str = ""
    heading: bool = False  # a line of the menu that only opens those below it
    menu_unless: Can | None = None  # whoever has this right has a better entry for it

    def pattern(self) -> URLPattern:
        return path(self.path, guard(self), name=self.name)


GET = (HTTPMethod.GET,)
POST = (HTTPMethod.POST,)
BOTH = (HTTPMethod.GET, HTTPMethod.POST)


def guard(row: Row) -> View:
    """The row's view behind its right: strangers to it get 404, people who are not signed in the sign-in page."""

    @wraps(row.view)
    def guarded(request: SignedIn, **place: object) -> HttpResponse:
        if request.method not in (*row.methods, *_HEAD[HTTPMethod.GET in row.methods]):
            return HttpResponseNotAllowed(row.methods)
        if "\0" in request.path:  # PostgreSQL takes no such text, and nothing of ours is called so
            raise Http404
        if row.right is Open.EVERYBODY:
            return row.view(request, **place)
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        request.actor = Person(request.user, visitor(request))
        if before := _what_comes_before(request.user, row):
            return redirect(before)
        if isinstance(row.right, Can) and not request.user.may(row.right):
            raise Http404
        return row.view(request, **place)

    guarded.row = row  # type: ignore[attr-defined]
    return guarded


def _what_comes_before(user: User, row: Row) -> str:
    """The page that this person has to pass before they may open the row's."""
    if row.right is Open.BEFORE_PASSWORD:
        return ""
    if user.must_change_password:  # 2.1: no other page before the new password is set
        return "new-password"
    return "security" if row.right is not Open.BEFORE_SECOND_FACTOR and second_factor.is_due(user) else ""


_HEAD: dict[bool, tuple[str, ...]] = {True: ("HEAD",), False: ()}


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    where = reverse("sign-in")
    if request.method == "GET" and request.path != "/":
        where += "?" + urlencode({"next": request.get_full_path()})
    return redirect(where)


def a_page(request: HttpRequest, rows: QuerySet[T]) -> Slice[T]:
    """The part of a long list that the address asks for; anything odd is the first or the last page."""
    return Paginator(rows, PAGE_LENGTH).get_page(request.GET.get("page"))
