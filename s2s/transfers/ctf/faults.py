"""Everything there is to say about a CTF: why it is refused, what its sender should know, and where in the file."""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from lxml import etree

from s2s.rules.filenames import FileName
from s2s.rules.refusals import Refused

MOST_SHOWN: Final = 100
MOST_COUNTED: Final = 1_000  # then reading stops: a file with more mistakes is not going to be mended one by one
MORE: Final = "more"  # instead of a code: how many more findings there are than those listed
MOST_QUOTED: Final = 60  # characters of a wrong value that are shown back


_DAY: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


class CtfFault(StrEnum):
    """Why a file is refused. `line`, `element` and the pupil are in the finding; the comment names its facts."""

    # not a file to read
    EMPTY = "empty"
    NOT_XML = "not_xml"  # kind: 'zip', 'pdf', 'png', 'jpeg', 'gif', 'gzip', '7z', 'rar', 'office', 'rtf', 'program', 'text'
    NOT_A_CTF = "not_a_ctf"  # root: the outermost element ('' when there is none, 'html' for a web page)
    ADMISSIONS_FILE = "admissions_file"  # an ATfile, the CTF's twin
    DOCTYPE = "doctype"
    # encodings
    ENCODING_NOT_ACCEPTED = "encoding_not_accepted"  # encoding: as declared
    ENCODING_NO_MARK = "encoding_no_mark"  # UTF-16 without the mark at the beginning; encoding
    ENCODING_CONTRADICTS = "encoding_contradicts"  # declared, found
    ENCODING_WRONG = "encoding_wrong"  # encoding: bytes on this line do not read in it
    # not well-formed XML
    NOT_WELL_FORMED = "not_well_formed"
    CUT_OFF = "cut_off"  # ends before the last element is closed
    TAGS_CROSSED = "tags_crossed"  # an element is closed by another's end
    AMPERSAND = "ampersand"  # a bare & or <, or an entity such as &nbsp;
    CHARACTER = "character"  # a control character
    PREFIX_UNKNOWN = "prefix_unknown"  # a namespace prefix that nothing declares
    BLANK_FIRST = "blank_first"  # blank lines before the XML declaration
    MORE_AFTER_END = "more_after_end"  # a second file behind the first
    BEYOND_LIMITS = "beyond_limits"  # nested too deep, or one value of 10 MB
    PART_TOO_LARGE = "part_too_large"  # megabytes: one pupil (or the header) has more
    # not built as a CTF
    ELEMENT_MISSING = "element_missing"  # parent
    ELEMENT_UNEXPECTED = "element_unexpected"  # parent; expected: the element that should stand there ('' when none)
    ELEMENT_MISPLACED = "element_misplaced"  # parent; before, after: the elements it belongs between ('' when it comes last or first)
    ELEMENT_TWICE = "element_twice"  # parent
    VALUE_MISSING = "value_missing"
    TEXT_OUTSIDE = "text_outside"  # text: between the entries of this element
    VALUE_WRONG = "value_wrong"
    # value (shortened), expected: 'Common Transfer File', '26.0', '2026-10-19T09:14:33', '2016-03-09', …; of the header's addresses also
    # parent, and expected is what the file's name says; of a day that does not exist also no_day ('02-30') or no_month (13)
    VALUE_HIDDEN = "value_hidden"  # value: what is seen of it, beside something that is not
    VALUE_TOO_LONG = "value_too_long"  # length, most
    NOT_AS_SCHEMA = "not_as_schema"  # against ctf.xsd in a way that has no name of its own
    # against the file's name
    SOURCE_DIFFERS = "source_differs"  # header, name: addresses
    DESTINATION_DIFFERS = "destination_differs"  # header, name: addresses; right: the file's name to the header's, where that is one
    # pupils
    NO_PUPILS = "no_pupils"
    ONE_PUPIL_ONLY = "one_pupil_only"  # pupils, destination (1.3)
    TOO_MANY_PUPILS = "too_many_pupils"  # most
    UPN_MISSING = "upn_missing"
    UPN_MALFORMED = "upn_malformed"  # upn (shortened); also of FormerUPN
    UPN_TWICE = "upn_twice"  # upn, first: position of the pupil who has it too
    BORN_IMPOSSIBLE = "born_impossible"  # date: more than a hundred years ago, or more than a year to come


