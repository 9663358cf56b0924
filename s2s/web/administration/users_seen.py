"""The users of an LA and of its schools in one list: to look at, which is all that a view-only DBA may (1.6), or to change (3.4-3.6)."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from s2s.administration import queries
from s2s.rules.roles import Can, gives
from s2s.web.administration.forms import FindUser
from s2s.web.administration.places import place_asked_for, whose
from s2s.web.page import SignedIn, a_page, show

LONGEST = 100  # letters that are looked for


def users(request: SignedIn) -> HttpResponse:
    actor, place = request.actor, place_asked_for(request)
    said = " ".join(request.GET.get("q", "").replace("\0", "").split())[:LONGEST]
    if place is None and not said:
        return redirect("users")  # where the national administrator chooses an LA, or looks for somebody anywhere
    shows = {"lea": queries.users_at(actor, place), "school": queries.school_users_at(actor, place)}
    shows = {name: queries.called(people, said) for name, people in shows.items()}
    shown = request.GET.get("show", "")
    if shown not in shows:
        shown = "school" if said and shows["school"].exists() and not shows["lea"].exists() else "lea"
    facts = {
        "find": FindUser(request),
        "said": said,
        "shows": {name: people.count() for name, people in shows.items()},
        "show": shown,
        "page": a_page(request, shows[shown].order_by("username")),
        "maintains": request.actor.may(Can.MAINTAIN_USERS),
        "given": gives(actor.may),
    }
    return show(request, "administration/users_seen.html", whose(request, place) | facts)


def one_user(request: SignedIn, username: str) -> HttpResponse:
    person = queries.user_of(request.actor, username)
    if person is None:
        raise Http404
    facts = whose(request, person.organisation) | {"person": person, "maintains": request.actor.may(Can.MAINTAIN_USERS)}
    return show(request, "administration/user_seen.html", facts, title=username)
