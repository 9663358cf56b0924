"""Somebody with every right over the database, who knows the code and may recompute what they like, but has not the key."""

import hmac
from unittest.mock import patch
from uuid import UUID

from django.db import connection

from s2s.audit import chain
from s2s.audit.models import Entry, Seal
from s2s.audit.noted import START

TABLES = ("audit_entry", "audit_seal")
GUESSED = bytes(32)  # a key of their own


def tamper(sql: str, *values: object) -> None:
    """Past the triggers."""
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def without_constraints() -> None:
    """Nothing in the tables has to be unique any more."""
    tamper("ALTER TABLE audit_entry DROP CONSTRAINT audit_entry_pkey")
    tamper("ALTER TABLE audit_seal DROP CONSTRAINT audit_seal_pkey")
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = 'audit_seal'::regclass AND contype = 'u'")
        for [name] in cursor.fetchall():
            tamper(f'ALTER TABLE audit_seal DROP CONSTRAINT "{name}"')


def entries() -> list[UUID]:
    """The sealed entries, in the order of the chain."""
    return list(Seal.objects.order_by("position").values_list("entry", flat=True))


def chain_of(order: list[UUID]) -> None:
    """Write all seals anew, in this order: as the site does it, with a key that is not the site's."""
    digests = dict(Entry.objects.values_list("pk", "digest"))
    tamper("DELETE FROM audit_seal")
    with patch("s2s.audit.chain.audit_key", return_value=GUESSED):
        end = START
        for entry in order:
            end = chain.after(end, entry, bytes(digests[entry]))
            Seal.objects.create(position=end.position, entry=entry, chain=end.chain)


def copy(entry: UUID, number: UUID) -> None:
    """Once more what this entry says, its signature included, under this number."""
    columns = "at, action, person, place, ip, transfer, facts, digest"
    tamper(f"INSERT INTO audit_entry (id, {columns}) SELECT %s, {columns} FROM audit_entry WHERE id = %s", number, entry)


def signed_without_key(said: bytes) -> bytes:
    return hmac.digest(GUESSED, said, "sha256")
