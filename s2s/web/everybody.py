"""Language, contacts and help: what is the same for everybody."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from s2s.directory import queries
from s2s.rules.filenames import FORMS
from s2s.web.page import SignedIn
from s2s.web.words import form_words


def language(request: HttpRequest) -> HttpResponse:
    """Show the site in the other language from now on; a signed-in person's choice is remembered."""
    chosen = request.POST.get("language", "")
    back = request.POST.get("next", "/")
    response = redirect(back if back.startswith("/") and url_has_allowed_host_and_scheme(back, None) else "/")
    if chosen in dict(settings.LANGUAGES):
        keep_language(response, chosen)
        if request.user.is_authenticated:
            queries.remember_language(request.user, chosen)
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
    organisation = request.actor.organisation
    authority = organisation.maintained_by
    return render(request, "contacts.html", {"authority": authority, "administrator": queries.administrator(authority)})


def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "help.html", {"forms": [form_words(form) for form in FORMS]})


def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "accessibility.html")
