"""The users of an LA and of its schools, to look at: all that a view-only DBA has of User Maintenance (1.6)."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from s2s.directory import queries
from s2s.rules.roles import Can
from s2s.web.page import SignedIn, a_page


def users(request: SignedIn) -> HttpResponse:
    actor, number = request.actor.user, request.GET.get("at", "")
    place = queries.place_of_users(actor, number)
    if place is None:
        if number:
            raise Http404
        return redirect("users")  # where the national administrator chooses an LA
    shows = {"lea": queries.users_at(actor, place), "school": queries.school_users_at(actor, place)}
    show = request.GET.get("show", "")
    show = show if show in shows else "lea"
    facts = {
        "place": place,
        "shows": {name: people.count() for name, people in shows.items()},
        "show": show,
        "page": a_page(request, shows[show].order_by("username")),
        "maintains": request.actor.may(Can.MAINTAIN_USERS),
    }
    return render(request, "directory/users_seen.html", facts)


def one_user(request: SignedIn, username: str) -> HttpResponse:
    person = queries.user_of(request.actor.user, username)
    if person is None:
        raise Http404
    return render(request, "directory/user_seen.html", {"person": person, "maintains": request.actor.may(Can.MAINTAIN_USERS)})
