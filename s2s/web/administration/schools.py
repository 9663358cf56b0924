"""School Maintenance (3.8): an LA's own schools; for the national administrator those of every LA (3.9)."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from s2s.administration import queries, school_maintenance
from s2s.administration.fields import SCHOOL, EntryFault, SaveFault, refuse
from s2s.administration.school_maintenance import NON_MAINTAINED_SPECIAL, SCHOOL_TYPES, Choice
from s2s.notices.catalogue import Change
from s2s.organisations import queries as organisation_queries
from s2s.organisations.models import Category, Organisation
from s2s.rules.roles import Can
from s2s.transfers import queries as transfer_queries
from s2s.web.administration.forms import AddSchool, ChooseAuthority, CloseSchool, SchoolByNumber, SchoolFromList, Sure, UpdateSchool
from s2s.web.forms import Form, check_authority, present
from s2s.web.page import SignedIn, a_page, show
from s2s.words.formats import local_name


def maintenance(request: SignedIn) -> HttpResponse:
    """Please select an item from the list..."""
    return show(request, "administration/schools.html", _facts(request))


def _facts(request: SignedIn) -> dict[str, object]:
    """The DBA is to ask for advice before schools open, merge or close."""
    return {"asks_advice": not request.actor.may(Can.MAINTAIN_LEAS), "has_menu": request.actor.may(Can.MAINTAIN_LEA)}


# Which school?


def choose(request: SignedIn) -> HttpResponse:
    """By its number, or from the list; those who may only look are shown its details (1.6)."""
    if request.actor.may(Can.MAINTAIN_SCHOOLS):
        return _choose(request, "school-update", _("View/Update School"))
    return _choose(request, "school", _("Schools"))


def choose_to_delete(request: SignedIn) -> HttpResponse:
    return _choose(request, "school-delete", _("Delete School"))


def _choose(request: SignedIn, then: str, title: str) -> HttpResponse:
    authority = _authority(request)
    if authority is None:
        return _which_authority(request, title)
    by_number = SchoolByNumber(request, {"lea": authority.number})
    from_list = SchoolFromList(request, authority, queries.schools_in_care_of(request.actor).filter(authority=authority))
    asked: Form = from_list if "school" in request.GET else by_number
    with asked.refusals():
        check_authority(request.GET.get("lea", ""), authority)
        if school := _chosen(request, authority):
            return redirect(then, number=school.number)
    facts = _facts(request) | {"authority": authority, "then": then, "by_number": by_number, "from_list": from_list}
    return show(request, "administration/school_choose.html", facts, asked, title=title, status=400 if asked.errors else 200)


def _which_authority(request: SignedIn, title: str) -> HttpResponse:
    form = ChooseAuthority(request, queries.authorities_in_care_of(request.actor).filter(closed_on=None))
    return show(request, "administration/which_authority.html", {}, form, title=title)


def _authority(request: SignedIn) -> Organisation | None:
    """Whose schools these are: one's own LA's, which is fixed; the national administrator chooses an LA first."""
    if not request.actor.may(Can.MAINTAIN_LEAS):
        return request.actor.organisation
    number = request.GET.get("lea", "")
    if not number:
        return None
    return _or_404(queries.authority_in_care_of(request.actor, number))


def _or_404(found: Organisation | None) -> Organisation:
    if found is None:
        raise Http404
    return found


def _chosen(request: SignedIn, authority: Organisation) -> Organisation | None:
    """The school asked for; None when the page has just been opened. Raises NotSaved."""
    box = "school" if "school" in request.GET else "number"
    if box not in request.GET:
        return None
    said = request.GET[box].strip()
    if box == "number" and len(said) == 4:
        said = authority.number + said
    school = queries.school_in_care_of(request.actor, said)
    if school is None or school.authority != authority:
        raise refuse(box, EntryFault.NO_SCHOOL if said else EntryFault.MISSING, number=said[:20])
    return school


# One school


def school(request: SignedIn, number: str) -> HttpResponse:
    """Its details and those of its user, to look at; never a password."""
    found = _school(request, number)
    facts = {"school": found, "user": queries.school_user(found), "maintains": request.actor.may(Can.MAINTAIN_SCHOOLS)}
    return show(request, "administration/school.html", facts, title=found.local_name)


def _school(request: SignedIn, number: str) -> Organisation:
    return _or_404(queries.school_in_care_of(request.actor, number))


def update(request: SignedIn, number: str) -> HttpResponse:
    """View/Update School."""
    school, national = _school(request, number), request.actor.may(Can.MAINTAIN_CATEGORIES)
    user = queries.school_user(school)
    form = UpdateSchool(request, school, user, national=national)
    if form.is_valid():
        with form.refusals():
            changes = _change(request, school, form.cleaned_data)
            _say_changed(request, school, form.cleaned_data, changes)
            return redirect("school-update", number=number)
    if form.is_stale:  # what somebody else has saved stands beside what was typed
        form.renew(present(school, SCHOOL), school_maintenance.version_of(school))
    return show(request, "administration/school_update.html", {"school": school, "user": user}, form)


def _change(request: SignedIn, school: Organisation, filled: Mapping[str, str]) -> list[Change]:
    """Raises NotSaved or Stale."""
    check_authority(filled["lea"], _or_404(school.authority))
    return school_maintenance.update(
        actor=request.actor,
        school=school,
        version=filled["version"],
        typed=filled,
        username=filled["username"],
        active=filled.get("active") != "no",
        choice=_choice(filled) if "category" in filled else None,
    )


def _say_changed(request: SignedIn, school: Organisation, filled: Mapping[str, str], changes: list[Change]) -> None:
    if not changes:
        messages.info(request, _("You made no changes, so nothing has been saved."))
        return
    told = (
        _("%(school)s has been updated and has been told by email.")
        if school.email or filled["email"]
        else _("%(school)s has been updated.")
    )
    messages.success(request, told % {"school": local_name(filled)})


def _choice(said: Mapping[str, str]) -> Choice:
    """What only the national administrator says of a school. Raises NotSaved."""
    return Choice(school_type=said["school_type"] or None, category=_category(said["category"]))


def _category(key: str) -> Category | None:
    if not key:
        return None
    found = organisation_queries.categories().filter(pk=int(key[:9])).first() if key.isascii() and key.isdecimal() else None
    if found is None:
        raise refuse("category", EntryFault.CHOICE)
    return found


# Adding


def add(request: SignedIn) -> HttpResponse:
    return _add(request, "school-add", school_types=SCHOOL_TYPES)


def add_special(request: SignedIn) -> HttpResponse:
    """A non-maintained special school (3.9)."""
    return _add(request, "special-school-add", school_types=(NON_MAINTAINED_SPECIAL,))


def _add(request: SignedIn, page: str, *, school_types: tuple[str, ...]) -> HttpResponse:
    authority, special = _authority(request), page == "special-school-add"
    title = _("Add a non-maintained special school") if special else ""
    if authority is None:
        return _which_authority(request, title)
    form = AddSchool(request, authority, school_types)
    if form.is_valid():
        with form.refusals():
            school = _new(request, authority, {"school_type": school_types[0], **form.cleaned_data})
            messages.success(request, _added(school))
            return redirect("school", number=school.number)
    facts = _facts(request) | {"authority": authority, "cancel": reverse("special-schools" if special else "schools")}
    return show(request, "administration/school_add.html", facts, form, title=title)


def _new(request: SignedIn, authority: Organisation, said: Mapping[str, str]) -> Organisation:
    """Raises NotSaved."""
    check_authority(said["lea"], authority)
    return school_maintenance.add(
        actor=request.actor,
        authority=authority,
        number=said["number"],
        school_type=said["school_type"],
        typed={box: said[box] for box in SCHOOL},
        username=said["username"],
    )


def _added(school: Organisation) -> str:
    if school.email:
        said = _("%(school)s (%(number)s) has been added. Its username and a link to choose a password are on their way to it.")
    else:
        said = _("%(school)s (%(number)s) has been added. It has no user account yet: add its email address first.")
    return said % {"school": school.local_name, "number": school.number}


# Deleting and closing


def delete(request: SignedIn, number: str) -> HttpResponse:
    school, form = _school(request, number), Sure(request)
    if form.is_valid():
        with form.refusals():
            school_maintenance.delete(actor=request.actor, school=school)
            messages.success(
                request, _("%(school)s (%(number)s) has been deleted.") % {"school": school.local_name, "number": school.number}
            )
            return redirect("schools")
    used = any(error.code is SaveFault.HAS_HISTORY for error in form.non_field_errors().as_data())
    facts = {"school": school, "user": queries.school_user(school), "used": used}
    return show(request, "administration/school_delete.html", facts, form)


def close(request: SignedIn, number: str) -> HttpResponse:
    """The day on which it closes, and which school takes its place; or that it is open after all."""
    school = _school(request, number)
    present = {"closed_on": school.closed_on, "successor": school.successor.number if school.successor else ""}
    form = CloseSchool(request, present | {"version": school_maintenance.version_of(school)})
    opens = "reopen" in request.POST
    if form.is_valid() or (opens and form.is_bound):
        with form.refusals():
            _close(request, school, form.cleaned_data, opens=opens)
            messages.success(request, _("%(school)s has been updated.") % {"school": school.local_name})
            return redirect("school", number=number)
    facts = _facts(request) | {"school": school, "waiting": transfer_queries.uncollected_at(school)}
    if form.is_stale:
        form.renew({"successor": present["successor"]}, school_maintenance.version_of(school))
    return show(request, "administration/school_close.html", facts, form)


def _close(request: SignedIn, school: Organisation, said: Mapping[str, Any], *, opens: bool) -> None:
    """Raises NotSaved or Stale."""
    if opens:
        school_maintenance.reopen(actor=request.actor, school=school, version=said["version"])
    else:
        school_maintenance.close(
            actor=request.actor, school=school, version=said["version"], on=said["closed_on"], successor=said["successor"]
        )


# Non-Maintained Special Schools


def special_schools(request: SignedIn) -> HttpResponse:
    """They can be destinations like all others (3.9)."""
    schools = (
        queries.schools_in_care_of(request.actor)
        .filter(school_type=NON_MAINTAINED_SPECIAL)
        .order_by("authority__number", organisation_queries.local_name())
    )
    return show(request, "administration/special_schools.html", {"page": a_page(request, schools)})
