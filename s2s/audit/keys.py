"""The audit trail's key, kept in the folder of keys and never in the database."""

import secrets
from functools import cache

from django.conf import settings

from s2s.audit import noted
from s2s.audit.models import Entry
from s2s.kept import check, kept


@cache
def audit_key() -> bytes:
    """32 bytes; whoever holds only the database can forge neither an entry nor a seal.

    Made at the first use. Raises KeyMissing when there are entries, or a head is noted, but the key has gone.
    """
    made = kept(settings.KEYS / "audit.key", lambda: secrets.token_hex(32).encode(), allowed=lambda: not _was_used())
    return bytes.fromhex(made.decode())


def check_key() -> None:
    """Raises KeyMissing when the file has gone, even from under a process that knows the key."""
    check(settings.KEYS / "audit.key", needed=_was_used)


def is_there() -> bool:
    return bool((settings.KEYS / "audit.key").exists())


def _was_used() -> bool:
    return Entry.objects.exists() or noted.read() is not None
