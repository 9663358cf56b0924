"""Maintain LEA Details, and LEA Maintenance for the national administrator (3.9)."""

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from s2s.administration import lea_maintenance, queries
from s2s.administration.fields import AUTHORITY, NotSaved
from s2s.organisations.models import Organisation
from s2s.web.forms import check_authority, is_stale, present, problems, typed
from s2s.web.page import SignedIn
from s2s.words.formats import local_name

BOXES: Final = tuple(AUTHORITY)


def own(request: SignedIn) -> HttpResponse:
    """The LEA Administrator's own LA, and no other."""
    return _edit(request, request.actor.organisation, "lea", may_move=False)


def every(request: SignedIn) -> HttpResponse:
    viewer, without = request.actor.user, request.GET.get("show") == "without"
    offices = queries.without_administrator(viewer) if without else queries.with_administrator(queries.offices_in_care_of(viewer))
    return render(request, "administration/leas.html", {"offices": offices, "without": without})


def one(request: SignedIn, number: str) -> HttpResponse:
    """Edit LEA: any, all fields."""
    authority = queries.office_in_care_of(request.actor.user, number)
    if authority is None:
        raise Http404
    return _edit(request, authority, "leas", may_move=True)


def _edit(request: SignedIn, authority: Organisation, back: str, *, may_move: bool) -> HttpResponse:
    """`may_move`: the region is a drop-down list, not only shown."""
    facts: dict[str, object] = {
        "authority": authority,
        "back": back,
        "regions": Organisation.Region.values if may_move else (),
        "stamp": str(authority.version),
        "values": present(authority, BOXES),
        "region": authority.region,
        "copies": authority.copies,
        "meanwhile": {},
    }
    if request.method != "POST":
        return render(request, "administration/lea.html", facts)
    values, region = typed(request, BOXES), request.POST.get("region", "")
    copies = request.POST.get("disable", "N") != "Y"
    try:
        check_authority(request.POST.get("lea", ""), authority)
        changes = lea_maintenance.update(
            actor=request.actor,
            authority=authority,
            version=request.POST.get("version", ""),
            typed=values,
            copies=copies,
            region=region if may_move else None,
        )
    except NotSaved as refusal:
        facts |= {"values": values, "copies": copies, "region": region or authority.region, "errors": problems(refusal)}
        if is_stale(refusal):
            facts["meanwhile"] = {box: text for box, text in present(authority, BOXES).items() if text != values[box]}
        return render(request, "administration/lea.html", facts, status=400)
    if changes:
        messages.success(request, _("%(authority)s has been updated.") % {"authority": local_name(values)})
    else:
        messages.info(request, _("You made no changes, so nothing has been saved."))
    return redirect(request.path)
