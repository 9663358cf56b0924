"""How Django finds the person of a session."""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from s2s.accounts.models import InactiveBecause, User
from s2s.organisations.models import Organisation
from s2s.rows import Columns, found

_PERSON, _PLACE, _AUTHORITY = Columns(User, "person"), Columns(Organisation, "place"), Columns(Organisation, "authority")
_BY_ID = f"""
SELECT {_PERSON.sql}, {_PLACE.sql}, {_AUTHORITY.sql}
FROM accounts_user person
JOIN organisations_organisation place ON place.id = person.organisation_id
LEFT JOIN organisations_organisation authority ON authority.id = place.authority_id
WHERE person.id = %s AND person.is_active
"""  # noqa: S608 # nosec B608 - our own words


class People(ModelBackend):
    """Fetches the person, their organisation and its authority in one query: every page needs all three."""

    def get_user(self, user_id: int) -> User | None:
        for row in found(_BY_ID, [user_id]):
            person, place = _PERSON.take(row), _PLACE.take(row)
            place.authority = _AUTHORITY.take_if_any(row)
            person.organisation = place
            return person
        return None

    def user_can_authenticate(self, user: Any) -> bool:
        """Whether the right password says who this is. The suspended are known by it too: `sign_in` tells them whom to ask.

        Their password is so looked at exactly once, as everybody's is, and how long it takes shows nothing.
        """
        return isinstance(user, User) and (user.is_active or user.inactive_because == InactiveBecause.NOT_CONFIRMED)
