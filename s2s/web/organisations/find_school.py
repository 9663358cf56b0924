"""Find a school: the seven digits to put into a file name (3.8, Establishment finder)."""

from django.http import HttpResponse

from s2s.organisations import finder
from s2s.organisations.finder import Question
from s2s.web.organisations.forms import FindSchool
from s2s.web.page import SignedIn, show

MOST = 25


def find(request: SignedIn) -> HttpResponse:
    form, found = FindSchool(request), None
    if form.is_valid() and any(asked := (form.cleaned_data["q"], form.cleaned_data["lea"])):
        near = request.actor.organisation.number[:3]
        found = finder.find(Question(*asked), near=near, most=MOST)
    return show(request, "organisations/find_school.html", {"found": found}, form)
