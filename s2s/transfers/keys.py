"""The keys of stored files: one file each in the folder of keys (`S2S_KEYS`), outside the database.

A key is named for the moment it was made: `20261123T220232621958.agekey`. New content is encrypted to the one that comes last; all of them
open. One that ends in `.opens.agekey` only opens: so a new key can be put on every machine before any of them uses it.
"""

import hmac
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import pyrage
from django.conf import settings
from django.utils import timezone

from s2s.kept import KeyMissing, kept
from s2s.transfers.models import Content

NAME = re.compile(r"\d{8}T\d{6}(\d{6})?(?P<opens>\.opens)?\.agekey")
FIRST = "00000000T000000.agekey"


class NotInUse(RuntimeError):
    """A key that was to be the newest is not: files would be encrypted to another."""


@dataclass(frozen=True)
class Key:
    """`public` names it in the database; `signs` is the key of the HMACs of what is encrypted to it."""

    name: str
    public: str
    identity: pyrage.x25519.Identity = field(repr=False, compare=False)
    recipient: pyrage.x25519.Recipient = field(repr=False, compare=False)
    signs: bytes = field(repr=False)

    @property
    def encrypts(self) -> bool:
        return not NAME.fullmatch(self.name)["opens"]  # type: ignore[index]


@dataclass(frozen=True)
class Ring:
    """The keys that are in the folder now, and the names of those that cannot be read."""

    keys: dict[str, Key]
    unreadable: tuple[str, ...]

    @property
    def newest(self) -> Key | None:
        return max((key for key in self.keys.values() if key.encrypts), key=lambda key: key.name, default=None)


def ring() -> Ring:
    """Read again when the folder has changed, so that a new key is known at once in every process. Raises KeyMissing."""
    folder = Path(settings.KEYS)
    try:
        names = tuple(sorted(filter(NAME.fullmatch, os.listdir(folder))))  # names too: two changes within one tick have one time
        return _read(folder, names, folder.stat().st_mtime_ns)
    except FileNotFoundError:
        return Ring({}, ())
    except OSError as error:
        raise KeyMissing(f"the folder of keys cannot be read: {error.strerror}") from error


@lru_cache(maxsize=4)
def _read(folder: Path, names: tuple[str, ...], changed_at: int) -> Ring:
    keys, unreadable = dict[str, Key](), list[str]()
    for name in names:
        try:
            key = _key(name, (folder / name).read_text().strip())
        except (OSError, ValueError, pyrage.IdentityError):
            unreadable.append(name)
        else:
            keys[key.public] = key
    return Ring(keys, tuple(unreadable))


def _key(name: str, secret: str) -> Key:
    identity = pyrage.x25519.Identity.from_str(secret)
    recipient = identity.to_public()
    return Key(name, str(recipient), identity, recipient, hmac.digest(secret.encode(), b"what is sealed with it", "sha256"))


def newest() -> Key:
    """The key that new content is encrypted to. The first is made when nothing is stored yet. Raises KeyMissing."""
    there = ring()
    if key := there.newest:
        return key
    if there.unreadable or there.keys or Content.objects.exists():
        raise KeyMissing(f"no key in {settings.KEYS} can encrypt: put the *.agekey files back from the backup, readable by the site")
    return _key(FIRST, kept(settings.KEYS / FIRST, _make).decode())


def _make() -> bytes:
    return str(pyrage.x25519.Identity.generate()).encode()


def new_key() -> Key:
    """Make a key that from now on encrypts what is stored. Raises NotInUse when another would come after it, and then makes none."""
    name, before = f"{timezone.now():%Y%m%dT%H%M%S%f}.agekey", ring().newest
    if before and before.name >= name:
        raise NotInUse(f"No key was made: {before.name} is named for a later moment than now. Is the clock behind?")
    kept(settings.KEYS / name, _make)
    key = ring().newest
    if key is None or key.name != name:
        raise NotInUse(f"{name} was made, but files are encrypted to {key.name if key else 'none'}. Is the clock behind?")
    return key


def check() -> None:
    """Raises KeyMissing when files are stored, but none can be opened and none added."""
    if Content.objects.exists():
        newest()


def missing() -> list[str]:
    """The public keys that stored files are encrypted to, and which are not in the folder."""
    there = ring().keys
    return [key for key in _in_use() if key not in there]


def _in_use() -> Iterator[str]:
    """Few, and found one by one along the index."""
    key = ""
    while found := Content.objects.filter(key__gt=key).order_by("key").values_list("key", flat=True).first():
        yield (key := found)


def misnamed() -> list[str]:
    """Files that look like keys but are not named as one, and so are left alone."""
    folder = Path(settings.KEYS)
    return sorted(path.name for path in folder.glob("*agekey*") if not NAME.fullmatch(path.name) and not path.name.startswith("."))
