"""Language, contacts and help: what is the same for everybody."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from s2s.accounts import queries as account_queries
from s2s.organisations import queries as organisation_queries
from s2s.organisations.models import Organisation
from s2s.rules.filename_forms import FORMS
from s2s.web.forms import options
from s2s.web.page import SignedIn
from s2s.words.file_names import form_words


def language(request: HttpRequest) -> HttpResponse:
    """Show the site in the other language from now on; a signed-in person's choice is remembered."""
    chosen = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    response = redirect(back if back.startswith("/") and url_has_allowed_host_and_scheme(back, None) else "/")
    if chosen in dict(settings.LANGUAGES):
        keep_language(response, chosen)
        if request.user.is_authenticated:
            account_queries.remember_language(request.user, chosen)
    return response


def keep_language(response: HttpResponse, chosen: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


def contacts(request: SignedIn) -> HttpResponse:
    """The own LA and its administrator (1.3), the national office, and for LAs and that office the other LAs."""
    organisation = request.actor.organisation
    facts: dict[str, object] = {
        "own": _contact(organisation.maintained_by),
        "national": organisation_queries.national_office(),
        "others": (),
    }
    if not organisation.is_school:
        others = organisation_queries.authorities().exclude(pk=organisation.pk)
        number = request.GET.get("lea", "")
        other = next((one for one in others if one.number == number), None)
        facts |= {"others": options(others), "lea": number if other else "", "other": _contact(other)}
    return render(request, "contacts.html", facts)


def _contact(authority: Organisation | None) -> dict[str, object] | None:
    return {"authority": authority, "administrator": account_queries.administrator(authority)} if authority else None


def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "help.html", {"forms": [form_words(form) for form in FORMS]})


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "accessibility.html")
