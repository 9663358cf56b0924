"""Whose users a page is about, and what keeps the national administrator at the office chosen, from page to page."""

from django.http import Http404
from django.urls import reverse

from s2s.administration import queries
from s2s.organisations.models import Organisation
from s2s.rules.roles import Can
from s2s.web.page import SignedIn


def place_asked_for(request: SignedIn) -> Organisation | None:
    """The own LA, or the one that the national administrator has chosen; None while none is chosen. A number that there is not: 404."""
    number = request.GET.get("at", "")
    place = queries.place_of_users(request.actor, number)
    if number and place is None:
        raise Http404
    return place


def whose(request: SignedIn, place: Organisation | None) -> dict[str, object]:
    """What the pages about users show. Of a school's user the place is the LA; `keep` takes it along in the trail, `at` in the links."""
    office = place.maintained_by or place if place else None
    chooses = request.actor.may(Can.SET_UP_DBA)
    keep = {"at": office.number} if chooses and office else {}
    return {"place": office, "chooses": chooses, "keep": keep, "at": f"?at={office.number}" if keep and office else ""}


def page_at(request: SignedIn, page: str, place: Organisation) -> str:
    """The address of one of these pages at the same office."""
    return reverse(page) + str(whose(request, place)["at"])
