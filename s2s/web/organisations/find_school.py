"""Find a school: the seven digits to put into a file name (3.8, Establishment finder)."""

from django.http import HttpResponse
from django.shortcuts import render

from s2s.organisations import finder, queries
from s2s.organisations.finder import Question
from s2s.web.forms import options
from s2s.web.page import SignedIn

MOST = 25


def find(request: SignedIn) -> HttpResponse:
    text, authority = request.GET.get("q", "").replace("\0", ""), request.GET.get("lea", "")
    authorities = list(queries.authorities())
    if authority not in {one.number for one in authorities}:
        authority = ""
    near = request.actor.organisation.number[:3]
    found = finder.find(Question(text, authority), near=near, most=MOST) if text.strip() or authority else None
    return render(
        request, "organisations/find_school.html", {"q": text, "lea": authority, "authorities": options(authorities), "found": found}
    )
