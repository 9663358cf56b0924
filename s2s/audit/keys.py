"""The audit trail's key, kept in the folder of keys and never in the database."""

import secrets
from functools import cache

from django.conf import settings

from s2s.audit.models import Entry
from s2s.kept import check, kept


@cache
def audit_key() -> bytes:
    """32 bytes; whoever holds only the database cannot forge an entry. Raises KeyMissing when there are entries but no key."""
    made = kept(settings.KEYS / "audit.key", lambda: secrets.token_hex(32).encode(), allowed=lambda: not Entry.objects.exists())
    return bytes.fromhex(made.decode())


def check_key() -> None:
    """Raises KeyMissing when the file has gone, even from under a process that knows the key."""
    check(settings.KEYS / "audit.key", needed=Entry.objects.exists)
