"""While the database is away, or its tables belong to another version, every page says so at once, and that nothing was taken."""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from types import TracebackType

from django.contrib.sessions.middleware import SessionMiddleware
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from s2s.upkeep.schema import Misfit
from s2s.upkeep.watch import watch

ASKED_BY_MACHINES = ("/livez", "/healthz")  # they answer whatever is wrong


class Outage:
    """Nobody waits for a database that is known to be away. Machines have no session: with one, looking it up might fail."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        from s2s.web import errors

        if request.path in ASKED_BY_MACHINES:
            request.META.pop("HTTP_COOKIE", None)
        elif watch.away:
            return errors.away(request)
        elif watch.misfit is not Misfit.NONE:
            return errors.updating(request)
        return self.get_response(request)


class Sessions(SessionMiddleware):
    """Sessions; but after a failure nothing is asked of them: they may be what failed, and they stay as they are."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        return response if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR else super().process_response(request, response)


def is_outage(error: BaseException | None) -> bool:
    """True when this error, or one it came from, is the database's being away, stopping, full or too slow; its transaction is undone."""
    found = any(isinstance(one, OperationalError | InterfaceError) for one in _chain(error))
    if found:
        watch.doubt()
    return found


def may_have_been_done(error: BaseException | None) -> bool:
    """True when the database fell silent while it was told to commit, or after it had: when the session was saved for the next page."""
    return any(frame in LATE for one in _chain(error) for frame in _functions(one.__traceback__))


LATE = {("django.db.backends.base.base", "_commit"), ("django.contrib.sessions.middleware", "process_response")}


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    told: set[int] = set()
    while error is not None and id(error) not in told:
        told.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _functions(traceback: TracebackType | None) -> Iterator[tuple[str, str]]:
    while traceback is not None:
        frame = traceback.tb_frame
        yield str(frame.f_globals.get("__name__")), frame.f_code.co_name
        traceback = traceback.tb_next
