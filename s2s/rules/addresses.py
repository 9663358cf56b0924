"""Where a file comes from or goes to: the seven characters that stand for a school, a desk of an LA, or the Lost Pupil Database.

Appendix 2 and 1.6 of the guidance. An address is of the right form or it does not exist; whether the school or the LA behind it is set up
is a question for `organisations`.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from s2s.rules.refusals import Refused

LENGTH: Final = 7


class Place(StrEnum):
    SCHOOL = "school"  # 6812045: LA number, school number
    LA = "la"  # 681LLLL: the LA's general roles
    PLASC = "plasc"  # 681PLAS: LEA PLASC
    ADMISSIONS = "admissions"  # 681ADMS: LEA Admissions
    UNKNOWN = "unknown"  # XXXXXXX: lost, destination unknown
    OUTSIDE = "outside"  # MMMMMMM: lost, outside the maintained sector


SUFFIXES: Final = {Place.LA: "LLLL", Place.PLASC: "PLAS", Place.ADMISSIONS: "ADMS"}  # 1.6 prints LEALLL, LEAPLAS, LEAADMS
LOST: Final = {Place.UNKNOWN: "XXXXXXX", Place.OUTSIDE: "MMMMMMM"}

_PLACES: Final = {suffix: place for place, suffix in SUFFIXES.items()} | {text[3:]: place for place, text in LOST.items()}
_FORM: Final = re.compile(r"[0-9]{3}(?:[0-9]{4}|LLLL|PLAS|ADMS)|XXXXXXX|MMMMMMM")


class AddressFault(StrEnum):
    EIGHT_LETTERS = "eight_letters"  # XXXXXXXX, as 1.3 prints it
    FIVE_LS = "five_ls"  # 681LLLLL, as the picture in 4.2 has it
    LENGTH = "length"  # not seven characters
    FORM = "form"  # seven characters, but none of the forms


class BadAddress(Refused[AddressFault]):
    """Facts: `text` as given (at most 20 characters of it), `length`, and `right`, the address meant, where that is plain."""


@dataclass(frozen=True, slots=True)
class Address:
    """Seven characters in capitals; anything else raises BadAddress."""

    text: str

    def __post_init__(self) -> None:
        if _FORM.fullmatch(self.text) is None:
            raise _refusal(self.text)

    def __str__(self) -> str:
        return self.text

    @property
    def place(self) -> Place:
        return _PLACES.get(self.text[3:], Place.SCHOOL)

    @property
    def authority(self) -> str | None:
        """The three digits of the LA (a school's too), or None for the Lost Pupil Database."""
        return None if self.is_lost else self.text[:3]

    @property
    def organisation(self) -> str | None:
        """'6812045' for a school, '681' for any desk of that LA, None for the Lost Pupil Database."""
        return self.text if self.is_school else self.authority

    @property
    def is_lost(self) -> bool:
        return self.text[0] in "XM"

    @property
    def is_school(self) -> bool:
        return self.place is Place.SCHOOL

    @property
    def is_authority(self) -> bool:
        return self.place in SUFFIXES


def parse(text: str) -> Address:
    """Read an address in capitals or small letters; raises BadAddress."""
    return Address(text.upper() if text.isascii() else text)


def at_authority(number: str, place: Place = Place.LA) -> Address:
    """The address of an LA's desk: `at_authority("681", Place.PLASC)` is 681PLAS."""
    return Address(number + SUFFIXES[place])


def _refusal(text: str) -> BadAddress:
    facts: dict[str, object] = {"text": text[:20], "length": len(text)}
    right = _meant(text)
    if right is not None:
        facts["right"] = right
    return BadAddress(_fault(text), **facts)


def _fault(text: str) -> AddressFault:
    if text in {"XXXXXXXX", "MMMMMMMM"}:
        return AddressFault.EIGHT_LETTERS
    if len(text) == LENGTH + 1 and text[:3].isdecimal() and text.endswith("LLLLL"):
        return AddressFault.FIVE_LS
    return AddressFault.FORM if len(text) == LENGTH else AddressFault.LENGTH


def _meant(text: str) -> str | None:
    """The address meant by one with the same letter too often or too seldom: XXXXXXXX, MMMMMM, 681LLLLL, 681LLL."""
    if 4 <= len(text) <= 12 and len(set(text)) == 1 and text[0] in "XM":
        return text[0] * LENGTH
    if 5 <= len(text) <= 12 and re.fullmatch(r"[0-9]{3}L+", text):
        return text[:3] + SUFFIXES[Place.LA]
    return None
