"""A change of keys: everything stored is encrypted to the newest key, while the site works."""

import logging
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction

from s2s.audit.models import Action
from s2s.audit.trail import Witness, record
from s2s.transfers import keys
from s2s.transfers.models import Content
from s2s.transfers.store import Damaged, Label, as_sealed, open_sealed, seal

log = logging.getLogger(__name__)

BATCH = 20  # files in one transaction; each is in memory by itself
GRACE = 5.0  # seconds: whoever encrypted to an older key before the new one was there has begun to write by then
PATIENCE = 300.0  # seconds for whoever was writing then

# Transactions that have written to the table of contents and are not over.
WRITERS = """
SELECT virtualtransaction FROM pg_locks
WHERE relation = 'transfers_content'::regclass AND mode = 'RowExclusiveLock' AND pid <> pg_backend_pid()
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class StillWriting(RuntimeError):
    """Somebody who may have encrypted to an older key does not come to an end."""


@dataclass
class Progress:
    """How many files were encrypted again, of how many, and how many do not open and were left as they are."""

    of: int
    done: int = 0
    left: int = 0


def rotate(*, by: Witness) -> Generator[Progress]:
    """Encrypt everything stored under older keys to the newest one, saying how far it is.

    Safe to stop and start again: what was done until then is on the audit trail. Raises KeyMissing, StillWriting.
    """
    newest = keys.newest()
    progress, whole = Progress(of=Content.objects.exclude(key=newest.public).count()), False
    try:
        yield progress
        yield from _pass(newest.public, progress)
        _wait_for_writers(newest)
        yield from _pass(newest.public, progress)
        whole = not progress.left
    finally:
        record(Action.KEYS_ROTATED, by=by, key=newest.public, files=progress.done, left=progress.left, whole=whole)


def _pass(newest: str, progress: Progress) -> Iterator[Progress]:
    """Once through what is older, in the order of the table: what does not open is passed by."""
    last = progress.left = 0
    older = Content.objects.exclude(key=newest).order_by("pk").values_list("pk", flat=True)
    while batch := list(older.filter(pk__gt=last)[:BATCH]):
        done = _encrypt_again(batch)
        progress.done += done
        progress.left += len(batch) - done
        progress.of = max(progress.of, progress.done + progress.left)
        last = batch[-1]
        yield progress


@transaction.atomic
def _encrypt_again(batch: Sequence[int]) -> int:
    return sum(_encrypt_one_again(pk) for pk in batch)


def _encrypt_one_again(pk: int) -> bool:
    stored = Content.objects.select_for_update(of=["self"]).select_related("transfer").get(pk=pk)
    label = Label.of(stored.transfer)
    try:
        content = open_sealed(as_sealed(stored), label)
    except Damaged as damaged:
        log.error("a stored file keeps its old key: %s", damaged)  # noqa: TRY400 - it says all
        return False
    Content.objects.filter(pk=pk).update(**seal(content, label)._asdict())
    return True


def _wait_for_writers(newest: keys.Key) -> None:
    """Until nobody is left who may be writing what was encrypted before the newest key was there."""
    time.sleep(max(0.0, (settings.KEYS / newest.name).stat().st_mtime + GRACE - time.time()))
    writing, given_up = _writers(), time.monotonic() + PATIENCE
    while writing := writing & _writers():
        if time.monotonic() > given_up:
            raise StillWriting(f"{len(writing)} transactions that write files do not come to an end")
        time.sleep(0.1)


def _writers() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(WRITERS)
        return {transaction for [transaction] in cursor.fetchall()}
