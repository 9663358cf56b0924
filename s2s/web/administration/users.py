"""User Maintenance: adding, changing and deleting users, and resetting passwords (3.2-3.7)."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from s2s.accounts import second_factor
from s2s.accounts.models import User
from s2s.administration import queries, user_maintenance
from s2s.administration.fields import tidy
from s2s.administration.models import UserAudit
from s2s.administration.user_details import UserFault, UserRefused
from s2s.rules.refusals import Stale
from s2s.rules.roles import Can, RoleCode, gives
from s2s.web.administration.forms import AddUser, ChangeRole, ChooseOffice, DeleteUser, FindUser, GivePassword, Sure, SwitchUser
from s2s.web.administration.places import page_at, place_asked_for, whose
from s2s.web.forms import Form, Versioned
from s2s.web.menu import children
from s2s.web.page import SignedIn, show
from s2s.words import say


def section(request: SignedIn) -> HttpResponse:
    """The DBA menu (3.1)."""
    return show(request, "section.html", {"entries": children(request, "dba")})


def index(request: SignedIn) -> HttpResponse:
    """The list of what there is to do (3.2); the national administrator first chooses an LA."""
    facts = whose(request, place_asked_for(request)) | {"audit": UserAudit.running()}
    facts["choose"], facts["find"] = ChooseOffice(request, queries.places_of_users()), FindUser(request)
    return show(request, "administration/users.html", facts)


@sensitive_post_parameters("password", "again")
def add(request: SignedIn) -> HttpResponse:
    place = place_asked_for(request)
    if place is None:
        return redirect("users")
    form = AddUser(request, place, user_maintenance.roles_for(request.actor, place))
    if form.is_valid():
        typed = {box: tidy(form.cleaned_data[box]) for box in ("username", "name", "email", "role")}
        with form.refusals():
            user = user_maintenance.add_user(actor=request.actor, at=place, **typed, assigned=form.assigned)
            messages.success(request, _added(user))
            return redirect(page_at(request, "users", place))
    return show(request, "administration/user_add.html", whose(request, place), form)


# One user


def _user(request: SignedIn, username: str) -> User:
    if (user := queries.user_of(request.actor, username)) is None:
        raise Http404
    return user


def update(request: SignedIn, username: str) -> HttpResponse:
    """A user's details; the only one that can be changed is the role (3.4)."""
    user = _user(request, username)
    if user.role == RoleCode.SCHOOL:  # School Maintenance (3.8)
        raise Http404
    manages = user.organisation.is_authority and user.role in gives(request.actor.may)
    form = ChangeRole(request, user, user_maintenance.roles_for(request.actor, user.organisation) if manages else ())
    if form.is_valid():
        typed = form.cleaned_data
        with form.refusals():
            user_maintenance.change_role(actor=request.actor, user=user, role=typed.get("role", ""), version=typed["version"])
            messages.success(request, _("%(username)s now has the new role, and has been told.") % {"username": username})
            return redirect("user-update", username=username)
    facts = {"may_switch": request.actor.may(Can.SET_UP_DBA) and user != request.actor.user}
    return _again(request, "administration/user_update.html", user, form, facts, title=f"{_('Update/View User')}: {username}")


def switch(request: SignedIn, username: str) -> HttpResponse:
    """The national administrator switches a user off, or on again."""
    user, form = _user(request, username), SwitchUser(request)
    if user.role == RoleCode.SCHOOL or not form.is_valid():  # School Maintenance (3.8)
        raise Http404
    off = form.cleaned_data["switch"] == "off"
    do = user_maintenance.switch_off if off else user_maintenance.switch_on
    try:
        do(actor=request.actor, user=user, version=form.cleaned_data["version"])
    except (UserRefused, Stale) as refusal:
        messages.error(request, say(refusal).whole)
    else:
        said = (
            _("%(username)s can no longer sign in, and has been told.") if off else _("%(username)s can sign in again, and has been told.")
        )
        messages.success(request, said % {"username": username})
    return redirect("user-update", username=username)


