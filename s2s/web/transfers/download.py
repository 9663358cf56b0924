"""Collecting files, confirming that they arrived whole, rejecting them (5.2, 5.3)."""

import logging
from collections.abc import Iterable, Sequence
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from s2s.kept import KeyMissing
from s2s.rules.kinds import KINDS, Kind
from s2s.rules.lifecycle import Part, State
from s2s.transfers import download, queries
from s2s.transfers.models import Delivery
from s2s.transfers.refusals import NotPossible, StepFault
from s2s.transfers.reject import reject
from s2s.transfers.store import Damaged
from s2s.web import carried
from s2s.web.page import SignedIn, show
from s2s.web.transfers import turning
from s2s.web.transfers.browse import of
from s2s.web.transfers.forms import Reject
from s2s.words import say

log = logging.getLogger(__name__)


def chosen(request: SignedIn, kind: Kind) -> HttpResponse:
    """The files chosen from a list: to download, and then to say whether they arrived whole."""
    back, deliveries = turning.came_from(request.GET, kind), _chosen(request, kind)
    if not deliveries:
        messages.error(request, _("Choose at least one file: tick the box beside its name."))
        return redirect(back)
    if len(deliveries) > 1 and not KINDS[kind].bundled:
        return _not_possible(request, NotPossible(StepFault.ONE_AT_A_TIME), back)
    facts = {
        "deliveries": deliveries,
        "unanswered": [delivery for delivery in deliveries if delivery.state != State.COLLECTED],
        "back": back,
        "to_list": turning.with_ticks(request, kind, back, _numbers(deliveries)),
    }
    title = ngettext("Download %(num)s file", "Download %(num)s files", len(deliveries)) % {"num": len(deliveries)}
    return show(request, "transfers/chosen.html", of(kind) | facts, title=title)


def _chosen(request: SignedIn, kind: Kind) -> list[Delivery]:
    """By key, as links name a file; or by what the list has sealed."""
    if "file" in request.GET:
        return _deliveries(request, kind, request.GET)
    return queries.deliveries_by_number(request.actor, kind, turning.numbers(request, request.GET.get("ticked", "")))


def _numbers(deliveries: Iterable[Delivery]) -> set[int]:
    return {delivery.pk for delivery in deliveries}


def fetch(request: SignedIn, kind: Kind) -> HttpResponseBase:
    """The bytes: a POST, because it leaves its trace."""
    deliveries = _deliveries(request, kind, request.POST)
    try:
        parcel = download.fetch(actor=request.actor, deliveries=deliveries)
    except NotPossible as refusal:
        back = turning.came_from(request.POST, kind)
        return _not_possible(request, refusal, turning.with_ticks(request, kind, back, _numbers(deliveries)))
    except (Damaged, KeyMissing) as fault:
        return _cannot_be_opened(request, kind, deliveries, fault)
    response = StreamingHttpResponse(parcel.content, content_type=parcel.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{parcel.name}"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def answer(request: SignedIn, kind: Kind) -> HttpResponse:
    """Has the file downloaded correctly? Yes or No (5.2): of the files chosen, or of the one in whose row the button stands."""
    said, _blank, key = request.POST.get("answer", "").partition(" ")
    deliveries = _deliveries(request, kind, QueryDict(urlencode({"file": key})) if key else request.POST)
    ticks = turning.ticked(request, kind) - _numbers(deliveries) if key else set()
    if said not in {"yes", "no"}:
        messages.error(request, _("Say whether the files downloaded correctly: choose Yes or No."))
        return _to_chosen(request, kind, deliveries)
    back = turning.came_from(request.POST, kind)
    try:
        if said == "yes":
            download.confirm(actor=request.actor, deliveries=deliveries)
            messages.success(request, _thanks(deliveries))
        else:
            download.put_back(actor=request.actor, deliveries=deliveries)
            messages.info(request, _("Nothing has changed: the files are still waiting for you. Download them again whenever you like."))
            ticks |= _numbers(deliveries)
    except NotPossible as refusal:
        if key or not deliveries or refusal.facts.get("state") != State.WAITING:
            return _not_possible(request, refusal, turning.with_ticks(request, kind, back, ticks))
        messages.error(request, say(refusal).whole)  # Yes, before anything was saved: what was chosen stays chosen
        return _to_chosen(request, kind, deliveries)
    return redirect(turning.with_ticks(request, kind, back, ticks))


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


def _to_chosen(request: SignedIn, kind: Kind, deliveries: Sequence[Delivery]) -> HttpResponse:
    """The page of these files again, and from there to the same list."""
    asks = {"ticked": carried.seal(request.actor, sorted(_numbers(deliveries))), "back": turning.came_from(request.POST, kind)}
    return redirect(f"{reverse(f'chosen-{kind}')}?{urlencode(asks)}")


def _deliveries(request: SignedIn, kind: Kind, said: QueryDict) -> list[Delivery]:
    """The actor's own deliveries among the keys in the form; a key that is not theirs is as one that does not exist."""
    keys = turning.keys_in(said)
    deliveries = queries.deliveries_by_key(request.actor, kind, keys)
    if len(deliveries) != len(set(keys)):
        raise Http404
    return deliveries


def _not_possible(request: SignedIn, refusal: NotPossible, back: str) -> HttpResponse:
    messages.error(request, say(refusal).whole)
    return redirect(back)


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
    return _to_chosen(request, kind, deliveries)


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
            return redirect(f"download-{kind}")
    return show(request, "transfers/reject.html", of(kind) | {"delivery": delivery}, form)
