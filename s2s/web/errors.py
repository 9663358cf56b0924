"""The pages for what went wrong: plain words, the way on, and nothing about how the site is made."""

from http import HTTPStatus

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, "bad-request", HTTPStatus.BAD_REQUEST)


def forgery(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from this site, or whose session has ended."""
    return _error(request, "forgery", HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, "not-found", HTTPStatus.NOT_FOUND)


def too_large(request: HttpRequest) -> HttpResponse:
    return _error(request, "too-large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def server_error(request: HttpRequest) -> HttpResponse:
    """Looks up neither person nor messages: it may be the database that failed."""
    request.user = AnonymousUser()
    request.__dict__.pop("_messages", None)
    return _error(request, "server-error", HTTPStatus.INTERNAL_SERVER_ERROR)


def _error(request: HttpRequest, what: str, status: HTTPStatus) -> HttpResponse:
    return render(request, "error.html", {"what": what}, status=status)
