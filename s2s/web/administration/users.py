"""User Maintenance: adding, changing and deleting users, and resetting passwords (3.2-3.7)."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from s2s.accounts import second_factor
from s2s.accounts.models import User
from s2s.administration import queries, user_maintenance
from s2s.administration.models import UserAudit
from s2s.administration.user_details import MistakesFound, UserFault, UserRefused
from s2s.administration.user_maintenance import Assigned
from s2s.organisations.models import Organisation
from s2s.rules.roles import Can, RoleCode, gives
from s2s.web.administration.places import place_asked_for
from s2s.web.menu import children
from s2s.web.page import SignedIn, show
from s2s.words import say
from s2s.words.accounts import role_choices
from s2s.words.administration import user_choices
from s2s.words.organisations import place_choices


def section(request: SignedIn) -> HttpResponse:
    """The DBA menu (3.1)."""
    return show(request, "section.html", {"entries": children(request, "dba")})


def index(request: SignedIn) -> HttpResponse:
    """The list of what there is to do (3.2); the national administrator first chooses an LA."""
    return render(request, "administration/users.html", _facts(request, place_asked_for(request)) | {"audit": UserAudit.latest()})


@sensitive_post_parameters("password", "again")
def add(request: SignedIn) -> HttpResponse:
    place = place_asked_for(request)
    if place is None:
        return redirect("users")
    typed = {field: " ".join(request.POST.get(field, "").split()) for field in ("username", "name", "email", "role")}
    roles = role_choices(user_maintenance.roles_for(request.actor, place))
    facts = _facts(request, place) | {"typed": typed, "way": request.POST.get("way", "link"), "roles": roles}
    if request.method != "POST":
        return render(request, "administration/user_add.html", facts)
    try:
        user = user_maintenance.add_user(actor=request.actor, at=place, **typed, assigned=_assigned(request))
    except MistakesFound as refusal:
        return render(request, "administration/user_add.html", facts | {"errors": _errors(refusal)}, status=400)
    messages.success(request, _added(user))
    return _back(request, place)


def choose_to_update(request: SignedIn) -> HttpResponse:
    return _choose(request, "user-update", _("Update/View User"), school_users=False)


def choose_to_delete(request: SignedIn) -> HttpResponse:
    return _choose(request, "user-delete", _("Delete User"), school_users=False)


def choose_for_password(request: SignedIn) -> HttpResponse:
    return _choose(request, "user-password", _("Change Password"), school_users=True)


def update(request: SignedIn, username: str) -> HttpResponse:
    """A user's details; the only one that can be changed is the role (3.4)."""
    user = _user(request, username)
    if user.role == RoleCode.SCHOOL:
        raise Http404
    facts = _facts(request, user.organisation) | {"person": user, "role": request.POST.get("role", user.role), "roles": []}
    facts["may_switch"] = request.actor.may(Can.SET_UP_DBA) and user.pk != request.actor.user.pk
    if user.organisation.is_authority and user.role in gives(request.actor.user.role):
        facts["roles"] = role_choices(user_maintenance.roles_for(request.actor, user.organisation))
    if request.method != "POST":
        return render(request, "administration/user_update.html", facts)
    try:
        user = user_maintenance.change_role(actor=request.actor, user=user, role=request.POST.get("role", ""), version=_version(request))
    except UserRefused as refusal:
        if not refusal.field:
            return _refused(request, user, refusal, "user-update")
        return render(request, "administration/user_update.html", facts | {"errors": _errors(refusal)}, status=400)
    messages.success(request, _("%(username)s now has the new role, and has been told.") % {"username": username})
    return redirect("user-update", username=username)


def switch(request: SignedIn, username: str) -> HttpResponse:
    """The national administrator switches a user off, or on again."""
    user = _user(request, username)
    off = request.POST.get("switch") == "off"
    if user.role == RoleCode.SCHOOL:  # School Maintenance (3.8)
        raise Http404
    try:
        (user_maintenance.switch_off if off else user_maintenance.switch_on)(actor=request.actor, user=user, version=_version(request))
    except UserRefused as refusal:
        return _refused(request, user, refusal, "user-update")
    said = _("%(username)s can no longer sign in, and has been told.") if off else _("%(username)s can sign in again, and has been told.")
    messages.success(request, said % {"username": username})
    return redirect("user-update", username=username)


def delete(request: SignedIn, username: str) -> HttpResponse:
    """Update Details, then Delete (3.5)."""
    user = _user(request, username)
    if request.method != "POST":
        facts = _facts(request, user.organisation) | {"person": user, "cancel": _where_from(request, user)}
        return render(request, "administration/user_delete.html", facts)
    try:
        user_maintenance.delete_user(actor=request.actor, user=user, version=_version(request))
    except UserRefused as refusal:
        return _refused(request, user, refusal, "user-delete")
    messages.success(
        request, _("%(username)s has been deleted, and has been told. The name stays in the audit trail.") % {"username": username}
    )
    return redirect(_where_from(request, user))


