"""Sending files and following them (5.1, 4.2)."""

import logging
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from s2s.accounts.choices import choose_sending
from s2s.kept import KeyMissing
from s2s.rules.kinds import KINDS, Kind
from s2s.transfers import find, queries
from s2s.transfers.results import keep, results_of
from s2s.transfers.store import Damaged
from s2s.transfers.story import story_of
from s2s.web import errors
from s2s.web.menu import children
from s2s.web.page import SignedIn, show
from s2s.web.transfers.check import show_first
from s2s.web.transfers.forms import Upload
from s2s.web.transfers.one_upload import MOST_NAMES, OneUpload, of
from s2s.words.uploads import from_json

log = logging.getLogger(__name__)


def section(request: SignedIn) -> HttpResponse:
    if not (entries := children(request, "upload")):
        raise Http404
    return show(request, "section.html", {"entries": entries})


def upload(request: SignedIn, kind: Kind) -> HttpResponse:
    """The form; and the files, one or many, each accepted or refused by itself."""
    actor, form = request.actor, Upload(request, kind)
    if form.is_valid():
        files = [(file.name or "", file.read()) for file in form.cleaned_data["files"]]
        choose_sending(actor=actor, at_once=form.cleaned_data["at_once"])
        if not form.cleaned_data["at_once"]:
            return show_first(request, kind, files)
        one = OneUpload.of(actor, kind, [name for name, _ in files])
        return redirect("upload-result", batch=keep(actor=actor, results=[one.send(*file) for file in files]))
    return show(request, "transfers/upload.html", of(kind) | {"own": min(actor.addresses)}, form)


def result(request: SignedIn, batch: UUID) -> HttpResponse:
    """What became of each file. Reading it again, or going back to it, sends nothing."""
    try:
        results = results_of(request.actor, batch)
    except (Damaged, KeyMissing) as fault:
        return _shut(request, fault)
    if results is None:
        raise Http404
    kind = Kind(results[0]["kind"])
    facts = of(kind) | {"results": [from_json(one) for one in results], "announced": KINDS[kind].announced}
    return show(request, "transfers/upload_result.html", facts, parent=f"upload-{kind}")


def _shut(request: SignedIn, fault: Exception) -> HttpResponse:
    log.error("the results of an upload cannot be opened: %s", fault)
    return errors.results_shut(request)


def story(request: SignedIn, receipt: str) -> HttpResponse:
    """One transfer from beginning to end, for its sender and those it went to."""
    transfer = queries.transfer_of(request.actor, receipt)
    if transfer is None:
        raise Http404
    kind = Kind(transfer.kind)
    told, named = story_of(transfer, request.actor), find.pupils_of(request.actor, [transfer.pk], most=MOST_NAMES)
    parent = f"sent-{kind}" if told.is_sender else f"download-{kind}"
    return show(request, "transfers/story.html", of(kind) | {"story": told, "pupils": named}, title=transfer.name, parent=parent)
