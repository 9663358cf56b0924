"""How Django finds the person of a session."""

from contextlib import suppress
from typing import Any

from django.contrib.auth.backends import ModelBackend

from s2s.accounts.models import InactiveBecause, User


class People(ModelBackend):
    """Fetches the person, their organisation and its authority in one query: every page needs all three."""

    def get_user(self, user_id: int) -> User | None:
        with suppress(User.DoesNotExist):
            return User.objects.select_related("organisation__authority").get(pk=user_id, is_active=True)
        return None

    def user_can_authenticate(self, user: Any) -> bool:
        """Whether the right password says who this is. The suspended are known by it too: `sign_in` tells them whom to ask.

        Their password is so looked at exactly once, as everybody's is, and how long it takes shows nothing.
        """
        return isinstance(user, User) and (user.is_active or user.inactive_because == InactiveBecause.NOT_CONFIRMED)
