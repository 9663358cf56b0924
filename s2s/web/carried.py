"""What a page hands to the next one in its address, sealed.

A pupil's name or UPN that somebody searches by may not stand in a URL, where logs and histories keep it; and two hundred ticked files
would be too long for one. Nobody but the site can read or make such a text, it is good for the person it was made for, and for a day.
"""

import json
import zlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

KEPT = 24 * 60 * 60  # seconds


class Whom(Protocol):
    """The person that something is sealed for."""

    @property
    def name(self) -> str: ...
    @property
    def place(self) -> str: ...


@dataclass(frozen=True)
class Read:
    """What was sealed, and for whom."""

    name: str
    place: str
    what: object


def seal(whom: Whom, what: object) -> str:
    """A text for an address of this person's; '' for nothing."""
    if not what:
        return ""
    said = json.dumps([whom.name, whom.place, what], separators=(",", ":"))
    return _keys().encrypt(zlib.compress(said.encode())).decode().rstrip("=")


def unsealed(whom: Whom, sealed: str, kept: int = KEPT) -> object:
    """What was sealed for this person; None when it is somebody else's, old, altered or nothing at all."""
    found = read(sealed, kept)
    return found.what if found and (found.name, found.place) == (whom.name, whom.place) else None


def read(sealed: str, kept: int = KEPT) -> Read | None:
    """What was sealed, whoever it was for."""
    try:
        return Read(*json.loads(zlib.decompress(_keys().decrypt(sealed + "=" * (-len(sealed) % 4), ttl=kept))))
    except (InvalidToken, ValueError):
        return None


def _keys() -> MultiFernet:
    return _made_of((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _made_of(secrets: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(urlsafe_b64encode(_derived(secret))) for secret in secrets])


def _derived(secret: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"what a page hands to the next").derive(secret.encode())
