"""Signing in and off, and the person's own password (2.1, 8)."""

from collections.abc import Mapping

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from s2s.accounts import second_factor, sign_in
from s2s.accounts.actors import Person
from s2s.accounts.models import User
from s2s.accounts.visitors import visitor
from s2s.rules.roles import Can
from s2s.web import typed
from s2s.web.accounts import issuer, pending, sessions
from s2s.web.accounts.forms import ChangePassword, SignIn
from s2s.web.languages import keep_language
from s2s.web.page import SignedIn, show


@sensitive_post_parameters("password")
def sign_in_page(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("home")
    form = SignIn(request, {"next": request.GET.get("next", "")})
    if form.is_valid():
        with form.refusals("username"):
            user = sign_in.sign_in(username=form.cleaned_data["username"], password=form.cleaned_data["password"], ip=visitor(request))
            return arrive(request, user, form.cleaned_data["next"], by="password")
    return show(request, "accounts/sign_in.html", {"ended": request.GET.get("ended", "")}, form)


def arrive(request: HttpRequest, user: User, next_page: str, *, by: str) -> HttpResponse:
    """Somebody has shown who they are: in, or to the second step if they have a second factor."""
    if not second_factor.is_on(user):
        return let_in(request, user, next_page, by=by)
    pending.begin(request, user, next_page)
    return redirect("second-step")


def let_in(request: HttpRequest, user: User, next_page: str, *, by: str) -> HttpResponse:
    sign_in.welcome(user=user, ip=visitor(request), by=by)
    sessions.begin(request, user)
    typed.drop_unless_of(request, Person(user, visitor(request)))
    response = redirect(next_page if _is_ours(request, next_page) else "home")
    if user.language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        keep_language(response, user.language)
    return response


def _is_ours(request: HttpRequest, url: str) -> bool:
    return url.startswith("/") and url_has_allowed_host_and_scheme(url, None, require_https=request.is_secure())


def log_off(request: SignedIn) -> HttpResponse:
    if request.method != "POST":
        return show(request, "accounts/log_off.html")
    sign_in.log_off(actor=request.actor)
    way_out = issuer.way_out(request)
    logout(request)
    return issuer.onwards(request, way_out) if way_out else redirect("finished")


def finished(request: HttpRequest) -> HttpResponse:
    """Whoever is signed in has not finished: somebody else's link, or an old tab."""
    return redirect("home") if request.user.is_authenticated else show(request, "accounts/finished.html")


@sensitive_post_parameters()
def new_password(request: SignedIn) -> HttpResponse:
    """The first sign-in: nothing else before a new password is set (2.1)."""
    if not request.actor.user.must_change_password:
        return redirect("home")
    return _password_form(request, "accounts/new_password.html", {})


@sensitive_post_parameters()
def change_password(request: SignedIn) -> HttpResponse:
    return _password_form(request, "accounts/change_password.html", {"maintains_users": request.actor.may(Can.MAINTAIN_USERS)})


def _password_form(request: SignedIn, template: str, facts: Mapping[str, object]) -> HttpResponse:
    form = ChangePassword(request, request.actor)
    if not form.is_valid():
        return show(request, template, facts, form)
    sign_in.change_password(actor=request.actor, password=form.cleaned_data["new"])
    sessions.keep(request, request.actor.user)
    messages.success(request, _("Your password has been changed."))
    return redirect("home")
