"""What the bytes of a file are before anybody reads it as XML: its encoding, and that no document type waits in its first lines.

Accepted is what is declared or marked and reads cleanly. A file whose bytes are not what it says is refused and never repaired: a
repaired name is a damaged name.
"""

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from s2s.transfers.ctf.faults import CtfFault, UnreadableCtf, shortened, unreadable

PIECE: Final = 65_536  # bytes; must be even, for UTF-16
MOST_BEFORE_ROOT: Final = 1_048_576  # bytes of comments

_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"),
                 (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))  # fmt: skip
_KINDS: Final = (
    (b"PK", "zip"), (b"%PDF", "pdf"), (b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpeg"), (b"GIF8", "gif"), (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7z"), (b"Rar!", "rar"), (b"\xd0\xcf\x11\xe0", "office"), (b"{\\rtf", "rtf"), (b"MZ", "program"),
)  # fmt: skip
_DECLARED: Final = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "ascii": "ascii",
    "iso-8859-1": "iso-8859-1", "iso8859-1": "iso-8859-1", "iso_8859-1": "iso-8859-1", "latin1": "iso-8859-1", "latin-1": "iso-8859-1",
    "windows-1252": "windows-1252", "cp1252": "windows-1252",
    "utf-16": "utf-16", "utf-16le": "utf-16", "utf-16be": "utf-16", "utf16": "utf-16",
}  # fmt: skip
_DECLARATION: Final = re.compile(r"""<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"'>]{0,100})["']""")
_NOT_LATIN_1: Final = re.compile(rb"[\x80-\x9f]")  # control characters there, letters and quotes in windows-1252: surely that was meant
_BLANKS: Final = re.compile(rb"[ \t\r\n]*")
_WEB_PAGE: Final = re.compile(rb"<!doctype\s+html\b", re.IGNORECASE)
_ENTRANCES: Final = ((b"<?", b"?>"), (b"<!--", b"-->"))


@dataclass(frozen=True, slots=True)
class Encoded:
    """A file's bytes and how they read."""

    content: bytes
    encoding: str
    start: int  # after the mark

    def pieces(self) -> Iterator[bytes]:
        """The file as UTF-8, some 64 KB at a time. UTF-8 itself is passed on as it is; it is the parser that checks it."""
        through = _unchanged if self.encoding == "utf-8" else _into_utf_8(self.encoding)
        try:
            for at in range(self.start, len(self.content), PIECE):
                yield through(self.content[at : at + PIECE], at + PIECE >= len(self.content))
        except UnicodeDecodeError:
            raise self.refusal() or unreadable(CtfFault.ENCODING_WRONG, encoding=self.encoding) from None

    @property
    def has_namespaces(self) -> bool:
        """Whether any element can be in a namespace: none can without one of these words."""
        encoding = self.encoding if self.encoding.startswith("utf-16") else "ascii"
        return any(word.encode(encoding) in self.content for word in ("xmlns", "<xml:"))

    def refusal(self) -> UnreadableCtf | None:
        """Why the bytes do not read as they should, or None when they do."""
        try:
            text = self.content[self.start :].decode(self.encoding)
        except UnicodeDecodeError as error:
            before = self.content[self.start : self.start + error.start].decode(self.encoding, "ignore")
            return unreadable(CtfFault.ENCODING_WRONG, line=before.count("\n") + 1, encoding=self.encoding)
        if self.encoding == "iso-8859-1" and (odd := _NOT_LATIN_1.search(self.content)):
            return unreadable(CtfFault.ENCODING_WRONG, line=text.count("\n", 0, odd.start()) + 1, encoding=self.encoding)
        return None


