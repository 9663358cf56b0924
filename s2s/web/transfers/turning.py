"""A list of files is one form, and all its buttons are of that form, so that ticks and words go along without JavaScript.

A button leads, by a redirect, to an address of the list: going back or reading it again sends nothing. What is in the address: the order
and the page; sealed, the ticked files and the words that are searched, because they may be a pupil's name.
"""

from collections.abc import Iterable
from typing import Final, TypedDict
from urllib.parse import urlsplit
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language

from s2s.rules.kinds import Kind
from s2s.transfers import lists, queries
from s2s.transfers.lists import Order
from s2s.web import carried
from s2s.web.page import SignedIn

MOST_AT_ONCE: Final = 200  # files ticked
LONGEST: Final = 100  # of what is searched


def order_of(request: SignedIn, opens: Order) -> Order:
    """The order that the address asks for."""
    column, language = request.GET.get("sort", opens.column), get_language() or "en"
    if column not in lists.SORTS:
        return Order(opens.column, opens.descending, language)
    unless_said = "desc" if column == opens.column and opens.descending else "asc"
    return Order(column, request.GET.get("direction", unless_said) == "desc", language)


class Where(TypedDict):
    """Which page of the list: as `lists.page` takes it."""

    after: str
    before: str


def page_of(request: SignedIn) -> Where:
    return Where(after=request.GET.get("after", ""), before=request.GET.get("before", ""))


def sought(request: SignedIn) -> str:
    """The words that the list is searched by."""
    words = carried.unsealed(request.actor, request.GET.get("find", ""))
    return words if isinstance(words, str) else ""


def numbers(request: SignedIn, sealed: str) -> set[int]:
    """The ticked files that an address or a form brings along."""
    found = carried.unsealed(request.actor, sealed)
    return set(found) if isinstance(found, list) else set()


def keys_in(said: QueryDict) -> list[UUID]:
    """The boxes that are ticked. What is no key is no page."""
    try:
        return [UUID(key) for key in said.getlist("file")[:MOST_AT_ONCE]]
    except ValueError as odd:
        raise Http404 from odd


def ticked(request: SignedIn, kind: Kind) -> set[int]:
    """What is ticked in the form: here, and on other pages of the list."""
    keys = keys_in(request.POST)
    here = queries.deliveries_by_key(request.actor, kind, keys) if keys else []
    return numbers(request, request.POST.get("elsewhere", "")) | {delivery.pk for delivery in here}


def turned(request: SignedIn, ticks: Iterable[int]) -> QueryDict:
    """The address of the list as the pressed button wants it."""
    query = request.GET.copy()
    go, _, to = request.POST.get("go", "").partition(":")
    if go == "sort":
        query["sort"], _, query["direction"] = (to or request.POST.get("order", "")).partition(":")
    if go in {"after", "before"}:
        query[go] = to
    if go in {"sort", "after", "before", "find", ""}:
        for other in {"after", "before"} - {go}:
            query.pop(other, None)
    words = " ".join(request.POST.get("find", "").split())[:LONGEST]
    if words != sought(request):
        query["find"], query["after"], query["before"] = carried.seal(request.actor, words), "", ""
    query["ticked"] = carried.seal(request.actor, sorted(ticks)[:MOST_AT_ONCE])
    for name in [name for name in query if not query[name]]:
        del query[name]
    return query


def to_list(request: SignedIn, query: QueryDict) -> HttpResponse:
    return redirect(f"{request.path}?{query.urlencode()}".rstrip("?"))


def to_chosen(request: SignedIn, kind: Kind, query: QueryDict) -> HttpResponse:
    """The page of what is ticked, which leads back to the list."""
    asks = {"ticked": query.pop("ticked", [""])[0], "back": f"{request.path}?{query.urlencode()}".rstrip("?")}
    return redirect(f"{reverse(f'chosen-{kind}')}?{urlencode({name: value for name, value in asks.items() if value})}")


def came_from(said: QueryDict, kind: Kind) -> str:
    """The list, or the page of a file, that a form was opened from; the list of what waits, if it names none of ours."""
    back = urlsplit(said.get("back", ""))
    of_a_file = back.path.startswith(reverse("file", kwargs={"receipt": "-"})[:-1])
    if back.scheme or back.netloc or not (of_a_file or back.path in _lists(kind)):
        return reverse(f"download-{kind}")
    return f"{back.path}?{back.query}".rstrip("?")


def with_ticks(request: SignedIn, kind: Kind, back: str, ticks: Iterable[int]) -> str:
    """The same list, with these files ticked."""
    path, _, asks = back.partition("?")
    if path not in _lists(kind):
        return back
    query = QueryDict(asks, mutable=True)
    query["ticked"] = carried.seal(request.actor, sorted(ticks))
    if not query["ticked"]:
        del query["ticked"]
    return f"{path}?{query.urlencode()}".rstrip("?")


def _lists(kind: Kind) -> set[str]:
    return {reverse(f"{name}-{kind}") for name in ("download", "unconfirmed", "late", "previous")}
