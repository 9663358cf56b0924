"""A file is collected: fetched as often as needed, and off the waiting list once it arrived whole (5.2, 5.3)."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from s2s.accounts.actors import Actor
from s2s.rules.kinds import KINDS, MB, Kind
from s2s.rules.lifecycle import State, StepName
from s2s.transfers import store
from s2s.transfers.models import Delivery, Transfer
from s2s.transfers.refusals import NotPossible, StepFault
from s2s.transfers.steps import take_all

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

MOST_AT_ONCE = 100 * MB  # of files in one zip


@dataclass(frozen=True)
class Parcel:
    """What is handed over: one file under its own name, or several in one zip, which is made while it is read."""

    name: str
    media_type: str
    content: Iterable[bytes]


def fetch(*, actor: Actor, deliveries: Sequence[Delivery]) -> Parcel:
    """The files themselves. They stay on the waiting list until `confirm`; those collected before are fetched again.

    A fetch is recorded only when the files can be opened, and no lock is held while they are. Raises NotPossible when nothing is chosen,
    when it is too much for one zip, when files of this kind come one at a time (5.7), or when one can no longer be fetched or is not the
    actor's; and Damaged.
    """
    _check_amount(deliveries)
    content = _opened(deliveries)
    _record(actor, _by_step(deliveries))
    if len(deliveries) == 1:
        return Parcel(deliveries[0].name, KINDS[Kind(deliveries[0].kind)].media_type, content)
    return Parcel(f"s2s_{deliveries[0].kind.upper()}_{timezone.localtime():%Y-%m-%d_%H%M}.zip", "application/zip", content)


def confirm(*, actor: Actor, deliveries: Sequence[Delivery]) -> None:
    """ "Yes": the files arrived whole; the sender of each is told. Said twice, it counts once."""
    _check_amount(deliveries)
    take_all(deliveries, StepName.CONFIRM, by=actor)


def put_back(*, actor: Actor, deliveries: Sequence[Delivery]) -> None:
    """ "No": the files are waiting as before, and nobody is told (5.2). What counts as collected already stays so."""
    _check_amount(deliveries)
    take_all([delivery for delivery in deliveries if delivery.state != State.COLLECTED], StepName.RETURN, by=actor)


def _record(actor: Actor, steps: Mapping[StepName, Sequence[Delivery]]) -> None:
    """All of them or none: those fetched for the first time, and those that are fetched again."""
    if len(steps) == 1:
        [(step, deliveries)] = steps.items()
        take_all(deliveries, step, by=actor)
        return
    with transaction.atomic():
        for step, deliveries in steps.items():
            take_all(deliveries, step, by=actor)


def _by_step(deliveries: Sequence[Delivery]) -> dict[StepName, list[Delivery]]:
    steps: dict[StepName, list[Delivery]] = {}
    for delivery in deliveries:
        steps.setdefault(StepName.REFETCH if delivery.state == State.COLLECTED else StepName.FETCH, []).append(delivery)
    return steps


def _check_amount(deliveries: Sequence[Delivery]) -> None:
    if not deliveries:
        raise NotPossible(StepFault.NOTHING_CHOSEN)
    if len(deliveries) > 1 and not KINDS[Kind(deliveries[0].kind)].bundled:
        raise NotPossible(StepFault.ONE_AT_A_TIME)
    if len(deliveries) > 1 and sum(delivery.transfer.size for delivery in deliveries) > MOST_AT_ONCE:
        raise NotPossible(StepFault.TOO_MUCH, limit=MOST_AT_ONCE)


def _opened(deliveries: Sequence[Delivery]) -> Iterable[bytes]:
    """The bytes of one file, or of a zip that opens one file after the other while it is read. Raises Damaged."""
    transfers = [delivery.transfer for delivery in deliveries]
    if len(transfers) == 1:
        return (store.open_content(transfers[0]),)
    store.check_openable(transfers)
    return _bundle(transfers)


def _bundle(transfers: Sequence[Transfer]) -> Iterator[bytes]:
    """One zip, each file under its own name; a second file of the same name lies in a folder named for its receipt."""
    written, names = _Written(), set[str]()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bundle:
        for transfer in transfers:
            name = transfer.name if transfer.name not in names else f"{transfer.receipt}/{transfer.name}"
            names.add(name)
            bundle.writestr(name, store.open_content(transfer))
            yield written.taken()
    yield written.taken()


class _Written(io.RawIOBase):
    """What the zip has written since it was last taken away."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, part: "Buffer") -> int:
        self.parts.append(bytes(part))
        return len(self.parts[-1])

    def taken(self) -> bytes:
        parts, self.parts = self.parts, []
        return b"".join(parts)
