"""A file is collected: fetched as often as needed, and off the waiting list once it arrived whole (5.2, 5.3)."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from s2s.accounts.actors import Person
from s2s.rules.kinds import MB
from s2s.rules.lifecycle import State, StepName
from s2s.transfers import store
from s2s.transfers.models import Delivery
from s2s.transfers.refusals import NotPossible, StepFault

MOST_AT_ONCE = 100 * MB  # of files in one zip, which is made in memory: nothing unencrypted touches the disk


@dataclass(frozen=True)
class Parcel:
    """What is handed over: one file under its own name, or several in one zip."""

    name: str
    media_type: str
    content: bytes


@transaction.atomic
def fetch(*, actor: Person, deliveries: Sequence[Delivery]) -> Parcel:
    """The files themselves. They stay on the waiting list until `confirm`; those collected before are fetched again.

    Raises NotPossible when nothing is chosen, when it is too much for one zip, or when one can no longer be fetched.
    """
    _check_amount(deliveries)
    for delivery in deliveries:
        delivery.take(StepName.REFETCH if delivery.state == State.COLLECTED else StepName.FETCH, by=actor)
    return _parcel(deliveries)


@transaction.atomic
def confirm(*, actor: Person, deliveries: Sequence[Delivery]) -> None:
    """ "Yes": the files arrived whole; the sender of each is told. Said twice, it counts once."""
    _check_amount(deliveries)
    for delivery in deliveries:
        if delivery.state != State.COLLECTED:
            _confirm(delivery, actor)


def _confirm(delivery: Delivery, actor: Person) -> None:
    try:
        delivery.take(StepName.CONFIRM, by=actor)
    except NotPossible:
        if delivery.state != State.COLLECTED:  # somebody else has just said the same
            raise


@transaction.atomic
def put_back(*, actor: Person, deliveries: Sequence[Delivery]) -> None:
    """ "No": the files are waiting as before, and nobody is told (5.2)."""
    _check_amount(deliveries)
    for delivery in deliveries:
        if delivery.state == State.FETCHED:
            delivery.take(StepName.RETURN, by=actor)


def _check_amount(deliveries: Sequence[Delivery]) -> None:
    if not deliveries:
        raise NotPossible(StepFault.NOTHING_CHOSEN)
    if len(deliveries) > 1 and sum(delivery.transfer.size for delivery in deliveries) > MOST_AT_ONCE:
        raise NotPossible(StepFault.TOO_MUCH, limit=MOST_AT_ONCE)


def _parcel(deliveries: Sequence[Delivery]) -> Parcel:
    if len(deliveries) == 1:
        transfer = deliveries[0].transfer
        return Parcel(transfer.name, "application/xml", store.open_content(transfer))
    return Parcel(f"s2s_CTF_{timezone.localtime():%Y-%m-%d_%H%M}.zip", "application/zip", _bundle(deliveries))


def _bundle(deliveries: Sequence[Delivery]) -> bytes:
    """One zip, each file under its own name; a second file of the same name lies in a folder named for its receipt."""
    content, names = io.BytesIO(), set[str]()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bundle:
        for transfer in (delivery.transfer for delivery in deliveries):
            name = transfer.name if transfer.name not in names else f"{transfer.receipt}/{transfer.name}"
            names.add(name)
            bundle.writestr(name, store.open_content(transfer))
    return content.getvalue()
