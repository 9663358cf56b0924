"""Between the first step of signing in and the second: who it is that has shown their password, kept in the visitor's session."""

import time

from django.http import HttpRequest

from s2s.accounts.models import User

KEY = "second_step"
PATIENCE = 600  # seconds to find the phone


def begin(request: HttpRequest, user: User, next_page: str) -> None:
    request.session.cycle_key()
    request.session[KEY] = {"user": user.pk, "state": user.get_session_auth_hash(), "since": time.time(), "next": next_page}


def person(request: HttpRequest) -> User | None:
    """The person whose second step it is; None when there is none, it took too long, or they have changed since."""
    kept = request.session.get(KEY)
    if not kept or time.time() - kept["since"] > PATIENCE:
        return None
    user = User.objects.select_related("organisation").filter(pk=kept["user"], is_active=True).first()
    return user if user and user.get_session_auth_hash() == kept["state"] else None


def next_page(request: HttpRequest) -> str:
    return str(request.session[KEY]["next"])


def finish(request: HttpRequest) -> None:
    request.session.pop(KEY, None)
