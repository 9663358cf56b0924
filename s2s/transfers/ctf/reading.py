"""A CTF is read: what is in it, or everything that is wrong with it (1.3, 4.2, Appendix 1).

`ctf.xsd` decides on the structure while libxml2 parses; the rules that no schema can hold look at each pupil as soon as it is complete,
and let it go. So a file of any length is read in the same memory. Why not `iterparse` or a target parser: both call into Python for each
of the 512,000 elements of 2,000 pupils and need half as long again as looking at the growing tree between two pieces of the file
(measured: `bench/ctf_reading.py`).
"""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Final, Literal
from xml.sax.saxutils import quoteattr

from lxml import etree

from s2s.rules.filenames import FileName
from s2s.transfers.ctf.elements import BLANKS, local
from s2s.transfers.ctf.encoding import PIECE, Encoded, encoded, up_to_root
from s2s.transfers.ctf.faults import CtfFault, Finding, Notes, TooManyFaults, as_json, shortened, unreadable
from s2s.transfers.ctf.header import Header, read_header
from s2s.transfers.ctf.pupils import CtfPupil, Pupils
from s2s.transfers.ctf.structure import misfits
from s2s.transfers.ctf.syntax import syntax_fault

LARGE: Final = 65_536  # bytes; a file of up to nine pupils is smaller
MOST_IN_ONE_PART: Final = 2  # megabytes; a pupil has some 7 KB
PLAIN_ROOT: Final = b"<CTfile>"  # nearly every file's; only another has to be looked at
MARKER: Final = b"<?s2s?>"
SCHEMA: Final = Path(__file__).with_name("ctf.xsd")


@dataclass(frozen=True, slots=True)
class Ctf:
    """What a file holds. At most 100 warnings are listed; `more_warnings` says how many there are beside them."""

    version: str
    qualifier: str
    supplier: str
    source_name: str
    created: str
    pupils: tuple[CtfPupil, ...]
    warnings: tuple[Finding, ...]
    more_warnings: int = 0

    def warnings_as_json(self) -> list[dict[str, object]]:
        """As they are kept with a transfer: those listed, and at the end how many more there are."""
        return as_json(self.warnings, self.more_warnings)


def read(content: bytes, name: FileName, *, today: date) -> Ctf:
    """Read a file that came under this name; raises UnreadableCtf with all its mistakes, and nothing else whatever the bytes are.

    Safe to be called from several threads. A large file is read in a thread of its own: lxml keeps every element's name for as long as
    the thread lives that read it, and a hostile file is made of nothing but new names (10 MB of them stay for good).
    """
    if len(content) <= LARGE:
        return _read(content, name, today)
    with ThreadPoolExecutor(max_workers=1) as own:
        return own.submit(_read, content, name, today).result()


def _read(content: bytes, name: FileName, today: date) -> Ctf:
    file = encoded(content)
    first, at = up_to_root(file.pieces())
    namespace = "" if first.startswith(PLAIN_ROOT, at) else _namespace_of_root(file, first, at)
    notes = Notes(name, today)
    against = ""
    try:
        if (schema := _schema(namespace)) is not None:
            return _Reading(notes, file).read(schema)
    except etree.XMLSyntaxError:
        pass
    except _AgainstSchema as error:
        against = error.element
    except TooManyFaults:
        raise notes.refusal() from None
    if refusal := file.refusal():
        raise refusal
    return _explained(file, notes, against)


def _explained(file: Encoded, notes: Notes, against: str) -> Ctf:
    """Read the file again without the schema, for all mistakes and not only the first. Raises UnreadableCtf.

    A file whose elements are of several namespaces is accepted here, when its header and pupils satisfy the schema without them.
    """
    notes = Notes(notes.name, notes.today, explaining=True, schema=_schema("") if file.has_namespaces else None)
    with suppress(TooManyFaults):
        try:
            read = _Reading(notes, file).read(None)
        except etree.XMLSyntaxError as error:
            notes.note(syntax_fault(error), line=error.lineno)
        else:
            if file.has_namespaces:
                return read
            notes.note(CtfFault.NOT_AS_SCHEMA, element=against)
    raise notes.refusal()


class _AgainstSchema(Exception):
    """The schema refuses the file, at this element."""

    def __init__(self, element: str) -> None:
        super().__init__(element)
        self.element = element


