"""Collecting files, confirming that they arrived whole, rejecting them (5.2, 5.3)."""

import logging
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from s2s.kept import KeyMissing
from s2s.rules.kinds import KINDS, Kind
from s2s.rules.lifecycle import Part, Shelf, State, View
from s2s.transfers import download, lists, queries
from s2s.transfers.models import Delivery
from s2s.transfers.refusals import NotPossible, StepFault
from s2s.transfers.reject import reject
from s2s.transfers.store import Damaged
from s2s.web.menu import children
from s2s.web.page import SignedIn, show
from s2s.web.transfers.forms import Reject
from s2s.words import say, transfers
from s2s.words.kinds import KIND_WORDS

MOST_AT_ONCE = 200
log = logging.getLogger(__name__)

# What an authority's screen lists (5.3): its own copies to fetch; what was sent to it; and, by what the destinations did, its area.
AREA: Final[Mapping[str, Shelf]] = {"awaiting": Shelf.AWAITING, "collected": Shelf.COLLECTED, "rejected": Shelf.REJECTED}
SHOWS: Final = ("waiting", "to-us", *AREA)


def section(request: SignedIn) -> HttpResponse:
    if not (entries := children(request, "download")):
        raise Http404
    return show(request, "section.html", {"entries": entries})


def waiting(request: SignedIn, kind: Kind) -> HttpResponse:
    """Files ready for download; of CTFs a local authority has three views (5.3)."""
    facts = _of(kind) | {"watches": queries.watches(request.actor, kind), "show": "waiting"}
    rows = _area(request, kind, facts) if facts["watches"] else queries.waiting_for(request.actor, kind)
    title = transfers.list_title(kind, str(facts["show"]))
    return _list(request, "transfers/download.html", rows, facts, sort="destination", title=title)


def _area(request: SignedIn, kind: Kind, facts: dict[str, object]) -> QuerySet[Delivery]:
    """What the address asks to be shown, in the view that it names; and how much there is in each view."""
    asked = request.GET.get("show", "waiting")
    facts["show"] = asked = asked if asked in SHOWS else "waiting"
    facts["to_us"] = queries.counted(queries.sent_to(request.actor, kind))
    if asked == "to-us":
        return queries.sent_to(request.actor, kind)
    rows = queries.in_area(request.actor, kind, AREA[asked]) if asked in AREA else queries.waiting_for(request.actor, kind)
    view = request.GET.get("view", "")
    facts |= {"views": lists.counted_by_view(rows), "view": view if view in list(View) else View.WITHIN}
    return rows.filter(view=facts["view"])


def unconfirmed(request: SignedIn, kind: Kind) -> HttpResponse:
    """Downloaded, and nobody has said whether it arrived whole."""
    facts = _of(kind) | {"watches": queries.watches(request.actor, kind), "show": "unconfirmed"}
    return _list(request, "transfers/download.html", queries.unconfirmed(request.actor, kind), facts, sort="date")


def late(request: SignedIn, kind: Kind) -> HttpResponse:
    """What has been waiting for long, here or in the authority's area."""
    facts = _of(kind) | {"watches": queries.watches(request.actor, kind), "show": "late"}
    return _list(request, "transfers/download.html", queries.late(request.actor, kind), facts, sort="date")


def previous(request: SignedIn, kind: Kind) -> HttpResponse:
    rows = queries.previously_downloaded(request.actor, kind)
    return _list(request, "transfers/previous.html", rows, _of(kind), sort="date", direction="desc")


def _of(kind: Kind) -> dict[str, object]:
    return {"kind": kind, "kind_words": KIND_WORDS[kind], "bundled": KINDS[kind].bundled}