def encoded(content: bytes) -> Encoded:
    """Say how the bytes read; raises UnreadableCtf when they are nothing to read, or say one thing and are another."""
    if not content or content.isspace():
        raise unreadable(CtfFault.EMPTY)
    for magic, kind in _KINDS:
        if content.startswith(magic):
            raise unreadable(CtfFault.NOT_XML, kind=kind)
    mark, marked = next(((mark, name) for mark, name in _MARKS if content.startswith(mark)), (b"", ""))
    if marked == "utf-32":
        raise unreadable(CtfFault.ENCODING_NOT_ACCEPTED, encoding="UTF-32")
    if not marked and content[:2] in (b"<\0", b"\0<"):
        raise unreadable(CtfFault.ENCODING_NO_MARK, encoding="UTF-16")
    head = content[len(mark) : len(mark) + 1_024].decode(marked if marked.startswith("utf-16") else "iso-8859-1", "replace")
    bare = head.lstrip()
    if not bare.startswith("<"):
        raise unreadable(CtfFault.NOT_XML, kind="text")
    if bare.startswith("<?xml ") and bare != head:
        raise unreadable(CtfFault.BLANK_FIRST, line=1)
    return Encoded(content, _agreed(_declared(head), marked), len(mark))


def _declared(head: str) -> str:
    """The encoding of the XML declaration, '' when it has none."""
    declaration = _DECLARATION.match(head)
    if declaration is None:
        return ""
    name = _DECLARED.get(declaration[1].strip().lower())
    if name is None:
        raise unreadable(CtfFault.ENCODING_NOT_ACCEPTED, encoding=shortened(declaration[1].strip()))
    return name


def _agreed(declared: str, marked: str) -> str:
    """What declaration and mark say together. UTF-16 is taken by its mark alone, and nothing else may call itself UTF-16."""
    if marked.startswith("utf-16"):
        agree = declared in ("", "utf-16")
    elif marked:
        agree = declared in ("", "utf-8", "ascii")
    else:
        agree = declared != "utf-16"
    if not agree:
        raise unreadable(CtfFault.ENCODING_CONTRADICTS, declared=declared.upper(), found=marked[:6].upper())
    return marked or declared or "utf-8"


def _unchanged(piece: bytes, _last: bool) -> bytes:
    return piece


def _into_utf_8(encoding: str) -> Callable[[bytes, bool], bytes]:
    decoder = codecs.getincrementaldecoder(encoding)()

    def through(piece: bytes, last: bool) -> bytes:
        if encoding == "iso-8859-1" and _NOT_LATIN_1.search(piece):
            raise UnicodeDecodeError(encoding, piece, 0, 1, "control characters")
        return decoder.decode(piece, last).encode()

    return through


def up_to_root(pieces: Iterator[bytes]) -> tuple[bytes, int]:
    """The beginning of the file, and where in it the outermost element begins, behind comments and instructions.

    A document type can only stand before it, so one that is there is found without parsing anything (failure classes 1 and 2).
    Raises UnreadableCtf.
    """
    first, at = b"", 0
    for piece in pieces:
        first += piece
        at, is_open = _through_entrances(first, at)
        if not is_open and len(first) - at >= len(b"<!--"):  # fewer bytes may still become one
            break
        if len(first) > MOST_BEFORE_ROOT:
            break
    if first.startswith(b"<!", at) and not first.startswith(b"<!--", at):
        raise _document_type(first, at)
    if at == len(first) or first.startswith(tuple(begin for begin, _ in _ENTRANCES), at):
        raise unreadable(CtfFault.NOT_A_CTF, root="")
    return first, at


def _through_entrances(first: bytes, at: int) -> tuple[int, bool]:
    """Where the comments and instructions end, and whether one is still open there."""
    while True:
        at = _BLANKS.match(first, at).end()  # type: ignore[union-attr]  # it matches anything
        way_out = next((end for begin, end in _ENTRANCES if first.startswith(begin, at)), None)
        if way_out is None:
            return at, False
        found = first.find(way_out, at + 2)
        if found < 0:
            return at, True
        at = found + len(way_out)


def _document_type(first: bytes, at: int) -> UnreadableCtf:
    line = first.count(b"\n", 0, at) + 1
    if _WEB_PAGE.match(first, at):
        return unreadable(CtfFault.NOT_A_CTF, line=line, root="html")
    return unreadable(CtfFault.DOCTYPE if first[at + 2 : at + 3].isalpha() else CtfFault.NOT_WELL_FORMED, line=line)
