"""How long a session lasts: 15 minutes without use, ten hours at most."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

SINCE = "signed_in_at"  # seconds since 1970, put there at sign-in


class Limits:
    """Ends a session that is older than the absolute limit; the idle limit is the session's own age, renewed at each use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and time.time() - request.session.get(SINCE, 0) > settings.SESSION_ABSOLUTE_AGE:
            logout(request)
        return self.get_response(request)