def _where_from(request: SignedIn, user: User) -> str:
    """The page that led to the deleting of this user."""
    if "audit" in (request.GET.get("back"), request.POST.get("back")):
        return reverse("users-audit") + str(_facts(request, user.organisation)["at"])
    if user.role == RoleCode.SCHOOL:
        return reverse("school-update", kwargs={"number": user.organisation.number})
    return reverse("users") + str(_facts(request, user.organisation)["at"])


@sensitive_post_parameters("password", "again")
def password(request: SignedIn, username: str) -> HttpResponse:
    """A new password for an LEA user or a school user of the LA (3.6)."""
    user = _user(request, username)
    facts = _facts(request, user.organisation) | {
        "person": user,
        "way": request.POST.get("way", "link"),
        "address": user.recipient.email,
        "second_step": second_factor.is_on(user) and user.pk != request.actor.user.pk,
    }
    if request.method != "POST":
        return render(request, "administration/user_password.html", facts)
    try:
        user_maintenance.reset_password(actor=request.actor, user=user, assigned=_assigned(request))
    except UserRefused as refusal:
        if not refusal.field:
            return _refused(request, user, refusal, "user-password")
        return render(request, "administration/user_password.html", facts | {"errors": _errors(refusal)}, status=400)
    messages.success(request, _reset(user, user.recipient.email, link=facts["way"] != "assigned"))
    return _back(request, user.organisation)


def remove_second_step(request: SignedIn, username: str) -> HttpResponse:
    """For somebody who has lost app, passkeys and recovery codes."""
    user = _user(request, username)
    try:
        user_maintenance.remove_second_factor(actor=request.actor, user=user)
    except UserRefused as refusal:
        return _refused(request, user, refusal, "user-password")
    messages.success(
        request,
        _("The second step of %(username)s has been removed, and they have been told. The password has not changed.")
        % {"username": username},
    )
    return redirect("user-password", username=username)


def _choose(request: SignedIn, page: str, title: str, *, school_users: bool) -> HttpResponse:
    """A drop-down list of users, and Update Details."""
    place = place_asked_for(request)
    if place is None:
        return redirect("users")
    if username := request.GET.get("user"):
        return redirect(page, username=_user(request, username).username)
    actor = request.actor.user
    users = queries.users_at(actor, place)
    if page != "user-update":  # oneself, and whom one may not manage, one can look at
        users = users.exclude(pk=actor.pk).filter(role__in=gives(actor.role))
    people = [("", _("Choose a user")), *user_choices(users)]
    if school_users:
        people += user_choices(queries.school_users_at(actor, place))
    errors = {"user": _("Choose a user from the list.")} if "user" in request.GET else {}
    facts = _facts(request, place) | {"page": page, "title": title, "people": people, "errors": errors}
    return render(request, "administration/user_choose.html", facts, status=400 if errors else 200)


def _user(request: SignedIn, username: str) -> User:
    if (user := queries.user_of(request.actor.user, username)) is None:
        raise Http404
    return user


def _facts(request: SignedIn, place: Organisation | None) -> dict[str, object]:
    """What all these pages show: whose users they are, and what keeps the national administrator at the chosen LA."""
    place = place.maintained_by or place if place else None
    chooses = request.actor.may(Can.SET_UP_DBA)
    return {
        "place": place,
        "at": f"?at={place.number}" if chooses and place else "",
        "chooses": chooses,
        "places": [("", _("Choose")), *place_choices(queries.places_of_users())] if chooses else [],
        "assigning": settings.ASSIGNED_PASSWORDS,
    }


def _back(request: SignedIn, place: Organisation) -> HttpResponse:
    return redirect(reverse("users") + str(_facts(request, place)["at"]))


def _assigned(request: SignedIn) -> Assigned | None:
    """The password typed twice, where the administrator assigns one; else a link goes out."""
    if request.POST.get("way") != "assigned":
        return None
    return Assigned(request.POST.get("password", ""), request.POST.get("again", ""))


def _version(request: SignedIn) -> int:
    """The user's version when the form was opened; anything odd is one that never was."""
    version = request.POST.get("version", "")
    return int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else -1


def _errors(refusal: UserRefused) -> dict[str, str]:
    problems = refusal.by_field if isinstance(refusal, MistakesFound) else {refusal.field: refusal}
    return {field: say(problem).whole for field, problem in problems.items()}


def _refused(request: SignedIn, user: User, refusal: UserRefused, page: str) -> HttpResponse:
    """The page again as things are now, with what stood in the way."""
    messages.error(request, say(refusal).whole)
    return _back(request, user.organisation) if refusal.code == UserFault.GONE else redirect(page, username=user.username)


def _added(user: User) -> str:
    if user.has_usable_password():
        said = _("%(username)s has been added. The username has been sent to %(email)s. Give the user the password yourself, separately.")
    else:
        said = _(
            "%(username)s has been added. Two emails have been sent to %(email)s: one with the username, the other with a "
            "link to choose a password."
        )
    return said % {"username": user.username, "email": user.email}


def _reset(user: User, email: str, *, link: bool) -> str:
    if link:
        said = _("The old password of %(username)s no longer works. A link to choose a new one has been sent to %(email)s.")
    else:
        said = _("%(username)s has a new password, which must be changed at the next sign-in. Give it to the user yourself.")
    return said % {"username": user.username, "email": email}
