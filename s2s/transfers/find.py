"""Finding files in a list by what somebody types.

A school finds its own files by a pupil's name or UPN too. An authority's views show no pupil (5.3) and know none: there one finds by
receipt number, file name, or the number of a school. Nothing is indexed for it. A school's own files are thousands at most, and are looked
through; an authority's may be a million, and are reached from the receipt, or from the files of one school.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Final, TypeVar

from django.db import connection
from django.db.models import CharField, F, Func, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat

from s2s.accounts.actors import Actor
from s2s.rules.identifiers import is_upn_form
from s2s.transfers.models import LETTERS, Delivery, Pupil, Transfer

T = TypeVar("T", Delivery, Transfer)
MOST: Final = 5000  # files of one school that an authority's list is searched among
RECEIPT: Final = re.compile(rf"([{LETTERS}]{{4}})-?([{LETTERS}]{{4}})-?([{LETTERS}]{{4}})")
OF_A_NAME: Final = re.compile(r"(?P<address>\d{7}|\d{3}[A-Z]{4})(_|$)")

# Accents make no difference, and what joins the parts of a name is a blank. Each letter of the first becomes that below it.
_MARKED: Final = "âêîôûŵŷáéíóúẃýàèìòùẁỳäëïöüẅÿçñãõåąćčęěğłńřśšźżžøışțș"
_FOLDED: Final = "".join(unicodedata.normalize("NFD", letter)[0] for letter in _MARKED).translate(str.maketrans("łøı", "loi"))
_FROM: Final = _MARKED + _MARKED.replace("ı", "İ").upper() + "'’-"
_TO: Final = _FOLDED * 2 + "   "
_GONE: Final = "\u0300\u0301\u0302\u0308"  # accents written by themselves
_PARTS: Final = ("forename", "middle_names", "surname", "preferred_forename", "preferred_surname", "former_forename", "former_surname")


def knows_pupils(actor: Actor) -> bool:
    """Whether the lists of this actor name the pupils of their files: a school's own do, an authority's never (5.3)."""
    return actor.organisation is not None and actor.organisation.is_school


def in_received(actor: Actor, rows: QuerySet[Delivery], words: str) -> QuerySet[Delivery]:
    """Of the actor's deliveries those that fit."""
    return _found(actor, rows, words, transfer="transfer_id", places=("source_name", "source_name_cy"))


def in_sent(actor: Actor, rows: QuerySet[Transfer], words: str) -> QuerySet[Transfer]:
    """Of the files that the actor has sent those that fit."""
    return _found(actor, rows, words, transfer="pk", places=("destination__name", "destination__name_cy"))


def _found(actor: Actor, rows: QuerySet[T], words: str, *, transfer: str, places: tuple[str, ...]) -> QuerySet[T]:
    if not words:
        return rows
    if "\0" in words:
        return rows.none()
    if receipt := RECEIPT.fullmatch(words.upper()):
        same = Transfer.objects.filter(receipt="-".join(receipt.groups())).values_list("pk", flat=True)
        return rows.filter(**{f"{transfer}__in": list(same)})
    if not knows_pupils(actor):
        return rows.filter(**{f"{transfer}__in": _of_a_school(words.upper())})
    own = rows.order_by().values_list(transfer, flat=True)
    named = (
        _pupils(words).filter(transfer__in=list(own)).values_list("transfer", flat=True)
    )  # by their index, however many others there are
    return rows.filter(_named(words.split(), places) | Q(**{f"{transfer}__in": list(named)}))


@dataclass(frozen=True)
class Pupils:
    """Whom a file is about: some of their names, and how many more there are."""

    names: list[str]
    more: int


_FIRST: Final = """
SELECT file.id, file.pupil_count, pupil.forename, pupil.surname FROM transfers_transfer file
CROSS JOIN LATERAL (SELECT forename, surname FROM transfers_pupil WHERE transfer_id = file.id ORDER BY id LIMIT %s) pupil
WHERE file.id = ANY(%s)
"""


def pupils_of(actor: Actor, files: Iterable[int], *, most: int = 3) -> dict[int, Pupils]:
    """The pupils of these files of the actor's, by the numbers of the transfers; nobody's for whoever may not know them."""
    if not knows_pupils(actor):
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_FIRST, [most, list(files)])
        rows = cursor.fetchall()
    names = defaultdict[int, list[str]](list)
    for number, _, forename, surname in rows:
        names[number].append(f"{forename} {surname}")
    return {number: Pupils(names[number], count - len(names[number])) for number, count, *_ in rows}


def _named(words: Iterable[str], places: tuple[str, ...]) -> Q:
    """Each word stands in the file's name, or in that of the place at the other end."""
    return reduce(and_, (reduce(or_, (Q(**{f"{field}__icontains": word}) for field in ("name", *places))) for word in words))


def _pupils(words: str) -> QuerySet[Pupil]:
    """The pupil with this UPN, or those whose names begin with all of the words."""
    here = Pupil.objects.all()
    if is_upn_form(words.upper()):
        return here.filter(Q(upn=words.upper()) | Q(former_upn=words.upper()))
    if not (parts := _fold(words).split()):
        return here.none()
    here = here.alias(names=_Fold(Concat(*(part for name in _PARTS for part in (Value(" "), F(name))), output_field=CharField())))
    return reduce(lambda pupils, word: pupils.filter(names__contains=f" {word}"), parts, here)


def _of_a_school(words: str) -> list[int]:
    """Files whose name begins so; by the number alone, also those that are addressed to it."""
    if not (match := OF_A_NAME.match(words)):
        return []
    address = match["address"]
    found = list(Transfer.objects.filter(source_address=address, name__istartswith=words).values_list("pk", flat=True)[:MOST])
    if words == address:
        number = address if address.isdecimal() else address[:3]
        there = Transfer.objects.filter(destination__number=number, destination_address=address)
        found += there.values_list("pk", flat=True)[:MOST]
    return found


class _Fold(Func):
    """Small letters without accents, in the database; the same as `_fold`."""

    template = "lower(translate(%(expressions)s))"
    output_field = CharField()

    def __init__(self, text: Combinable) -> None:
        super().__init__(text, Value(_FROM + _GONE), Value(_TO))


def _fold(text: str) -> str:
    return text.translate(str.maketrans(_FROM, _TO, _GONE)).lower()
