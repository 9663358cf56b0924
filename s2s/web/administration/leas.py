"""Maintain LEA Details, and LEA Maintenance for the national administrator (3.9)."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from s2s.administration import lea_maintenance, queries
from s2s.administration.fields import AUTHORITY
from s2s.notices.catalogue import Change
from s2s.organisations.models import Organisation
from s2s.web.administration.forms import EditAuthority
from s2s.web.forms import check_authority, present
from s2s.web.page import SignedIn, show
from s2s.words.formats import local_name


def own(request: SignedIn) -> HttpResponse:
    """The LEA Administrator's own LA, and no other."""
    return _edit(request, request.actor.organisation, may_move=False)


def every(request: SignedIn) -> HttpResponse:
    actor, without = request.actor, request.GET.get("show") == "without"
    offices = queries.without_administrator(actor) if without else queries.with_administrator(queries.offices_in_care_of(actor))
    return show(request, "administration/leas.html", {"offices": offices, "without": without})


def one(request: SignedIn, number: str) -> HttpResponse:
    """Edit LEA: any, all fields."""
    authority = queries.office_in_care_of(request.actor, number)
    if authority is None:
        raise Http404
    return _edit(request, authority, may_move=True)


def _edit(request: SignedIn, authority: Organisation, *, may_move: bool) -> HttpResponse:
    """`may_move`: the region is a drop-down list, not only shown."""
    form = EditAuthority(request, authority, may_move=may_move)
    if form.is_valid():
        with form.refusals():
            changes = _change(request, authority, form.cleaned_data)
            if changes:
                messages.success(request, _("%(authority)s has been updated.") % {"authority": local_name(form.cleaned_data)})
            else:
                messages.info(request, _("You made no changes, so nothing has been saved."))
            return redirect(request.path)
    if form.is_stale:
        form.renew(present(authority, AUTHORITY), authority.version)
    facts = {"authority": authority, "cancel": reverse("leas" if may_move else "home")}
    return show(request, "administration/lea.html", facts, form, title=authority.local_name if may_move else "")


def _change(request: SignedIn, authority: Organisation, filled: Mapping[str, str]) -> list[Change]:
    """Raises NotSaved or Stale."""
    check_authority(filled["lea"], authority)
    copies = filled.get("disable", "N") != "Y"
    return lea_maintenance.update(
        actor=request.actor, authority=authority, version=filled["version"], typed=filled, copies=copies, region=filled.get("region")
    )
