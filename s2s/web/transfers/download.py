"""Collecting files, confirming that they arrived whole, rejecting them (5.2, 5.3)."""

import logging
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from s2s.kept import KeyMissing
from s2s.rules.lifecycle import RejectReason, State
from s2s.rules.roles import Can
from s2s.transfers import download as journey
from s2s.transfers import queries
from s2s.transfers.models import Delivery
from s2s.transfers.refusals import NotPossible, StepFault
from s2s.transfers.reject import NOTE_LENGTH, reject
from s2s.transfers.store import Damaged
from s2s.web.menu import children
from s2s.web.page import SignedIn, a_page
from s2s.words import say

log = logging.getLogger(__name__)

MOST_AT_ONCE = 200

# What the authority's screen lists: its own copies to fetch, or what the destinations have still to collect or have collected (5.3).
SHOWS = {"waiting": queries.waiting_for, "awaiting": queries.awaiting_collection, "collected": queries.collected}


def section(request: SignedIn) -> HttpResponse:
    if not (entries := children(request, "download")):
        raise Http404
    return render(request, "section.html", {"heading": "Download", "entries": entries})


def waiting(request: SignedIn) -> HttpResponse:
    """Common Transfer Files ready for download; for a local authority in three views (5.3)."""
    user = request.actor.user
    facts: dict[str, object] = {"watches": user.may(Can.WATCH_AREA)}
    show = request.GET.get("show", "waiting") if facts["watches"] else "waiting"
    deliveries = SHOWS.get(show, queries.waiting_for)(user)
    if facts["watches"]:
        views = queries.counted_by_view(deliveries)
        view = request.GET.get("view", "")
        facts |= {"show": show if show in SHOWS else "waiting", "views": views, "view": view if view in views else next(iter(views))}
        deliveries = deliveries.filter(view=facts["view"])
    return _list(request, "transfers/download_ctf.html", deliveries, facts, sort="destination")


def previous(request: SignedIn) -> HttpResponse:
    return _list(request, "transfers/previous.html", queries.previously_downloaded(request.actor.user), {}, sort="date", direction="desc")


def _list(request: SignedIn, template: str, deliveries, facts, *, sort: str, direction: str = "asc") -> HttpResponse:  # type: ignore[no-untyped-def]
    chosen = request.GET.get("sort", sort)
    if chosen in queries.SORTS:
        sort, direction = chosen, request.GET.get("direction", direction if chosen == sort else "asc")
    facts |= {
        "sort": sort,
        "direction": direction,
        "page": a_page(request, queries.in_order(deliveries, sort, descending=direction == "desc")),
    }
    return render(request, template, facts)


def chosen(request: SignedIn) -> HttpResponse:
    """The files chosen from a list: to download, and then to say whether they arrived whole."""
    deliveries = _deliveries(request, request.GET)
    if not deliveries:
        messages.error(request, _("Choose at least one file: tick the box beside its name."))
        return redirect("download-ctf")
    unanswered = [delivery for delivery in deliveries if delivery.state != State.COLLECTED]
    fetched = all(delivery.state != State.WAITING for delivery in deliveries)
    return render(request, "transfers/chosen.html", {"deliveries": deliveries, "unanswered": unanswered, "fetched": fetched})


def fetch(request: SignedIn) -> HttpResponse:
    """The bytes: a POST, because it leaves its trace."""
    deliveries = _deliveries(request, request.POST)
    try:
        parcel = journey.fetch(actor=request.actor, deliveries=deliveries)
    except NotPossible as refusal:
        return _not_possible(request, refusal)
    except (Damaged, KeyMissing) as fault:
        return _cannot_be_opened(request, deliveries, fault)
    response = HttpResponse(parcel.content, content_type=parcel.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{parcel.name}"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def answer(request: SignedIn) -> HttpResponse:
    """Has the file downloaded correctly? Yes or No (5.2)."""
    deliveries = _deliveries(request, request.POST)
    said = request.POST.get("answer")
    try:
        if said == "yes":
            journey.confirm(actor=request.actor, deliveries=deliveries)
            messages.success(request, _thanks(len(deliveries)))
        elif said == "no":
            journey.put_back(actor=request.actor, deliveries=deliveries)
            messages.info(request, _("Nothing has changed: the files are still waiting for you. Download them again whenever you like."))
        else:
            messages.error(request, _("Say whether the files downloaded correctly: choose Yes or No."))
            return redirect(_back_to(deliveries))
    except NotPossible as refusal:
        return _not_possible(request, refusal)
    return redirect("download-ctf")


def _thanks(number: int) -> str:
    return ngettext(
        "Thank you. %(number)s file has been marked as downloaded, and its sender has been told.",
        "Thank you. %(number)s files have been marked as downloaded, and their senders have been told.",
        number,
    ) % {"number": number}


def _back_to(deliveries: list[Delivery]) -> str:
    from django.urls import reverse

    query = QueryDict(mutable=True)
    query.setlist("file", [str(delivery.key) for delivery in deliveries])
    return f"{reverse('chosen')}?{query.urlencode()}"


def _deliveries(request: SignedIn, said: QueryDict) -> list[Delivery]:
    """The person's own deliveries among the keys in the form; a key that is not theirs is as one that does not exist."""
    keys = said.getlist("file")[:MOST_AT_ONCE]
    try:
        deliveries = queries.deliveries_by_key(request.actor.user, [UUID(key) for key in keys])
    except ValueError as odd:
        raise Http404 from odd
    if len(deliveries) != len(set(keys)):
        raise Http404
    return deliveries


def _not_possible(request: SignedIn, refusal: NotPossible) -> HttpResponse:
    messages.error(request, say(refusal).whole)
    return redirect("download-ctf")


def _cannot_be_opened(request: SignedIn, deliveries: list[Delivery], fault: Damaged | KeyMissing) -> HttpResponse:
    """Nothing has happened to the files: a fault of the site's, which the line in the log tells its operators."""
    log.error("a stored file cannot be opened: %s", fault)
    names = [one.transfer.name for one in deliveries if isinstance(fault, KeyMissing) or one.transfer.receipt == fault.receipt]
    messages.error(
        request,
        _("We cannot open this at the moment: %(file)s. The people who run s2s have been told. Nothing has changed: try again later.")
        % {"file": ", ".join(names)},
    )
    if len(deliveries) > len(names):
        messages.info(request, _("You can download the other files without it."))
    return redirect(_back_to(deliveries))


def reject_file(request: SignedIn, key: UUID) -> HttpResponse:
    delivery = queries.delivery_to_reject(request.actor.user, key)
    if delivery is None or not delivery.is_awaiting:
        raise Http404
    facts: dict[str, object] = {"delivery": delivery, "reasons": list(RejectReason), "length": NOTE_LENGTH}
    if request.method != "POST":
        return render(request, "transfers/reject.html", facts)
    reason, note = request.POST.get("reason", ""), request.POST.get("note", "")
    try:
        reject(actor=request.actor, delivery=delivery, reason=reason, note=note)
    except NotPossible as refusal:
        field = "note" if refusal.code is StepFault.NO_NOTE else "reason"
        facts |= {"reason": reason, "note": note, "errors": {field: say(refusal).whole}}
        return render(request, "transfers/reject.html", facts, status=400)
    messages.success(request, _("%(file)s has been rejected, and the sender has been told.") % {"file": delivery.transfer.name})
    return redirect("download-ctf")
