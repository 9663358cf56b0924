"""The door through DfE Sign-in, or whichever issuer is configured; without one these pages do not exist."""

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from s2s.accounts import dfe_sign_in
from s2s.accounts.actors import Person
from s2s.accounts.dfe_sign_in import Identity, OutsideRefused
from s2s.accounts.visitors import visitor
from s2s.web.accounts import issuer
from s2s.web.accounts.forms import WithOwnPassword
from s2s.web.accounts.sign_in import arrive
from s2s.web.page import SignedIn, show
from s2s.words import Said, say

SIGN_IN, CONNECT = "login", "connect"


def start(request: HttpRequest) -> HttpResponse:
    """The button on the sign-in page."""
    _must_be_offered()
    try:
        return issuer.send_there(request, why=SIGN_IN, next_page=request.POST.get("next", ""))
    except issuer.Trouble:
        return _refusal(request)


def back(request: HttpRequest) -> HttpResponse:
    """The issuer sends somebody back. Only an answer to this visitor's own question counts (state, nonce, PKCE)."""
    _must_be_offered()
    try:
        identity, state = issuer.take_answer(request)
        if state["process"] == CONNECT:
            return _connect(request, identity)
        user = dfe_sign_in.arrive(identity=identity, ip=visitor(request))
    except issuer.Trouble:
        return _refusal(request)
    except OutsideRefused as refusal:
        return _refusal(request, say(refusal))
    response = arrive(request, user, state.get("next", ""), by=settings.OIDC_NAME)
    if "leaving" in state:
        request.session[issuer.LEAVING] = state["leaving"]
    return response


def _connect(request: HttpRequest, identity: Identity) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect("sign-in")
    dfe_sign_in.connect(actor=Person(request.user, visitor(request)), identity=identity)
    messages.success(request, _("Your account is connected to %(name)s.") % {"name": settings.OIDC_NAME})
    return redirect("security")


@sensitive_post_parameters("password")
def connection(request: SignedIn) -> HttpResponse:
    """Connect one's own account or disconnect it, after giving one's password."""
    if not issuer.is_offered():
        return redirect("security")
    connected = dfe_sign_in.is_connected(request.actor.user, settings.OIDC_ISSUER)
    form = WithOwnPassword(request, request.actor)
    if not form.is_valid():
        words = _("Disconnect from %(name)s") if connected else _("Connect my %(name)s")
        return show(request, "accounts/connection.html", {"connected": connected}, form, title=words % {"name": settings.OIDC_NAME})
    if connected:
        dfe_sign_in.disconnect(actor=request.actor, issuer=settings.OIDC_ISSUER)
        messages.success(request, _("Your account is no longer connected to %(name)s.") % {"name": settings.OIDC_NAME})
        return redirect("security")
    try:
        return issuer.send_there(request, why=CONNECT)
    except issuer.Trouble:
        return _refusal(request)


def _must_be_offered() -> None:
    if not issuer.is_offered():
        raise Http404


def _refusal(request: HttpRequest, said: Said | None = None) -> HttpResponse:
    """Why nobody is signed in; without a word of our own, because the issuer did not answer."""
    return show(
        request,
        "accounts/outside_refused.html",
        {"said": said, "name": settings.OIDC_NAME},
        title=_("You are not signed in"),
        status=HTTPStatus.FORBIDDEN,
    )
