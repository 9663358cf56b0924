"""Schools that somebody should look after, and setting up the users of many at one go (3.7, 3.8)."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from s2s.administration import queries, set_up_many
from s2s.administration.models import SetUp
from s2s.administration.queries import Attention
from s2s.organisations.models import Organisation
from s2s.web.administration.forms import Sure
from s2s.web.page import SignedIn, a_page, show

MOST_TICKED = 200


def schools(request: SignedIn) -> HttpResponse:
    """One list for each reason; where the reason is that there is no user, they can be set up."""
    actor = request.actor
    asked = request.GET.get("show", "")
    shows = {one.value: queries.in_need_of(actor, one).count() for one in Attention}
    reason = Attention(asked) if asked in set(Attention) else next((one for one in Attention if shows[one]), Attention.NO_USER)
    facts = {"shows": shows, "reason": reason.value, "page": a_page(request, queries.in_need_of(actor, reason))}
    ready = queries.to_set_up(actor).count() if reason is Attention.NO_USER else 0
    return show(request, "administration/attention.html", facts | {"ready": ready})


def set_up(request: SignedIn) -> HttpResponse:
    """Those ticked, or all that can be: the button says which."""
    ready = queries.to_set_up(request.actor)
    if request.POST.get("which") != "all":
        ready = ready.filter(number__in=request.POST.getlist("school")[:MOST_TICKED])
    form = Sure(request)
    with form.refusals():
        run = set_up_many.begin(actor=request.actor, schools=list[Organisation](ready))
        return redirect("set-up", key=run.key)
    return show(request, "administration/set_up_none.html", {}, form)


def progress(request: SignedIn, key: UUID) -> HttpResponse:
    """How far it is, and what became of each school; for whoever began it."""
    run = SetUp.objects.filter(key=key, begun_by=request.actor.user).first()
    if run is None:
        raise Http404
    lines = run.lines.select_related("school__authority").order_by("outcome", "school__number")
    return show(request, "administration/set_up.html", {"run": run, "counts": set_up_many.counted(run), "page": a_page(request, lines)})
