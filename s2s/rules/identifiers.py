"""Numbers that stand for a pupil or a place: UPN, ULN, postcode. Wrong check letters occur in the wild; a wrong form is no UPN at all."""

import re
from enum import StrEnum
from operator import mul
from typing import Final

_UPN_LETTERS: Final = "ABCDEFGHJKLMNPQRTUVWXYZ"  # no I, O, S: they look like digits
_UPN_VALUES: Final = bytes.maketrans((_UPN_LETTERS + "0123456789").encode(), bytes((*range(len(_UPN_LETTERS)), *range(10))))
_UPN_WEIGHTS: Final = range(2, 14)
_ULN_WEIGHTS: Final = range(10, 0, -1)
_UPN_FORM: Final = re.compile(r"[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]")
_ULN_FORM: Final = re.compile(r"[1-9][0-9]{9}")
_ESTABLISHMENT: Final = re.compile(r"[0-9]{7}")
_POSTCODE: Final = re.compile(r"GIR 0AA|[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][ABD-HJLNP-UW-Z]{2}")


class UpnFault(StrEnum):
    MALFORMED = "malformed"  # refused in a CTF
    CHECK_LETTER = "check_letter"  # a warning in a CTF, refused where somebody types it


def upn_fault(text: str) -> UpnFault | None:
    """What is wrong with a UPN, taken exactly as written: capitals, no blanks."""
    if not is_upn_form(text):
        return UpnFault.MALFORMED
    return None if text[0] == upn_check_letter(text) else UpnFault.CHECK_LETTER


def is_upn_form(text: str) -> bool:
    """Check letter, LA (3), establishment (4), year (2), serial (3 digits, or 2 and a letter when temporary)."""
    return _UPN_FORM.fullmatch(text) is not None


def upn_check_letter(text: str) -> str:
    """The letter a UPN of the right form should begin with: the other characters weighted 2 to 13, modulo 23."""
    return _UPN_LETTERS[sum(map(mul, text[1:].encode().translate(_UPN_VALUES), _UPN_WEIGHTS)) % 23]


def is_temporary_upn(text: str) -> bool:
    return is_upn_form(text) and text[12].isalpha()


def uln_is_valid(text: str) -> bool:
    """Ten digits, weighted 10 to 1, must leave 10 on division by 11."""
    return _ULN_FORM.fullmatch(text) is not None and sum(map(mul, map(int, text), _ULN_WEIGHTS)) % 11 == 10


def is_establishment_number(text: str) -> bool:
    """Seven digits: the three of the LA, then the four of the school (Appendix 1). Whether there is such a school is not asked."""
    return _ESTABLISHMENT.fullmatch(text) is not None


def normalise_postcode(text: str) -> str:
    """Capitals, and one blank before the last three characters: 'cf101aa' gives 'CF10 1AA'. What is too short for that keeps its form."""
    letters = "".join(text.upper().split())
    return f"{letters[:-3]} {letters[-3:]}" if len(letters) > 4 else letters


def is_postcode(text: str) -> bool:
    """Whether a normalised postcode has the form of one. CTFs hold worse: warn, never refuse."""
    return _POSTCODE.fullmatch(text) is not None
