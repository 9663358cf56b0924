"""The header of a CTF: from whom, to whom, which version, and whether that agrees with the file's name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from lxml import etree

from s2s.rules.addresses import LOST, Place, at_authority
from s2s.rules.filenames import FileName
from s2s.transfers.ctf.faults import CtfFault, CtfWarning, Finding, Notes, shortened
from s2s.transfers.ctf.structure import HEADER_VALUES, MOST_TEXT, Value, misfits

MOST_NAME: Final = 200
_BLOCKS: Final = ("SourceSchool", "DestSchool")
_UNKNOWN: Final = LOST[Place.UNKNOWN]


@dataclass(frozen=True, slots=True)
class Header:
    version: str = ""
    qualifier: str = ""
    supplier: str = ""
    source_name: str = ""
    created: str = ""


@dataclass(frozen=True, slots=True)
class _Said:
    """A value of the header and where it stands."""

    text: str
    line: int | None


def read_header(element: etree._Element, notes: Notes) -> Header:
    """Read the header and note all that is wrong with it."""
    if notes.explaining:
        _explain(element, notes)
    said = _values(element, notes.cut)
    right = {path: value for path, value in said.items() if not notes.explaining or _is_right(path, value, HEADER_VALUES[path], notes)}
    _check_version(right, notes)
    _check_created(right, notes)
    _check_ends(right, notes)
    texts = {path: value.text for path, value in right.items()}
    return Header(
        version=texts.get("CTFversion", ""),
        qualifier=texts.get("DocumentQualifier", ""),
        supplier=texts.get("SupplierID", "")[:MOST_NAME],
        source_name=texts.get("SourceSchool/SchoolName", "")[:MOST_NAME],
        created=texts.get("DateTime", ""),
    )


def _values(element: etree._Element, cut: int, before: str = "") -> dict[str, _Said]:
    """Each value by its path: 'CTFversion', 'SourceSchool/LEA'. Of two of the same name the first counts."""
    values: dict[str, _Said] = {}
    for child in element:
        path = before + child.tag[cut:]
        if path in HEADER_VALUES:
            values.setdefault(path, _Said(" ".join((child.text or "").split()), child.sourceline))
        elif path in _BLOCKS:
            values = _values(child, cut, path + "/") | values
    return values


def _explain(element: etree._Element, notes: Notes) -> None:
    for block in (element, *(child for child in element if child.tag[notes.cut :] in _BLOCKS)):
        children = list(block)
        for misfit in misfits(block.tag[notes.cut :], [child.tag[notes.cut :] for child in children]):
            line = block.sourceline if misfit.at is None else children[misfit.at].sourceline
            notes.add(Finding(misfit.code, line, element=shortened(misfit.element), facts=misfit.facts))


def _is_right(path: str, said: _Said, value: Value, notes: Notes) -> bool:
    if value.pattern.fullmatch(said.text):
        return True
    element = path.rpartition("/")[2]
    if not said.text:
        notes.note(CtfFault.VALUE_MISSING, line=said.line, element=element)
    elif not value.example:
        notes.note(CtfFault.VALUE_TOO_LONG, line=said.line, element=element, length=len(said.text), most=MOST_TEXT)
    else:
        notes.note(CtfFault.VALUE_WRONG, line=said.line, element=element, value=shortened(said.text), expected=value.example)
    return False


def _check_version(said: Mapping[str, _Said], notes: Notes) -> None:
    """The version is the last two figures of the academic year; schools switch late, so an old one is only mentioned."""
    if "CTFversion" not in said:
        return
    version = said["CTFversion"]
    current = academic_year(notes.today) % 100
    major = int(version.text.partition(".")[0])
    if major not in (current, current - 1):
        code = CtfWarning.VERSION_OLD if major < current else CtfWarning.VERSION_EARLY
        notes.note(code, line=version.line, element="CTFversion", version=version.text, current=f"{current}.0")


def academic_year(today: date) -> int:
    """The first calendar year of the school year, which turns over on 1 September."""
    return today.year if today.month >= 9 else today.year - 1


def _check_created(said: Mapping[str, _Said], notes: Notes) -> None:
    if "DateTime" not in said:
        return
    created = said["DateTime"]
    try:
        day = date.fromisoformat(created.text[:10])
    except ValueError:
        notes.note(
            CtfFault.VALUE_WRONG, line=created.line, element="DateTime", value=created.text, expected=HEADER_VALUES["DateTime"].example
        )
        return
    if day > notes.today + timedelta(days=1):  # clocks differ
        notes.note(CtfWarning.CREATED_LATER, line=created.line, element="DateTime", date=day.isoformat())


def _check_ends(said: Mapping[str, _Said], notes: Notes) -> None:
    """Header and name must say the same, but for files that an LA passes on, renamed by hand (4.2, 1.5)."""
    source, destination = _address(said, "SourceSchool"), _address(said, "DestSchool")
    name = notes.name
    renamed = destination is not None and _is_renamed(destination.text, name)
    if destination is not None and destination.text != name.destination.text:
        code = CtfWarning.DESTINATION_RENAMED if renamed else CtfFault.DESTINATION_DIFFERS
        notes.note(code, line=destination.line, element="DestSchool", header=destination.text, name=name.destination.text)
    if source is not None and source.text != name.source.text:
        notes.note(
            _other_source(source.text, name, renamed), line=source.line, element="SourceSchool", header=source.text, name=name.source.text
        )


def _address(said: Mapping[str, _Said], block: str) -> _Said | None:
    authority, school = said.get(f"{block}/LEA"), said.get(f"{block}/Estab")
    return _Said(authority.text + school.text, authority.line) if authority and school else None


def _is_renamed(header: str, name: FileName) -> bool:
    """Whether the header still has the destination of a lost pupil, or of the LA that now passes the file on.

    A name to the Lost Pupil Database is never such a one: there the header must say the same X or M.
    """
    passed_on = name.destination.is_school or (name.source.is_authority and name.destination.is_authority)
    if not passed_on or header == name.destination.text:
        return False
    authorities = {at_authority(number).text for number in (name.source.authority, name.destination.authority) if number}
    return header in LOST.values() or header in authorities


def _other_source(header: str, name: FileName, renamed: bool) -> CtfFault | CtfWarning:
    if name.source.is_authority and renamed:  # 4.2: the LA sends what a school had made
        return CtfWarning.SOURCE_FORWARDED
    return CtfWarning.SOURCE_UNKNOWN if header == _UNKNOWN else CtfFault.SOURCE_DIFFERS
