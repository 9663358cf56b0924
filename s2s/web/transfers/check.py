"""The page between choosing files and sending them: what is in each, whom it would reach, and what is wrong with it (5.1)."""

from collections.abc import Sequence
from http import HTTPStatus
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect

from s2s.accounts.actors import Person
from s2s.rules.kinds import Kind
from s2s.transfers import check_first
from s2s.transfers.check_first import Waiting
from s2s.transfers.results import Result, keep, results_of
from s2s.web.page import SignedIn, show
from s2s.web.transfers.one_upload import OneUpload, of
from s2s.words.uploads import from_json


def show_first(request: SignedIn, kind: Kind, files: Sequence[tuple[str, bytes]]) -> HttpResponse:
    """Check the files and show what would be sent. Where nothing can be, that is the result already."""
    actor, results, contents = request.actor, list[Result](), dict[int, bytes]()
    upload = OneUpload.of(actor, kind, [name for name, _ in files])
    taken = {name for name, _ in files}
    for number, (name, content) in enumerate(files):
        result = upload.look_at(name, content, taken)
        if result["accepted"] or "offered" in result:
            contents[number], result["number"] = content, number
            taken.add(result.get("offered", name))
        results.append(result)
    if not contents:
        return redirect("upload-result", batch=keep(actor=actor, results=results))
    batch = check_first.keep(actor=actor, session=_session(request), kind=kind, results=results, contents=contents)
    return redirect(f"check-{kind}", batch=batch)


def look(request: SignedIn, kind: Kind, batch: UUID) -> HttpResponse:
    """What waits to be sent; a file is taken off the list, or what is left is sent."""
    if request.method == "POST":
        with check_first.alone(batch):
            return _answer(request, kind, batch)
    upload = check_first.waiting(request.actor, _session(request), batch)
    if upload is None:
        return _after(request, kind, batch)
    facts = of(kind) | {"batch": batch, "results": [from_json(one) for one in upload.results]}
    return show(request, "transfers/check.html", facts)


def _answer(request: SignedIn, kind: Kind, batch: UUID) -> HttpResponse:
    actor = request.actor
    upload = check_first.waiting(actor, _session(request), batch)
    if upload is None:
        return _after(request, kind, batch)
    off = request.POST.get("off", "")
    if off.isascii() and off.isdigit():
        left = check_first.take_off(actor=actor, upload=upload, place=int(off))
        return redirect(f"check-{kind}", batch=batch) if left else redirect(f"upload-{kind}")
    results = _send_all(actor, kind, upload, set(request.POST.getlist("as")))
    with transaction.atomic():
        keep(actor=actor, results=results, batch=batch)
        check_first.done(upload)
    return redirect("upload-result", batch=batch)


def _after(request: SignedIn, kind: Kind, batch: UUID) -> HttpResponse:
    """It was sent, and its result stands; or it waited too long, and nothing was."""
    if results_of(request.actor, batch) is not None:
        return redirect("upload-result", batch=batch)
    return show(request, "transfers/check_gone.html", of(kind), status=HTTPStatus.GONE)


def _session(request: SignedIn) -> str:
    return request.session.session_key or ""


def _send_all(actor: Person, kind: Kind, waiting: Waiting, ticked: set[str]) -> list[Result]:
    """Each file takes the whole journey now; what was refused at the check, and no better name was accepted for, stays refused."""
    chosen = [(one, _chosen_name(one, ticked)) for one in waiting.results]
    upload = OneUpload.of(actor, kind, [name for _, name in chosen if name])
    return [_sent(upload, waiting, one, name) if name else _refused_before(one) for one, name in chosen]


def _chosen_name(one: Result, ticked: set[str]) -> str:
    """The name under which to send a file; '' for one that is not sent."""
    if one["accepted"]:
        return one["given"]
    return one["offered"] if "offered" in one and str(one["number"]) in ticked else ""


def _refused_before(one: Result) -> Result:
    return Result(name=one["name"], accepted=False, kind=one["kind"], problems=one["problems"])


def _sent(upload: OneUpload, waiting: Waiting, one: Result, name: str) -> Result:
    result = upload.send(name, check_first.content_of(upload.actor, waiting, one["number"]))
    if "offered" in one and result["accepted"]:
        result["given"], result["renamed"] = one["name"], True
    return result
