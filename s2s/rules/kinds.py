"""The kinds of file that travel: how large, announced by e-mail or not, one at a time or several in a zip."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

MB: Final = 1_048_576  # 5.5 says "Mb"; read as 1,048,576 bytes, and a file of exactly the limit passes


class Kind(StrEnum):
    CTF = "ctf"
    CENSUS = "census"  # PLASC and School Census
    CFR = "cfr"
    GENERIC = "generic"
    EXCLUSION = "exclusion"
    ADMISSIONS = "admissions"


@dataclass(frozen=True, slots=True)
class KindFacts:
    """Limits are in bytes; `section` is where the guidance says it.

    `announced`: the recipient hears by e-mail that a file is waiting. `bundled`: several can be fetched at once, in one zip.
    `copied`: the local authorities of sender and recipient have copies, and three views of them (3.9, 5.3).
    """

    kind: Kind
    extensions: tuple[str, ...]
    limit_from_school: int
    limit_from_authority: int
    announced: bool
    bundled: bool
    copied: bool
    section: str

    @property
    def media_type(self) -> str:
        return f"application/{self.extensions[0]}"


# The guidance gives a size for generic zips only (5.5). A CTF may be a whole year group's (a bulk CTF, 1.5), so it has 30 MB;
# the other kinds have what an LA has for a zip. Generic zips are not announced and are fetched one at a time (5.7).
_ROWS: Final = (
    #         kind             extensions  school   LA       announced  bundled  copied  section
    KindFacts(Kind.CTF,        ("xml",),   30 * MB, 30 * MB, True,      True,    True,   "5.2, 3.9"),
    KindFacts(Kind.CENSUS,     ("xml",),   10 * MB, 10 * MB, True,      True,    False,  "5.2"),
    KindFacts(Kind.CFR,        ("xml",),   10 * MB, 10 * MB, True,      True,    False,  "5.2"),
    KindFacts(Kind.GENERIC,    ("zip",),    4 * MB, 10 * MB, False,     False,   False,  "5.5, 5.7"),
    KindFacts(Kind.EXCLUSION,  ("xml",),   10 * MB, 10 * MB, True,      True,    False,  "5.2"),
    KindFacts(Kind.ADMISSIONS, ("xml",),   10 * MB, 10 * MB, True,      True,    False,  "5.2"),
)  # fmt: skip

KINDS: Final[Mapping[Kind, KindFacts]] = {row.kind: row for row in _ROWS}


def limit(kind: Kind, *, from_school: bool) -> int:
    """The largest file of this kind that the sender may send, in bytes; the limit itself is accepted."""
    facts = KINDS[kind]
    return facts.limit_from_school if from_school else facts.limit_from_authority
