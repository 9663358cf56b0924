"""The weekly reminder: each school hears which files wait for it, each authority what its schools and it have not downloaded (4.2, 5.1)."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction

from s2s.notices import catalogue
from s2s.organisations.models import Organisation
from s2s.rules.lifecycle import AWAITING
from s2s.transfers.models import Delivery

SHOWN = 100  # files named in one e-mail; of more it says how many


def remind() -> int:
    """Queue this week's reminders and return how many. Nobody without a waiting file is written to; copies do not count."""
    waiting = Delivery.objects.filter(part=Delivery.Part.ADDRESSEE, state__in=AWAITING)
    waiting = waiting.select_related("transfer__source", "organisation__authority").order_by("transfer__sent_at", "pk")
    by_school: dict[Organisation, list[Delivery]] = defaultdict(list)
    by_authority: dict[Organisation, list[Delivery]] = defaultdict(list)
    for delivery in waiting.iterator(2000):
        if delivery.organisation is None:
            continue
        if delivery.organisation.is_school:
            by_school[delivery.organisation].append(delivery)
        if delivery.organisation.maintained_by:
            by_authority[delivery.organisation.maintained_by].append(delivery)
    for school, deliveries in by_school.items():
        _write(school, deliveries)
    for authority, deliveries in by_authority.items():
        _write(authority, deliveries)
    return len(by_school) + len(by_authority)


@transaction.atomic
def _write(to: Organisation, deliveries: list[Delivery]) -> None:
    catalogue.reminder(to.recipient, list(_lines(deliveries[:SHOWN])), more=max(0, len(deliveries) - SHOWN), for_schools=to.is_authority)


def _lines(deliveries: Iterable[Delivery]) -> Iterable[catalogue.Waiting]:
    for delivery in deliveries:
        transfer = delivery.transfer
        if delivery.organisation:
            yield catalogue.Waiting(transfer.name, transfer.sent_at, transfer.source.party, delivery.organisation.party)
