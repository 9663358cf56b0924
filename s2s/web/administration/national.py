"""What the national administrator alone does (3.9): categories, notices on Home, and taking in the official lists."""

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from s2s.administration import category_maintenance, queries, site_notices
from s2s.administration.fields import CATEGORY, SITE_NOTICE, EntryFault, NotSaved, refuse
from s2s.administration.models import SiteNotice
from s2s.organisations import import_schools
from s2s.organisations import queries as organisation_queries
from s2s.organisations.import_schools import Preview, Summary
from s2s.organisations.models import Category
from s2s.organisations.school_lists import ListRefused
from s2s.web.forms import present, problems, three, typed
from s2s.web.page import SignedIn, a_page
from s2s.words import say
from s2s.words.formats import by_local_name, local_name

MOST_SHOWN: Final = 100  # schools of each sort in a preview


# Category Maintenance


def categories(request: SignedIn) -> HttpResponse:
    facts: dict[str, object] = {
        "categories": by_local_name(organisation_queries.categories()),
        "values": typed(request, CATEGORY),
        "errors": {},
    }
    if request.method != "POST":
        return render(request, "administration/categories.html", facts)
    try:
        category = category_maintenance.add(actor=request.actor, typed=typed(request, CATEGORY))
    except NotSaved as refusal:
        return render(request, "administration/categories.html", facts | {"errors": problems(refusal)}, status=400)
    messages.success(request, _("The category %(category)s has been added.") % {"category": category.local_name})
    return redirect("categories")


def category(request: SignedIn, key: int) -> HttpResponse:
    """Rename it, or take it away."""
    found = _category(key)
    facts: dict[str, object] = {"category": found, "before": found.name, "values": present(found, CATEGORY), "errors": {}}
    if request.method != "POST":
        return render(request, "administration/category.html", facts)
    if "remove" in request.POST:
        schools = category_maintenance.remove(actor=request.actor, category=found)
        messages.success(request, _removed(found, schools))
        return redirect("categories")
    values = typed(request, CATEGORY)
    try:
        category_maintenance.rename(actor=request.actor, category=found, before=request.POST.get("before", ""), typed=values)
    except NotSaved as refusal:
        return render(request, "administration/category.html", facts | {"values": values, "errors": problems(refusal)}, status=400)
    messages.success(request, _("The category is now called %(category)s.") % {"category": local_name(values)})
    return redirect("categories")


def _category(key: int) -> Category:
    found = organisation_queries.categories().filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def _removed(category: Category, schools: int) -> str:
    return ngettext(
        "The category %(category)s has been removed. %(number)s school had it and now has none.",
        "The category %(category)s has been removed. %(number)s schools had it and now have none.",
        schools,
    ) % {"category": category.local_name, "number": schools}


# Notices on Home


def notices(request: SignedIn) -> HttpResponse:
    empty = ("", "", "")
    facts: dict[str, object] = {"page": a_page(request, queries.notices()), "errors": {}, "now": set(queries.notices_now())}
    facts |= {"values": typed(request, SITE_NOTICE), "first": empty, "last": empty}
    if request.method != "POST":
        return render(request, "administration/site_notices.html", facts)
    first, last = three(request, "first"), three(request, "last")
    try:
        site_notices.publish(actor=request.actor, typed=typed(request, SITE_NOTICE), first=first, last=last)
    except NotSaved as refusal:
        facts |= {"first": first, "last": last, "errors": problems(refusal)}
        return render(request, "administration/site_notices.html", facts, status=400)
    messages.success(request, _("The notice has been saved, and will be shown on everybody’s Home page between its dates."))
    return redirect("site-notices")


def withdraw(request: SignedIn, key: int) -> HttpResponse:
    notice: SiteNotice | None = queries.notices().filter(pk=key).first()
    if notice is None:
        raise Http404
    site_notices.withdraw(actor=request.actor, notice=notice)
    messages.success(request, _("The notice has been withdrawn."))
    return redirect("site-notices")


# The official lists


def import_list(request: SignedIn) -> HttpResponse:
    """Look at a list first: nothing is written. Then take in exactly that file, which is chosen a second time."""
    if request.method != "POST":
        return render(request, "administration/import_list.html")
    close_many = request.POST.get("close_many", "") == "yes"
    file = request.FILES.get("list")
    try:
        if file is None:
            raise refuse("list", EntryFault.NO_FILE)
        content = file.read()
        if "digest" not in request.POST:
            return _show(request, import_schools.preview(content), file.name or "")
        if import_schools.digest_of(content) != request.POST["digest"]:
            raise refuse("list", EntryFault.OTHER_FILE)
        summary = import_schools.import_schools(by=request.actor, content=content, close_many=close_many)
    except ListRefused as refusal:
        return render(request, "administration/import_list.html", {"errors": {"list": say(refusal).whole}}, status=400)
    except NotSaved as refusal:
        return render(request, "administration/import_list.html", {"errors": problems(refusal)}, status=400)
    messages.success(request, _taken_in(summary))
    return redirect("import-list")


def _show(request: SignedIn, preview: Preview, name: str) -> HttpResponse:
    plan = preview.plan
    facts: dict[str, object] = {
        "preview": preview,
        "summary": preview.summary,
        "file": name,
        "most": MOST_SHOWN,
        "parts": [("created", plan.created), ("updated", plan.updated), ("closed", plan.closed), ("reopened", plan.reopened)],
        "refused": say(preview.closes_many).text if preview.closes_many else "",
        "errors": {},
    }
    return render(request, "administration/import_preview.html", facts)


def _taken_in(summary: Summary) -> str:
    return _(
        "The list has been imported: %(created)s added, %(updated)s updated, %(closed)s closed, %(reopened)s opened "
        "again, %(unchanged)s as they were."
    ) % {part: getattr(summary, part) for part in ("created", "updated", "closed", "reopened", "unchanged")}
