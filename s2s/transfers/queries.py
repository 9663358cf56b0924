"""Which transfers and deliveries are an actor's: the doors get them nowhere else, and a stranger gets none."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone

from s2s.accounts.actors import Actor
from s2s.organisations.models import Organisation
from s2s.rows import Columns, found
from s2s.rules.attention import OLD_FILE, REJECTED_LATELY
from s2s.rules.kinds import KINDS, Kind
from s2s.rules.lifecycle import PART_NEEDS, Part, Shelf, State, View
from s2s.rules.roles import Can, Use, right_to
from s2s.transfers.models import Delivery, Transfer

T = TypeVar("T")


def deliveries_of(actor: Actor, kind: Kind) -> QuerySet[Delivery]:
    """The deliveries of this kind at the addresses that the actor works with (1.6); none without the right to fetch the kind.

    Copies are for those who watch an authority's area, the Lost Pupil Database's for nobody here.
    """
    if not _may(actor, Use.FETCH, kind):
        return Delivery.objects.none()
    mine = Delivery.objects.filter(organisation=actor.organisation, address__in=actor.addresses, kind=kind)
    hidden = [part for part in Part if not all(actor.may(right) for right in PART_NEEDS[part])]
    return mine.exclude(part__in=hidden) if hidden else mine


def _may(actor: Actor, use: Use, kind: Kind) -> bool:
    right = right_to(use, kind)
    return right is not None and actor.may(right)


def waiting_for(actor: Actor, kind: Kind) -> QuerySet[Delivery]:
    """Files awaiting download; one that was fetched but not confirmed is still among them (5.2)."""
    return deliveries_of(actor, kind).filter(shelf=Shelf.AWAITING)


def previously_downloaded(actor: Actor, kind: Kind) -> QuerySet[Delivery]:
    return deliveries_of(actor, kind).filter(shelf=Shelf.COLLECTED)


def sent_to(actor: Actor, kind: Kind) -> QuerySet[Delivery]:
    """What was sent to this desk itself and awaits it: no copies of what went to others (5.3: 675LLLL is dealt with promptly)."""
    return waiting_for(actor, kind).filter(part=Part.ADDRESSEE).order_by("sent_at", "pk")  # the order of its index


def in_area(actor: Actor, kind: Kind, outcome: Shelf) -> QuerySet[Delivery]:
    """Files of an authority's area by what their addressees did with them (5.3); none for those who do not watch one."""
    if not watches(actor, kind):
        return Delivery.objects.none()
    return deliveries_of(actor, kind).filter(outcome_shelf=outcome)


def watches(actor: Actor, kind: Kind) -> bool:
    """Whether the actor has the three views of files of this kind (5.3)."""
    return KINDS[kind].copied and actor.may(Can.WATCH_AREA)


_COPY, _FILE, _SOURCE = Columns(Delivery, "copy"), Columns(Transfer, "file"), Columns(Organisation, "source")
_BY_KEY = f"""
SELECT {_COPY.sql}, {_FILE.sql}, {_SOURCE.sql}
FROM transfers_delivery copy
JOIN transfers_transfer file ON file.id = copy.transfer_id
JOIN organisations_organisation source ON source.id = file.source_id
WHERE copy.key = ANY(%s) AND copy.organisation_id = %s AND copy.address = ANY(%s) AND copy.kind = %s AND copy.part = ANY(%s)
ORDER BY copy.name, copy.id
"""  # noqa: S608 # nosec B608 - our own words


def deliveries_by_key(actor: Actor, kind: Kind, keys: Sequence[UUID]) -> list[Delivery]:
    """The actor's own deliveries among these keys, in the order of the list; keys of others are as if they did not exist."""
    if actor.organisation is None or not _may(actor, Use.FETCH, kind):
        return []
    parts = [str(part) for part in Part if part is not Part.SENT and all(actor.may(right) for right in PART_NEEDS[part])]
    rows = found(_BY_KEY, [list(keys), actor.organisation.pk, list(actor.addresses), str(kind), parts])
    return [_with_its_file(row, actor.organisation) for row in rows]


def _with_its_file(row: Iterator[Any], place: Organisation) -> Delivery:
    delivery, file, source = _COPY.take(row), _FILE.take(row), _SOURCE.take(row)
    file.source, delivery.transfer, delivery.organisation = source, file, place
    return delivery


def deliveries_by_number(actor: Actor, kind: Kind, numbers: Collection[int]) -> list[Delivery]:
    """The same by their numbers in the database, which the site keeps to itself."""
    keys = deliveries_of(actor, kind).filter(pk__in=numbers).values_list("key", flat=True) if numbers else ()
    return deliveries_by_key(actor, kind, list(keys)) if keys else []


def delivery_to_reject(actor: Actor, kind: Kind, key: UUID) -> Delivery | None:
    """The delivery, when it is addressed to this desk: an authority's copy cannot be rejected."""
    if not _may(actor, Use.REJECT, kind):
        return None
    mine = deliveries_of(actor, kind).filter(key=key, part=Part.ADDRESSEE)
    return mine.select_related("transfer__source", "organisation").first()


