"""The bytes of a transfer: encrypted with age before they reach the database, checked when they leave it.

The keys are files `*.agekey` in the folder of keys (`S2S_KEYS`), outside the database. New content is encrypted to the newest
(by name); older ones still open what was encrypted to them until `rotate` has passed.
"""

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pyrage
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from s2s.audit.models import Action
from s2s.audit.trail import Witness, record
from s2s.kept import kept
from s2s.transfers.models import Content, Transfer


class Damaged(RuntimeError):
    """Stored bytes that do not open or are not those that were accepted: for the operator, never the user's fault."""


def keep(transfer: Transfer, content: bytes) -> None:
    """Encrypt and store the bytes, in the caller's transaction."""
    key = _keys()[0]
    recipient = key.to_public()
    Content.objects.create(transfer=transfer, sealed=pyrage.encrypt(content, [recipient]), key=str(recipient))


def open_content(transfer: Transfer) -> bytes:
    """The bytes exactly as they were accepted. Raises Damaged."""
    stored = Content.objects.get(transfer=transfer)
    try:
        content = pyrage.decrypt(bytes(stored.sealed), _keys())
    except pyrage.DecryptError as error:
        raise Damaged(f"the content of {transfer.receipt} does not open with the keys in {settings.KEYS}") from error
    if hashlib.sha256(content).digest() != bytes(transfer.digest):
        raise Damaged(f"the content of {transfer.receipt} is not what was accepted")
    return bytes(content)


def _keys() -> list[pyrage.x25519.Identity]:
    """The identities, newest first: those in the folder now, so that a new key is known at once in every process.

    The first is made when nothing is stored yet. Raises KeyMissing when files are stored but there is no key at all.
    """
    folder = settings.KEYS
    if names := tuple(sorted((file.name for file in folder.glob("*.agekey")), reverse=True)):
        return _keys_in(folder, names, folder.stat().st_mtime_ns)
    first = kept(folder / "00000000T000000.agekey", _make, allowed=lambda: not Content.objects.exists())
    return [pyrage.x25519.Identity.from_str(first.decode())]


@lru_cache(maxsize=4)
def _keys_in(folder: Path, names: tuple[str, ...], changed_at: int) -> list[pyrage.x25519.Identity]:
    """The names too: two changes within one tick of the folder's clock have one time."""
    return [pyrage.x25519.Identity.from_str((folder / name).read_text().strip()) for name in names]


def _make() -> bytes:
    return str(pyrage.x25519.Identity.generate()).encode()


def check_keys() -> None:
    """Raise Damaged, KeyMissing or OSError unless there is a key for every file that is stored."""
    there = {str(key.to_public()) for key in _keys()}
    if missing := set(_keys_in_use()) - there:
        raise Damaged(f"{len(missing)} of the keys that stored files need are not in {settings.KEYS}")


def _keys_in_use() -> Iterator[str]:
    """The public keys that files are encrypted to: few, and found one by one along the index."""
    key = ""
    while found := Content.objects.filter(key__gt=key).order_by("key").values_list("key", flat=True).first():
        yield (key := found)


def new_key() -> None:
    """Make a key that from now on encrypts what is stored; its file is named for the moment it was made."""
    kept(settings.KEYS / f"{timezone.now():%Y%m%dT%H%M%S%f}.agekey", _make)


def rotate(*, by: Witness) -> Iterator[tuple[int, int]]:
    """Encrypt everything stored under older keys to the newest one; yields (done, of how many) as it goes.

    Safe to stop and start again, and to run while the site works.
    """
    newest = str(_keys()[0].to_public())
    old = Content.objects.exclude(key=newest)
    total, done = old.count(), 0
    yield done, total
    while (pk := old.values_list("pk", flat=True).first()) is not None:
        _encrypt_again(pk)
        done += 1
        yield done, total
    record(Action.KEYS_ROTATED, by=by, key=newest, files=done)


@transaction.atomic
def _encrypt_again(pk: int) -> None:
    stored = Content.objects.select_for_update().get(pk=pk)
    recipient = _keys()[0].to_public()
    stored.sealed = pyrage.encrypt(pyrage.decrypt(bytes(stored.sealed), _keys()), [recipient])
    stored.key = str(recipient)
    stored.save(update_fields=["sealed", "key"])
