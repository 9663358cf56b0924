"""Why a file is not built as `ctf.xsd` says, element by element: the schema decides, these rules explain.

They are only asked once the schema has refused a file, so that a refusal names the element, the line and the pupil in our own words.
"""

import re
import sys
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from s2s.transfers.ctf.faults import CtfFault


@dataclass(frozen=True, slots=True)
class Part:
    """A place in a sequence and the elements that may stand in it."""

    names: tuple[str, ...]
    required: bool = True

    @property
    def name(self) -> str:
        return self.names[-1]


@dataclass(frozen=True, slots=True)
class Block:
    """The children of an element, in order. An open block may go on with anything behind its last part."""

    parts: tuple[Part, ...]
    is_open: bool = True


def _block(*names: str, is_open: bool = True) -> Block:
    """'Name?' is optional, 'Gender|Sex' is one of two."""
    return Block(tuple(Part(tuple(name.rstrip("?").split("|")), required=not name.endswith("?")) for name in names), is_open)


BLOCKS: Final[Mapping[str, Block]] = {
    "CTfile": _block("Header", "CTFpupilData", is_open=False),
    "Header": _block("DocumentName", "CTFversion", "DateTime", "DocumentQualifier", "DataQualifier?", "DataDescriptor?", "SupplierID",
                     "SourceSchool", "DestSchool"),
    "SourceSchool": _block("LEA", "Estab", "URN?", "SchoolName", "AcademicYear"),
    "DestSchool": _block("LEA", "Estab"),
    "Pupil": _block("UPN", "UniqueLearnerNumber?", "UCI?", "Surname", "Forename", "DOB", "Gender|Sex"),
}  # fmt: skip

# The elements that hold a CTF together: each has one place, and is nowhere else.
FRAME: Final = ("CTfile", "Header", "SourceSchool", "DestSchool", "CTFpupilData", "Pupil")

# What there is one of, wherever it stands among the children: of two, another program might take the other one.
ONCE: Final[Mapping[str, frozenset[str]]] = {
    parent: frozenset(names.split())
    for parent, names in {
        "Header": "DocumentName CTFversion DateTime DocumentQualifier DataQualifier DataDescriptor SupplierID SourceSchool DestSchool",
        "SourceSchool": "LEA Estab URN SchoolName AcademicYear",
        "DestSchool": "LEA Estab URN SchoolName",
        "Pupil": "UPN UniqueLearnerNumber UCI Surname Forename DOB Gender Sex BasicDetails FSMhistory NAWdetails LookedAfter SENhistory "
        "Address Phones Email Contacts Attendance StageAssessments SchoolHistory",
        "BasicDetails": "FormerUPN PreferredSurname PreferredForename FormerSurname FormerForename MiddleNames NCyearActual Ethnicity "
        "EthnicitySource Languages ServiceChild MedicalFlag Disabilities EnrolStatus",
    }.items()
}  # fmt: skip

MOST_TEXT: Final = 2_000


@dataclass(frozen=True, slots=True)
class Value:
    """What an element of the header may say, and a right one to show; or all that it may say."""

    pattern: re.Pattern[str]
    example: str
    one_of: str = ""


def _value(pattern: str, example: str) -> Value:
    return Value(re.compile(pattern, re.ASCII), example)


def _word(*words: str) -> Value:
    return Value(re.compile("|".join(words)), words[0], ", ".join(words))


_LEA: Final = _value(r"\d{3}|XXX|MMM", "681")
_ESTAB: Final = _value(r"\d{4}|LLLL|PLAS|XXXX|MMMM", "2045")
_TEXT: Final = _value(rf"(?s:.{{0,{MOST_TEXT}}})", "")

HEADER_VALUES: Final[Mapping[str, Value]] = {
    "DocumentName": _word("Common Transfer File"),
    "CTFversion": _value(r"\d{1,2}\.\d", "26.0"),
    "DateTime": _value(r"\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", "2026-10-19T09:14:33"),
    "DocumentQualifier": _word("full", "partial"),
    "DataQualifier": _TEXT,
    "DataDescriptor": _TEXT,
    "SupplierID": _TEXT,
    "SourceSchool/LEA": _LEA,
    "SourceSchool/Estab": _ESTAB,
    "SourceSchool/URN": _TEXT,
    "SourceSchool/SchoolName": _TEXT,
    "SourceSchool/AcademicYear": _value(r"\d{4}", "2026"),
    "DestSchool/LEA": _LEA,
    "DestSchool/Estab": _ESTAB,
}


