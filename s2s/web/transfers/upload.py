"""Sending files and following them (5.1, 4.2)."""

import secrets

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from s2s.rules.kinds import Kind, limit
from s2s.rules.roles import Can
from s2s.transfers import queries
from s2s.transfers.refusals import NotAccepted
from s2s.transfers.story import story_of
from s2s.transfers.upload import send
from s2s.web.menu import children
from s2s.web.page import SignedIn, a_page
from s2s.words import uploads

BATCHES = "uploads"  # in the session: the results of the last few uploads
BATCHES_KEPT = 5
MOST_FILES = 200


def section(request: SignedIn) -> HttpResponse:
    if not (entries := children(request, "upload")):
        raise Http404
    return render(request, "section.html", {"heading": "Upload", "entries": entries})


def upload_ctf(request: SignedIn) -> HttpResponse:
    """The form; and the files, one or many, each accepted or refused by itself."""
    if request.method != "POST":
        return _form(request)
    files = request.FILES.getlist("files")
    if not files:
        return _form(request, nothing=True)
    results = [_send(request, file.name or "", file.read()) for file in files]
    return redirect("upload-result", batch=_keep(request, results))


def _form(request: SignedIn, *, nothing: bool = False) -> HttpResponse:
    actor = request.actor
    facts = {
        "limit": limit(Kind.CTF, from_school=actor.organisation.is_school),
        "most": MOST_FILES,
        "own": min(actor.user.addresses),
        "lost": actor.may(Can.SEND_LOST),
        "nothing": nothing,
    }
    return render(request, "transfers/upload_ctf.html", facts, status=400 if nothing else 200)


def _send(request: SignedIn, name: str, content: bytes) -> dict[str, object]:
    """One file's result, as it is kept in the session: codes and facts, so that it can be read in either language."""
    try:
        done = send(actor=request.actor, name=name, content=content)
    except NotAccepted as refusal:
        return {"name": name, "accepted": False, "problems": uploads.as_json(refusal.problems)}
    return {
        "name": done.transfer.name,
        "given": name,
        "accepted": True,
        "again": done.again,
        "receipt": done.transfer.receipt,
        "pupils": done.transfer.pupil_count,
        "to": done.transfer.destination.number if done.transfer.destination else done.transfer.destination_address,
        "repairs": [f"Repair.{repair.name}" for repair in done.name.repairs],
        "warnings": done.transfer.warnings,
    }


def _keep(request: SignedIn, results: list[dict[str, object]]) -> str:
    batch = secrets.token_urlsafe(9)
    batches = list(request.session.get(BATCHES, {}).items())[1 - BATCHES_KEPT :]
    request.session[BATCHES] = dict([*batches, (batch, results)])
    return batch


def result(request: SignedIn, batch: str) -> HttpResponse:
    """What became of each file. Reading it again, or going back to it, sends nothing."""
    results = request.session.get(BATCHES, {}).get(batch)
    if results is None:
        raise Http404
    return render(request, "transfers/upload_result.html", {"results": [uploads.from_json(one) for one in results]})


def sent(request: SignedIn) -> HttpResponse:
    return render(request, "transfers/sent.html", {"page": a_page(request, queries.sent_by(request.actor.user))})


def story(request: SignedIn, receipt: str) -> HttpResponse:
    """One transfer from beginning to end, for its sender and those it went to."""
    transfer = queries.transfer_of(request.actor.user, receipt)
    if transfer is None:
        raise Http404
    return render(request, "transfers/story.html", {"transfer": transfer, **story_of(transfer, request.actor.user)})
