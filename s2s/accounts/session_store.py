"""Where sessions lie: Django's table, read and written in one plain statement each, as every page does both."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.utils import timezone


class SessionStore(db.SessionStore):
    """Django's own, but for what each page asks of it. A new session is made as Django makes it."""

    def _get_session_from_db(self) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT session_data, expire_date FROM django_session WHERE session_key = %s AND expire_date > %s",
                [self.session_key, timezone.now()],
            )
            found = cursor.fetchone()
        if found is None:
            self._session_key = None
            return None
        return self.model(str(self.session_key), *found)

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