class CtfWarning(StrEnum):
    """What a sender should know of a file that is accepted all the same."""

    VERSION_OLD = "version_old"  # version, current
    VERSION_EARLY = "version_early"  # version, current
    CREATED_LATER = "created_later"  # date: DateTime of the header is in the future
    SOURCE_UNKNOWN = "source_unknown"  # header, name: the header says XXXXXXX where the name says who sends
    SOURCE_FORWARDED = "source_forwarded"  # header, name: an LA passes on a school's file (1.5, 4.2)
    DESTINATION_RENAMED = "destination_renamed"  # header, name, by_school: a lost pupil's or the LA's file, renamed by hand (4.2)
    UPN_CHECK_LETTER = "upn_check_letter"  # upn, expected: the right letter; also of FormerUPN
    ULN_CHECK_DIGIT = "uln_check_digit"  # uln
    BORN_LATER = "born_later"  # date
    BORN_LONG_AGO = "born_long_ago"  # date, age
    BORN_LATELY = "born_lately"  # date
    NAME_DAMAGED = "name_damaged"  # name: one that another program has mangled (Si?n, SiÃ¢n, Siƒn)
    NAME_ESCAPED = "name_escaped"  # name, meant: O&apos;Neill
    NAME_HIDDEN = "name_hidden"  # name, with □ for what cannot be seen: a blank without width, a private sign
    SEX_DIFFERS = "sex_differs"  # gender, sex: both elements are there
    POSTCODE_ODD = "postcode_odd"  # postcode
    VALUE_SHORTENED = "value_shortened"  # length, most: shown and searched for shortened; the file itself stays as it is


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found in a file. `position` counts pupils from 1; `name` is 'Siân Jones'; both are empty in the header."""

    code: CtfFault | CtfWarning
    line: int | None = None
    position: int | None = None
    name: str = field(default="", repr=False)  # never in a log
    element: str = ""
    facts: Mapping[str, object] = field(default_factory=dict, repr=False)

    def as_json(self) -> dict[str, object]:
        return {
            "code": str(self.code),
            "line": self.line,
            "position": self.position,
            "name": self.name,
            "element": self.element,
            "facts": {fact: value if isinstance(value, int) else str(value) for fact, value in self.facts.items()},
        }


class UnreadableCtf(Refused[CtfFault]):
    """A file that is not accepted, with all its mistakes in the order of the file.

    At most 100 are in `findings`; `more` (also a fact) says how many there are beside them, 900 standing for 900 or more. `warnings` is
    what its sender may want to look at in the same go.
    """

    def __init__(self, findings: tuple[Finding, ...], more: int = 0, *, warnings: "Findings | None" = None) -> None:
        super().__init__(CtfFault(findings[0].code), more=more)
        self.findings = findings
        self.more = more
        self.warnings = as_json(tuple(warnings), warnings.more) if warnings else []


def as_json(listed: Sequence[Finding], more: int) -> list[dict[str, object]]:
    """Findings as they are kept, and at the end how many more there are."""
    rows = [finding.as_json() for finding in listed]
    return [*rows, {"code": MORE, "facts": {"more": more}}] if more else rows


def unreadable(code: CtfFault, *, line: int | None = None, element: str = "", **facts: object) -> UnreadableCtf:
    """A refusal of one finding."""
    return UnreadableCtf((Finding(code, line=line, element=element, facts=facts),))


class TooManyFaults(Exception):
    """Raised by `Findings.add` when it is no use to go on."""


class Findings:
    """What has been found so far: the first hundred kept, the others counted."""

    def __init__(self) -> None:
        self._kept: list[Finding] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Finding]:
        return iter(sorted(self._kept, key=lambda finding: finding.line or 0))

    def add(self, finding: Finding) -> None:
        """Note a finding once. Raises TooManyFaults when a thousand faults are counted; warnings go on being counted."""
        if len(self._kept) < MOST_SHOWN:
            if finding in self._kept:
                return
            self._kept.append(finding)
        self._count += 1
        if self._count >= MOST_COUNTED and isinstance(finding.code, CtfFault):
            raise TooManyFaults

    @property
    def more(self) -> int:
        """How many there are beside those kept."""
        return self._count - len(self._kept)


@dataclass(frozen=True, slots=True)
class Notes:
    """What the rules know of a file while they read it, and what they have found.

    The rules see elements by their local names, whatever namespaces the file has. `explaining` says that the schema has refused the file:
    only then the rules look at what the schema has already looked at; `schema` is then what Header and Pupil have to satisfy, in a file
    that may be right for all that because its elements are of several namespaces.
    """

    name: FileName
    today: date
    explaining: bool = False
    schema: etree.XMLSchema | None = None
    faults: Findings = field(default_factory=Findings)
    warnings: Findings = field(default_factory=Findings)

    def refusal(self) -> UnreadableCtf:
        """Only to be asked for when there is a fault."""
        return UnreadableCtf(tuple(self.faults), self.faults.more, warnings=self.warnings)

    def add(self, finding: Finding) -> None:
        """Raises TooManyFaults (see `Findings.add`)."""
        findings = self.faults if isinstance(finding.code, CtfFault) else self.warnings
        findings.add(finding)

    def note(self, code: CtfFault | CtfWarning, *, line: int | None = None, element: str = "", **facts: object) -> None:
        """Note something about the file as a whole. Raises TooManyFaults."""
        self.add(Finding(code, line, element=element, facts=facts))


def no_such_day(written: str) -> dict[str, object]:
    """The facts of a day that does not exist (2015-02-30, 2015-13-01); none for any other text."""
    form = _DAY.match(written)
    if form is None:
        return {}
    year, month, day = map(int, form.groups())
    if not 1 <= month <= 12:
        return {"no_month": month}
    return {} if 1 <= day <= monthrange(max(year, 1), month)[1] else {"no_day": f"{month:02}-{day:02}"}


def shortened(text: str) -> str:
    return text if len(text) <= MOST_QUOTED else text[: MOST_QUOTED - 1] + "…"
