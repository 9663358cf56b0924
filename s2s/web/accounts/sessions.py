"""How long a session lasts: 15 minutes without use, ten hours at most; and how it begins and stays."""

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, JsonResponse

from s2s.accounts import sessions
from s2s.accounts.models import User
from s2s.accounts.session_store import stored_key
from s2s.accounts.visitors import visitor
from s2s.web.accounts.adapters import UNKNOWN_ADDRESS
from s2s.web.page import SignedIn

SINCE = "signed_in_at"  # seconds since 1970, put there at sign-in


class Limits:
    """Ends a session that is older than the absolute limit; the idle limit is the session's own age, renewed at each use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and _until_the_end(request) <= 0:
            logout(request)
        return self.get_response(request)


def begin(request: HttpRequest, user: User) -> None:
    """A new session of this person's, under a new name, which lasts as long as any."""
    request.session.set_expiry(None)
    login(request, user)
    request.session[SINCE] = time.time()
    if request.session.session_key is None:
        request.session.save()
    sessions.begun(user, here(request), ip=visitor(request) or UNKNOWN_ADDRESS, browser=request.headers.get("User-Agent", ""))


def here(request: HttpRequest) -> str:
    """The key that this session is stored under: a digest of the one in the cookie."""
    return stored_key(request.session.session_key)


def keep(request: HttpRequest, user: User) -> None:
    """This session goes on, under a new name, though the person's password or epoch has changed; all others have ended."""
    before = here(request)
    update_session_auth_hash(request, user)
    request.session.save()
    UserSession.objects.filter(session_key=before).update(session_key=here(request))
    sessions.forget_others(user, here(request))


def seconds_left(request: HttpRequest) -> int:
    """How long this session lasts if nothing more is asked of the site."""
    return max(0, int(min(settings.SESSION_COOKIE_AGE, _until_the_end(request))))


def extend(request: SignedIn) -> HttpResponse:
    """The button of the warning: using the session has extended it; the answer says how long it lasts now."""
    return JsonResponse({"seconds": seconds_left(request)})


def _until_the_end(request: HttpRequest) -> float:
    return float(settings.SESSION_ABSOLUTE_AGE - (time.time() - request.session.get(SINCE, 0)))
