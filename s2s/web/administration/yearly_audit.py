"""The yearly audit of users: asking, answering, and the record of who said what (1.6)."""

from collections.abc import Iterable
from datetime import date

from django.contrib import messages
from django.core.paginator import Page as Slice
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from s2s.administration import queries, yearly_audit
from s2s.administration.models import Confirmation, UserAudit
from s2s.administration.yearly_audit import AuditRefused
from s2s.organisations.models import Organisation
from s2s.rules.roles import Can
from s2s.web.administration.places import place_asked_for
from s2s.web.page import SignedIn, a_page
from s2s.web.spreadsheet import csv_file
from s2s.words import say
from s2s.words.accounts import role
from s2s.words.administration import answer

MOST_AT_ONCE = 200


def audit(request: SignedIn) -> HttpResponse:
    """Whom to confirm; for the national administrator how far every LA is, and then one of them."""
    latest, place = UserAudit.latest(), place_asked_for(request)
    if latest is None:
        return render(request, "administration/audit_none.html", {"place": place, "audits": request.actor.may(Can.AUDIT_USERS)})
    if place is None:
        return render(request, "administration/audit_overview.html", {"audit": latest, **_overview(request, latest)})
    asked = queries.to_confirm(request.actor.user, latest, place)
    facts = {"audit": latest, "place": place, "at": _at(request, place), "page": a_page(request, asked)}
    facts |= {"counts": queries.counted_answers(request.actor.user, latest, place), "audits": request.actor.may(Can.AUDIT_USERS)}
    return render(request, "administration/audit.html", facts)


def start(request: SignedIn) -> HttpResponse:
    facts: dict[str, object] = {"typed": {part: request.POST.get(part, "")[:10] for part in ("day", "month", "year")}}
    if request.method != "POST":
        return render(request, "administration/audit_start.html", facts)
    try:
        begun = yearly_audit.start(actor=request.actor, due_on=_day(request))
    except AuditRefused as refusal:
        return render(request, "administration/audit_start.html", facts | {"errors": {"day": say(refusal).whole}}, status=400)
    number = begun.confirmations.count()
    messages.success(
        request,
        ngettext(
            "The audit has begun: %(number)s user is to be confirmed. The LEA Administrators have been told.",
            "The audit has begun: %(number)s users are to be confirmed. The LEA Administrators have been told.",
            number,
        )
        % {"number": number},
    )
    return redirect("users-audit")


def confirm(request: SignedIn) -> HttpResponse:
    """Those ticked, or all that the page showed."""
    place = place_asked_for(request)
    chosen = _chosen(request, "shown" if request.POST.get("confirm") == "shown" else "user", place)
    try:
        number = yearly_audit.confirm(actor=request.actor, confirmations=chosen)
    except AuditRefused as refusal:
        messages.error(request, say(refusal).whole)
    else:
        said = ngettext("%(number)s user is confirmed.", "%(number)s users are confirmed.", number)
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
        "counts": queries.counted_answers(request.actor.user, audit, place),
    }
    return render(request, "administration/audit_report.html", facts)


def report_file(request: SignedIn) -> HttpResponse:
    audit, place = _audit(request), place_asked_for(request)
    heads = [_("LA number"), _("Local authority"), _("Number"), _("School or local authority"), _("User name"), _("Role")]
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
    administrators: Slice[Confirmation] = a_page(request, queries.to_confirm(request.actor.user, audit))
    return {"progress_of": progress, "counts": queries.counted_answers(request.actor.user, audit), "page": administrators}


def _rows(request: SignedIn, audit: UserAudit, place: Organisation | None):  # type: ignore[no-untyped-def]
    return queries.confirmations_of(request.actor.user, audit, place).order_by("organisation__number", "username")


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
    theirs = queries.confirmations_of(request.actor.user, latest, place).filter(pk__in=keys)
    if len(theirs) != len(keys):
        raise Http404
    return queries.to_confirm(request.actor.user, latest, place).filter(pk__in=keys)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def _day(request: SignedIn) -> date | None:
    """The day as typed in three boxes; None where there is no such day."""
    try:
        return date(*(int(request.POST.get(part, "")) for part in ("year", "month", "day")))
    except (ValueError, OverflowError):
        return None