class _Reading:
    """One reading of a file: the tree grows, its complete parts are read and dropped."""

    def __init__(self, notes: Notes, file: Encoded) -> None:
        self._notes = notes
        self._file = file
        self._has_instructions = False
        self._header = Header()
        self._pupils = Pupils(notes)
        self._parts: list[tuple[str, int | None]] = []
        self._done = 0  # parts and pupils read so far

    def read(self, schema: etree.XMLSchema | None) -> Ctf:
        """Raises UnreadableCtf for what the rules find, XMLSyntaxError or _AgainstSchema for what they do not look at."""
        parser = _parser(("pi",), schema)
        pieces = self._file.pieces()
        first, at = up_to_root(pieces)
        parser.feed(first[:at] + MARKER)  # a node that stands beside the root from the beginning leads to it
        instructions = [node for _, node in parser.read_events()]
        if not instructions:
            raise unreadable(CtfFault.NOT_WELL_FORMED, line=1)
        marker = instructions[-1]
        since, done = 0, 0
        for piece in chain((first[at:],), pieces):
            parser.feed(piece)
            self._hear(parser, schema)
            root = marker.getnext()
            if root is not None:
                self._look(root)
            since = since + len(piece) if self._done == done else 0
            done = self._done
            if since > MOST_IN_ONE_PART * 1_048_576:
                raise unreadable(CtfFault.PART_TOO_LARGE, line=_line_of_open(root), megabytes=MOST_IN_ONE_PART)
        root = parser.close()
        self._hear(parser, schema)
        self._look(root, whole=True)
        return self._ctf()

    def _hear(self, parser: etree.XMLPullParser, schema: etree.XMLSchema | None) -> None:
        for _ in parser.read_events():
            self._has_instructions = True
        if schema is not None:
            for entry in parser.feed_error_log:
                if entry.domain == etree.ErrorDomains.SCHEMASV:
                    raise _AgainstSchema(_element_of(entry.message))

    def _look(self, root: etree._Element, *, whole: bool = False) -> None:
        """Read the parts that are complete: all but the last, as long as the file goes on."""
        while len(root) > (0 if whole else 1):
            self._drop_first(root, self._read_part)
        if len(root) and _is_element(root[0]) and local(root[0]) == "CTFpupilData":
            self._read_pupils(root[0])
        if whole:
            self._note_text(root, root.text)

    def _drop_first(self, parent: etree._Element, read: Callable[[etree._Element], None]) -> None:
        """Read the first part of it, which is complete, and let it go."""
        part = parent[0]
        tail = part.tail if self._notes.explaining else None
        if _is_element(part):
            if self._has_instructions:
                etree.strip_tags(part, etree.ProcessingInstruction)
            read(part)
            self._done += 1
        self._note_text(parent, tail)
        del part
        del parent[0]

    def _read_part(self, part: etree._Element) -> None:
        name = local(part)
        if name == "CTFpupilData":
            self._read_pupils(part, whole=True)
        elif name == "Header" and all(name != before for before, _ in self._parts):
            self._header = read_header(part, self._notes)
            self._satisfy(part)
        self._parts.append((name, part.sourceline))
        if len(self._parts) > 1_000:
            raise TooManyFaults

    def _read_pupils(self, data: etree._Element, *, whole: bool = False) -> None:
        as_schema = not self._notes.explaining and not self._has_instructions  # then there are pupils and nothing else
        for _ in range(len(data) - (0 if whole else 1)):
            if as_schema:
                self._pupils.take(data[0])
                del data[0]
                self._done += 1
            else:
                self._drop_first(data, self._read_pupil)
        if whole:
            self._note_text(data, data.text)

    def _read_pupil(self, pupil: etree._Element) -> None:
        if self._notes.explaining and local(pupil) != "Pupil":
            name = shortened(local(pupil))
            self._notes.note(CtfFault.ELEMENT_UNEXPECTED, line=pupil.sourceline, element=name, parent="CTFpupilData", expected="Pupil")
            return
        self._pupils.take(pupil)
        self._satisfy(pupil)

    def _satisfy(self, part: etree._Element) -> None:
        """The schema decides also where it could not look at the file as a whole."""
        notes = self._notes
        if notes.schema is not None and not notes.faults and not notes.schema.validate(part):
            notes.note(CtfFault.NOT_AS_SCHEMA, line=part.sourceline, element=local(part))

    def _note_text(self, parent: etree._Element, text: str | None) -> None:
        """Text that stands between the parts of the file or between the pupils."""
        if self._notes.explaining and text and (outside := text.strip(BLANKS)):
            self._notes.note(CtfFault.TEXT_OUTSIDE, line=parent.sourceline, element=local(parent), text=shortened(outside))

    def _ctf(self) -> Ctf:
        notes, pupils, header = self._notes, self._pupils, self._header
        if notes.explaining:
            self._explain_parts()
        if notes.name.destination.is_lost and pupils.count > 1:  # 1.3: these files can only have the details of one pupil
            notes.note(CtfFault.ONE_PUPIL_ONLY, pupils=pupils.count, destination=notes.name.destination.text)
        if notes.faults:
            raise notes.refusal()
        return Ctf(
            header.version,
            header.qualifier,
            header.supplier,
            header.source_name,
            header.created,
            tuple(pupils.read),
            tuple(notes.warnings),
            notes.warnings.more,
        )

    def _explain_parts(self) -> None:
        names = [name for name, _ in self._parts]
        for misfit in misfits("CTfile", names):
            line = None if misfit.at is None else self._parts[misfit.at][1]
            self._notes.add(Finding(misfit.code, line, element=shortened(misfit.element), facts=misfit.facts))
        if "CTFpupilData" in names and not self._pupils.count:
            self._notes.note(CtfFault.NO_PUPILS, element="CTFpupilData")


