"""The timeline of a transfer: who did what to it, and when, as far as the reader is concerned."""

from dataclasses import dataclass
from datetime import datetime

from s2s.accounts.models import User
from s2s.organisations.models import Organisation
from s2s.transfers.models import Delivery, Event, Transfer


@dataclass(frozen=True)
class Line:
    """`what` is 'sent' or a step of the lifecycle; `delivery` the copy it happened to."""

    what: str
    at: datetime
    organisation: Organisation | None
    delivery: Delivery | None = None


def story_of(transfer: Transfer, reader: User) -> dict[str, object]:
    """What a page needs to tell the story. Sender and addressee see the addressee's part; an authority its own copy's as well."""
    events = Event.objects.filter(delivery__transfer=transfer).select_related("organisation", "delivery")
    seen = [
        event for event in events if event.delivery.part != Delivery.Part.COPY or event.delivery.organisation_id == reader.organisation_id
    ]
    lines = [Line("sent", transfer.sent_at, transfer.source)]
    lines += [Line(event.step, event.at, event.organisation, event.delivery) for event in seen]
    addressee = transfer.addressee
    return {
        "lines": lines,
        "addressee": addressee,
        "is_sender": transfer.source_id == reader.organisation_id,
        "mine": next((one for one in transfer.deliveries.all() if one.organisation_id == reader.organisation_id), None),
    }
