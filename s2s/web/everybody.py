"""Language, contacts and help: what is the same for everybody."""

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from s2s.accounts import queries as account_queries
from s2s.accounts.actors import Person
from s2s.accounts.visitors import visitor
from s2s.organisations import queries as organisation_queries
from s2s.organisations.models import Organisation
from s2s.rules.filename_forms import FORMS
from s2s.web.forms import Choice, Form, options
from s2s.web.guides import guides_for
from s2s.web.languages import remember
from s2s.web.page import SignedIn, show
from s2s.words.file_names import form_words


def language(request: HttpRequest) -> HttpResponse:
    """Show the site in the other language from now on; a signed-in person's choice is remembered."""
    chosen = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    response = redirect(back if back.startswith("/") and url_has_allowed_host_and_scheme(back, None) else "/")
    if chosen in dict(settings.LANGUAGES):
        remember(request, response, chosen)
    return response


class OtherAuthority(Form):
    asks = True

    lea = Choice(_("Local authority"), hint=_("By its name or number."), type_ahead=True)

    def __init__(self, request: HttpRequest, authorities: Iterable[Organisation]) -> None:
        super().__init__(request)
        self.fields["lea"].choices = options(authorities)  # type: ignore[attr-defined]


def contacts(request: SignedIn) -> HttpResponse:
    """The own LA and its administrator (1.3), the national office, and for LAs and that office the other LAs."""
    organisation = request.actor.organisation
    facts: dict[str, object] = {
        "own": _contact(organisation.maintained_by),
        "national": organisation_queries.national_office(),
        "other": None,
    }
    if organisation.is_school:
        return show(request, "contacts.html", facts)
    others = organisation_queries.authorities().exclude(pk=organisation.pk)
    form = OtherAuthority(request, others)
    if form.is_valid() and (number := form.cleaned_data["lea"]):
        facts["other"] = _contact(others.get(number=number))
    return show(request, "contacts.html", facts, form)


def _contact(authority: Organisation | None) -> dict[str, object] | None:
    return {"authority": authority, "administrator": account_queries.administrator(authority)} if authority else None


def help_page(request: HttpRequest) -> HttpResponse:
    """Whoever has signed in finds the guides for them here too."""
    reader = Person(request.user, visitor(request)) if request.user.is_authenticated else None
    return show(request, "help.html", {"guides": guides_for(reader) if reader else [], "names": [form_words(form) for form in FORMS]})


def accessibility(request: HttpRequest) -> HttpResponse:
    return show(request, "accessibility.html")


def privacy(request: HttpRequest) -> HttpResponse:
    return show(request, "privacy.html")
