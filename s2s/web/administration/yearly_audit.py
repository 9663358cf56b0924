"""The yearly audit of users: asking, answering, and the record of who said what (1.6)."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.paginator import Page as Slice
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from s2s.administration import queries, yearly_audit
from s2s.administration.models import Confirmation, UserAudit
from s2s.administration.yearly_audit import AuditRefused
from s2s.organisations.models import Organisation
from s2s.rules.roles import Can
from s2s.web.administration.forms import ExtendAudit, StartAudit, Sure
from s2s.web.administration.places import place_asked_for
from s2s.web.page import SignedIn, a_page, show
from s2s.web.spreadsheet import csv_file
from s2s.words import say
from s2s.words.accounts import role
from s2s.words.administration import answer

MOST_AT_ONCE = 200


def audit(request: SignedIn) -> HttpResponse:
    """Whom to confirm; for the national administrator how far every LA is, and then one of them."""
    latest, place = UserAudit.latest(), place_asked_for(request)
    if latest is None:
        return show(request, "administration/audit_none.html", {"audits": request.actor.may(Can.AUDIT_USERS)})
    if place is None:
        return show(request, "administration/audit_overview.html", {"audit": latest, "at": "", **_overview(request, latest)})
    asked = queries.to_confirm(request.actor, latest, place)
    facts = {"audit": latest, "place": place, "at": _at(request, place), "page": a_page(request, asked)}
    facts |= {"counts": queries.counted_answers(request.actor, latest, place), "audits": request.actor.may(Can.AUDIT_USERS)}
    return show(request, "administration/audit.html", facts)


def start(request: SignedIn) -> HttpResponse:
    """The day first, then what would be asked of whom; the audit begins when that has been seen."""
    form = StartAudit(request)
    facts: dict[str, object] = {}
    if form.is_valid():
        with form.refusals():
            if form.cleaned_data["sure"]:
                begun = yearly_audit.start(actor=request.actor, due_on=form.cleaned_data["due_on"])
                messages.success(request, _begun(begun.confirmations.count()))
                return redirect("users-audit")
            facts["preview"] = yearly_audit.preview(due_on=form.cleaned_data["due_on"])
    return show(request, "administration/audit_check.html" if facts else "administration/audit_start.html", facts, form)


def _begun(number: int) -> str:
    said = ngettext(
        "The audit has begun: %(number)s user is to be confirmed. The LEA Administrators have been told.",
        "The audit has begun: %(number)s users are to be confirmed. The LEA Administrators have been told.",
        number,
    )
    return said % {"number": number}


def extend(request: SignedIn) -> HttpResponse:
    form, audit = ExtendAudit(request), _running()
    if form.is_valid():
        with form.refusals():
            yearly_audit.extend(actor=request.actor, audit=audit, due_on=form.cleaned_data["due_on"])
            messages.success(request, _("More time has been given. Those who have not yet answered have been told."))
            return redirect("users-audit")
    return show(request, "administration/audit_extend.html", {"audit": audit}, form)


def cancel(request: SignedIn) -> HttpResponse:
    form, audit = Sure(request), _running()
    if form.is_valid():
        with form.refusals():
            yearly_audit.cancel(actor=request.actor, audit=audit)
            messages.success(
                request, _("The audit has been cancelled. Nobody has been suspended, and those who had not yet answered have been told.")
            )
            return redirect("users-audit")
    counts = queries.counted_answers(request.actor, audit)
    return show(request, "administration/audit_cancel.html", {"audit": audit, "counts": counts}, form)


def close(request: SignedIn) -> HttpResponse:
    """Who would be suspended, LA by LA; nobody is before the national administrator has seen that."""
    form, audit = Sure(request), _running()
    if form.is_valid():
        with form.refusals():
            number = yearly_audit.close(actor=request.actor, audit=audit)
            said = ngettext(
                "The audit has been closed. %(number)s user has been suspended.",
                "The audit has been closed. %(number)s users have been suspended.",
                number,
            )
            messages.success(request, said % {"number": number})
            return redirect("users-audit")
    return show(request, "administration/audit_close.html", {"audit": audit, "lines": yearly_audit.silent(audit)}, form)


def _running() -> UserAudit:
    audit = UserAudit.running()
    if audit is None:
        raise Http404
    return audit


def confirm(request: SignedIn) -> HttpResponse:
    """Those ticked, or all that the page showed."""
    place = place_asked_for(request)
    chosen = _chosen(request, "shown" if request.POST.get("confirm") == "shown" else "user", place)
    try:
        number = yearly_audit.confirm(actor=request.actor, confirmations=chosen)
    except AuditRefused as refusal:
        messages.error(request, say(refusal).whole)
    else:
        said = ngettext("%(number)s user has been confirmed.", "%(number)s users have been confirmed.", number)
        messages.success(request, said % {"number": number})
    return redirect(reverse("users-audit") + (_at(request, place) if place else ""))


def report(request: SignedIn) -> HttpResponse:
    """Who confirmed whom, and when."""
    audit, place = _audit(request), place_asked_for(request)
    facts = {
        "audit": audit,
        "audits": UserAudit.objects.all(),
        "place": place,
        "page": a_page(request, _rows(request, audit, place)),
        "counts": queries.counted_answers(request.actor, audit, place),
    }
    return show(request, "administration/audit_report.html", facts)


def report_file(request: SignedIn) -> HttpResponse:
    audit, place = _audit(request), place_asked_for(request)
    heads = [_("LA number"), _("Local authority"), _("Number"), _("School or local authority"), _("Username"), _("Role")]
    heads += [_("Answer"), _("Answered by"), _("Answered on")]
    name = f"yearly-audit-of-users-{audit.due_on}{'-' + place.number if place else ''}.csv"
    return csv_file(name, heads, (_cells(row) for row in _rows(request, audit, place).iterator(chunk_size=2_000)))


def _cells(row: Confirmation) -> list[object]:
    authority = row.organisation.maintained_by or row.organisation
    answered = f"{timezone.localtime(row.answered_at):%Y-%m-%d %H:%M}" if row.answered_at else ""
    places = [authority.number, authority.local_name, row.organisation.number, row.organisation.local_name]
    return [*places, row.username, role(row.role), answer(row.answer), row.answered_by, answered]


def _overview(request: SignedIn, audit: UserAudit) -> dict[str, object]:
    progress = queries.audit_by_authority(audit)
    administrators: Slice[Confirmation] = a_page(request, queries.to_confirm(request.actor, audit))
    return {"progress_of": progress, "counts": queries.counted_answers(request.actor, audit), "page": administrators}


def _rows(request: SignedIn, audit: UserAudit, place: Organisation | None):  # type: ignore[no-untyped-def]
    return queries.confirmations_of(request.actor, audit, place).order_by("organisation__number", "username")


def _at(request: SignedIn, place: Organisation) -> str:
    return f"?at={place.number}" if request.actor.may(Can.AUDIT_USERS) else ""


def _audit(request: SignedIn) -> UserAudit:
    number = request.GET.get("audit", "")
    wanted = UserAudit.objects.filter(pk=int(number)).first() if _is_number(number) else UserAudit.latest()
    if wanted is None:
        raise Http404
    return wanted


def _chosen(request: SignedIn, field: str, place: Organisation | None) -> Iterable[Confirmation]:
    """The rows named in the form that this person has to answer; anything else is as if it did not exist."""
    latest, keys = UserAudit.latest(), {int(key) for key in request.POST.getlist(field)[:MOST_AT_ONCE] if _is_number(key)}
    if latest is None:
        raise Http404
    theirs = queries.confirmations_of(request.actor, latest, place).filter(pk__in=keys)
    if len(theirs) != len(keys):
        raise Http404
    return queries.to_confirm(request.actor, latest, place).filter(pk__in=keys)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10
