"""The page 'Sign-in and security': the person's second factor, passkeys, recovery codes, sessions, and what else signs them in."""

from base64 import b64encode
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from s2s.accounts import dfe_sign_in, second_factor
from s2s.accounts import sessions as journey
from s2s.accounts.second_factor import SecondFactorRefused
from s2s.web.accounts import issuer, sessions
from s2s.web.accounts.browsers import browser_words
from s2s.web.accounts.sign_in import present_password_errors
from s2s.web.page import SignedIn
from s2s.words import say

NAME_LENGTH = 60


def security(request: SignedIn) -> HttpResponse:
    user = request.actor.user
    facts = {
        "due": second_factor.is_due(user),
        "factors": second_factor.factors(user),
        "codes_left": second_factor.codes_left(user),
        "sessions": [(one, browser_words(one.browser)) for one in journey.open_sessions(user, _here(request))],
        "connected": issuer.is_offered() and dfe_sign_in.is_connected(user, settings.OIDC_ISSUER),
    }
    return render(request, "accounts/security.html", facts)


@sensitive_post_parameters()
def app(request: SignedIn) -> HttpResponse:
    """Set up an authenticator app."""
    user = request.actor.user
    if request.method != "POST":
        return _app_page(request, second_factor.new_app(user), {})
    errors, codes = _attempt(request, "code", lambda: second_factor.add_app(actor=request.actor, code=request.POST.get("code", "")))
    if errors:
        return _app_page(request, second_factor.same_app(user), errors)
    return _done(request, codes, _("Your authenticator app is set up."))


@sensitive_post_parameters()
def passkey(request: SignedIn) -> HttpResponse:
    """Add a passkey; the browser makes it, so that this page needs its scripts."""
    if request.method != "POST":
        return _passkey_page(request, {})
    name, answer = request.POST.get("name", "").strip()[:NAME_LENGTH], request.POST.get("passkey", "")
    if not name:
        return _passkey_page(request, {"name": _("Give the passkey a name, so that you can tell it from others.")})
    errors, codes = _attempt(request, "name", lambda: second_factor.add_passkey(actor=request.actor, name=name, answer=answer))
    if errors:
        return _passkey_page(request, errors)
    return _done(request, codes, _("The passkey is added."))


@sensitive_post_parameters()
def remove(request: SignedIn) -> HttpResponse:
    """Remove an app or a passkey, or switch the second step off altogether."""
    factors = second_factor.factors(request.actor.user)
    if not factors:
        return redirect("security")
    if request.method != "POST":
        return render(request, "accounts/remove_factor.html", {"factors": factors, "errors": {}})
    chosen = request.POST.get("factor", "")
    known = {"all": None} | {str(factor.number): factor.number for factor in factors}
    errors = {} if chosen in known else {"factor": _("Choose what to remove.")}
    if errors := errors | present_password_errors(request):
        return render(request, "accounts/remove_factor.html", {"factors": factors, "errors": errors}, status=400)
    second_factor.remove(actor=request.actor, number=known[chosen])
    messages.success(request, _("It is removed."))
    return redirect("security")


@sensitive_post_parameters()
def recovery_codes(request: SignedIn) -> HttpResponse:
    """New recovery codes in the place of the old ones."""
    if not second_factor.is_on(request.actor.user):
        return redirect("security")
    if request.method != "POST":
        return render(request, "accounts/new_codes.html", {"errors": {}})
    if errors := present_password_errors(request):
        return render(request, "accounts/new_codes.html", {"errors": errors}, status=400)
    return _codes_page(request, second_factor.new_codes(actor=request.actor))


def end_sessions(request: SignedIn) -> HttpResponse:
    """End one other session of the person's, or all others."""
    which = request.POST.get("session", "")
    if which == "others":
        journey.end_others(actor=request.actor, here=_here(request))
        sessions.keep(request, request.actor.user)
        messages.success(request, _("All your other sessions are ended."))
    elif which.isdecimal() and len(which) < 19:
        journey.end(actor=request.actor, number=int(which), here=_here(request))
        messages.success(request, _("The session is ended."))
    return redirect("security")


def _attempt(request: SignedIn, field: str, journey: Callable[[], list[str]]) -> tuple[dict[str, str], list[str]]:
    """Do it once the present password is right: what is wrong, by field, and the new recovery codes."""
    if errors := present_password_errors(request):
        return errors, []
    try:
        return {}, journey()
    except SecondFactorRefused as refusal:
        return {field: say(refusal).whole}, []


def _done(request: SignedIn, codes: list[str], words: str) -> HttpResponse:
    messages.success(request, words)
    return _codes_page(request, codes) if codes else redirect("security")


def _codes_page(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """The codes, this once; the link to save them holds them itself."""
    lines = "\r\n".join(["s2s", settings.SITE_URL, "", *codes, ""])
    file = "data:text/plain;base64," + b64encode(lines.encode()).decode()
    return render(request, "accounts/recovery_codes.html", {"codes": [f"{code[:4]} {code[4:]}" for code in codes], "file": file})


def _app_page(request: HttpRequest, offered: tuple[str, str], errors: dict[str, str]) -> HttpResponse:
    secret, address = offered
    spaced = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    facts = {"secret": spaced, "picture": _picture(address), "errors": errors}
    return render(request, "accounts/authenticator_app.html", facts, status=400 if errors else 200)


def _passkey_page(request: SignedIn, errors: dict[str, str]) -> HttpResponse:
    facts = {"options": second_factor.ask_for_new_passkey(request.actor.user), "errors": errors, "name": request.POST.get("name", "")}
    return render(request, "accounts/passkey.html", facts, status=400 if errors else 200)


def _picture(address: str) -> str:
    """The QR code as an image that carries itself."""
    return "data:image/svg+xml;base64," + b64encode(second_factor.picture(address).encode()).decode()


def _here(request: HttpRequest) -> str:
    return str(request.session.session_key)
