"""What became of the files of one upload, for the page that follows it: kept encrypted, for its sender and for a while.

A session keeps none of it: two uploads at once in one browser do not lose each other's results, and the names of pupils in a file that
was refused stand nowhere in clear (4.2, 5.1).
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NotRequired, TypedDict
from uuid import UUID, uuid4

from django.db import connection
from django.utils import timezone

from s2s.accounts.actors import Actor
from s2s.transfers import store
from s2s.transfers.models import UploadBatch

KEPT = timedelta(days=1)


class Result(TypedDict):
    """One file's result: codes and facts, so that it can be said in either language.

    Of an accepted file `given` is the name it came under, `destination` and `destination_cy` the name of the place, '' for the Lost Pupil
    Database, `pupils` the names as the file writes them. At the check before sending, `accepted` says that it may be sent, `number` which
    bytes wait, and `offered` is the right name under which a file with a wrong one may be sent; of a file that was, `renamed` is true.
    """

    name: str
    accepted: bool
    kind: str
    problems: NotRequired[list[dict[str, Any]]]
    given: NotRequired[str]
    again: NotRequired[bool]
    receipt: NotRequired[str]
    to: NotRequired[str]
    destination: NotRequired[str]
    destination_cy: NotRequired[str]
    pupil_count: NotRequired[int]
    pupils: NotRequired[list[str]]
    repairs: NotRequired[list[str]]
    warnings: NotRequired[list[dict[str, Any]]]
    number: NotRequired[int]
    offered: NotRequired[str]
    renamed: NotRequired[bool]


_KEEP = """
INSERT INTO transfers_uploadbatch (batch, person, place, made_at, digest, sealed, key, mac) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""


def keep(*, actor: Actor, results: Sequence[Result], batch: UUID | None = None) -> UUID:
    """Keep the results of one upload; the key of its page, which is that of the check page before it, where there was one."""
    content, batch = json.dumps(results).encode(), batch or uuid4()
    label = _label(batch, actor, hashlib.sha256(content).digest())
    values: list[Any] = [batch, actor.name, actor.place, timezone.now(), label.digest, *store.seal(content, label)]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, values)
    return batch


def results_of(actor: Actor, batch: UUID) -> list[Result] | None:
    """What the actor's own upload came to; None for another's, and after KEPT."""
    mine = UploadBatch.objects.filter(batch=batch, person=actor.name, place=actor.place, made_at__gt=timezone.now() - KEPT)
    kept = mine.first()
    if kept is None:
        return None
    sealed = store.Sealed(bytes(kept.sealed), kept.key, bytes(kept.mac))
    return json.loads(store.open_sealed(sealed, _label(batch, actor, bytes(kept.digest))))  # type: ignore[no-any-return]


def _label(batch: UUID, actor: Actor, digest: bytes) -> store.Label:
    return store.Label(str(batch), actor.name, actor.place, "", digest)


def forget() -> int:
    """Delete what nobody can ask for any more; how many."""
    return UploadBatch.objects.filter(made_at__lte=timezone.now() - KEPT).delete()[0]
