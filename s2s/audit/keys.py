"""The audit trail's key, kept in the folder of keys and never in the database."""

import os
import secrets
from functools import cache

from django.conf import settings


@cache
def audit_key() -> bytes:
    """32 bytes, made at first use; whoever holds only the database cannot forge an entry."""
    path = settings.KEYS / "audit.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_hex(32))
                file.flush()
                os.fsync(file.fileno())
        except FileExistsError:  # another process was first
            pass
    return bytes.fromhex(path.read_text().strip())
