"""A forgotten password, and the link by which a person chooses a new one (3.2-3.7)."""

from http import HTTPStatus
from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from s2s.accounts import forgotten, links
from s2s.accounts.visitors import visitor
from s2s.rules.refusals import Refused
from s2s.web.accounts.forms import ForgottenPassword, NewPassword
from s2s.web.page import show
from s2s.words import say
from s2s.words.forms import FormFault


def forgotten_password(request: HttpRequest) -> HttpResponse:
    """Answers everybody alike, so that the page tells nobody who has an account."""
    form = ForgottenPassword(request)
    if form.is_valid():
        username = form.cleaned_data["username"]
        if ratelimit.consume(request, action="reset_password", key=username[:150]):
            forgotten.ask(username=username, ip=visitor(request))
            return show(request, "accounts/link_sent.html", title=_("Check your email"))
        form.refuse(Refused(FormFault.TOO_MANY_LINKS), "username")
    return show(request, "accounts/forgotten_password.html", {}, form)


@sensitive_post_parameters()
def link(request: HttpRequest, key: UUID, secret: str) -> HttpResponse:
    """The form behind a link. Opening it changes nothing, and no other site learns its URL."""
    try:
        response = _link(request, key, secret)
    except links.LinkDead as refusal:
        title = _("This link no longer works")
        response = show(request, "accounts/link_dead.html", {"said": say(refusal)}, title=title, status=HTTPStatus.NOT_FOUND)
    # Never more than the host. With "no-referrer" browsers call the form's own origin "null", and it would be taken for a forgery.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


def _link(request: HttpRequest, key: UUID, secret: str) -> HttpResponse:
    form = NewPassword(request, links.owner(key, secret))
    if not form.is_valid():
        return show(request, "accounts/link.html", {}, form)
    links.use(key=key, secret=secret, password=form.cleaned_data["new"], ip=visitor(request))
    logout(request)
    messages.success(request, _("Your new password is set. Sign in with it."))
    return redirect("sign-in")