def _list(
    request: SignedIn,
    template: str,
    rows: QuerySet[Delivery],
    facts: dict[str, object],
    *,
    sort: str,
    direction: str = "asc",
    title: str = "",
) -> HttpResponse:
    chosen = request.GET.get("sort", sort)
    if chosen in lists.SORTS:
        sort, direction = chosen, request.GET.get("direction", direction if chosen == sort else "asc")
    order = lists.Order(sort, descending=direction == "desc", language=get_language() or "en")
    page = lists.page(
        rows,
        order,
        among=queries.deliveries_of(request.actor, Kind(str(facts["kind"]))),
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    return show(request, template, facts | {"order": (sort, direction), "page": page}, title=title)


def chosen(request: SignedIn, kind: Kind) -> HttpResponse:
    """The files chosen from a list: to download, and then to say whether they arrived whole."""
    deliveries = _deliveries(request, kind, request.GET)
    if not deliveries:
        messages.error(request, _("Choose at least one file: tick the box beside its name."))
        return _to_list(kind)
    if len(deliveries) > 1 and not KINDS[kind].bundled:
        return _not_possible(request, kind, NotPossible(StepFault.ONE_AT_A_TIME))
    unanswered = [delivery for delivery in deliveries if delivery.state != State.COLLECTED]
    title = ngettext("Download %(num)s file", "Download %(num)s files", len(deliveries)) % {"num": len(deliveries)}
    return show(request, "transfers/chosen.html", _of(kind) | {"deliveries": deliveries, "unanswered": unanswered}, title=title)


def fetch(request: SignedIn, kind: Kind) -> HttpResponseBase:
    """The bytes: a POST, because it leaves its trace."""
    deliveries = _deliveries(request, kind, request.POST)
    try:
        parcel = download.fetch(actor=request.actor, deliveries=deliveries)
    except NotPossible as refusal:
        return _not_possible(request, kind, refusal)
    except (Damaged, KeyMissing) as fault:
        return _cannot_be_opened(request, kind, deliveries, fault)
    response = StreamingHttpResponse(parcel.content, content_type=parcel.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{parcel.name}"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def answer(request: SignedIn, kind: Kind) -> HttpResponse:
    """Has the file downloaded correctly? Yes or No (5.2)."""
    deliveries = _deliveries(request, kind, request.POST)
    said = request.POST.get("answer")
    try:
        if said == "yes":
            download.confirm(actor=request.actor, deliveries=deliveries)
            messages.success(request, _thanks(deliveries))
        elif said == "no":
            download.put_back(actor=request.actor, deliveries=deliveries)
            messages.info(request, _("Nothing has changed: the files are still waiting for you. Download them again whenever you like."))
        else:
            messages.error(request, _("Say whether the files downloaded correctly: choose Yes or No."))
            return redirect(_back_to(kind, deliveries))
    except NotPossible as refusal:
        return _not_possible(request, kind, refusal)
    return _to_list(kind)


def _thanks(deliveries: list[Delivery]) -> str:
    """Of copies nobody is told (1.1)."""
    told = sum(delivery.part == Part.ADDRESSEE for delivery in deliveries)
    thanks = ngettext(
        "Thank you. %(number)s file has been marked as downloaded.",
        "Thank you. %(number)s files have been marked as downloaded.",
        len(deliveries),
    ) % {"number": len(deliveries)}
    if not told:
        return thanks
    return f"{thanks} {ngettext('Its sender has been told.', 'Their senders have been told.', told)}"


def _back_to(kind: Kind, deliveries: list[Delivery]) -> str:
    return f"{reverse(f'chosen-{kind}')}?{urlencode([('file', delivery.key) for delivery in deliveries])}"


def _to_list(kind: Kind) -> HttpResponse:
    return redirect(f"download-{kind}")


def _deliveries(request: SignedIn, kind: Kind, said: QueryDict) -> list[Delivery]:
    """The actor's own deliveries among the keys in the form; a key that is not theirs is as one that does not exist."""
    keys = said.getlist("file")[:MOST_AT_ONCE]
    try:
        deliveries = queries.deliveries_by_key(request.actor, kind, [UUID(key) for key in keys])
    except ValueError as odd:
        raise Http404 from odd
    if len(deliveries) != len(set(keys)):
        raise Http404
    return deliveries


def _not_possible(request: SignedIn, kind: Kind, refusal: NotPossible) -> HttpResponse:
    messages.error(request, say(refusal).whole)
    return _to_list(kind)


def _cannot_be_opened(request: SignedIn, kind: Kind, deliveries: list[Delivery], fault: Damaged | KeyMissing) -> HttpResponse:
    """Nothing has happened to the files: a fault of the site's, which the line in the log tells its operators."""
    log.error("a stored file cannot be opened: %s", fault)
    names = [one.name for one in deliveries if isinstance(fault, KeyMissing) or one.receipt == fault.receipt]
    messages.error(
        request,
        _("We cannot open this at the moment: %(file)s. The people who run s2s have been told. Nothing has changed: try again later.")
        % {"file": ", ".join(names)},
    )
    if len(deliveries) > len(names):
        messages.info(request, _("You can download the other files without it."))
    return redirect(_back_to(kind, deliveries))


def reject_file(request: SignedIn, kind: Kind, key: UUID) -> HttpResponse:
    delivery = queries.delivery_to_reject(request.actor, kind, key)
    if delivery is None or delivery.state not in {State.WAITING, State.FETCHED, State.REJECTED}:
        raise Http404
    form = Reject(request)
    if not form.is_bound and delivery.state == State.REJECTED:
        raise Http404
    if form.is_valid():
        with form.refusals():
            reject(actor=request.actor, delivery=delivery, **form.cleaned_data)
            messages.success(request, _("%(file)s has been rejected, and the sender has been told.") % {"file": delivery.name})
            return _to_list(kind)
    return show(request, "transfers/reject.html", _of(kind) | {"delivery": delivery}, form)
