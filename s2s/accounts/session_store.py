"""Where sessions lie: Django's table, read and written in one plain statement each, as every page does both.

The table holds a digest of each session's key, so whoever reads the database, or a backup of it, has no key that opens a session.
"""

from hashlib import blake2b
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.utils import timezone


def stored_key(key: str | None) -> str:
    """What the table holds in place of this key of a session: a digest of 40 characters, as long as the column."""
    return blake2b((key or "").encode(), digest_size=20).hexdigest()


class SessionStore(db.SessionStore):
    """Django's own, but for what each page asks of it. A new session is made as Django makes it."""

    def create_model_instance(self, data: Any) -> Any:
        row = super().create_model_instance(data)
        row.session_key = stored_key(row.session_key)
        return row

    def exists(self, session_key: str) -> bool:
        return super().exists(stored_key(session_key))

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            super().delete(stored_key(key))

    def _get_session_from_db(self) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT session_data, expire_date FROM django_session WHERE session_key = %s AND expire_date > %s",
                [stored_key(self.session_key), timezone.now()],
            )
            found = cursor.fetchone()
        if found is None:
            self._session_key = None
            return None
        return self.model(stored_key(self.session_key), *found)

    def save(self, must_create: bool = False) -> None:
        """Raises UpdateError when the session has been ended meanwhile."""
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        row = self.create_model_instance(self._get_session(no_load=False))  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE django_session SET session_data = %s, expire_date = %s WHERE session_key = %s",
                [row.session_data, row.expire_date, row.session_key],
            )
            if not cursor.rowcount:
                raise UpdateError
