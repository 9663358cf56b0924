"""How Django finds the person of a session."""

from contextlib import suppress

from django.contrib.auth.backends import ModelBackend

from s2s.accounts.models import User


class People(ModelBackend):
    """The person with their organisation and its authority, which every page needs, in one question."""

    def get_user(self, user_id: int) -> User | None:
        with suppress(User.DoesNotExist):
            user = User.objects.select_related("organisation__authority").get(pk=user_id)
            return user if self.user_can_authenticate(user) else None
        return None
