"""School Maintenance (3.8): an LA's own schools; for the national administrator those of every LA (3.9)."""

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from s2s.administration import queries, school_maintenance
from s2s.administration.fields import SCHOOL, EntryFault, NotSaved, SaveFault, refuse
from s2s.administration.school_maintenance import NON_MAINTAINED_SPECIAL, SCHOOL_TYPES, Choice
from s2s.organisations import queries as organisation_queries
from s2s.organisations.models import Category, Organisation
from s2s.rules.roles import Can
from s2s.transfers import queries as transfer_queries
from s2s.web.forms import check_authority, is_stale, options, present, problems, three, typed
from s2s.web.page import SignedIn, a_page
from s2s.words.formats import local_name

BOXES: Final = tuple(SCHOOL)


def maintenance(request: SignedIn) -> HttpResponse:
    """Please select an item from the list..."""
    return render(request, "administration/schools.html")


# Which school?


def choose(request: SignedIn) -> HttpResponse:
    """By its number, or from the list; those who may only look are shown its details (1.6)."""
    return _choose(request, "school-update" if request.actor.may(Can.MAINTAIN_SCHOOLS) else "school")


def choose_to_delete(request: SignedIn) -> HttpResponse:
    return _choose(request, "school-delete")


def _choose(request: SignedIn, then: str) -> HttpResponse:
    authority = _authority(request)
    facts: dict[str, object] = {"authority": authority, "then": then, "number": request.GET.get("number", "")}
    if authority is None:
        return render(request, "administration/school_choose.html", facts | {"authorities": _authorities(request)})
    try:
        check_authority(request.GET.get("lea", ""), authority)
        if school := _chosen(request, authority):
            return redirect(then, number=school.number)
        status = 200
    except NotSaved as refusal:
        facts["errors"], status = problems(refusal), 400
    schools = queries.schools_in_care_of(request.actor.user).filter(authority=authority)
    return render(request, "administration/school_choose.html", facts | {"schools": options(schools)}, status=status)


def _authority(request: SignedIn) -> Organisation | None:
    """Whose schools these are: one's own LA's, which is fixed; the national administrator chooses an LA first."""
    if not request.actor.may(Can.MAINTAIN_LEAS):
        return request.actor.organisation
    number = request.GET.get("lea", "")
    if not number:
        return None
    return _or_404(queries.authority_in_care_of(request.actor.user, number))


def _authorities(request: SignedIn) -> list[tuple[str, str]]:
    return options(queries.authorities_in_care_of(request.actor.user).filter(closed_on=None))


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
    school = queries.school_in_care_of(request.actor.user, said)
    if school is None or school.authority != authority:
        raise refuse(box, EntryFault.NO_SCHOOL if said else EntryFault.MISSING, number=said[:20])
    return school


# One school


def school(request: SignedIn, number: str) -> HttpResponse:
    """Its details and those of its user, to look at; never a password."""
    found = _school(request, number)
    return render(request, "administration/school.html", {"school": found, "user": queries.school_user(found)})


def _school(request: SignedIn, number: str) -> Organisation:
    return _or_404(queries.school_in_care_of(request.actor.user, number))


def update(request: SignedIn, number: str) -> HttpResponse:
    """View/Update School."""
    school = _school(request, number)
    facts = _facts(request, school)
    if request.method != "POST":
        return render(request, "administration/school_update.html", facts)
    values = typed(request, BOXES)
    username, active = request.POST.get("username", ""), request.POST.get("active", "") != "no"
    said: dict[str, object] = {"values": values, "username": username, "active": active}
    try:
        check_authority(request.POST.get("lea", ""), _or_404(school.authority))
        changes = school_maintenance.update(
            actor=request.actor,
            school=school,
            version=request.POST.get("version", ""),
            typed=values,
            username=username,
            active=active,
            choice=_choice(request, said),
        )
    except NotSaved as refusal:
        facts |= said | {"errors": problems(refusal)}
        if is_stale(refusal):  # what somebody else has saved stands beside what was typed
            facts["meanwhile"] = {box: text for box, text in present(school, BOXES).items() if text != values[box]}
        return render(request, "administration/school_update.html", facts, status=400)
    if changes:
        told = (
            _("%(school)s has been updated and has been told by email.")
            if school.email or values["email"]
            else _("%(school)s has been updated.")
        )
        messages.success(request, told % {"school": local_name(values)})
    else:
        messages.info(request, _("You made no changes, so nothing has been saved."))
    return redirect("school-update", number=number)


