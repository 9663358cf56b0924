"""The grammar of file names: who sends what to whom is in the name, and only a rightly named file travels (5.4, Appendix 2).

A name is read once, here, into a `FileName`, and never looked at as text again. Hostile names are ordinary mistakes: every text either
is a name or raises `BadName`.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final
from urllib.parse import unquote

from s2s.rules import addresses
from s2s.rules.addresses import Address, AddressFault, BadAddress, Place
from s2s.rules.filename_forms import GRAMMARS, KIND_OF
from s2s.rules.kinds import KINDS, Kind
from s2s.rules.meant_names import OTHER_FILES, meant, number_meant, pieces, without_copy_marks, without_mark_behind_number
from s2s.rules.refusals import Refused

LONGEST: Final = 100  # characters; the longest right name has 35
TEXT_LONGEST: Final = 15  # Appendix 2: "variable text up to a maximum of 15 characters with no spaces"


class NameFault(StrEnum):
    """Every way a name can be wrong.

    All refusals have the facts `name` (fit to be shown) and, where it can be worked out, `right`, a name that is accepted; or else, where
    only the number is not plain, `open`: the right name with NNN in place of it.
    """

    EMPTY = "empty"
    TOO_LONG = "too_long"  # length, longest
    PATH = "path"  # a folder in front, or / and \ anywhere
    HIDDEN_CHARACTER = "hidden_character"  # NUL, line breaks, characters that turn the writing direction
    NOT_PLAIN = "not_plain"  # letters outside A to Z: accents, look-alikes
    ESCAPED = "escaped"  # escape: %20 for a space, as in the address of a page
    SPACES = "spaces"
    NO_EXTENSION = "no_extension"  # expected
    EXTENSION = "extension"  # extension, expected, kind
    ENDING_TWICE = "ending_twice"  # extension: .xml.xml, where the computer hides the first
    OTHER_FILE = "other_file"  # what (an OtherFile), extension, kind: no renaming makes a right file of it
    IN_FRONT = "in_front"  # extra: something before the first address
    NO_FORM = "no_form"  # nothing like any of the forms
    MISSING_UNDERSCORE = "missing_underscore"
    DOUBLE_UNDERSCORE = "double_underscore"  # also one at either end
    CONSTANT = "constant"  # word: what stands where CTF (PLA, CFR ...) should
    ORDER = "order"  # the constant is not between the addresses: word
    NO_CONSTANT = "no_constant"  # two addresses, a number and .xml, but no CTF between them
    EIGHT_LETTERS = "eight_letters"  # XXXXXXXX: side, text
    FIVE_LS = "five_ls"  # 681LLLLL: side, text
    LENGTH = "length"  # an address that has not seven characters: side, text, length
    ADDRESS = "address"  # seven characters that are no address: side, text
    NO_DESTINATION = "no_destination"
    LOST_SOURCE = "lost_source"  # nothing comes from XXXXXXX or MMMMMMM
    LOST_SENDER = "lost_sender"  # 681PLAS to XXXXXXX: only schools and nnnLLLL send there
    LOST_DESTINATION = "lost_destination"  # only CTFs go to XXXXXXX and MMMMMMM: kind
    PLACE = "place"  # this kind has no business at that desk: kind, side, text
    DIRECTION = "direction"  # this kind does not go from the one to the other: kind, source, destination
    SAME_ADDRESS = "same_address"
    NO_NUMBER = "no_number"  # digits: how many it should have
    NUMBER = "number"  # number, digits
    TOO_MANY_PARTS = "too_many_parts"  # extra
    NO_TEXT = "no_text"  # a generic name that ends after the second address
    TEXT_TOO_LONG = "text_too_long"  # text, length, longest
    TEXT = "text"  # characters other than letters, digits, hyphen and underscore: text


class Repair(StrEnum):
    """A mistake that is put right and mentioned; every other is refused."""

    BROWSER_COPY = "browser_copy"  # ' (1)' or ' - Copy', added when the same file is saved twice
    LETTERS = "letters"  # 681llll_ctf_6812045_001.Xml: small letters where capitals belong, or an ending in both
    UNDERSCORE = "underscore"  # 333LLLL_CTF1112222_NNN, as Appendix 2 prints it
    CENSUS_YEAR = "census_year"  # 6812045_SC1_681LL26_001: schools' systems write the year into the LA's address


class BadName(Refused[NameFault]):
    """The code is a NameFault; what the facts hold is said beside each fault.

    As soon as the kind of file is plain there are also `kind` and `form`, the pattern of Appendix 2.
    """

    def __init__(self, code: NameFault, *, meant: str | None = None, **facts: object) -> None:
        super().__init__(code, **facts)
        self.meant = meant  # a better name, not yet known to be right


@dataclass(frozen=True, slots=True)
class FileName:
    """What a name says. `word` is the constant as sent (CTF, SC1, ADT ...; the kind's first where none is given). Generic files have
    none, and `text` in place of a number.

    Two names are equal when they are written the same; what was put right on the way does not count.
    """

    kind: Kind
    source: Address
    destination: Address
    number: str
    text: str
    extension: str
    repairs: tuple[Repair, ...] = field(default=(), compare=False)
    word: str = ""

    def __post_init__(self) -> None:
        if not self.word and GRAMMARS[self.kind].words:
            object.__setattr__(self, "word", GRAMMARS[self.kind].words[0])

    def __str__(self) -> str:
        parts = (self.source.text, self.word, self.destination.text, self.number or self.text)
        return "_".join(filter(None, parts)) + "." + self.extension

    @property
    def is_lost(self) -> bool:
        """Whether the file goes to the Lost Pupil Database and so may hold one pupil only (1.3)."""
        return self.destination.is_lost


_TEXT: Final = re.compile(r"[A-Za-z0-9_-]+")
_CENSUS_YEAR: Final = re.compile(r"([0-9]{3})LL[0-9]{2}")
_LIKE_AN_ADDRESS: Final = re.compile(r"[0-9]{6,8}|[0-9]{3}[A-Z]{3,5}|X{4,9}|M{4,9}")
_RUN_ON: Final = re.compile("(" + "|".join(KIND_OF) + r")([0-9]{7}|[0-9]{3}[A-Z]{4}|X{7}|M{7})")
_HYPHENS: Final = re.compile(r"[0-9]{3}(?:[0-9]{4}|[A-Z]{4})-")
_ESCAPE: Final = re.compile("%(?:20|28|29|2D|5F)", re.IGNORECASE)  # a space, brackets, a hyphen, an underscore
_TWO_ADDRESSES: Final = re.compile(r"([0-9]{3}(?:[0-9]{4}|[A-Z]{4})){2}")


def parse(name: str) -> FileName:
    """Read a file's name; raises BadName, with the right name as the fact `right` where one can be worked out from what stands there."""
    try:
        return _read(name)
    except BadName as refusal:
        refusal.facts["name"] = shown(name)
        refusal.facts.update(_put_right(refusal))
        raise


def shown(name: str) -> str:
    """A name fit to be shown: not too long, and without characters that hide or turn others."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in name[:LONGEST])


def _put_right(refusal: BadName) -> dict[str, object]:
    """Follow one correction to the next (681LLLLL_CTF_6812049 has two mistakes) until a right name is reached."""
    for _ in NameFault:
        if refusal.meant is None:
            return {"open": refusal.facts["open"]} if "open" in refusal.facts else {}
        try:
            return {"right": str(_read(refusal.meant))}
        except BadName as again:
            refusal = again
    return {}


def _read(name: str) -> FileName:
    name = "".join(" " if unicodedata.category(char) == "Zs" else char for char in name)  # a space that does not break is a space
    _refuse_hostile(name)
    stem, _, extension = name.rpartition(".")
    if not stem or not extension:
        raise _without_extension(name)
    _refuse_other_file(stem, extension)
    stem, mark = without_copy_marks(stem)
    try:
        return _read_unmarked(stem, extension, mark)
    except BadName as refusal:
        if mark and refusal.meant:  # what stands in the mark may be the number
            bare, dot, ending = refusal.meant.rpartition(".")
            refusal.meant = f"{bare}{mark}{dot}{ending}"
        raise


def _read_unmarked(stem: str, extension: str, mark: str) -> FileName:
    if not (stem + extension).isascii():
        raise BadName(NameFault.NOT_PLAIN, meant=_in_plain_letters(stem, extension))
    if stem.lower().endswith(f".{extension.lower()}") and extension.isalnum():
        raise BadName(NameFault.ENDING_TWICE, meant=f"{stem[: -1 - len(extension)]}.{extension}", extension=extension)
    _refuse_other_order(stem, extension)
    if " " in stem + extension:
        raise _with_spaces(stem, extension)
    words = stem.split("_")
    if "" in words:
        raise BadName(NameFault.DOUBLE_UNDERSCORE, meant="_".join(filter(None, words)) + "." + extension)
    parts = replace(_sorted_out(words, extension), mark=mark)
    _check_extension(parts)
    read = _read_generic(parts) if parts.kind is Kind.GENERIC else _read_numbered(parts)
    return replace(read, repairs=(*read.repairs, Repair.LETTERS)) if _has_other_letters(words, extension, read) else read


def _refuse_hostile(name: str) -> None:
    if not name:
        raise BadName(NameFault.EMPTY)
    if len(name) > LONGEST:
        raise BadName(NameFault.TOO_LONG, length=len(name), longest=LONGEST)
    if not name.isprintable():
        raise BadName(NameFault.HIDDEN_CHARACTER)
    if "/" in name or "\\" in name:
        raise BadName(NameFault.PATH, meant=name.replace("\\", "/").rpartition("/")[2])
    escape = _ESCAPE.search(name)
    if escape:
        raise BadName(NameFault.ESCAPED, meant=unquote(name), escape=escape[0])


def _in_plain_letters(stem: str, extension: str) -> str:
    """The letters without their accents, and every dash as a hyphen; other signs are left out."""
    name = "".join("-" if unicodedata.category(char) == "Pd" else char for char in f"{stem}.{extension}")
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()


def _without_extension(name: str) -> BadName:
    stem = name.rstrip(".")
    if name.startswith("."):
        return BadName(NameFault.NO_FORM)
    kind = _kind_meant(stem)
    expected = KINDS[kind].extensions
    right = stem if "." in stem else f"{stem}.{expected[0]}"
    return BadName(NameFault.NO_EXTENSION, meant=right, expected=expected, kind=kind)


def _kind_meant(stem: str) -> Kind:
    found = pieces(stem)
    word = found.word if found else stem.upper().partition("_")[2].partition("_")[0]
    return KIND_OF.get(word, Kind.GENERIC)


def _refuse_other_file(stem: str, extension: str) -> None:
    what = OTHER_FILES.get(extension.lower())
    if what is not None:
        found = pieces(stem)
        kind = Kind.GENERIC if found and not found.word else Kind.CTF
        raise BadName(NameFault.OTHER_FILE, what=what, extension=extension, kind=kind)


def _refuse_other_order(stem: str, extension: str) -> None:
    """Something in front of the first address, or the constant in another place than between the two."""
    found = pieces(stem)
    if found is None:
        return
    if found.front.strip():
        raise BadName(NameFault.IN_FRONT, meant=meant(stem, extension), extra=found.front.strip(" _") or found.front)
    if not found.in_order and extension.lower() == "xml":  # the text of a generic file may be "CTF"
        raise BadName(NameFault.ORDER, meant=meant(stem, extension), word=found.word)


def _with_spaces(stem: str, extension: str) -> BadName:
    """A space in the name; or something extra, when what stands before the space is a right name."""
    before, _, behind = stem.partition(" ")
    ending = extension.split(" ", maxsplit=1)[0]
    try:
        right = _read(f"{before}.{ending}")
    except BadName:
        return BadName(NameFault.SPACES, meant=meant(stem, ending) or f"{stem}.{ending}".replace(" ", ""))
    if not behind or right.kind is Kind.GENERIC:
        return BadName(NameFault.SPACES, meant=f"{stem}.{ending}".replace(" ", ""))
    form = GRAMMARS[right.kind].pattern
    return BadName(NameFault.TOO_MANY_PARTS, meant=str(right), extra=behind, kind=right.kind, form=form)


@dataclass(frozen=True, slots=True)
class _Parts:
    """A name taken to pieces, before anybody has said that the pieces are right."""

    kind: Kind
    source: str
    word: str
    destination: str
    rest: tuple[str, ...]
    extension: str
    mark: str = ""  # the copy marks that stood behind it
    repairs: tuple[Repair, ...] = ()

    def __str__(self) -> str:
        return "_".join(filter(None, (self.source, self.word, self.destination, *self.rest))) + "." + self.extension

    def refusal(self, fault: NameFault, meant: "_Parts | None" = None, **facts: object) -> BadName:
        form = GRAMMARS[self.kind].pattern
        return BadName(fault, meant=None if meant is None else str(meant), kind=self.kind, form=form, **facts)


def _sorted_out(words: list[str], extension: str) -> _Parts:
    """Say which kind of file the name is for, by the word after the first underscore."""
    second = words[1].upper() if len(words) > 1 else ""
    if second in KIND_OF:
        return _numbered(words, extension)
    run_on = _RUN_ON.fullmatch(second)
    if run_on is not None:
        return _run_on([words[0], *run_on.groups(), *words[2:]], extension)
    if _LIKE_AN_ADDRESS.fullmatch(second) is None:
        raise _without_form(words, extension)
    if extension.upper() == "XML" and len(words) == 3 and _is_number(words[2], 3):
        raise BadName(NameFault.NO_CONSTANT, meant=f"{words[0]}_CTF_{second}_{words[2]}.{extension}")
    return _Parts(Kind.GENERIC, words[0], "", words[1], tuple(words[2:]), extension)


def _numbered(words: list[str], extension: str) -> _Parts:
    source, word, *rest = words
    kind = KIND_OF[word.upper()]
    if not rest or (len(rest) == 1 and rest[0].isdecimal() and len(rest[0]) <= GRAMMARS[kind].digits):
        raise BadName(NameFault.NO_DESTINATION, kind=kind, form=GRAMMARS[kind].pattern)
    return _Parts(kind, source, word.upper(), rest[0], tuple(rest[1:]), extension)


def _run_on(words: list[str], extension: str) -> _Parts:
    """Read 333LLLL_CTF1112222_NNN, because Appendix 2 prints it so; any other name without the underscore is refused."""
    parts = _numbered(words, extension)
    as_printed = parts.word == "CTF" and parts.source[3:].upper() == "LLLL" and parts.destination.isdecimal()
    if not as_printed:
        raise parts.refusal(NameFault.MISSING_UNDERSCORE, parts)
    return replace(parts, repairs=(Repair.UNDERSCORE,))


def _without_form(words: list[str], extension: str) -> BadName:
    """Why a name is of no kind at all: neither a known constant nor an address after the first underscore."""
    first = words[0].upper()
    if _TWO_ADDRESSES.fullmatch(first):
        return BadName(NameFault.MISSING_UNDERSCORE, meant="_".join([first[:7], first[7:], *words[1:]]) + "." + extension)
    if _HYPHENS.match(first):
        return BadName(NameFault.MISSING_UNDERSCORE, meant="_".join(words).replace("-", "_") + "." + extension)
    found = pieces("_".join(words))
    is_address = _LIKE_AN_ADDRESS.fullmatch(first) is not None
    if found is not None and (found.word or not is_address):
        return BadName(NameFault.MISSING_UNDERSCORE, meant=meant("_".join(words), extension))
    if not is_address:
        return BadName(NameFault.NO_FORM)
    if len(words) > 2 and extension.upper() == "XML":
        return BadName(NameFault.CONSTANT, meant="_".join([first, "CTF", *words[2:]]) + "." + extension, word=words[1])
    return BadName(NameFault.NO_DESTINATION)


def _check_extension(parts: _Parts) -> None:
    expected = KINDS[parts.kind].extensions
    if parts.extension.lower() not in expected:
        bare = str(parts).partition(".")[0]
        right = expected[0].upper() if parts.extension.isupper() else expected[0]
        refusal = parts.refusal(NameFault.EXTENSION, extension=parts.extension, expected=expected)
        refusal.meant = f"{bare}.{right}"
        raise refusal


def _read_numbered(parts: _Parts) -> FileName:
    parts = _without_census_year(parts)
    source, destination = _ends(parts)
    number, mark = _number(parts)
    return FileName(parts.kind, source, destination, number, "", _extension(parts.extension), _repairs(parts, mark), parts.word)


def _read_generic(parts: _Parts) -> FileName:
    source, destination = _ends(parts)
    return FileName(parts.kind, source, destination, "", _text(parts), _extension(parts.extension), _repairs(parts, parts.mark))


def _repairs(parts: _Parts, mark: str) -> tuple[Repair, ...]:
    return (Repair.BROWSER_COPY, *parts.repairs) if mark else parts.repairs


def _has_other_letters(words: list[str], extension: str, read: FileName) -> bool:
    """Whether letters were small where capitals belong, or the ending has both."""
    fixed = words[:2] if read.kind is Kind.GENERIC else words[:-1]
    return any(word != word.upper() for word in fixed) or extension not in (extension.upper(), extension.lower())


def _without_census_year(parts: _Parts) -> _Parts:
    """1112222_SC1_111LLyy_NNN is what schools' systems are said to write; it goes to the LA. The year is in the file itself."""
    year = _CENSUS_YEAR.fullmatch(parts.destination.upper()) if parts.kind is Kind.CENSUS else None
    if year is None:
        return parts
    return replace(parts, destination=year[1] + "LLLL", repairs=(*parts.repairs, Repair.CENSUS_YEAR))


def _ends(parts: _Parts) -> tuple[Address, Address]:
    """Both addresses, after asking whether this kind of file goes from the one to the other."""
    source, destination = _source(parts), _destination(parts)
    if destination.is_lost:
        _check_lost(parts, source)
    elif destination.place not in GRAMMARS[parts.kind].at:
        meant = replace(parts, destination=destination.text[:3] + "LLLL")
        raise parts.refusal(NameFault.PLACE, meant, side="destination", text=destination.text)
    if source == destination:
        raise parts.refusal(NameFault.SAME_ADDRESS, text=source.text)
    if source.is_school and destination.is_school and not GRAMMARS[parts.kind].between_schools:
        raise parts.refusal(NameFault.DIRECTION, source=source.text, destination=destination.text)
    return source, destination


def _source(parts: _Parts) -> Address:
    try:
        source = addresses.parse(parts.source)
    except BadAddress as refusal:
        right = refusal.facts.get("right")
        raise _bad_address(parts, refusal, "source", replace(parts, source=right) if isinstance(right, str) else None) from None
    if source.is_lost:
        raise parts.refusal(NameFault.LOST_SOURCE, text=source.text)
    if source.place not in GRAMMARS[parts.kind].at:
        raise parts.refusal(NameFault.PLACE, side="source", text=source.text)
    return source


def _destination(parts: _Parts) -> Address:
    try:
        return addresses.parse(parts.destination)
    except BadAddress as refusal:
        right = refusal.facts.get("right")
        raise _bad_address(parts, refusal, "destination", replace(parts, destination=right) if isinstance(right, str) else None) from None


_ADDRESS_FAULTS: Final[Mapping[StrEnum, NameFault]] = {
    AddressFault.EIGHT_LETTERS: NameFault.EIGHT_LETTERS,
    AddressFault.FIVE_LS: NameFault.FIVE_LS,
    AddressFault.LENGTH: NameFault.LENGTH,
    AddressFault.FORM: NameFault.ADDRESS,
}


def _bad_address(parts: _Parts, refusal: BadAddress, side: str, meant: _Parts | None) -> BadName:
    facts = {fact: refusal.facts[fact] for fact in ("text", "length")}
    return parts.refusal(_ADDRESS_FAULTS[refusal.code], meant, side=side, **facts)


def _check_lost(parts: _Parts, source: Address) -> None:
    if parts.kind is not Kind.CTF:  # Appendix 2 has no such row
        raise parts.refusal(NameFault.LOST_DESTINATION, text=parts.destination.upper())
    if source.place not in (Place.SCHOOL, Place.LA):  # 1.3 schools, 5 LEA School
        raise parts.refusal(NameFault.LOST_SENDER, text=source.text)


def _number(parts: _Parts) -> tuple[str, str]:
    """The number, and the copy marks behind it."""
    digits = GRAMMARS[parts.kind].digits
    behind = "_".join(parts.rest)
    if not behind:
        raise _without_number(parts, NameFault.NO_NUMBER, parts.mark)
    number = without_mark_behind_number(behind)
    if _is_number(number, digits):
        return number, parts.mark or behind.removeprefix(number)
    if re.match(rf"[0-9]{{{digits}}}(?![0-9.])", behind):
        extra = behind[digits:].strip("_") or behind
        raise parts.refusal(NameFault.TOO_MANY_PARTS, replace(parts, rest=(behind[:digits],)), extra=extra)
    raise _without_number(parts, NameFault.NUMBER, behind, number=behind)


def _without_number(parts: _Parts, fault: NameFault, text: str, **facts: object) -> BadName:
    """The right name with the number that can be meant; where none can, the name with NNN for it."""
    digits = GRAMMARS[parts.kind].digits
    number = number_meant(text, digits)
    right = replace(parts, rest=(number or "N" * digits,))
    refusal = parts.refusal(fault, right if number else None, digits=digits, **facts)
    if number is None:
        refusal.facts["open"] = str(right)
    return refusal


def _is_number(text: str, digits: int) -> bool:
    return len(text) == digits and text.isdecimal()


def _text(parts: _Parts) -> str:
    text = "_".join(parts.rest)
    if not text:
        raise parts.refusal(NameFault.NO_TEXT, replace(parts, rest=("Data",)))
    if _TEXT.fullmatch(text) is None:  # a dot would hide a second extension; other signs do not pass every system on the way
        plain = re.sub(r"[^A-Za-z0-9_-]+", "-", text).strip("-_")
        raise parts.refusal(NameFault.TEXT, replace(parts, rest=(plain,)) if plain else None, text=text)
    if len(text) > TEXT_LONGEST:
        meant = replace(parts, rest=(text[:TEXT_LONGEST].rstrip("_"),))
        raise parts.refusal(NameFault.TEXT_TOO_LONG, meant, text=text, length=len(text), longest=TEXT_LONGEST)
    return text


def _extension(text: str) -> str:
    """The ending as it is kept: xml and XML stay as they are, Xml becomes xml."""
    return text if text.isupper() else text.lower()
