"""A user's name or email address is corrected by an administrator and confirmed by the user (3.4)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from s2s.accounts.visitors import visitor
from s2s.administration import corrections, queries
from s2s.administration.corrections import CorrectionDead
from s2s.administration.fields import tidy
from s2s.rules.roles import RoleCode
from s2s.web.administration.forms import Correct, Sure
from s2s.web.administration.places import whose
from s2s.web.forms import present
from s2s.web.page import SignedIn, show


def correct(request: SignedIn, username: str) -> HttpResponse:
    """What it should be; the user is asked by a link."""
    user = queries.user_of(request.actor, username)
    if user is None or user.role == RoleCode.SCHOOL:  # School Maintenance (3.7)
        raise Http404
    form = Correct(request, {"name": user.name, "email": user.email, "version": user.version})
    if form.is_valid():
        typed = form.cleaned_data
        with form.refusals():
            corrections.ask(actor=request.actor, user=user, name=tidy(typed["name"]), email=typed["email"], version=typed["version"])
            said = _("A link has been sent to %(email)s. The details will change as soon as %(username)s uses it to confirm them.")
            messages.success(request, said % {"email": typed["email"], "username": username})
            return redirect("user-update", username=username)
    if form.is_stale:
        user.refresh_from_db()
        form.renew(present(user, ("name", "email")), user.version)
    return show(request, "administration/user_correct.html", {"person": user} | whose(request, user.organisation), form, title=username)


def confirm(request: HttpRequest, key: UUID, secret: str) -> HttpResponse:
    """The user says that the details are right. Looking at the page changes nothing."""
    response = _confirm(request, key, secret)
    response.headers["Referrer-Policy"] = "strict-origin"  # the address is a secret; as for links to a password
    return response


def _confirm(request: HttpRequest, key: UUID, secret: str) -> HttpResponse:
    form = Sure(request)
    try:
        asked = corrections.asked(key, secret)
        if not form.is_valid():
            return show(request, "administration/correction.html", {"asked": asked}, form)
        corrections.confirm(key=key, secret=secret, ip=visitor(request))
    except CorrectionDead:
        response = show(request, "administration/correction_dead.html")
        response.status_code = 404
        return response
    return show(request, "administration/correction_done.html", {"asked": asked})
