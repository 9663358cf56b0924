"""Home: what awaits this person (3.2)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from s2s.administration import queries as administration_queries
from s2s.administration.models import UserAudit
from s2s.administration.queries import Attention
from s2s.administration.undelivered import undelivered
from s2s.rules.roles import Can
from s2s.transfers import queries
from s2s.web.page import SignedIn


def front(request: HttpRequest) -> HttpResponse:
    """The start address: to the sign-in page, or Home for whoever has signed in."""
    return redirect("home" if request.user.is_authenticated else "sign-in")


def home(request: SignedIn) -> HttpResponse:
    user = request.actor.user
    facts: dict[str, object] = {"person": user, "notices": list(administration_queries.notices_now()), "to_confirm": 0, "without_dba": 0}
    facts["undelivered"] = undelivered(user)
    if user.may(Can.FETCH_CTF):
        facts["waiting"] = queries.count_waiting(user)
    if user.may(Can.SEND_CTF):
        facts["sent"] = queries.count_sent(user)
        facts["rejected"] = queries.lately_rejected(user)
    if user.may(Can.MAINTAIN_USERS) and (audit := UserAudit.running()):
        facts["audit"], facts["to_confirm"] = audit, administration_queries.to_confirm(user, audit).count()
    if user.may(Can.SET_UP_DBA):
        facts["without_dba"] = administration_queries.without_administrator(user).count()
    if user.may(Can.MAINTAIN_SCHOOLS):
        facts["attention"] = {one.value: administration_queries.in_need_of(user, one).count() for one in Attention}
    return render(request, "home.html", facts)
