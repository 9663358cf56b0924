"""How large a request may be, and what its sender reads when it was not taken. The bodies themselves are taken in by `s2s/machine`."""

from collections.abc import Callable
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import resolve

from s2s.machine.bodies import SMALL, Why
from s2s.machine.bridge import ASKED_FIRST, REFUSED
from s2s.web import errors
from s2s.web.page import Page, guard

Answer = Callable[[HttpRequest], HttpResponse]
REFUSALS = {
    Why.TOO_LARGE: errors.too_large,
    Why.TOO_SLOW: errors.too_slow,
    Why.BROKEN_OFF: errors.bad_request,
    Why.NO_ROOM: errors.no_room,
}


def limits() -> dict[str, int]:
    """The addresses that take more than a form, and how many bytes."""
    from s2s.web.urls import PAGES

    return {f"/{page.path}": page.takes for page in PAGES if page.takes}


class Limits:
    """A body that was not taken, or says that it is too large, is answered before anything is asked of anybody."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.limits = limits()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        why = request.META.get(REFUSED)
        if not why and _length(request) > self.limits.get(request.path, SMALL):
            why = Why.TOO_LARGE
        return REFUSALS[Why(why)](request) if why else self.get_response(request)


class AskedFirst:
    """Whether a large body may come: the page's own guard decides before the body is read, and says what it says without one."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.META.get(ASKED_FIRST):
            return self.get_response(request)
        page: Page = resolve(request.path_info).func.page  # type: ignore[attr-defined]
        return guard(replace(page, view=_come))(request)


def _come(request: HttpRequest, **place: object) -> HttpResponse:
    return HttpResponse(status=204)


def _length(request: HttpRequest) -> int:
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isdecimal() else 0
