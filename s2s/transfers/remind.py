"""The weekly reminder: each school hears which files wait for it, each authority what its schools and it have not downloaded (4.2, 5.1).

A week begins on Monday at seven, and speaks of the files that waited then. Each place has one row for each week, written with its e-mail:
whatever was cut off, failed or did not run is caught up later in the week, and nothing is queued twice.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from s2s.notices import catalogue
from s2s.organisations.models import Organisation
from s2s.rules.lifecycle import AWAITING, Part
from s2s.transfers.models import Delivery, Reminder

log = logging.getLogger(__name__)

NAMED = 100  # with more files than this an e-mail has numbers, school by school, and no names of files
AT = time(7)
KEPT = timedelta(days=400)


def remind() -> int:
    """Queue this week's reminders that are not yet queued; how many places. Copies do not count. What fails at one place stops no other."""
    monday = beginning_of_week(timezone.now())
    return sum(_remind(place, monday) for place in _places(monday))


def beginning_of_week(now: datetime) -> datetime:
    """The last Monday at seven, as the clocks on the wall have it."""
    local = timezone.localtime(now)
    monday = datetime.combine(local.date() - timedelta(days=local.weekday()), AT, tzinfo=local.tzinfo)
    return monday if monday <= local else datetime.combine(monday.date() - timedelta(days=7), AT, tzinfo=local.tzinfo)


def forget() -> None:
    """Remove the rows of weeks long past."""
    Reminder.objects.filter(week__lt=(timezone.now() - KEPT).date()).delete()


def _places(monday: datetime) -> Iterator[int]:
    """The schools for which files wait, and the authorities for which or for whose schools they do; without those that have been told."""
    found = _waiting(monday).order_by().values_list("organisation", "organisation__authority").distinct()
    places = {pk for pair in found.iterator() for pk in pair if pk}
    told = Reminder.objects.filter(week=monday.date()).values_list("organisation", flat=True)
    yield from sorted(places - set(told))


def _waiting(monday: datetime) -> QuerySet[Delivery]:
    here = Delivery.objects.filter(part=Part.ADDRESSEE, state__in=AWAITING, organisation__isnull=False)
    return here.filter(transfer__sent_at__lt=monday)


def _remind(pk: int, monday: datetime) -> bool:
    try:
        return _write(Organisation.objects.get(pk=pk), monday)
    except Exception:
        log.exception("a reminder could not be queued; it is tried again within the hour")
        return False


@transaction.atomic
def _write(place: Organisation, monday: datetime) -> bool:
    _, new = Reminder.objects.get_or_create(organisation=place, week=monday.date())
    waiting = _groups(place, monday) if new else []
    if waiting:
        catalogue.reminder(place.recipient, waiting, for_schools=place.is_authority)
    return bool(waiting)


def _groups(place: Organisation, monday: datetime) -> list[catalogue.Waiting]:
    """What waits: for a school by sender, for an authority by school and for itself; oldest first."""
    whose = Q(organisation=place) | Q(organisation__authority=place) if place.is_authority else Q(organisation=place)
    party = "organisation" if place.is_authority else "transfer__source"
    files = _waiting(monday).filter(whose)
    names = ArrayAgg("transfer__name", order_by="transfer__sent_at") if files.count() <= NAMED else None
    groups = files.order_by().values(party).annotate(number=Count("pk"), oldest=Min("transfer__sent_at")).order_by("oldest", party)
    if names is not None:
        groups = groups.annotate(names=names)
    parties = Organisation.objects.in_bulk([group[party] for group in groups])
    return [catalogue.Waiting(parties[group[party]].party, group["number"], group["oldest"], group.get("names", [])) for group in groups]
