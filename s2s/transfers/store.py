"""The bytes of a transfer: encrypted with age before they reach the database, checked when they leave it.

The keys are files `*.agekey` in the folder of keys (`S2S_KEYS`), outside the database. New content is encrypted to the newest
(by name); older ones still open what was encrypted to them until `rotate` has passed.
"""

import hashlib
import os
from collections.abc import Iterator
from functools import cache

import pyrage
from django.conf import settings
from django.db import transaction
from django.utils import timezone

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


@cache
def _keys() -> list[pyrage.x25519.Identity]:
    """The identities, newest first. The first is made when there is none."""
    files = sorted(settings.KEYS.glob("*.agekey"), reverse=True)
    return [pyrage.x25519.Identity.from_str(file.read_text().strip()) for file in files] or [new_key()]


def check_keys() -> None:
    """Raise Damaged or OSError unless there is a key and it opens what was stored last."""
    keys = _keys()
    last = Content.objects.order_by("-pk").values_list("key", flat=True).first()
    if last and last not in {str(key.to_public()) for key in keys}:
        raise Damaged(f"no key in {settings.KEYS} opens what was stored last")


def new_key() -> pyrage.x25519.Identity:
    """Make a key that from now on encrypts what is stored; its file is named for the moment it was made."""
    identity = pyrage.x25519.Identity.generate()
    settings.KEYS.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = settings.KEYS / f"{timezone.now():%Y%m%dT%H%M%S%f}.agekey"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{identity}\n")
        file.flush()
        os.fsync(file.fileno())
    _keys.cache_clear()
    return identity


def rotate() -> Iterator[tuple[int, int]]:
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


@transaction.atomic
def _encrypt_again(pk: int) -> None:
    stored = Content.objects.select_for_update().get(pk=pk)
    recipient = _keys()[0].to_public()
    stored.sealed = pyrage.encrypt(pyrage.decrypt(bytes(stored.sealed), _keys()), [recipient])
    stored.key = str(recipient)
    stored.save(update_fields=["sealed", "key"])
