"""Whose users a page is about."""

from django.http import Http404

from s2s.administration import queries
from s2s.organisations.models import Organisation
from s2s.web.page import SignedIn


def place_asked_for(request: SignedIn) -> Organisation | None:
    """The own LA, or the one that the national administrator has chosen; None while none is chosen. A number that there is not: 404."""
    number = request.GET.get("at", "")
    place = queries.place_of_users(request.actor.user, number)
    if number and place is None:
        raise Http404
    return place
