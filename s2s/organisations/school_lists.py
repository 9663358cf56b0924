"""Reading the official lists of schools: the Welsh Government's address list and the Department for Education's register (GIAS), as CSV.

A list is text from outside: a line that is not a school of the list's own form is reported and passed over, never guessed at.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from s2s.organisations.models import Organisation
from s2s.rules.identifiers import is_postcode, normalise_postcode
from s2s.rules.refusals import Refused

TEXTS: Final = ("name", "street", "town", "postcode", "telephone", "school_type", "listed_in")
LONGEST: Final = {column.name: column.max_length for column in Organisation._meta.fields if column.name in TEXTS}


class ListFault(StrEnum):
    """Why a whole list is refused."""

    NOT_TEXT = "not text"  # neither UTF-8 nor windows-1252
    UNKNOWN_LIST = "unknown list"  # facts: headings, the first ten as they stand there
    NO_SCHOOLS = "no schools"  # facts: skipped, how many lines were passed over
    CLOSES_MANY = "closes many"  # facts: closing, open (schools of the kinds and authorities that the list covers), most (per cent)


class LineFault(StrEnum):
    """Why a line is passed over."""

    COLUMNS = "columns"  # more or fewer than the heading has, or an unclosed quotation mark
    NUMBER = "number"  # not seven digits, or not the digits of its authority
    NO_NUMBER = "no number"  # GIAS: an establishment that has none, such as a children's centre
    AUTHORITY = "authority"  # no such authority
    OTHER_LIST = "other list"  # a Welsh school in GIAS, an English one in the Welsh list: each nation's own list knows better
    DUPLICATE = "duplicate"
    PROPOSED = "proposed"  # GIAS: not open yet
    NAME = "name"  # none
    TOO_LONG = "too long"
    CHARACTER = "character"  # NUL, other control characters, or letters damaged before they came here
    DATE = "date"


class ListRefused(Refused[ListFault]):
    """The list as a whole cannot be taken in; nothing has been changed. The code is a ListFault."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A line that was passed over; `number` is the school's, when the line shows one. The first line of the file is 1."""

    line: int
    fault: LineFault
    number: str = ""

    @property
    def is_unreadable(self) -> bool:
        """Whether the line may be about any school at all, or about several."""
        return not self.number and self.fault is not LineFault.NO_NUMBER


@dataclass(frozen=True, slots=True)
class Listed:
    """A school as its list describes it. `is_open` without a date: the list says so today."""

    line: int
    number: str
    name: str
    street: str
    town: str
    postcode: str
    telephone: str
    school_type: str
    listed_in: str
    is_open: bool = True
    closed_on: date | None = None

    @property
    def authority(self) -> str:
        return self.number[:3]


@dataclass(slots=True)
class SchoolList:
    """What a file holds: one entry for each school number."""

    name: str
    schools: dict[str, Listed] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)

    def add(self, found: Listed | Skipped) -> None:
        if isinstance(found, Skipped):
            self.skipped.append(found)
        elif (other := self.schools.get(found.number)) is None:
            self.schools[found.number] = found
        else:
            self._settle(other, found)

    def _settle(self, one: Listed, other: Listed) -> None:
        """GIAS keeps a school's closed predecessor under the same number: the open one counts, else the last to close."""
        first, second = sorted((one, other), key=lambda school: (school.is_open, school.closed_on or date.min, -school.line), reverse=True)
        self.schools[first.number] = first
        if second.is_open:
            self.skipped.append(Skipped(second.line, LineFault.DUPLICATE, second.number))


class Fault(Exception):
    def __init__(self, fault: LineFault) -> None:
        super().__init__(fault)
        self.fault = fault


Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Format:
    """How one list is told by its headings and read; `more` are columns that it may have. `number` may be empty; `school` raises Fault."""

    name: str
    headings: frozenset[str]
    more: frozenset[str]
    number: Callable[[Row], str]
    school: Callable[[int, Row], Listed]