def sent_by(actor: Actor, kind: Kind) -> QuerySet[Transfer]:
    """What this desk has sent, newest first; none without the right to send the kind."""
    if not _may(actor, Use.SEND, kind):
        return Transfer.objects.none()
    mine = Transfer.objects.filter(source=actor.organisation, source_address__in=actor.addresses, kind=kind)
    return mine.order_by("-sent_at", "-pk")


def transfer_of(actor: Actor, receipt: str) -> Transfer | None:
    """The transfer, for the desk that sent it and for those who have a delivery of it, as far as they work with its kind."""
    transfer = Transfer.objects.select_related("source", "destination").prefetch_related("deliveries").filter(receipt=receipt).first()
    if transfer is None:
        return None
    kind = Kind(transfer.kind)
    received = deliveries_of(actor, kind).filter(transfer=transfer)
    return transfer if sent_by(actor, kind).filter(pk=transfer.pk).exists() or received.exists() else None


def unconfirmed(actor: Actor, kind: Kind) -> QuerySet[Delivery]:
    """Fetched, and nobody has said yet whether it arrived whole (5.2); the oldest first, as in its index."""
    return waiting_for(actor, kind).filter(state=State.FETCHED).order_by("sent_at", "pk")


def late(actor: Actor, kind: Kind) -> QuerySet[Delivery]:
    """What has been awaiting download for long: at the actor's own desk or, for those who watch an area, at its destinations."""
    watched = in_area(actor, kind, Shelf.AWAITING).filter(view__in=list(View))
    rows = watched if watches(actor, kind) else waiting_for(actor, kind)
    return rows.filter(sent_at__lt=timezone.now() - OLD_FILE).order_by("sent_at", "pk")


class Followed(StrEnum):
    """What a sender follows: parts of the list of what was sent."""

    UNCOLLECTED = "uncollected"
    LATE = "late"
    REJECTED = "rejected"


def followed(actor: Actor, kind: Kind, part: Followed) -> QuerySet[Transfer]:
    """What lies in the Lost Pupil Database waits for nobody; a rejection is news for 30 days."""
    mine = sent_by(actor, kind)
    uncollected = mine.filter(shelf=Shelf.AWAITING).exclude(destination=None)
    match part:
        case Followed.UNCOLLECTED:
            return uncollected
        case Followed.LATE:
            return uncollected.filter(sent_at__lt=timezone.now() - OLD_FILE)
        case Followed.REJECTED:
            return mine.filter(shelf=Shelf.REJECTED, state_at__gt=timezone.now() - REJECTED_LATELY)


def lately_rejected(actor: Actor, kind: Kind) -> list[Transfer]:
    """For Home: the last of them, with why."""
    rejected = followed(actor, kind, Followed.REJECTED).order_by("-state_at", "-pk")
    return list(rejected.prefetch_related("deliveries")[:10])


@dataclass(frozen=True)
class FromSender:
    """How many files of one sender a place has not collected."""

    sender: Organisation
    files: int


def uncollected_at(place: Organisation) -> list[FromSender]:
    """What was sent to a place and waits there, sender by sender; who has most first. Copies do not count. For its administrators (3.8)."""
    waiting = Delivery.objects.filter(organisation=place, part=Part.ADDRESSEE, shelf=Shelf.AWAITING)
    counts = dict(waiting.order_by().values_list("transfer__source").annotate(number=Count("pk")))
    senders = Organisation.objects.in_bulk(counts)
    return sorted((FromSender(senders[pk], files) for pk, files in counts.items()), key=lambda one: (-one.files, one.sender.number))


def with_old_files(places: QuerySet[Organisation], *, sent_before: datetime) -> QuerySet[Organisation]:
    """Those of the places where a file that was sent to them waits since before that moment."""
    waiting = Delivery.objects.filter(address=OuterRef("number"), kind__in=list(Kind), part=Part.ADDRESSEE, shelf=Shelf.AWAITING)
    return places.filter(Exists(waiting.filter(sent_at__lt=sent_before)))


MOST_COUNTED = 500


def counted(rows: QuerySet[Delivery] | QuerySet[Transfer]) -> int:
    """How many there are, counted up to one more than MOST_COUNTED: then there are more than that."""
    return rows[: MOST_COUNTED + 1].count()


def counted_at_once(lists: Mapping[T, QuerySet[Any]]) -> dict[T, int]:
    """The same of many lists, in one statement."""
    if not lists:
        return {}
    parts = [_one_count(rows) for rows in lists.values()]
    statement = ", ".join(f"(SELECT count(*) FROM ({sql}) AS one)" for sql, _ in parts)  # noqa: S608 # nosec B608 - what the ORM has written
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {statement}", [given for _, params in parts for given in params])  # nosec B608
        return dict(zip(lists, cursor.fetchone(), strict=True))


def _one_count(rows: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    try:
        return rows.values("pk")[: MOST_COUNTED + 1].query.sql_with_params()
    except EmptyResultSet:
        return "SELECT WHERE FALSE", ()
