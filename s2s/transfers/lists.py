"""A list page by page, in any order, however long it is (5.3).

A page begins after, or ends before, a file that the reader has seen: what arrives meanwhile moves nothing, and the hundredth page costs
what the first one does.
"""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import F, QuerySet, Value
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan

from s2s.rules.lifecycle import Part, View
from s2s.transfers import queries
from s2s.transfers.models import Delivery, Transfer

T = TypeVar("T", Delivery, Transfer)
PAGE_LENGTH = 50

# Column -> what it is ordered by, in the language of the page; the first is how the list opens (5.3).
SORTS = {"destination": "destination_name", "name": "name", "source": "source_name", "date": "sent_at"}
NAMES = {"destination_name", "source_name"}
KEYS = {Delivery: "key", Transfer: "receipt"}  # what stands for a row in the address of a page


@dataclass(frozen=True)
class Order:
    """A column of the list and the direction; `language` says in which language names are ordered."""

    column: str
    descending: bool = False
    language: str = "en"

    @property
    def field(self) -> str:
        field = SORTS[self.column]
        return f"{field}_cy" if self.language == "cy" and field in NAMES else field


@dataclass(frozen=True)
class Slice(Generic[T]):
    """One page of a list: `before` and `after` are where the neighbouring pages start, '' where there is none."""

    rows: list[T]
    before: str = ""
    after: str = ""


def page(
    rows: QuerySet[T], order: Order, *, among: QuerySet[T] | None = None, after: str = "", before: str = "", length: int = PAGE_LENGTH
) -> Slice[T]:
    """The page that follows the row `after`, or precedes `before`; the first when neither is one that the reader may see.

    `among` are all rows that the reader may see: a row that has left the list meanwhile still has its place in it.
    """
    start = _place(rows if among is None else among, order, before or after)
    backwards = bool(before) and start is not None
    found = list(_from(rows, order, start, backwards=backwards)[: length + 1])
    more, found = len(found) > length, found[:length]
    if backwards and not more:  # the beginning of the list: a whole page, not the few that precede
        return page(rows, order, length=length)
    if backwards:
        found.reverse()
        return Slice(found, _key(found[0]), _key(found[-1]))
    return Slice(found, _key(found[0]) if start is not None and found else "", _key(found[-1]) if more else "")


def numbers(rows: QuerySet[Delivery], order: Order, most: int) -> list[int]:
    """Of the whole list, so many in its order: what can be ticked at once. What an authority sent itself has nothing to fetch."""
    return list(_from(rows.exclude(part=Part.SENT), order, None, backwards=False).values_list("pk", flat=True)[:most])


def _key(row: Delivery | Transfer) -> str:
    return str(getattr(row, KEYS[type(row)]))


def _place(rows: QuerySet[T], order: Order, key: str) -> tuple[Any, int] | None:
    """Where the row stands in the order."""
    if not key or "\0" in key:
        return None
    try:
        return rows.filter(**{KEYS[rows.model]: key}).order_by().values_list(order.field, "pk").first()
    except (ValidationError, ValueError):  # no key at all
        return None


def _from(rows: QuerySet[T], order: Order, start: tuple[Any, int] | None, *, backwards: bool) -> QuerySet[T]:
    descending = order.descending != backwards
    if start is not None:
        lookup = TupleLessThan if descending else TupleGreaterThan
        field: Any = rows.model._meta.get_field(order.field)
        rows = rows.filter(lookup([F(order.field), F("pk")], [Value(start[0], output_field=field), Value(start[1])]))
    sign = "-" if descending else ""
    return rows.order_by(f"{sign}{order.field}", f"{sign}pk")


def counted_by_view(rows: QuerySet[Delivery]) -> dict[str, int]:
    """How many files each of the three views holds (5.3), counted up to a limit."""
    return {view.value: queries.counted(rows.filter(view=view)) for view in View}


def sent(rows: QuerySet[Transfer], *, after: str = "", before: str = "", length: int = PAGE_LENGTH) -> Slice[Transfer]:
    """What a desk has sent, newest first, with the names of the places."""
    rows = rows.select_related("destination")
    places = [f"destination__{field}" for field in ("number", "name", "name_cy", "kind")]
    rows = rows.only("receipt", "name", "kind", "sent_at", "source_address", "destination_address", "state", "state_at", *places)
    return page(rows, Order("date", descending=True), after=after, before=before, length=length)
