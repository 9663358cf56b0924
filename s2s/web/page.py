"""What every page is: a row that names its right, its title and the page above it, and a guard that keeps the right (default deny)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import partial, wraps
from http import HTTPMethod, HTTPStatus
from typing import TypeVar
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.paginator import Page as Slice
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse

from s2s.accounts import second_factor
from s2s.accounts.actors import Person
from s2s.accounts.models import User
from s2s.accounts.visitors import visitor
from s2s.rules.roles import Can
from s2s.web import languages, typed
from s2s.web.forms import Form

T = TypeVar("T", bound=Model)
PAGE_LENGTH = 50
NOWHERE = ""  # the parent of a page that has none


class Open(Enum):
    """Pages without a right: for everybody, or for everybody who has signed in even if a new password or a second factor is still due."""

    EVERYBODY = "everybody"
    BEFORE_PASSWORD = "signed in, new password due"  # noqa: S105
    BEFORE_SECOND_FACTOR = "signed in, second factor due"


class SignedIn(HttpRequest):
    """A request by a signed-in person."""

    actor: Person
    keeps_typed: bool


View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Page:
    """One page: its path, view, right, methods and, if it has one, its place in the menu (group, entry).

    `title` is its heading and what a browser shows; the words of the menu, where it has no other. `parent` is the name of the page
    above it, to which its trail leads and whose line in the menu is lit while it is open.
    """

    path: str
    view: View
    right: Can | Open
    name: str
    methods: tuple[HTTPMethod, ...] = (HTTPMethod.GET,)
    menu: tuple[str, ...] = ()
    hint: str = ""
    title: str = ""  # to be translated; a view may give another to `show`, such as the name of the thing it shows
    parent: str = "home"  # NOWHERE: it has no trail
    heading: bool = False  # a line of the menu that only opens those below it
    takes: int = 0  # bytes of a request with files; 0: a form, and no more than that
    keeps: tuple[str, ...] = ()  # what of the query of a page below it the trail takes along to it
    menu_unless: Can | None = None  # whoever has this right has a better entry for it
    of: Mapping[str, object] = field(default_factory=dict)  # what its view is given: pages of a kind of file share theirs

    @property
    def words(self) -> str:
        """The title in English."""
        return self.title or (self.menu[-1] if self.menu else "")

    @property
    def keeps_typed(self) -> bool:
        """Whether its forms are filled again for whoever's session ended meanwhile; not those of passwords and codes that come first."""
        return self.methods == BOTH and isinstance(self.right, Can)

    def pattern(self) -> URLPattern:
        return path(self.path, guard(self), name=self.name)


GET = (HTTPMethod.GET,)
POST = (HTTPMethod.POST,)
BOTH = (HTTPMethod.GET, HTTPMethod.POST)


def guard(page: Page) -> View:
    """The row's view behind its right: strangers to it get 404, people who are not signed in the sign-in page."""

    @wraps(page.view)
    def guarded(request: SignedIn, **place: object) -> HttpResponseBase:
        if request.method not in (*page.methods, *_HEAD[HTTPMethod.GET in page.methods]):
            return HttpResponseNotAllowed(page.methods)
        if "\0" in request.path:  # PostgreSQL takes no such text, and nothing of ours is called so
            raise Http404
        if page.right is Open.EVERYBODY:
            return _open(page, request, place)
        if not request.user.is_authenticated:
            return _to_sign_in(request, page)
        request.actor = Person(request.user, visitor(request))
        if before := _what_comes_before(request.user, page):
            return redirect(before)
        if isinstance(page.right, Can) and not request.user.may(page.right):
            if request.user.is_withheld(page.right):
                return redirect("link-needed")
            raise Http404
        request.keeps_typed = page.keeps_typed
        if page.keeps_typed and request.method == "GET":
            typed.give_back(request, request.actor)
        return _open(page, request, place)

    guarded.page = page  # type: ignore[attr-defined]
    return guarded


def _open(page: Page, request: HttpRequest, place: Mapping[str, object]) -> HttpResponseBase:
    view = partial(page.view, request, **place, **page.of)
    return languages.shown_in(request, view) if page.methods == BOTH and languages.asks_for_other_language(request) else view()


def _what_comes_before(user: User, page: Page) -> str:
    """The page that this person has to pass before they may open the row's."""
    if page.right is Open.BEFORE_PASSWORD:
        return ""
    if user.must_change_password:  # 2.1: no other page before the new password is set
        return "new-password"
    return "security" if page.right is not Open.BEFORE_SECOND_FACTOR and second_factor.is_due(user) else ""


_HEAD: dict[bool, tuple[str, ...]] = {True: ("HEAD",), False: ()}


def _to_sign_in(request: HttpRequest, page: Page) -> HttpResponse:
    """The sign-in page, which says what became of what was sent, and leads back to the page where the person was."""
    asks = {"next": _came_from(request)}
    if request.method == "POST" and page.takes:
        asks["ended"] = "files"
    elif request.method == "POST" and page.keeps_typed and typed.keep(request):
        asks = {"next": request.get_full_path(), "ended": "typed"}
    elif request.method == "POST":
        asks["ended"] = "form"
    elif request.COOKIES.get(settings.SESSION_COOKIE_NAME):
        asks["ended"] = "session"
    query = urlencode({name: value for name, value in asks.items() if value})
    return redirect(reverse("sign-in") + (f"?{query}" if query else ""))


def _came_from(request: HttpRequest) -> str:
    """The page that was asked for, or the one that the form stood on; '' when there is none of ours."""
    if request.method == "GET":
        return "" if request.path == "/" else request.get_full_path()
    form = urlsplit(request.headers.get("Referer", ""))
    return f"{form.path}?{form.query}".rstrip("?") if form.netloc == request.get_host() else ""


def a_page(request: HttpRequest, rows: QuerySet[T]) -> Slice[T]:
    """The part of a long list that the address asks for; anything odd is the first or the last page."""
    return Paginator(rows, PAGE_LENGTH).get_page(request.GET.get("page"))


def show(
    request: HttpRequest,
    template: str,
    facts: Mapping[str, object] | None = None,
    *forms: Form,
    title: str = "",
    parent: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The page. `forms` are in it; a single one is `form` in the template. A wrong one makes an error summary, and 400 of a POST."""
    given: dict[str, object] = {"forms": forms, "title": title, "parent": parent}
    if len(forms) == 1:
        given["form"] = forms[0]
    wrong = any(form.errors and not form.asks for form in forms)
    return render(request, template, given | dict(facts or {}), status=HTTPStatus.BAD_REQUEST if wrong else status)
