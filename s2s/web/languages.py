"""The language in which somebody is shown the site, and how they change it in the middle of a form."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.utils.translation import activate

from s2s.accounts import queries as account_queries

SHOW_IN = "show_in"  # the button that shows a page with a form in the other language; where no scripts run, it sends what is typed


def typed_so_far(request: HttpRequest) -> QueryDict | None:
    """What somebody had typed into a form when they changed the language, or when their session ended."""
    typed: QueryDict | None = getattr(request, "typed", None)
    return typed


def asks_for_other_language(request: HttpRequest) -> bool:
    return request.method == "POST" and request.POST.get(SHOW_IN) in dict(settings.LANGUAGES)


def shown_in(request: HttpRequest, view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The page in the language that was asked for, with what was typed still in it. Its view is asked as for a GET, so nothing is done."""
    chosen, typed = str(request.POST[SHOW_IN]), request.POST
    request.method = "GET"
    request.typed = typed  # type: ignore[attr-defined]
    activate(chosen)
    response = view()
    remember(request, response, chosen)
    return response


def remember(request: HttpRequest, response: HttpResponseBase, chosen: str) -> None:
    """From now on; a signed-in person's choice also for the next time."""
    keep_language(response, chosen)
    if request.user.is_authenticated:
        account_queries.remember_language(request.user, chosen)


def keep_language(response: HttpResponseBase, chosen: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
