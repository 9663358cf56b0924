"""The files of an upload that were read and checked, and wait for their sender's *Send*: encrypted, for one session, and for an hour.

Nothing here is accepted, and nothing found at the check is believed later: *Send* takes the whole journey of `upload.send` again.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from s2s.accounts.actors import Actor
from s2s.rules.kinds import MB
from s2s.transfers import store
from s2s.transfers.models import CheckedFile, CheckedUpload
from s2s.transfers.results import Result

KEPT: Final = timedelta(hours=1)
MOST_BYTES: Final = 200 * MB  # of one person: two uploads of the largest size; older ones make way
SENDING: Final = 6_813  # the class of our advisory locks: whoever holds one alone has to do with that upload


@dataclass(frozen=True)
class Waiting:
    """An upload that waits, and what its check came to; each result of a file whose bytes wait has their `number`."""

    row: CheckedUpload
    results: list[Result]


def keep(*, actor: Actor, session: str, kind: str, results: Sequence[Result], contents: Mapping[int, bytes]) -> UUID:
    """Let an upload wait: what its check came to, and the bytes of what may be sent, by their numbers. The key of its page."""
    batch, whose = uuid4(), _digest(session)
    with transaction.atomic():
        said = _seal(actor, whose, str(batch), json.dumps(results).encode())
        upload = CheckedUpload.objects.create(batch=batch, person=actor.name, place=actor.place, session=whose, kind=kind, **said)
        for number, content in contents.items():
            sealed = _seal(actor, whose, f"{batch}/{number}", content)
            CheckedFile.objects.create(upload=upload, number=number, size=len(content), **sealed)
    _make_way(actor)
    return batch


def waiting(actor: Actor, session: str, batch: UUID) -> Waiting | None:
    """The actor's own upload, in the session in which it was checked; None for any other, once it was sent, and after KEPT."""
    since, whose = timezone.now() - KEPT, _digest(session)
    mine = CheckedUpload.objects.filter(batch=batch, person=actor.name, place=actor.place, session=whose, made_at__gt=since)
    row = mine.first()
    return Waiting(row, json.loads(_open(actor, row, str(batch), row))) if row else None


def content_of(actor: Actor, upload: Waiting, number: int) -> bytes:
    """The bytes of one of its files. Raises Damaged, KeyMissing."""
    return _open(actor, upload.row, f"{upload.row.batch}/{number}", upload.row.files.get(number=number))


@contextmanager
def alone(batch: UUID) -> Iterator[None]:
    """Nobody else has to do with this upload meanwhile: of a double click the second waits here until the first is done."""
    key = batch.int & 0x7FFF_FFFF
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [SENDING, key])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [SENDING, key])


@transaction.atomic
def take_off(*, actor: Actor, upload: Waiting, place: int) -> int:
    """Take the file at this place off the list, and forget its bytes; how many are left. The caller is `alone` with the upload."""
    gone = upload.results[place : place + 1]
    left = [one for one in upload.results if one not in gone]
    row = upload.row
    if not left:
        row.delete()
        return 0
    for column, value in _seal(actor, row.session, str(row.batch), json.dumps(left).encode()).items():
        setattr(row, column, value)
    row.save()
    row.files.filter(number__in=[one["number"] for one in gone if "number" in one]).delete()
    return len(left)


def done(upload: Waiting) -> None:
    """It was sent: its bytes wait no longer."""
    upload.row.delete()


def forget() -> int:
    """Delete what has waited too long; how many uploads."""
    found = CheckedUpload.objects.filter(made_at__lte=timezone.now() - KEPT)
    return found.delete()[1].get(CheckedUpload._meta.label, 0)


def _make_way(actor: Actor) -> None:
    """The person's older uploads go when all of theirs together are too large."""
    total = 0
    rows = CheckedUpload.objects.filter(person=actor.name).annotate(size=Sum("files__size", default=0)).order_by("-made_at", "-pk")
    for row in rows.defer("sealed"):
        total += row.size
        if total > MOST_BYTES:
            row.delete()


def _digest(session: str) -> str:
    """The session's name is as good as a key to it, so it does not stand in another table."""
    return hashlib.sha256(session.encode()).hexdigest()


def _label(actor: Actor, session: str, name: str, digest: bytes) -> store.Label:
    return store.Label(name, actor.name, actor.place, session, digest)


def _seal(actor: Actor, session: str, name: str, content: bytes) -> dict[str, object]:
    digest = hashlib.sha256(content).digest()
    return {"digest": digest, **store.seal(content, _label(actor, session, name, digest))._asdict()}


def _open(actor: Actor, upload: CheckedUpload, name: str, row: CheckedUpload | CheckedFile) -> bytes:
    sealed = store.Sealed(bytes(row.sealed), row.key, bytes(row.mac))
    return store.open_sealed(sealed, _label(actor, upload.session, name, bytes(row.digest)))
