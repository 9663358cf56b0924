"""The header of a CTF: from whom, to whom, which version, and whether that agrees with the file's name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from lxml import etree

from s2s.rules.addresses import LOST, Place, at_authority
from s2s.rules.filenames import BadName, FileName, parse
from s2s.transfers.ctf.elements import local, localise, names_in, note_contents, note_strangers, value_of, visible
from s2s.transfers.ctf.faults import CtfFault, CtfWarning, Finding, Notes, no_such_day, shortened
from s2s.transfers.ctf.structure import HEADER_VALUES, MOST_TEXT, Misfit, Value, all_misfits, repeated

MOST_NAME: Final = 200
_BLOCKS: Final = ("SourceSchool", "DestSchool")
_VALUES: Final = frozenset(path.rpartition("/")[2] for path in HEADER_VALUES)
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
    localise(element)
    note_strangers(element, notes)
    _note_structure(element, notes)
    said = _values(element)
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


def _values(element: etree._Element, before: str = "") -> dict[str, _Said]:
    """Each value by its path: 'CTFversion', 'SourceSchool/LEA'."""
    values: dict[str, _Said] = {}
    for child in element:
        path = before + local(child)
        if path in HEADER_VALUES:
            values.setdefault(path, _Said(value_of(child), child.sourceline))
        elif path in _BLOCKS:
            values = _values(child, path + "/") | values
    return values


def _note_structure(element: etree._Element, notes: Notes) -> None:
    for block in (element, *(child for child in element if local(child) in _BLOCKS)):
        names = names_in(block)
        found = all_misfits(local(block), names) if notes.explaining else repeated(local(block), names)
        for misfit in found:
            notes.add(_finding(misfit, block))
        if notes.explaining:
            note_contents(block, notes, _VALUES)


def _finding(misfit: Misfit, block: etree._Element) -> Finding:
    line = block.sourceline if misfit.at is None else block[misfit.at].sourceline
    return Finding(misfit.code, line, element=shortened(misfit.element), facts=misfit.facts)


def _is_right(path: str, said: _Said, value: Value, notes: Notes) -> bool:
    if value.pattern.fullmatch(said.text):
        return True
    element = path.rpartition("/")[2]
    seen = visible(said.text)
    if not seen:
        notes.note(CtfFault.VALUE_MISSING, line=said.line, element=element)
    elif not value.example:
        notes.note(CtfFault.VALUE_TOO_LONG, line=said.line, element=element, length=len(said.text), most=MOST_TEXT)
    elif seen != said.text:
        notes.note(CtfFault.VALUE_HIDDEN, line=said.line, element=element, value=shortened(seen))
    else:
        notes.note(CtfFault.VALUE_WRONG, line=said.line, element=element, value=shortened(said.text), **_right(path, value, notes.name))
    return False


def _right(path: str, value: Value, name: FileName) -> dict[str, str]:
    """What would be right: for an address what the file's name says, else all that is allowed, or an example."""
    block, _, part = path.partition("/")
    if part not in ("LEA", "Estab"):
        return {"one_of": value.one_of} if value.one_of else {"expected": value.example}
    address = (name.source if block == "SourceSchool" else name.destination).text
    return {"parent": block, "expected": address[:3] if part == "LEA" else address[3:]}


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
        example, none = HEADER_VALUES["DateTime"].example, no_such_day(created.text)
        notes.note(CtfFault.VALUE_WRONG, line=created.line, element="DateTime", value=shortened(created.text), expected=example, **none)
        return
    if day > notes.today + timedelta(days=1):  # clocks differ
        notes.note(CtfWarning.CREATED_LATER, line=created.line, element="DateTime", date=day.isoformat())


def _check_ends(said: Mapping[str, _Said], notes: Notes) -> None:
    """Header and name must say the same, but for files that an LA passes on, renamed by hand (4.2, 1.5)."""
    source, destination = _address(said, "SourceSchool"), _address(said, "DestSchool")
    name = notes.name
    renamed = destination is not None and _is_renamed(destination.text, name)
    if destination is not None and destination.text != name.destination.text:
        header, named = destination.text, name.destination.text
        if renamed:
            notes.note(
                CtfWarning.DESTINATION_RENAMED,
                line=destination.line, element="DestSchool", header=header, name=named, by_school=name.source.is_school,
            )  # fmt: skip
        else:
            more = _renamed_to(header, name)
            notes.note(CtfFault.DESTINATION_DIFFERS, line=destination.line, element="DestSchool", header=header, name=named, **more)
    if source is not None and source.text != name.source.text:
        notes.note(
            _other_source(source.text, name, renamed), line=source.line, element="SourceSchool", header=source.text, name=name.source.text
        )


def _address(said: Mapping[str, _Said], block: str) -> _Said | None:
    authority, school = said.get(f"{block}/LEA"), said.get(f"{block}/Estab")
    return _Said(authority.text + school.text, authority.line) if authority and school else None


def _renamed_to(destination: str, name: FileName) -> dict[str, str]:
    """The file's name to the destination that the header has, as a fact; nothing where that is no right name."""
    try:
        return {"right": str(parse(f"{name.source.text}_{name.word}_{destination}_{name.number}.{name.extension}"))}
    except BadName:
        return {}


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
