"""Home: what awaits this person (3.2)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from s2s.accounts.actors import Actor
from s2s.administration import queries as administration_queries
from s2s.administration.models import UserAudit
from s2s.administration.queries import Attention
from s2s.administration.undelivered import undelivered
from s2s.rules.kinds import Kind
from s2s.rules.roles import Can, Use, right_to
from s2s.transfers import queries
from s2s.transfers.upload import READERS
from s2s.web.page import SignedIn, show
from s2s.words.kinds import KIND_WORDS


def front(request: HttpRequest) -> HttpResponse:
    """The start address: to the sign-in page, or Home for whoever has signed in."""
    return redirect("home" if request.user.is_authenticated else "sign-in")


def home(request: SignedIn) -> HttpResponse:
    user = request.actor.user
    facts: dict[str, object] = {"person": user, "notices": list(administration_queries.notices_now()), "to_confirm": 0, "without_dba": 0}
    facts["undelivered"] = undelivered(user)
    facts["files"] = [_files(request.actor, kind) for kind in READERS]
    if user.may(Can.MAINTAIN_USERS) and (audit := UserAudit.running()):
        facts["audit"], facts["to_confirm"] = audit, administration_queries.to_confirm(user, audit).count()
    if user.may(Can.SET_UP_DBA):
        facts["without_dba"] = administration_queries.without_administrator(user).count()
    if user.may(Can.MAINTAIN_SCHOOLS):
        facts["attention"] = {one.value: administration_queries.in_need_of(user, one).count() for one in Attention}
    return show(request, "home.html", facts)


def _files(actor: Actor, kind: Kind) -> dict[str, object]:
    """How it stands with the files of one kind, as far as the actor has to do with them."""
    facts: dict[str, object] = {"kind": kind, "words": KIND_WORDS[kind]}
    fetches, sends = right_to(Use.FETCH, kind), right_to(Use.SEND, kind)
    if fetches is not None and actor.may(fetches):
        facts["waiting"] = queries.count_waiting(actor, kind)
        facts["to_us"] = queries.counted(queries.sent_to(actor, kind)) if queries.watches(actor, kind) else 0
    if sends is not None and actor.may(sends):
        facts["hint"] = (KIND_WORDS[kind].upload_hint_lost if actor.may(Can.SEND_LOST) else "") or KIND_WORDS[kind].upload_hint
        facts["sent"] = queries.count_sent(actor, kind)
        facts["rejected"] = queries.lately_rejected(actor, kind)
    return facts