def _facts(request: SignedIn, school: Organisation) -> dict[str, object]:
    user = queries.school_user(school)
    facts: dict[str, object] = {
        "school": school,
        "user": user,
        "stamp": school_maintenance.version_of(school),
        "values": present(school, BOXES),
        "username": user.username if user else "",
        "active": user.is_active if user else True,
        "meanwhile": {},
        "national": request.actor.may(Can.MAINTAIN_CATEGORIES),
    }
    if facts["national"]:
        school_types = SCHOOL_TYPES if school.school_type in {*SCHOOL_TYPES, ""} else (school.school_type, *SCHOOL_TYPES)
        facts |= {
            "school_types": school_types,
            "school_type": school.school_type,
            "categories": organisation_queries.categories(),
            "category": school.category_id,
        }
    return facts


def _choice(request: SignedIn, said: dict[str, object]) -> Choice | None:
    """What only the national administrator says of a school. Raises NotSaved."""
    if not request.actor.may(Can.MAINTAIN_CATEGORIES):
        return None
    school_type, key = request.POST.get("school_type", ""), request.POST.get("category", "")
    said |= {"school_type": school_type, "category": int(key[:9]) if key.isdecimal() else None}
    return Choice(school_type=school_type or None, category=_category(key))


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
    authority = _authority(request)
    facts: dict[str, object] = {"authority": authority, "school_types": school_types, "page": page}
    if authority is None:
        return render(request, "administration/school_add.html", facts | {"authorities": _authorities(request)})
    values = typed(request, (*BOXES, "number", "username", "school_type"))
    if len(school_types) == 1:
        values["school_type"] = school_types[0]
    facts |= {"values": values, "errors": {}}
    if request.method != "POST":
        return render(request, "administration/school_add.html", facts)
    try:
        check_authority(request.POST.get("lea", ""), authority)
        school = school_maintenance.add(
            actor=request.actor,
            authority=authority,
            number=values["number"],
            school_type=values["school_type"],
            typed={box: values[box] for box in BOXES},
            username=values["username"],
        )
    except NotSaved as refusal:
        return render(request, "administration/school_add.html", facts | {"errors": problems(refusal)}, status=400)
    messages.success(request, _added(school))
    return redirect("school", number=school.number)


def _added(school: Organisation) -> str:
    if school.email:
        said = _("%(school)s (%(number)s) has been added. Its username and a link to choose a password are on their way to it.")
    else:
        said = _("%(school)s (%(number)s) has been added. It has no user account yet: add its email address first.")
    return said % {"school": school.local_name, "number": school.number}


# Deleting and closing


def delete(request: SignedIn, number: str) -> HttpResponse:
    school = _school(request, number)
    facts: dict[str, object] = {"school": school, "user": queries.school_user(school)}
    if request.method != "POST":
        return render(request, "administration/school_delete.html", facts)
    try:
        school_maintenance.delete(actor=request.actor, school=school)
    except NotSaved as refusal:
        used = any(problem.code is SaveFault.HAS_HISTORY for problem in refusal.problems)
        return render(request, "administration/school_delete.html", facts | {"errors": problems(refusal), "used": used}, status=400)
    messages.success(request, _("%(school)s (%(number)s) has been deleted.") % {"school": school.local_name, "number": school.number})
    return redirect("schools")


def close(request: SignedIn, number: str) -> HttpResponse:
    """The day on which it closes, and which school takes its place; or that it is open after all."""
    school = _school(request, number)
    closing, after = school.closed_on, school.successor
    facts: dict[str, object] = {
        "school": school,
        "stamp": school_maintenance.version_of(school),
        "closed_on": (str(closing.day), str(closing.month), str(closing.year)) if closing else ("", "", ""),
        "successor": after.number if after else "",
        "waiting": transfer_queries.uncollected_at(school),
    }
    if request.method != "POST":
        return render(request, "administration/school_close.html", facts)
    version, on, successor = request.POST.get("version", ""), three(request, "closed_on"), request.POST.get("successor", "")
    try:
        if "reopen" in request.POST:
            school_maintenance.reopen(actor=request.actor, school=school, version=version)
        else:
            school_maintenance.close(actor=request.actor, school=school, version=version, on=on, successor=successor)
    except NotSaved as refusal:
        facts |= {"errors": problems(refusal), "closed_on": on, "successor": successor}
        return render(request, "administration/school_close.html", facts, status=400)
    messages.success(request, _("%(school)s has been updated.") % {"school": school.local_name})
    return redirect("school", number=number)


# Non-Maintained Special Schools


def special_schools(request: SignedIn) -> HttpResponse:
    """They can be destinations like all others (3.9)."""
    schools = (
        queries.schools_in_care_of(request.actor.user)
        .filter(school_type=NON_MAINTAINED_SPECIAL)
        .order_by("authority__number", organisation_queries.local_name())
    )
    return render(request, "administration/special_schools.html", {"page": a_page(request, schools)})
