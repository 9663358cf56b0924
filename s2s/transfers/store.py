"""The bytes of a transfer: encrypted with age before they reach the database, checked when they leave it.

age keeps what is inside from whoever has the database, but anybody can encrypt to a public key. So an HMAC, with a key that comes from the
secret one, holds together the bytes and what the database says of them: whoever has only the database can exchange neither.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import NamedTuple

import pyrage
from django.db import connection

from s2s.transfers import keys
from s2s.transfers.models import Content, Transfer


class Damaged(RuntimeError):
    """Stored bytes that do not open or are not those that were accepted: for the operator, never the user's fault."""

    def __init__(self, receipt: str, why: str) -> None:
        self.receipt = receipt
        super().__init__(f"the content of {receipt} {why}")


class Label(NamedTuple):
    """What is sealed together with the bytes: which file this is, from where to where, and the SHA-256 of its bytes."""

    receipt: str
    name: str
    source_address: str
    destination_address: str
    digest: bytes

    @classmethod
    def of(cls, transfer: Transfer) -> "Label":
        return cls(transfer.receipt, transfer.name, transfer.source_address, transfer.destination_address, bytes(transfer.digest))


class Sealed(NamedTuple):
    """What is stored of a file: the columns of its row in `Content`, by their names."""

    sealed: bytes
    key: str
    mac: bytes


def seal(content: bytes, label: Label) -> Sealed:
    """Encrypt to the newest key. Asks no database once there is a key. Raises KeyMissing."""
    key = keys.newest()
    return Sealed(pyrage.encrypt(content, [key.recipient]), key.public, _mac(key, label))


def open_sealed(stored: Sealed, label: Label) -> bytes:
    """The bytes exactly as they were accepted. Asks no database. Raises Damaged, KeyMissing."""
    key = _check(label.receipt, stored.key, stored.mac, label)
    try:
        content = bytes(pyrage.decrypt(bytes(stored.sealed), [key.identity]))
    except pyrage.DecryptError as error:
        raise Damaged(label.receipt, "does not open with its key") from error
    if hashlib.sha256(content).digest() != label.digest:
        raise Damaged(label.receipt, "is not what was accepted")
    return content


def _check(receipt: str, public: str, mac: bytes, label: Label) -> keys.Key:
    """The key of what is labelled so. Raises Damaged."""
    key = keys.ring().keys.get(public)
    if key is None:
        raise Damaged(receipt, f"needs a key that is not in the folder of keys: {public}")
    if not hmac.compare_digest(_mac(key, label), mac):
        raise Damaged(receipt, "is not what was accepted under this receipt, name and addresses")
    return key


def _mac(key: keys.Key, label: Label) -> bytes:
    said = json.dumps([*label[:-1], label.digest.hex()], separators=(",", ":"))
    return hmac.digest(key.signs, said.encode(), "sha256")


def keep(transfer: Transfer, content: bytes) -> None:
    """Encrypt and store the bytes, in the caller's transaction. Raises KeyMissing."""
    Content.objects.create(transfer=transfer, **seal(content, Label.of(transfer))._asdict())


def open_content(transfer: Transfer) -> bytes:
    """The bytes exactly as they were accepted. Raises Damaged, KeyMissing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed, key, mac FROM transfers_content WHERE transfer_id = %s", [transfer.pk])
        stored = cursor.fetchone()
    if stored is None:
        raise Damaged(transfer.receipt, "is not there")
    return open_sealed(Sealed(bytes(stored[0]), stored[1], bytes(stored[2])), Label.of(transfer))


def check_openable(transfers: Sequence[Transfer]) -> None:
    """Raise Damaged unless the key of each of these files is there, and it is the file that was accepted; nothing is opened."""
    stored = {content.transfer_id: content for content in Content.objects.filter(transfer__in=transfers).defer("sealed")}
    for transfer in transfers:
        content, receipt = stored.get(transfer.pk), transfer.receipt
        if content is None:
            raise Damaged(receipt, "is not there")
        _check(receipt, content.key, bytes(content.mac), Label.of(transfer))


def as_sealed(stored: Content) -> Sealed:
    return Sealed(bytes(stored.sealed), stored.key, bytes(stored.mac))