def _parser(events: tuple[Literal["pi", "start"], ...], schema: etree.XMLSchema | None) -> etree.XMLPullParser:
    """Made anew for each reading: parsers are not for several threads. No entities from outside, no network, libxml2's limits on."""
    return etree.XMLPullParser(
        events=events,
        schema=schema,
        encoding="utf-8",
        resolve_entities="internal",
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_blank_text=True,
        collect_ids=False,
    )


def _line_of_open(root: etree._Element | None) -> int | None:
    """Where the part or pupil begins that has not come to an end."""
    if root is None or not len(root):
        return None
    part = root[-1]
    line: int | None = (part[-1] if len(part) else part).sourceline
    return line


def _element_of(message: str) -> str:
    """The element that a message of the schema is about: the only word taken from any of libxml2's messages."""
    about = re.match(r"Element '(?:\{[^}]*\})?([^']*)'", message)
    return shortened(about[1]) if about else ""


def _is_element(node: etree._Element) -> bool:
    """Not an instruction, which stands among the elements."""
    return isinstance(node.tag, str)


def _namespace_of_root(file: Encoded, first: bytes, at: int) -> str:
    """The namespace of the file, '' for none. Raises UnreadableCtf when it is another sort of XML."""
    try:
        root = _root(first, at)
    except etree.XMLSyntaxError as error:
        raise file.refusal() or unreadable(syntax_fault(error), line=error.lineno) from None
    if root is None:
        raise unreadable(CtfFault.NOT_A_CTF, root="")
    name = etree.QName(root)
    if name.localname == "ATfile":
        raise unreadable(CtfFault.ADMISSIONS_FILE, line=root.sourceline)
    if name.localname != "CTfile":
        raise unreadable(CtfFault.NOT_A_CTF, line=root.sourceline, root=shortened(name.localname))
    return name.namespace or ""


def _root(first: bytes, at: int) -> etree._Element | None:
    """The outermost element as soon as its tag is complete; None when that fills the whole first piece. Raises XMLSyntaxError."""
    parser = _parser(("start",), None)
    parser.feed(first[:at])
    for begin in range(at, len(first), 1_024):
        parser.feed(first[begin : begin + 1_024])
        for _, element in parser.read_events():
            return element
    if len(first) < PIECE:
        parser.close()
    return None


@lru_cache(maxsize=8)
def _schema(namespace: str) -> etree.XMLSchema | None:
    """Parsed once a process; libxml2 only reads it afterwards, so it may serve several threads at the same time.

    Nearly every CTF has no namespace. For one that has, the schema takes that namespace on; None where that cannot be.
    """
    text = SCHEMA.read_text(encoding="utf-8")
    if namespace:
        own = quoteattr(namespace)
        text = text.replace("<xs:schema ", f"<xs:schema targetNamespace={own} xmlns={own} ", 1)
    try:
        return etree.XMLSchema(etree.fromstring(text.encode()))
    except etree.LxmlError:
        return None
