"""What a table of sentences is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Facts = Mapping[str, object]


class Row(NamedTuple):
    """What is wrong, and what to do about it: whole sentences, translated when they are filled with the facts."""

    text: _StrPromise
    fix: _StrPromise | None = None


Words = Mapping[StrEnum, "Row | Callable[[Facts], Row]"]  # a function chooses between sentences by the facts


def row(words: Words, code: StrEnum, facts: Facts) -> Row:
    found = words[code]
    return found if isinstance(found, Row) else found(facts)
