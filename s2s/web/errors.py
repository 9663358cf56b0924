"""The pages for what went wrong: plain words, the way on, and nothing about how the site is made."""

import sys
from http import HTTPStatus

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from s2s.transfers.upload import MOST_FILES
from s2s.web.outage import is_outage, may_have_been_done

RETRY_AFTER = 60  # seconds


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django takes a session that could not be saved for a bad request; it may be the database that failed."""
    if is_outage(exception):
        return away(request, exception)
    what = "too-many-files" if isinstance(exception, TooManyFilesSent) else "bad-request"
    return _impersonal(request, what, HTTPStatus.BAD_REQUEST)


def forgery(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from this site, or whose session has ended."""
    return _error(request, "forgery", HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, "not-found", HTTPStatus.NOT_FOUND)


def no_such_file(request: HttpRequest) -> HttpResponse:
    return _impersonal(request, "not-found", HTTPStatus.NOT_FOUND)


def too_large(request: HttpRequest) -> HttpResponse:
    what = "too-large" if (request.content_type or "").startswith("multipart/") else "form-too-large"
    return _impersonal(request, what, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def too_slow(request: HttpRequest) -> HttpResponse:
    return _impersonal(request, "too-slow", HTTPStatus.REQUEST_TIMEOUT)


def no_room(request: HttpRequest) -> HttpResponse:
    """Others are sending so much that there is no memory for it."""
    return _later(request, "no-room")


def results_shut(request: HttpRequest) -> HttpResponse:
    """The files are accepted; only the page that says so does not open without its key."""
    return _error(request, "results-shut", HTTPStatus.SERVICE_UNAVAILABLE)


def server_error(request: HttpRequest) -> HttpResponse:
    """Whatever was raised, in a page or in what stands around all pages."""
    error = sys.exc_info()[1]
    return away(request, error) if is_outage(error) else _impersonal(request, "server-error", HTTPStatus.INTERNAL_SERVER_ERROR)


def away(request: HttpRequest, error: BaseException | None = None) -> HttpResponse:
    """The database is away. Only when it fell silent at the very end do we not know whether what was sent had been taken."""
    return _later(request, "away-unsure" if may_have_been_done(error) else "away")


def updating(request: HttpRequest) -> HttpResponse:
    """Tables and code are of different versions."""
    return _later(request, "updating")


def _later(request: HttpRequest, what: str) -> HttpResponse:
    answer = _impersonal(request, what, HTTPStatus.SERVICE_UNAVAILABLE)
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer


def _impersonal(request: HttpRequest, what: str, status: HTTPStatus) -> HttpResponse:
    """Looks up neither person nor messages nor session; the language is the one that the browser says."""
    request.user = AnonymousUser()
    request.__dict__.pop("_messages", None)
    with translation.override(translation.get_language_from_request(request)):
        return _error(request, what, status)


def _error(request: HttpRequest, what: str, status: HTTPStatus) -> HttpResponse:
    return render(request, "error.html", {"what": what, "most": MOST_FILES}, status=status)
