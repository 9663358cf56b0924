"""A code and its facts become sentences, now or later: what a session or a row holds can be read in either language.

Each file of `words/` registers the sentences for the codes of its vertical; importing the package imports them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.utils.translation import get_language

from s2s.rules.refusals import Refused
from s2s.words.formats import date_words

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Facts = Mapping[str, object]
Readable = Callable[[Facts], Facts]  # the facts as people read them: bytes as 13.7 MB, the kind of a file by its name


class Sentence(NamedTuple):
    """What is wrong, and what to do about it: whole sentences, translated when they are filled with the facts."""

    text: _StrPromise
    fix: _StrPromise | None = None


Sentences = Mapping[StrEnum, "Sentence | Callable[[Facts], Sentence]"]  # a function chooses between sentences by the facts


@dataclass(frozen=True)
class Said:
    """A sentence for people: what is wrong, what to do about it, and where in the file."""

    text: str
    fix: str = ""
    where: str = ""

    @property
    def whole(self) -> str:
        return f"{self.text} {self.fix}".strip()


class _Table(NamedTuple):
    sentences: Sentences
    readable: Readable | None


_TABLES: Final[dict[type[StrEnum], _Table]] = {}
_DATES: Final = ("date", "closed_on")  # facts that hold a date as ISO 8601 writes it


def register(codes: type[StrEnum], sentences: Sentences, readable: Readable | None = None) -> None:
    """These are the sentences for these codes."""
    _TABLES[codes] = _Table(sentences, readable)


def say(refusal: Refused[Any]) -> Said:
    """The sentences for one refusal."""
    return said(refusal.code, refusal.facts)


def said(code: StrEnum, facts: Facts, *, where: str = "") -> Said:
    table = _TABLES[type(code)]
    sentence = choose(table.sentences[code], facts)
    return filled(sentence, table.readable(facts) if table.readable else facts, where=where)


def choose(entry: Sentence | Callable[[Facts], Sentence], facts: Facts) -> Sentence:
    return entry if isinstance(entry, Sentence) else entry(facts)


def filled(sentence: Sentence, facts: Facts, *, where: str = "") -> Said:
    facts = _in_the_language(facts)
    return Said(str(sentence.text % facts), str(sentence.fix % facts) if sentence.fix else "", where)


def as_json(refusal: Refused[Any]) -> dict[str, Any]:
    """A refusal to be stored, and said later by `from_json` in the language of that moment."""
    return {"code": key_of(refusal.code), "facts": {fact: _plain(value) for fact, value in refusal.facts.items()}}


def from_json(stored: Mapping[str, Any]) -> Said:
    return said(code_of(stored["code"]), stored["facts"])


def key_of(code: StrEnum) -> str:
    """What a stored code is found by: SendFault.EMPTY."""
    return f"{type(code).__name__}.{code.name}"


def code_of(key: str) -> StrEnum:
    codes, _, name = key.partition(".")
    return next(table for table in _TABLES if table.__name__ == codes)[name]


def _in_the_language(facts: Facts) -> dict[str, object]:
    """Dates in words, and in Welsh places by their Welsh name."""
    dates = {fact: date_words(date.fromisoformat(str(facts[fact]))) for fact in _DATES if facts.get(fact)}
    welsh = {fact: facts[f"{fact}_cy"] for fact in facts if facts.get(f"{fact}_cy")} if get_language() == "cy" else {}
    return {**facts, **dates, **welsh}


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value if value is None or isinstance(value, str | int) else str(value)
