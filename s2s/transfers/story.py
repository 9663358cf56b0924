"""The timeline of a transfer: who did what to it, and when, as far as the reader is concerned."""

from dataclasses import dataclass
from datetime import datetime

from s2s.accounts.actors import Actor
from s2s.notices.models import DeadAddress
from s2s.organisations.models import Organisation
from s2s.rules.kinds import Kind
from s2s.rules.lifecycle import Part, State, StepName
from s2s.transfers import queries
from s2s.transfers.models import Delivery, Event, Transfer


@dataclass(frozen=True)
class Line:
    """`step` was taken on `delivery`; `person` is the colleague who took it, and '' for a reader at another desk."""

    step: StepName
    at: datetime
    organisation: Organisation | None
    delivery: Delivery
    person: str


@dataclass(frozen=True)
class Story:
    """What a page needs to tell what became of a transfer; `mine` is the reader's own copy."""

    transfer: Transfer
    addressee: Delivery
    lines: list[Line]
    is_sender: bool
    mine: Delivery | None
    unreached: bool  # for its sender: it waits, and the e-mail about it does not reach the place it is for


def story_of(transfer: Transfer, reader: Actor) -> Story:
    """Sender and addressee see the addressee's part; an authority its own copy's as well."""
    mine = queries.deliveries_of(reader, Kind(transfer.kind)).filter(transfer=transfer).first()
    events = Event.objects.filter(delivery__transfer=transfer).select_related("organisation", "delivery").order_by("at", "pk")
    lines = [_line(event, transfer, reader) for event in events if event.delivery.part != Part.COPY or event.delivery == mine]
    is_sender = queries.sent_by(reader, Kind(transfer.kind)).filter(pk=transfer.pk).exists()
    return Story(transfer, transfer.addressee, lines, is_sender, mine, is_sender and _is_unreached(transfer))


def _is_unreached(transfer: Transfer) -> bool:
    place = transfer.destination
    return place is not None and transfer.state == State.WAITING and DeadAddress.objects.filter(email=place.recipient.email).exists()


def _line(event: Event, transfer: Transfer, reader: Actor) -> Line:
    step = StepName(event.step)
    desk = transfer.source_address if step is StepName.SEND else event.delivery.address
    colleague = reader.organisation is not None and event.organisation_id == reader.organisation.pk and desk in reader.addresses
    return Line(step, event.at, event.organisation, event.delivery, event.person if colleague else "")
