"""Which transfers and deliveries are a person's: the doors get them nowhere else, and a stranger gets none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from s2s.accounts.models import User
from s2s.organisations.models import Organisation
from s2s.rules.kinds import Kind
from s2s.rules.lifecycle import AWAITING, State
from s2s.rules.roles import Can
from s2s.transfers.models import Delivery, Transfer

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


class Outcome(TypedDict):
    outcome: str
    outcome_at: datetime


# Column -> what it is ordered by; the first is how the list opens (5.3).
SORTS = {
    "destination": ("destination_name", "pk"),
    "name": ("transfer__name", "pk"),
    "source": ("transfer__source__name", "pk"),
    "date": ("transfer__sent_at", "pk"),
}


def deliveries_of(user: User) -> QuerySet[Delivery]:
    """Every CTF delivery of the addresses this person's role serves (1.6); an authority's copies for those who watch its area."""
    mine = Delivery.objects.filter(organisation=user.organisation, address__in=user.addresses, transfer__kind=Kind.CTF)
    if not user.may(Can.WATCH_AREA):
        mine = mine.exclude(part=Delivery.Part.COPY)
    return mine.select_related("transfer__source", "transfer__destination")


def waiting_for(user: User) -> QuerySet[Delivery]:
    """Files awaiting download; one that was fetched but not confirmed is still among them (5.2)."""
    return deliveries_of(user).filter(state__in=AWAITING)


def previously_downloaded(user: User) -> QuerySet[Delivery]:
    return deliveries_of(user).filter(state=State.COLLECTED)


def awaiting_collection(user: User) -> QuerySet[Delivery]:
    """Files of the authority's area that the destination has not collected yet (5.3)."""
    return _with_outcome(user).filter(outcome__in=AWAITING)


def collected(user: User) -> QuerySet[Delivery]:
    """Files of the authority's area that the destination has collected (5.3)."""
    return _with_outcome(user).filter(outcome=State.COLLECTED)


def _with_outcome(user: User) -> "QuerySet[WithAnnotations[Delivery, Outcome]]":
    """`outcome` and `outcome_at`: what the addressee has done, as distinct from the authority with its copy."""
    addressee = Delivery.objects.filter(transfer=OuterRef("transfer"), part=Delivery.Part.ADDRESSEE)
    return deliveries_of(user).annotate(outcome=Subquery(addressee.values("state")), outcome_at=Subquery(addressee.values("state_at")))


def in_order(deliveries: QuerySet[Delivery], sort: str, *, descending: bool) -> QuerySet[Delivery]:
    first, last = SORTS[sort]
    deliveries = deliveries.annotate(destination_name=F("transfer__destination__name"))
    return deliveries.order_by(f"-{first}", f"-{last}") if descending else deliveries.order_by(first, last)


def deliveries_by_key(user: User, keys: Sequence[UUID]) -> list[Delivery]:
    """The person's own deliveries among these keys, in the order of the list; keys of others are as if they did not exist."""
    return list(deliveries_of(user).filter(key__in=keys).order_by("transfer__name", "pk"))


def delivery_to_reject(user: User, key: UUID) -> Delivery | None:
    """The delivery, when it is addressed to this person's desk: an authority's copy cannot be rejected."""
    return deliveries_of(user).filter(key=key, part=Delivery.Part.ADDRESSEE).first()


def sent_by(user: User) -> QuerySet[Transfer]:
    """What this person's desk has sent, newest first."""
    mine = Transfer.objects.filter(source=user.organisation, source_address__in=user.addresses)
    return mine.select_related("source", "destination").prefetch_related("deliveries").order_by("-sent_at", "-pk")


def transfer_of(user: User, receipt: str) -> Transfer | None:
    """The transfer, for its sender and for those who have a delivery of it."""
    transfers = Transfer.objects.select_related("source", "destination").filter(receipt=receipt)
    received = deliveries_of(user).filter(transfer__receipt=receipt).values("transfer")
    return transfers.filter(pk__in=sent_by(user).order_by().values("pk")).first() or transfers.filter(pk__in=received).first()


def count_waiting(user: User) -> dict[str, int]:
    """For Home: files awaiting download, and among them those fetched but not yet confirmed."""
    states = waiting_for(user).values_list("state").annotate(number=Count("pk")).order_by()
    counts = dict(states)
    return {"waiting": sum(counts.values()), "unconfirmed": counts.get(State.FETCHED, 0)}


def count_sent(user: User) -> dict[str, int]:
    """For Home: files this desk sent that nobody has collected yet."""
    mine = Delivery.objects.filter(transfer__in=sent_by(user).order_by().values("pk"), part=Delivery.Part.ADDRESSEE)
    return {"uncollected": mine.filter(state__in=AWAITING).count()}


def lately_rejected(user: User) -> list[Delivery]:
    """For Home: files this desk sent that were rejected in the last 30 days, newest first."""
    since = timezone.now() - timedelta(days=30)
    mine = Delivery.objects.filter(transfer__source=user.organisation, transfer__source_address__in=user.addresses)
    rejected = mine.filter(state=State.REJECTED, state_at__gt=since)
    return list(rejected.select_related("transfer", "organisation").order_by("-state_at")[:10])


@dataclass(frozen=True)
class FromSender:
    """How many files of one sender a place has not collected."""

    sender: Organisation
    files: int


def uncollected_at(place: Organisation) -> list[FromSender]:
    """What was sent to a place and waits there, sender by sender; who has most first. Copies do not count. For its administrators (3.8)."""
    waiting = Delivery.objects.filter(organisation=place, part=Delivery.Part.ADDRESSEE, state__in=AWAITING)
    counts = dict(waiting.order_by().values_list("transfer__source").annotate(number=Count("pk")))
    senders = Organisation.objects.in_bulk(counts)
    return sorted((FromSender(senders[pk], files) for pk, files in counts.items()), key=lambda one: (-one.files, one.sender.number))


def with_old_files(places: QuerySet[Organisation], *, sent_before: datetime) -> QuerySet[Organisation]:
    """Those of the places where a file that was sent to them waits since before that moment."""
    waiting = Delivery.objects.filter(organisation=OuterRef("pk"), part=Delivery.Part.ADDRESSEE, state__in=AWAITING)
    return places.filter(Exists(waiting.filter(transfer__sent_at__lt=sent_before)))


def counted_by_view(deliveries: QuerySet[Delivery]) -> dict[str, int]:
    """How many files each of the three views holds (5.3)."""
    counts = dict(deliveries.values_list("view").annotate(number=Count("pk")).order_by())
    return {view: counts.get(view, 0) for view in Delivery.View.values}
