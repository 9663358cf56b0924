"""What the national administrator alone does (3.9): categories, notices on Home, and taking in the official lists."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from s2s.administration import category_maintenance, kept_lists, queries, site_notices
from s2s.administration.fields import EntryFault, EntryRefused
from s2s.administration.models import KeptList, SiteNotice
from s2s.organisations import queries as organisation_queries
from s2s.organisations.import_schools import Summary
from s2s.organisations.models import Category
from s2s.web.administration.forms import AddCategory, ChooseList, PublishNotice, RenameCategory, TakeIn
from s2s.web.page import SignedIn, a_page, show
from s2s.words import say
from s2s.words.formats import by_local_name, local_name

MOST_SHOWN: Final = 100  # schools of each sort in a preview


# Category Maintenance


def categories(request: SignedIn) -> HttpResponse:
    form = AddCategory(request)
    if form.is_valid():
        with form.refusals():
            category = category_maintenance.add(actor=request.actor, typed=form.cleaned_data)
            messages.success(request, _("The category %(category)s has been added.") % {"category": category.local_name})
            return redirect("categories")
    return show(request, "administration/categories.html", {"categories": by_local_name(organisation_queries.categories())}, form)


def category(request: SignedIn, key: int) -> HttpResponse:
    """Rename it, or take it away."""
    found = _category(key)
    if "remove" in request.POST:
        schools = category_maintenance.remove(actor=request.actor, category=found)
        messages.success(request, _removed(found, schools))
        return redirect("categories")
    form = RenameCategory(request, {"name": found.name, "name_cy": found.name_cy, "version": found.name})
    if form.is_valid():
        with form.refusals():
            typed = form.cleaned_data
            category_maintenance.rename(actor=request.actor, category=found, before=typed["version"], typed=typed)
            messages.success(request, _("The category is now called %(category)s.") % {"category": local_name(typed)})
            return redirect("categories")
    if form.is_stale:
        form.renew({"name": found.name, "name_cy": found.name_cy}, found.name)
    return show(request, "administration/category.html", {"category": found}, form, title=found.local_name)


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
    form = PublishNotice(request)
    if form.is_valid():
        with form.refusals():
            typed = form.cleaned_data
            site_notices.publish(actor=request.actor, typed=typed, first=typed["first"], last=typed["last"])
            messages.success(request, _("The notice has been saved, and will be shown on everybody’s Home page between its dates."))
            return redirect("site-notices")
    facts = {"page": a_page(request, queries.notices()), "now": set(queries.notices_now())}
    return show(request, "administration/site_notices.html", facts, form)


def withdraw(request: SignedIn, key: int) -> HttpResponse:
    notice: SiteNotice | None = queries.notices().filter(pk=key).first()
    if notice is None:
        raise Http404
    site_notices.withdraw(actor=request.actor, notice=notice)
    messages.success(request, _("The notice has been withdrawn."))
    return redirect("site-notices")


# The official lists


def import_list(request: SignedIn) -> HttpResponse:
    """Choose a list. What it would change is looked at first: nothing is written, and the file is kept for its taking in."""
    form = ChooseList(request)
    if form.is_valid():
        with form.refusals("list"):
            if not form.cleaned_data["list"]:
                raise EntryRefused(EntryFault.NO_FILE, "list")
            file = form.cleaned_data["list"][0]
            kept, _preview = kept_lists.look(actor=request.actor, name=file.name or "", content=file.read())
            return redirect("import-look", key=kept.key)
    return show(request, "administration/import_list.html", {}, form)


def import_look(request: SignedIn, key: UUID) -> HttpResponse:
    """What the kept list would change, and then its taking in."""
    kept = kept_lists.find(request.actor, key)
    if kept is None:
        raise Http404
    form = TakeIn(request)
    if form.is_valid():
        with form.refusals():
            summary = kept_lists.take_in(actor=request.actor, kept=kept, close_many=form.cleaned_data["close_many"])
            messages.success(request, _taken_in(summary))
            return redirect("import-list")
    return _show(request, kept, form)


def _show(request: SignedIn, kept: KeptList, form: TakeIn) -> HttpResponse:
    preview = kept_lists.preview(kept)
    plan = preview.plan
    facts: dict[str, object] = {
        "preview": preview,
        "summary": preview.summary,
        "file": kept.name,
        "most": MOST_SHOWN,
        "parts": [("created", plan.created), ("updated", plan.updated), ("closed", plan.closed), ("reopened", plan.reopened)],
        "refused": say(preview.closes_many).text if preview.closes_many else "",
    }
    return show(request, "administration/import_preview.html", facts, form)


def _taken_in(summary: Summary) -> str:
    return _(
        "The list has been imported: %(created)s added, %(updated)s updated, %(closed)s closed, %(reopened)s opened "
        "again, %(unchanged)s as they were."
    ) % {part: getattr(summary, part) for part in ("created", "updated", "closed", "reopened", "unchanged")}
