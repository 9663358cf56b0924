"""The lists of files: looking through them, and ticking what shall be downloaded (5.2, 5.3)."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.db.models import QuerySet
from django.http import Http404, HttpResponse

from s2s.rules.kinds import KINDS, Kind
from s2s.rules.lifecycle import Part, Shelf, View
from s2s.transfers import find, lists, queries
from s2s.transfers.lists import Order
from s2s.transfers.models import Delivery, Transfer
from s2s.web import carried
from s2s.web.menu import children
from s2s.web.page import SignedIn, show
from s2s.web.transfers import turning
from s2s.words import transfers
from s2s.words.kinds import KIND_WORDS

# What an authority's screen lists (5.3): its own copies to fetch; what was sent to it; and, by what the destinations did, its area.
AREA: Final[Mapping[str, Shelf]] = {"awaiting": Shelf.AWAITING, "collected": Shelf.COLLECTED, "rejected": Shelf.REJECTED}
SHOWS: Final = ("waiting", "to-us", *AREA)


def section(request: SignedIn) -> HttpResponse:
    if not (entries := children(request, "download")):
        raise Http404
    return show(request, "section.html", {"entries": entries})


def waiting(request: SignedIn, kind: Kind) -> HttpResponse:
    """Files ready for download; of CTFs a local authority has three views (5.3)."""
    if not queries.watches(request.actor, kind):
        facts = of(kind) | {"watches": False, "show": "waiting"}
        rows = queries.waiting_for(request.actor, kind)  # all for one destination (5.3), so the oldest first
        return _list(
            request, kind, "transfers/download.html", rows, facts, opens=Order("date"), title=transfers.list_title(kind, "waiting")
        )
    rows, facts = _of_the_area(request, kind)
    title = transfers.list_title(kind, str(facts["show"]))
    return _list(request, kind, "transfers/download.html", rows, facts, opens=Order("destination"), title=title)


def _of_the_area(request: SignedIn, kind: Kind) -> tuple[QuerySet[Delivery], dict[str, object]]:
    """What the address asks to be shown, in the view that it names; and how much there is in each view."""
    asked = request.GET.get("show", "waiting")
    shown = asked if asked in SHOWS else "waiting"
    to_us = queries.sent_to(request.actor, kind)
    facts = of(kind) | {"watches": True, "show": shown, "to_us": queries.counted(to_us)}
    if shown == "to-us":
        return to_us, facts
    rows = queries.in_area(request.actor, kind, AREA[shown]) if shown in AREA else queries.waiting_for(request.actor, kind)
    view = request.GET.get("view", "")
    facts |= {"views": lists.counted_by_view(rows), "view": view if view in list(View) else View.WITHIN}
    return rows.filter(view=facts["view"]), facts


def unconfirmed(request: SignedIn, kind: Kind) -> HttpResponse:
    """Downloaded, and nobody has said whether it arrived whole."""
    facts = of(kind) | {"watches": queries.watches(request.actor, kind), "show": "unconfirmed"}
    return _list(request, kind, "transfers/download.html", queries.unconfirmed(request.actor, kind), facts, opens=Order("date"))


def late(request: SignedIn, kind: Kind) -> HttpResponse:
    """What has been waiting for long, here or in the authority's area."""
    facts = of(kind) | {"watches": queries.watches(request.actor, kind), "show": "late"}
    return _list(request, kind, "transfers/download.html", queries.late(request.actor, kind), facts, opens=Order("date"))


def previous(request: SignedIn, kind: Kind) -> HttpResponse:
    facts = of(kind) | {"watches": queries.watches(request.actor, kind)}
    rows = queries.previously_downloaded(request.actor, kind)
    return _list(request, kind, "transfers/previous.html", rows, facts, opens=Order("date", descending=True))


def sent(request: SignedIn, kind: Kind) -> HttpResponse:
    """What this desk has sent, and what became of it."""
    return _sent(request, kind, queries.sent_by(request.actor, kind))


def followed(request: SignedIn, kind: Kind, part: queries.Followed) -> HttpResponse:
    """The part of what was sent that Home counts."""
    return _sent(request, kind, queries.followed(request.actor, kind, part))


def _sent(request: SignedIn, kind: Kind, rows: QuerySet[Transfer]) -> HttpResponse:
    if request.method == "POST":
        return turning.to_list(request, turning.turned(request, ()))
    sought = turning.sought(request)
    page = lists.sent(find.in_sent(request.actor, rows, sought), **turning.page_of(request))
    looking = _looking(request, sought, (row.pk for row in page.rows))
    return show(request, "transfers/sent.html", of(kind) | {"page": page, **looking})


def of(kind: Kind) -> dict[str, object]:
    return {"kind": kind, "kind_words": KIND_WORDS[kind], "bundled": KINDS[kind].bundled}


def _list(
    request: SignedIn, kind: Kind, template: str, rows: QuerySet[Delivery], facts: Mapping[str, object], *, opens: Order, title: str = ""
) -> HttpResponse:
    order, sought, all_mine = turning.order_of(request, opens), turning.sought(request), queries.deliveries_of(request.actor, kind)
    rows = find.in_received(request.actor, rows, sought)
    if request.method == "POST":
        return _turned(request, kind, rows, order)
    page = lists.page(rows, order, among=all_mine, **turning.page_of(request))
    ticks, here = turning.numbers(request, request.GET.get("ticked", "")), {row.pk for row in page.rows}
    more = {
        "order": (order.column, "desc" if order.descending else "asc"),
        "page": page,
        **_looking(request, sought, (row.transfer_id for row in page.rows)),
        "all": queries.counted(rows) if page.before or page.after else len(page.rows),
        "most": turning.MOST_AT_ONCE,
        "ticked": here & ticks,
        "elsewhere": len(ticks - here),
        "carried": carried.seal(request.actor, sorted(ticks - here)),
    }
    return show(request, template, {**facts, **more}, title=title)


def _looking(request: SignedIn, sought: str, files: Iterable[int]) -> dict[str, object]:
    """What is searched, and the pupils of the page's files for those who may know them."""
    knows = find.knows_pupils(request.actor)
    return {"sought": sought, "knows_pupils": knows, "pupils": find.pupils_of(request.actor, files)}


def _turned(request: SignedIn, kind: Kind, rows: QuerySet[Delivery], order: Order) -> HttpResponse:
    """A button of the list was pressed: the list as it then is, or the page of what is ticked."""
    ticks, go = turning.ticked(request, kind), request.POST.get("go", "")
    if go == "all":
        ticks = set(lists.numbers(rows, order, turning.MOST_AT_ONCE))
    elif go == "page":
        page = lists.page(rows, order, among=queries.deliveries_of(request.actor, kind), **turning.page_of(request))
        ticks |= {row.pk for row in page.rows if row.part != Part.SENT}
    elif go == "none":
        ticks = set()
    query = turning.turned(request, ticks)
    return turning.to_chosen(request, kind, query) if go == "chosen" else turning.to_list(request, query)
