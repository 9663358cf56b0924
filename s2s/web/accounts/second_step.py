"""The second step of signing in: a code of the app, a recovery code, or a passkey."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters

from s2s.accounts import second_factor
from s2s.accounts.models import User
from s2s.accounts.visitors import visitor
from s2s.web.accounts import pending
from s2s.web.accounts.forms import SecondStep
from s2s.web.accounts.sign_in import let_in
from s2s.web.page import show


@sensitive_post_parameters()
def second_step(request: HttpRequest) -> HttpResponse:
    user = pending.person(request)
    if user is None or request.user.is_authenticated:
        return redirect("front")
    form = SecondStep(request)
    if form.is_valid():
        with form.refusals("code"):
            _check(user, form.cleaned_data, visitor(request))
            next_page = pending.next_page(request)
            pending.finish(request)
            return let_in(request, user, next_page, by="second factor")
    return show(request, "accounts/second_step.html", {"passkeys": second_factor.ask_for_passkey(user)}, form)


def _check(user: User, said: Mapping[str, str], ip: str) -> None:
    if said["passkey"]:
        second_factor.check_passkey(user=user, answer=said["passkey"], ip=ip)
    else:
        second_factor.check_code(user=user, code=said["code"], ip=ip)
