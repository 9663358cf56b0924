"""Sending files and following them (5.1, 4.2)."""

import logging
from collections.abc import Mapping
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from s2s.accounts.collecting import People
from s2s.kept import KeyMissing
from s2s.rules.kinds import Kind
from s2s.rules.roles import Can
from s2s.transfers import find, queries
from s2s.transfers.refusals import NotAccepted
from s2s.transfers.results import Result, keep, results_of
from s2s.transfers.store import Damaged
from s2s.transfers.story import story_of
from s2s.transfers.upload import Sent, collectors, send
from s2s.web import errors
from s2s.web.menu import children
from s2s.web.page import SignedIn, show
from s2s.web.transfers.forms import Upload
from s2s.words.kinds import KIND_WORDS
from s2s.words.uploads import as_json, from_json

log = logging.getLogger(__name__)

MOST_NAMES = 30  # pupils that the result names; of a bulk CTF it says how many more


def section(request: SignedIn) -> HttpResponse:
    if not (entries := children(request, "upload")):
        raise Http404
    return show(request, "section.html", {"entries": entries})


def upload(request: SignedIn, kind: Kind) -> HttpResponse:
    """The form; and the files, one or many, each accepted or refused by itself."""
    actor, form = request.actor, Upload(request, kind)
    if form.is_valid():
        files = form.cleaned_data["files"]
        people = collectors([file.name or "" for file in files], kind)
        results = [_send(request, kind, people, file.name or "", file.read()) for file in files]
        return redirect("upload-result", batch=keep(actor=actor, results=results))
    facts = _of(kind) | {"own": min(actor.addresses), "lost": actor.may(Can.SEND_LOST)}
    return show(request, "transfers/upload.html", facts, form)


def _of(kind: Kind) -> dict[str, object]:
    return {"kind": kind, "kind_words": KIND_WORDS[kind]}


def _send(request: SignedIn, kind: Kind, people: Mapping[str, People], name: str, content: bytes) -> Result:
    try:
        sent = send(actor=request.actor, name=name, content=content, kind=kind, people=people)
    except NotAccepted as refusal:
        problems = as_json(refusal.problems)
        return Result(name=name, accepted=False, kind=kind, problems=problems)
    return _accepted(sent, name)


def _accepted(sent: Sent, given: str) -> Result:
    transfer = sent.transfer
    destination = transfer.destination
    pupils = sent.checked.read.pupils[:MOST_NAMES]
    return Result(
        name=transfer.name,
        accepted=True,
        kind=transfer.kind,
        given=given,
        again=sent.again,
        receipt=transfer.receipt,
        to=transfer.destination_address,
        destination=destination.name if destination else "",
        destination_cy=destination.name_cy if destination else "",
        pupil_count=transfer.pupil_count,
        pupils=[f"{pupil.forename} {pupil.surname}" for pupil in pupils],
        repairs=[f"Repair.{repair.name}" for repair in sent.checked.name.repairs],
        warnings=transfer.warnings,
    )


def result(request: SignedIn, batch: UUID) -> HttpResponse:
    """What became of each file. Reading it again, or going back to it, sends nothing."""
    try:
        results = results_of(request.actor, batch)
    except (Damaged, KeyMissing) as fault:
        return _shut(request, fault)
    if results is None:
        raise Http404
    kind = Kind(results[0]["kind"])
    facts = _of(kind) | {"results": [from_json(one) for one in results]}
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
    return show(request, "transfers/story.html", _of(kind) | {"story": told, "pupils": named}, title=transfer.name, parent=parent)
