"""The page 'Sign-in and security': the person's second factor, passkeys, recovery codes, sessions, and what else signs them in."""

from base64 import b64encode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from s2s.accounts import dfe_sign_in, second_factor, sessions
from s2s.web.accounts import issuer
from s2s.web.accounts.browsers import browser_words
from s2s.web.accounts.forms import AddPasskey, RemoveFactor, SetUpApp, WithOwnPassword, factor_words
from s2s.web.accounts.sessions import here, keep
from s2s.web.page import SignedIn, show


def security(request: SignedIn) -> HttpResponse:
    user, factors = request.actor.user, second_factor.factors(request.actor.user)
    facts = {
        "due": second_factor.is_due(user),
        "factors": [(factor, factor_words(factor)) for factor in factors],
        "has_app": any(factor.is_app for factor in factors),
        "codes_left": second_factor.codes_left(user),
        "sessions": [(one, browser_words(one.browser)) for one in sessions.open_sessions(user, here(request))],
        "connected": issuer.is_offered() and dfe_sign_in.is_connected(user, settings.OIDC_ISSUER),
    }
    return show(request, "accounts/security.html", facts)


@sensitive_post_parameters()
def app(request: SignedIn) -> HttpResponse:
    """Set up an authenticator app."""
    user, form = request.actor.user, SetUpApp(request, request.actor)
    if form.is_valid():
        with form.refusals("code"):
            codes = second_factor.add_app(actor=request.actor, code=form.cleaned_data["code"])
            return _done(request, codes, _("Your authenticator app is set up."))
    secret, link = second_factor.same_app(user) if form.is_bound else second_factor.new_app(user)
    spaced = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    return show(request, "accounts/authenticator_app.html", {"secret": spaced, "picture": _picture(link)}, form)


@sensitive_post_parameters()
def passkey(request: SignedIn) -> HttpResponse:
    """Add a passkey; the browser makes it, so that this page needs its scripts."""
    form = AddPasskey(request, request.actor)
    if form.is_valid():
        with form.refusals("name"):
            name, answer = form.cleaned_data["name"], form.cleaned_data["passkey"]
            codes = second_factor.add_passkey(actor=request.actor, name=name, answer=answer)
            return _done(request, codes, _("The passkey has been added."))
    return show(request, "accounts/passkey.html", {"options": second_factor.ask_for_new_passkey(request.actor.user)}, form)


@sensitive_post_parameters()
def remove(request: SignedIn) -> HttpResponse:
    """Remove an app or a passkey, or switch the second step off altogether."""
    factors = second_factor.factors(request.actor.user)
    if not factors:
        return redirect("security")
    form = RemoveFactor(request, request.actor, factors)
    if not form.is_valid():
        return show(request, "accounts/remove_factor.html", {}, form)
    chosen = form.cleaned_data["factor"]
    second_factor.remove(actor=request.actor, number=None if chosen == "all" else int(chosen))
    messages.success(request, _("It has been removed."))
    return redirect("security")


@sensitive_post_parameters()
def recovery_codes(request: SignedIn) -> HttpResponse:
    """New recovery codes in the place of the old ones."""
    if not second_factor.is_on(request.actor.user):
        return redirect("security")
    form = WithOwnPassword(request, request.actor)
    if not form.is_valid():
        return show(request, "accounts/new_codes.html", {}, form)
    return _codes_page(request, second_factor.new_codes(actor=request.actor))


def end_sessions(request: SignedIn) -> HttpResponse:
    """End one other session of the person's, or all others."""
    which = request.POST.get("session", "")
    if which == "others":
        sessions.end_others(actor=request.actor, here=here(request))
        keep(request, request.actor.user)
        messages.success(request, _("All your other sessions have been ended."))
    elif which.isdecimal() and len(which) < 19:
        sessions.end(actor=request.actor, number=int(which), here=here(request))
        messages.success(request, _("The session has been ended."))
    return redirect("security")


def _done(request: SignedIn, codes: list[str], words: str) -> HttpResponse:
    messages.success(request, words)
    return _codes_page(request, codes) if codes else redirect("security")


def _codes_page(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """The codes, this once; the link to save them holds them itself."""
    lines = "\r\n".join(["s2s", settings.SITE_URL, "", *codes, ""])
    file = "data:text/plain;base64," + b64encode(lines.encode()).decode()
    facts = {"codes": [f"{code[:4]} {code[4:]}" for code in codes], "file": file}
    return show(request, "accounts/recovery_codes.html", facts, title=_("Your recovery codes"))


def _picture(address: str) -> str:
    """The QR code as an image that carries itself."""
    return "data:image/svg+xml;base64," + b64encode(second_factor.picture(address).encode()).decode()
