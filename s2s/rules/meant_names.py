"""What somebody meant who wrote a wrong name: the addresses, the constant and the digits that stand in it, put into the order of the form.

Two pupils' files must never be told the same name, so the digits that stand there win, and where they are not plain nothing is said.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from s2s.rules.filename_forms import GRAMMARS, KIND_OF


class OtherFile(StrEnum):
    """What a file is that cannot become a CTF or a zip by renaming it."""

    SHORTCUT = "shortcut"
    PDF = "pdf"
    SPREADSHEET = "spreadsheet"
    DOCUMENT = "document"
    PICTURE = "picture"
    WEB_PAGE = "web_page"
    EMAIL = "email"
    PROGRAM = "program"
    UNFINISHED = "unfinished"  # a download that was broken off or goes on
    LOCKED = "locked"  # encrypted by another program


_ENDINGS: Final = {
    OtherFile.SHORTCUT: "lnk url webloc desktop alias",
    OtherFile.PDF: "pdf",
    OtherFile.SPREADSHEET: "xls xlsx xlsm xlsb xlt xltx ods csv tsv numbers",
    OtherFile.DOCUMENT: "doc docx docm dot dotx odt rtf pages ppt pptx odp pub one mdb accdb",
    OtherFile.PICTURE: "png jpg jpeg gif bmp tif tiff heic webp svg",
    OtherFile.WEB_PAGE: "htm html xhtml mht mhtml asp aspx php",
    OtherFile.EMAIL: "msg eml pst",
    OtherFile.PROGRAM: "exe msi bat cmd com js vbs ps1 scr jar dll app dmg",
    OtherFile.UNFINISHED: "crdownload part partial download opdownload tmp",
    OtherFile.LOCKED: "gpg pgp asc age p7m enc aes",
}
OTHER_FILES: Final = {ending: what for what, endings in _ENDINGS.items() for ending in endings.split()}

_COPY: Final = "cop[yi]"  # Welsh: copi
_DASH: Final = "[-‐‑‒–—−]"
_AGAIN: Final = r"(?:\ [0-9]{1,3})?"
# What is added to the name of a file that is saved twice. Nothing in a right name looks like one of these.
_COPY_MARKS: Final = re.compile(
    rf"""(?:
      \ ?\([0-9]{{1,3}}\)                                                               # (1): browsers, mail programs
    | \ ?\[[0-9]{{1,3}}\]                                                               # [1]: older browsers
    | \ {_DASH}\ ?{_COPY}(?:\ ?\([0-9]{{1,3}}\)|{_AGAIN})                               # - Copy (2): Windows
    | \ {_COPY}{_AGAIN}                                                                 # copy 2: a Mac
    | \ ?\((?:another\ |[0-9]{{1,2}}(?:st|nd|rd|th)\ )?{_COPY}{_AGAIN}\)                # (another copy): Linux
    | (?<=[0-9]{{3}})\ [0-9]{{1,2}}                                                     # 2: a Mac again, behind a number
    )+\Z""".replace("(?: [0-9]", r"(?:\ [0-9]"),
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
# Such a mark behind a file's number only: the text of a generic file may end so.
_BEHIND_A_NUMBER: Final = re.compile(rf"([0-9]+){_DASH}(?:{_COPY}|[0-9]{{1,2}})\Z", re.ASCII | re.IGNORECASE)

_NUMBER_FIRST: Final = re.compile(r"[^0-9A-Za-z]*[0-9]{3}(?![0-9])")

_WORDS: Final = "|".join(sorted(KIND_OF, key=len, reverse=True))
_PIECE: Final = re.compile(
    rf"""(?P<address>
        [0-9]{{7}}(?=(?:[0-9]{{3}}|[0-9]{{5}})?(?![0-9]))       # 6812061, also run together with the number behind it
      | [0-9]{{3}}(?:L{{3,5}}|PLAS|ADMS)(?={_WORDS}|[^A-Z]|\Z)
      | (?:X{{6,8}}|M{{6,8}})(?![A-Z]))
    | (?P<word>(?:{_WORDS})(?=(?:X{{6,8}}|M{{6,8}})(?![A-Z])|[^A-Z]|\Z))
    | [0-9]+ | [A-Z]+""",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)


def without_copy_marks(stem: str) -> tuple[str, str]:
    """The name without its ending, and the copy marks that stood behind it."""
    found = _COPY_MARKS.search(stem)
    return (stem[: found.start()], found[0]) if found else (stem, "")


def without_mark_behind_number(number: str) -> str:
    """The number without a copy mark behind it: 302 of 302-1 and 302-Copy."""
    found = _BEHIND_A_NUMBER.fullmatch(number)
    return found[1] if found else number


def number_meant(text: str, digits: int) -> str | None:
    """The number in what stands behind the second address, None where it is not plain which digits are meant.

    What has the right length and stands where the number belongs; or else the only group of digits, or the only one of that length: 01
    and 0001 mean 001. Where no digit stands at all it is the first number, 001.
    """
    first = re.match(rf"[^0-9A-Za-z]*([0-9]{{{digits}}})(?![0-9])", text)
    if first:
        return first[1]
    bare, mark = without_copy_marks(text)
    groups = re.findall("[0-9]+", bare) or re.findall("[0-9]+", mark)
    if not groups:
        return "1".zfill(digits)
    return _one_of(groups, digits) or (_joined(groups, digits) if re.search("[A-Za-z]", bare) is None else None)


def _one_of(groups: list[str], digits: int) -> str | None:
    exact = {group for group in groups if len(group) == digits}
    if len(exact) == 1:
        return exact.pop()
    value = groups[0].lstrip("0")
    return value.zfill(digits) if len(groups) == 1 and len(value) <= digits else None


def _joined(groups: list[str], digits: int) -> str | None:
    """Digits that a blank has parted, together again: 001 of 0 01."""
    return joined if len(joined := "".join(groups)) == digits else None


@dataclass(frozen=True, slots=True)
class Pieces:
    """The two addresses of a name, its constant ('' where there is none), and what stands before and behind them."""

    front: str
    source: str
    word: str
    destination: str
    rest: str
    in_order: bool  # the constant between the addresses


def pieces(stem: str) -> Pieces | None:
    """Take a name to pieces, however they are joined; None unless there are just two addresses and at most one constant."""
    found = list(_PIECE.finditer(stem))
    addresses = [piece for piece in found if piece["address"]]
    words = [piece for piece in found if piece["word"]]
    if len(addresses) != 2 or len(words) > 1:
        return None
    source, destination = addresses
    parts = [*addresses, *words]
    return Pieces(
        front=stem[: min(part.start() for part in parts)],
        source=source[0].upper(),
        word=words[0][0].upper() if words else "",
        destination=destination[0].upper(),
        rest=stem[max(part.end() for part in parts) :],
        in_order=not words or source.end() <= words[0].start() < destination.start(),
    )


def meant(stem: str, extension: str) -> str | None:
    """The name in the form of its kind, to be looked at again; None where the pieces are not there."""
    found = pieces(stem)
    if found is None:
        return None
    word = found.word or ("CTF" if extension.lower() == "xml" and _NUMBER_FIRST.match(found.rest) else "")
    if not word:
        text = re.sub(r"\s", "", without_copy_marks(found.rest)[0]).strip("_-.")
        return "_".join(filter(None, (found.source, found.destination, text))) + "." + extension
    number = number_meant(found.rest, GRAMMARS[KIND_OF[word]].digits) or re.sub(r"\s", "_", found.rest).strip("_")
    return f"{found.source}_{word}_{found.destination}_{number}.{extension}"