def read(content: bytes) -> SchoolList:
    """Read a list of either form. Raises ListRefused (NOT_TEXT, UNKNOWN_LIST)."""
    rows = _rows(_text(content))
    _, cells = next(rows, (1, None))
    headings = [_clean(heading) for heading in cells or []]
    form = next((form for form in FORMATS if form.headings <= set(headings)), None)
    if form is None:
        raise ListRefused(ListFault.UNKNOWN_LIST, headings=[ascii(heading[:40])[1:-1] for heading in headings[:10]])
    schools = SchoolList(form.name)
    columns = Columns(len(headings), {heading: place for place, heading in enumerate(headings) if heading in form.headings | form.more})
    for line, cells in rows:
        if cells != []:  # blank lines end many a file
            schools.add(_line(form, columns, line, cells))
    return schools


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "windows-1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ListRefused(ListFault.NOT_TEXT)


def _rows(text: str) -> Iterator[tuple[int, list[str] | None]]:
    """Each row with the number of its first line; None for one that the reader cannot take apart."""
    rows = csv.reader(io.StringIO(text, newline=""))
    while True:
        line = rows.line_num + 1
        try:
            yield line, next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield line, None


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a list: how many its heading has, and where those that we read stand."""

    count: int
    places: Mapping[str, int]

    def fit(self, cells: list[str]) -> bool:
        """Whether the cells of a line fit the columns.

        Spreadsheets leave out blank cells at the end of a line; the place of the postcode shows that none is missing in the middle.
        """
        if len(cells) < self.count:
            place = self.places["Postcode"]
            return len(cells) > place and is_postcode(normalise_postcode(cells[place]))
        return not any(cells[self.count :])


def _line(form: Format, columns: Columns, line: int, cells: list[str] | None) -> Listed | Skipped:
    if cells is None:
        return Skipped(line, LineFault.COLUMNS)
    row = {heading: _clean(cells[place]) if place < len(cells) else "" for heading, place in columns.places.items()}
    number = form.number(row)
    # A quotation mark that never closes swallows the lines after it: then the school of the first is not the only one in it.
    known = number if _NUMBER.fullmatch(number) and not any("\n" in cell for cell in cells) else ""
    if not columns.fit(cells):
        return Skipped(line, LineFault.COLUMNS, known)
    try:
        return _checked(form.school(line, row))
    except Fault as fault:
        return Skipped(line, fault.fault, known)


def _clean(cell: str) -> str:
    return " ".join(cell.split())


_NUMBER: Final = re.compile(r"[0-9]{7}")


def _checked(school: Listed) -> Listed:
    if not school.name:
        raise Fault(LineFault.NAME)
    for column, longest in LONGEST.items():
        text = getattr(school, column)
        if longest and len(text) > longest:
            raise Fault(LineFault.TOO_LONG)
        if not text.isprintable() or "\ufffd" in text:
            raise Fault(LineFault.CHARACTER)
    return school


# The Welsh Government's address list of schools: one file each for maintained schools, independent schools and pupil referral units.


def _welsh_number(row: Row) -> str:
    return row["School Number"]


def _welsh_school(line: int, row: Row) -> Listed:
    number = _welsh_number(row)
    if not _NUMBER.fullmatch(number) or number[:3] != row["LA Code"]:
        raise Fault(LineFault.NUMBER)
    if not "660" <= number[:3] <= "681":
        raise Fault(LineFault.OTHER_LIST)
    street, town = _street_and_town([row[f"Address {place}"] for place in (1, 2, 3, 4)], row["Postcode"])
    school_type = row.get("Sector") or ("Pupil referral unit" if number[3:5] == "11" else "Independent")
    return Listed(
        line=line,
        number=number,
        name=row["School Name"],
        street=street,
        town=town,
        postcode=normalise_postcode(row["Postcode"]),
        telephone=row["Phone Number"],
        school_type=school_type,
        listed_in="Wales: maintained" if "Sector" in row else f"Wales: {school_type.lower()}",
    )


# The list has four lines of address, the last of them often a county or an authority's name. The five that are also the names of towns
# count as the town only where the postcode says so.
_COUNTIES: Final = {
    "isle of anglesey", "anglesey", "sir ynys môn", "ynys môn", "ynys mon", "gwynedd", "denbighshire", "sir ddinbych",
    "flintshire", "sir y fflint", "powys", "ceredigion", "pembrokeshire", "sir benfro", "carmarthenshire", "sir gaerfyrddin",
    "sir gâr", "neath port talbot", "vale of glamorgan", "the vale of glamorgan", "bro morgannwg", "rhondda cynon taf",
    "rhondda cynon taff", "blaenau gwent", "torfaen", "tor-faen", "monmouthshire", "sir fynwy", "clwyd", "dyfed", "gwent",
    "mid glamorgan", "south glamorgan", "west glamorgan", "shropshire", "salop", "wales", "cymru",
}  # fmt: skip
_TOWNS_AND_COUNTIES: Final = {
    "conwy": {"LL31", "LL32"},
    "caerphilly": {"CF83"},
    "bridgend": {"CF31", "CF32", "CF33", "CF35", "CF36"},
    "merthyr tydfil": {"CF47", "CF48"},
    "wrexham": {"LL11", "LL12", "LL13", "LL14"},
}


def _street_and_town(lines: list[str], postcode: str) -> tuple[str, str]:
    """Guess street and town: ('Station Road', 'Aberystwyth'). Where there is any address there is a town."""
    lines = [line for line in lines if line]
    while len(lines) > 1 and _is_county(lines[-1], postcode):
        lines.pop()
    town = lines.pop() if lines else ""
    return ", ".join(lines), re.sub(r"(?i)^(?:nr|near)\.? ", "", town)


def _is_county(line: str, postcode: str) -> bool:
    name = line.lower()
    district = normalise_postcode(postcode)[:-4]
    return name in _COUNTIES or (name in _TOWNS_AND_COUNTIES and district not in _TOWNS_AND_COUNTIES[name])


# Get Information about Schools: edubasealldata.csv, all establishments of England with their history.


def _gias_number(row: Row) -> str:
    return row["LA (code)"] + row["EstablishmentNumber"]


def _gias_school(line: int, row: Row) -> Listed:
    number = _gias_number(row)
    if not row["EstablishmentNumber"]:
        raise Fault(LineFault.NO_NUMBER)
    if not _NUMBER.fullmatch(number):
        raise Fault(LineFault.NUMBER)
    if "660" <= number[:3] <= "681":
        raise Fault(LineFault.OTHER_LIST)
    status = row["EstablishmentStatus (name)"].lower()
    if status.startswith("proposed"):
        raise Fault(LineFault.PROPOSED)
    phase = row["PhaseOfEducation (name)"]
    return Listed(
        line=line,
        number=number,
        name=row["EstablishmentName"],
        street=", ".join(filter(None, (row["Street"], row["Locality"], row["Address3"]))),
        town=row["Town"] or row["County (name)"],
        postcode=normalise_postcode(row["Postcode"]),
        telephone=row["TelephoneNum"],
        school_type=row["TypeOfEstablishment (name)"] if phase in {"", "Not applicable"} else phase,
        listed_in=f"GIAS: {row['EstablishmentTypeGroup (name)']}",
        is_open=not status.startswith("closed"),
        closed_on=_date(row["CloseDate"]),
    )


def _date(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%d-%m-%Y").date() if text else None  # noqa: DTZ007 - a day has no time zone
    except ValueError as error:
        raise Fault(LineFault.DATE) from error


FORMATS: Final = (
    Format(
        "Wales",
        frozenset({
            "School Number", "School Name", "LA Code", "Address 1", "Address 2", "Address 3", "Address 4", "Postcode", "Phone Number",
        }),
        frozenset({"Sector"}),
        _welsh_number,
        _welsh_school,
    ),
    Format(
        "GIAS",
        frozenset({
            "LA (code)", "EstablishmentNumber", "EstablishmentName", "TypeOfEstablishment (name)", "EstablishmentTypeGroup (name)",
            "EstablishmentStatus (name)", "CloseDate", "PhaseOfEducation (name)", "Street", "Locality", "Address3", "Town", "County (name)",
            "Postcode", "TelephoneNum",
        }),
        frozenset(),
        _gias_number,
        _gias_school,
    ),
)  # fmt: skip
