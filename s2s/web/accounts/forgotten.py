"""A forgotten password, and the link by which a person chooses a new one (3.2-3.7)."""

from http import HTTPStatus
from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from s2s.accounts import forgotten as journey
from s2s.accounts import links
from s2s.web.accounts.sign_in import new_password_errors
from s2s.web.security import visitor
from s2s.words import say


def forgotten_password(request: HttpRequest) -> HttpResponse:
    """Always the same answer: who is here is nobody's business."""
    if request.method != "POST":
        return render(request, "accounts/forgotten_password.html", {"errors": {}})
    username = request.POST.get("username", "").strip()
    if not username:
        return _again(request, _("Type your username."))
    if not ratelimit.consume(request, action="reset_password", key=username[:150]):
        return _again(request, _("A link has been asked for too often. Wait an hour, or ask your LEA Administrator."))
    journey.ask(username=username, ip=visitor(request))
    return render(request, "accounts/link_sent.html")


def _again(request: HttpRequest, problem: str) -> HttpResponse:
    return render(request, "accounts/forgotten_password.html", {"errors": {"username": problem}}, status=400)


@sensitive_post_parameters()
def link(request: HttpRequest, key: UUID, secret: str) -> HttpResponse:
    """The form behind a link. Looking at it changes nothing; no other site hears of its address."""
    try:
        response = _link(request, key, secret)
    except links.LinkDead as refusal:
        response = render(request, "accounts/link_dead.html", {"said": say(refusal)}, status=HTTPStatus.NOT_FOUND)
    # Never more than the host. With "no-referrer" browsers call the form's own origin "null", and it would be taken for a forgery.
    response.headers["Referrer-Policy"] = "strict-origin"
    return response


def _link(request: HttpRequest, key: UUID, secret: str) -> HttpResponse:
    user = links.owner(key, secret)
    if request.method != "POST":
        return render(request, "accounts/link.html", {"errors": {}})
    new = request.POST.get("new", "")
    if errors := new_password_errors(user, new, request.POST.get("again", "")):
        return render(request, "accounts/link.html", {"errors": errors}, status=400)
    links.use(key=key, secret=secret, password=new, ip=visitor(request))
    logout(request)
    messages.success(request, _("Your new password is set. Sign in with it."))
    return redirect("sign-in")
