"""The second step of signing in: a code of the app, a recovery code, or a passkey."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from s2s.accounts import second_factor
from s2s.accounts.models import User
from s2s.accounts.second_factor import SecondFactorRefused
from s2s.web.accounts import pending
from s2s.web.accounts.sign_in import let_in
from s2s.web.security import visitor
from s2s.words import say


@sensitive_post_parameters()
def second_step(request: HttpRequest) -> HttpResponse:
    user = pending.person(request)
    if user is None or request.user.is_authenticated:
        return redirect("front")
    if request.method != "POST":
        return _page(request, user)
    try:
        _check(request, user)
    except SecondFactorRefused as refusal:
        return _page(request, user, {"code": say(refusal).whole})
    next_page = pending.next_page(request)
    pending.finish(request)
    return let_in(request, user, next_page, by="second factor")


def _check(request: HttpRequest, user: User) -> None:
    if answer := request.POST.get("passkey"):
        second_factor.check_passkey(user=user, answer=answer, ip=visitor(request))
    else:
        second_factor.check_code(user=user, code=request.POST.get("code", ""), ip=visitor(request))


def _page(request: HttpRequest, user: User, errors: dict[str, str] | None = None) -> HttpResponse:
    facts = {"errors": errors or {}, "passkeys": second_factor.ask_for_passkey(user)}
    return render(request, "accounts/second_step.html", facts, status=400 if errors else 200)