@dataclass(frozen=True, slots=True)
class Misfit:
    """A child that is missing or in the wrong place. `at` is its place among the children, None when it is missing."""

    code: CtfFault
    element: str
    at: int | None
    facts: Mapping[str, object]


def misfits(parent: str, children: Sequence[str]) -> Iterator[Misfit]:
    """Compare the children of an element with its block: each missing, misplaced, doubled or unexpected one once."""
    block = BLOCKS[parent]
    ranks = {name: rank for rank, part in enumerate(block.parts) for name in part.names}
    for part in block.parts:
        if part.required and not any(name in children for name in part.names):
            yield Misfit(CtfFault.ELEMENT_MISSING, part.name, None, {"parent": parent})
    end, open_from = _extent(block, children)
    kept = _in_order([(ranks[child], at) for at, child in enumerate(children[:end]) if child in ranks])
    for at, child in enumerate(children[:end]):
        if child not in ranks and at < open_from:
            yield Misfit(CtfFault.ELEMENT_UNEXPECTED, child, at, {"parent": parent, "expected": _next(block, kept, at)})
        elif child in ranks and kept.get(ranks[child]) != at:
            rank = ranks[child]
            if rank in kept:
                yield Misfit(CtfFault.ELEMENT_TWICE, child, at, {"parent": parent})
            else:
                before, after = _neighbours(block, kept, rank)
                yield Misfit(CtfFault.ELEMENT_MISPLACED, child, at, {"parent": parent, "before": before, "after": after})


def repeated(parent: str, children: Sequence[str]) -> Iterator[Misfit]:
    """The second and every further one of the elements of which there is one."""
    seen = set[str]()
    for at, child in enumerate(children):
        if child in seen and child in ONCE[parent]:
            yield Misfit(CtfFault.ELEMENT_TWICE, child, at, {"parent": parent})
        seen.add(child)


def all_misfits(parent: str, children: Sequence[str]) -> Iterator[Misfit]:
    """Both of these: each repeated element by its name once."""
    found = list(misfits(parent, children))
    told = {misfit.element for misfit in found if misfit.code is CtfFault.ELEMENT_TWICE}
    yield from found
    yield from (misfit for misfit in repeated(parent, children) if misfit.element not in told)


def _extent(block: Block, children: Sequence[str]) -> tuple[int, int]:
    """How many of the children are the block's, and from where on an open block may hold anything."""
    if not block.is_open:
        return len(children), len(children)
    firsts = [next((at for at, child in enumerate(children) if child in part.names), None) for part in block.parts if part.required]
    end = max((at for at in firsts if at is not None), default=-1) + 1
    return end, end if firsts[-1] is None else firsts[-1]


def _in_order(found: Sequence[tuple[int, int]]) -> dict[int, int]:
    """The most elements that stand in the right order, place by rank: the others are the ones to move (longest increasing subsequence)."""
    ends: list[int] = []  # the smallest rank with which a run of this length ends
    runs: list[tuple[int, int, int]] = []  # length, rank, place: of each element the longest run that ends with it
    for rank, at in found:
        length = bisect_left(ends, rank)
        ends[length : length + 1] = [rank]
        runs.append((length, rank, at))
    kept: dict[int, int] = {}
    wanted, below = len(ends) - 1, sys.maxsize
    for length, rank, at in reversed(runs):
        if length == wanted and rank < below:
            kept[rank] = at
            wanted, below = wanted - 1, rank
    return kept


def _next(block: Block, kept: Mapping[int, int], at: int) -> str:
    """The element that should stand where a strange one does, '' when none need."""
    reached = max((rank for rank, place in kept.items() if place < at), default=-1)
    return next((part.name for part in block.parts[reached + 1 :] if part.required), "")


def _neighbours(block: Block, kept: Mapping[int, int], rank: int) -> tuple[str, str]:
    """The elements before and behind which a misplaced one belongs; '' when it comes last or first."""
    before = min((other for other in kept if other > rank), default=None)
    after = max((other for other in kept if other < rank), default=None)
    return "" if before is None else block.parts[before].name, "" if after is None else block.parts[after].name