def delete(request: SignedIn, username: str) -> HttpResponse:
    """Update Details, then Delete (3.5)."""
    user = _user(request, username)
    form = DeleteUser(request, {"version": user.version, "back": request.GET.get("back", "")})
    came_from = _came_from(request, user)
    if form.is_valid():
        with form.refusals():
            user_maintenance.delete_user(actor=request.actor, user=user, version=form.cleaned_data["version"])
            messages.success(
                request, _("%(username)s has been deleted, and has been told. The name stays in the audit trail.") % {"username": username}
            )
            return redirect(came_from)
    title = _("Delete %(username)s?") % {"username": username}
    return _again(request, "administration/user_delete.html", user, form, {"cancel": came_from}, title=title)


def _came_from(request: SignedIn, user: User) -> str:
    """The page that led to the deleting of this user."""
    if "audit" in (request.GET.get("back"), request.POST.get("back")):
        return page_at(request, "users-audit", user.organisation)
    if user.role == RoleCode.SCHOOL:
        return reverse("school-update", kwargs={"number": user.organisation.number})
    return page_at(request, "users-seen", user.organisation)


@sensitive_post_parameters("password", "again")
def password(request: SignedIn, username: str) -> HttpResponse:
    """A new password for an LEA user or a school user of the LA (3.6)."""
    user, form = _user(request, username), GivePassword(request)
    if form.is_valid():
        with form.refusals():
            user_maintenance.reset_password(actor=request.actor, user=user, assigned=form.assigned)
            messages.success(request, _reset(user, link=form.assigned is None))
            return redirect(page_at(request, "users-seen", user.organisation))
    facts = {
        "email": user.recipient.email,
        "second_step": Sure(request) if second_factor.is_on(user) and user != request.actor.user else None,
    }
    title = _("Change the password of %(username)s") % {"username": username}
    return _again(request, "administration/user_password.html", user, form, facts, title=title)


def remove_second_step(request: SignedIn, username: str) -> HttpResponse:
    """For somebody who has lost app, passkeys and recovery codes."""
    user = _user(request, username)
    try:
        user_maintenance.remove_second_factor(actor=request.actor, user=user)
    except UserRefused as refusal:
        messages.error(request, say(refusal).whole)
    else:
        said = _("The second step of %(username)s has been removed, and they have been told. The password has not changed.")
        messages.success(request, said % {"username": username})
    return redirect("user-password", username=username)


def _again(request: SignedIn, template: str, user: User, form: Form, facts: Mapping[str, object], *, title: str) -> HttpResponse:
    """The page of one user; after a refusal as things are now."""
    if any(error.code is UserFault.GONE for error in form.non_field_errors().as_data()):
        messages.error(request, say(UserRefused(UserFault.GONE)).whole)
        return redirect(page_at(request, "users-seen", user.organisation))
    if isinstance(form, Versioned) and form.is_stale:
        user.refresh_from_db()
        form.renew({"role": user.role}, user.version)
    return show(request, template, {**whose(request, user.organisation), "person": user, **facts}, form, title=title)


def _added(user: User) -> str:
    if user.has_usable_password():
        said = _("%(username)s has been added. The username has been sent to %(email)s. Give the user the password yourself, separately.")
    else:
        said = _(
            "%(username)s has been added. Two emails have been sent to %(email)s: one with the username, the other with a "
            "link to choose a password."
        )
    return said % {"username": user.username, "email": user.email}


def _reset(user: User, *, link: bool) -> str:
    if link:
        said = _("The old password of %(username)s no longer works. A link to choose a new one has been sent to %(email)s.")
    else:
        said = _("%(username)s has a new password, which must be changed at the next sign-in. Give it to the user yourself.")
    return said % {"username": user.username, "email": user.recipient.email}
