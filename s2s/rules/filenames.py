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

from s2s.rules import addresses
from s2s.rules.addresses import Address, AddressFault, BadAddress, Place
from s2s.rules.kinds import KINDS, Kind
from s2s.rules.refusals import Refused

LONGEST: Final = 100  # characters; the longest right name has 35
TEXT_LONGEST: Final = 15  # Appendix 2: "variable text up to a maximum of 15 characters with no spaces"


class NameFault(StrEnum):
    """Every way a name can be wrong. All refusals have the facts `name` (fit to be shown) and, where it can be worked out, `right`."""

    EMPTY = "empty"
    TOO_LONG = "too_long"  # length, longest
    PATH = "path"  # a folder in front, or / and \ anywhere
    HIDDEN_CHARACTER = "hidden_character"  # NUL, line breaks, characters that turn the writing direction
    NOT_PLAIN = "not_plain"  # letters outside A to Z: accents, look-alikes
    SPACES = "spaces"
    NO_EXTENSION = "no_extension"  # expected
    EXTENSION = "extension"  # extension, expected, kind
    NO_FORM = "no_form"  # nothing like any of the forms
    MISSING_UNDERSCORE = "missing_underscore"
    DOUBLE_UNDERSCORE = "double_underscore"  # also one at either end
    CONSTANT = "constant"  # word: what stands where CTF (PLA, CFR ...) should
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


@dataclass(frozen=True, slots=True)
class Grammar:
    """A kind's own part of the grammar. `at` are the places it comes from and goes to (the Lost Pupil Database is looked at by itself)."""

    kind: Kind
    words: tuple[str, ...]
    digits: int
    at: frozenset[Place]
    pattern: str
    between_schools: bool = False


# Appendix 2 has rows for CTF and generic files. 1.6 gives LEA PLASC "files" without limiting them, so nnnPLAS may send and receive every
# kind; LEA Admissions has admissions and generic files only, so nnnADMS stands in no other name. LA to LA is not in Appendix 2 but the
# schools' and LAs' systems write it. The guidance gives no form for the other four kinds: theirs follow the CTF's, with the constants of
# the field (SC1 to SC3: the terms of the School Census; ADT, ASL, ATF, APT, AOT, ALT with an intake year and three digits). They are
# returns to an LA or an LA's answer to one, so they do not go from school to school.
_SCHOOL, _LA, _PLASC, _ADMISSIONS = Place.SCHOOL, Place.LA, Place.PLASC, Place.ADMISSIONS
_RETURN: Final = frozenset({_SCHOOL, _LA, _PLASC})
_ALL: Final = frozenset({_SCHOOL, _LA, _PLASC, _ADMISSIONS})

_ROWS: Final = (
    Grammar(Kind.CTF,        ("CTF",),                                  3, _RETURN, "1112222_CTF_3334444_NNN.XML", between_schools=True),
    Grammar(Kind.CENSUS,     ("PLA", "PLASC", "SC1", "SC2", "SC3"),      3, _RETURN, "1112222_PLA_333PLAS_NNN.XML"),
    Grammar(Kind.CFR,        ("CFR",),                                  3, _RETURN, "1112222_CFR_333LLLL_NNN.XML"),
    Grammar(Kind.EXCLUSION,  ("EXC",),                                  3, _RETURN, "1112222_EXC_333LLLL_NNN.XML"),
    Grammar(Kind.ADMISSIONS, ("ADT", "ASL", "ATF", "APT", "AOT", "ALT"), 5, _ALL,    "333LLLL_ADT_1112222_NNNNN.XML"),
    Grammar(Kind.GENERIC,    (),                                        0, _ALL,    "1113333_2224444_FFT15.ZIP", between_schools=True),
)  # fmt: skip

GRAMMARS: Final[Mapping[Kind, Grammar]] = {row.kind: row for row in _ROWS}
_KIND_OF: Final = {word: row.kind for row in _ROWS for word in row.words}


@dataclass(frozen=True, slots=True)
class Form:
    """One line of the table that a help page shows; `source` and `destination` are the words of Appendix 2, `example` is a right name."""

    kind: Kind
    pattern: str
    source: str
    destination: str
    example: str
    section: str


_OURS: Final = "our own form"  # the guidance has none

FORMS: Final = (
    Form(Kind.CTF, "1112222_CTF_3334444_NNN.XML", "School", "School", "6792303_CTF_6812105_001.xml", "Appendix 2"),
    Form(Kind.CTF, "1112222_CTF_MMMMMMM_NNN.XML", "School", "Lost Pupils (outside maintained sector)",
         "6812045_CTF_MMMMMMM_001.xml", "Appendix 2"),
    Form(Kind.CTF, "1112222_CTF_XXXXXXX_NNN.XML", "School", "Lost Pupils (destination unknown)",
         "6812045_CTF_XXXXXXX_001.xml", "Appendix 2"),
    Form(Kind.CTF, "1112222_CTF_333LLLL_NNN.XML", "School", "LEA", "6812045_CTF_681LLLL_001.xml", "Appendix 2"),
    Form(Kind.CTF, "333LLLL_CTF_1112222_NNN.XML", "LEA", "School", "681LLLL_CTF_6812049_001.xml", "Appendix 2"),
    Form(Kind.CTF, "111LLLL_CTF_333LLLL_NNN.XML", "LEA", "LEA", "681LLLL_CTF_675LLLL_001.xml", _OURS),
    Form(Kind.CTF, "111LLLL_CTF_MMMMMMM_NNN.XML", "LEA School", "Lost Pupils (outside maintained sector)",
         "681LLLL_CTF_MMMMMMM_001.xml", "5"),
    Form(Kind.CTF, "111LLLL_CTF_XXXXXXX_NNN.XML", "LEA School", "Lost Pupils (destination unknown)",
         "681LLLL_CTF_XXXXXXX_001.xml", "5"),
    Form(Kind.CTF, "1112222_CTF_333PLAS_NNN.XML", "School", "LEA PLASC", "6812045_CTF_681PLAS_001.xml", "1.6"),
    Form(Kind.CTF, "333PLAS_CTF_1112222_NNN.XML", "LEA PLASC", "School", "681PLAS_CTF_6812045_001.xml", "1.6"),
    Form(Kind.CENSUS, "1112222_PLA_333PLAS_NNN.XML", "School", "LEA PLASC (or LEA: 333LLLL)", "6812045_PLA_681PLAS_001.xml", _OURS),
    Form(Kind.CENSUS, "333PLAS_PLA_1112222_NNN.XML", "LEA PLASC (or LEA: 333LLLL)", "School", "681PLAS_PLA_6812045_001.xml", _OURS),
    Form(Kind.CENSUS, "1112222_SC1_333LLLL_NNN.XML", "School (SC1, SC2 or SC3)", "LEA (or LEA PLASC: 333PLAS)",
         "6812045_SC1_681LLLL_001.xml", _OURS),
    Form(Kind.CFR, "1112222_CFR_333LLLL_NNN.XML", "School", "LEA", "6812045_CFR_681LLLL_001.xml", _OURS),
    Form(Kind.CFR, "333LLLL_CFR_1112222_NNN.XML", "LEA", "School", "681LLLL_CFR_6812045_001.xml", _OURS),
    Form(Kind.EXCLUSION, "1112222_EXC_333LLLL_NNN.XML", "School", "LEA", "6812045_EXC_681LLLL_001.xml", _OURS),
    Form(Kind.EXCLUSION, "333LLLL_EXC_1112222_NNN.XML", "LEA", "School", "681LLLL_EXC_6812045_001.xml", _OURS),
    Form(Kind.ADMISSIONS, "333LLLL_ADT_1112222_YYNNN.XML", "LEA (or LEA Admissions: 333ADMS)", "School",
         "681ADMS_ADT_6812045_26001.xml", _OURS),
    Form(Kind.ADMISSIONS, "1112222_ASL_333LLLL_YYNNN.XML", "School", "LEA (or LEA Admissions: 333ADMS)",
         "6812045_ASL_681ADMS_26001.xml", _OURS),
    Form(Kind.ADMISSIONS, "111LLLL_ALT_333LLLL_YYNNN.XML", "LEA (APT, AOT, ALT or ATF)", "LEA", "681LLLL_ALT_679LLLL_26001.xml", _OURS),
    Form(Kind.GENERIC, "1113333_2224444_FFT15.ZIP", "School", "School", "6812045_6732182_Data2010.zip", "Appendix 2"),
    Form(Kind.GENERIC, "1113333_222LLLL_FFT15.ZIP", "School", "LEA (or 222PLAS, 222ADMS)", "6812045_681LLLL_Data.zip", "Appendix 2"),
    Form(Kind.GENERIC, "222LLLL_1113333_FFT15.ZIP", "LEA (or 222PLAS, 222ADMS)", "School", "681LLLL_6812045_Data.zip", "Appendix 2"),
    Form(Kind.GENERIC, "111LLLL_222LLLL_FFT15.ZIP", "LEA (or 111PLAS, 111ADMS)", "LEA (or 222PLAS, 222ADMS)",
         "681LLLL_679LLLL_Data.zip", _OURS),
)  # fmt: skip

_TEXT: Final = re.compile(r"[A-Za-z0-9_-]+")
_COPY_MARKS: Final = re.compile(r"(?: - cop[yi]| ?\([0-9]{1,3}\))+\Z", re.ASCII | re.IGNORECASE)
_CENSUS_YEAR: Final = re.compile(r"([0-9]{3})LL[0-9]{2}")
_LIKE_AN_ADDRESS: Final = re.compile(r"[0-9]{6,8}|[0-9]{3}[A-Z]{3,5}|X{4,9}|M{4,9}")
_RUN_ON: Final = re.compile("(" + "|".join(_KIND_OF) + r")([0-9]{7}|[0-9]{3}[A-Z]{4}|X{7}|M{7})")
_HYPHENS: Final = re.compile(r"[0-9]{3}(?:[0-9]{4}|[A-Z]{4})-")
_TWO_ADDRESSES: Final = re.compile(r"([0-9]{3}(?:[0-9]{4}|[A-Z]{4})){2}")


def parse(name: str) -> FileName:
    """Read a file's name; raises BadName, with the right name as the fact `right` where one can be worked out from what stands there."""
    try:
        return _read(name)
    except BadName as refusal:
        refusal.facts["name"] = shown(name)
        right = _put_right(refusal.meant)
        if right is not None:
            refusal.facts["right"] = right
        raise


def shown(name: str) -> str:
    """A name fit to be shown: not too long, and without characters that hide or turn others."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in name[:LONGEST])


def _put_right(meant: str | None) -> str | None:
    """Follow one correction to the next (681LLLLL_CTF_6812049 has two mistakes) until a right name is reached."""
    for _ in NameFault:
        if meant is None:
            return None
        try:
            return str(_read(meant))
        except BadName as again:
            meant = again.meant
    return None


def _read(name: str) -> FileName:
    _refuse_hostile(name)
    stem, _, extension = name.rpartition(".")
    if not stem or not extension:
        raise _without_extension(name)
    stem, repairs = _without_copy_marks(stem)
    if " " in stem + extension:
        raise BadName(NameFault.SPACES, meant=f"{stem}.{extension}".replace(" ", ""))
    words = stem.split("_")
    if "" in words:
        raise BadName(NameFault.DOUBLE_UNDERSCORE, meant="_".join(filter(None, words)) + "." + extension)
    parts = _sorted_out(words, extension, repairs)
    _check_extension(parts)
    return _read_generic(parts) if parts.kind is Kind.GENERIC else _read_numbered(parts)


def _refuse_hostile(name: str) -> None:
    if not name:
        raise BadName(NameFault.EMPTY)
    if len(name) > LONGEST:
        raise BadName(NameFault.TOO_LONG, length=len(name), longest=LONGEST)
    if not name.isprintable():
        raise BadName(NameFault.HIDDEN_CHARACTER)
    if "/" in name or "\\" in name:
        raise BadName(NameFault.PATH, meant=name.replace("\\", "/").rpartition("/")[2])
    if not name.isascii():
        raise BadName(NameFault.NOT_PLAIN, meant=unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode())


def _without_extension(name: str) -> BadName:
    stem = name.rstrip(".")
    if name.startswith("."):
        return BadName(NameFault.NO_FORM)
    word = stem.upper().partition("_")[2].partition("_")[0]
    kind = _KIND_OF.get(word, Kind.GENERIC)
    expected = KINDS[kind].extensions
    meant = stem if "." in stem else f"{stem}.{expected[0]}"
    return BadName(NameFault.NO_EXTENSION, meant=meant, expected=expected, kind=kind)


def _without_copy_marks(stem: str) -> tuple[str, tuple[Repair, ...]]:
    """Nothing in a right name can look like a copy mark, so taking it off never makes another file of it."""
    bare = _COPY_MARKS.sub("", stem)
    return bare, (() if bare == stem else (Repair.BROWSER_COPY,))


@dataclass(frozen=True, slots=True)
class _Parts:
    """A name taken to pieces, before anybody has said that the pieces are right."""

    kind: Kind
    source: str
    word: str
    destination: str
    rest: tuple[str, ...]
    extension: str
    repairs: tuple[Repair, ...]

    def __str__(self) -> str:
        return "_".join(filter(None, (self.source, self.word, self.destination, *self.rest))) + "." + self.extension

    def refusal(self, fault: NameFault, meant: "_Parts | None" = None, **facts: object) -> BadName:
        form = GRAMMARS[self.kind].pattern
        return BadName(fault, meant=None if meant is None else str(meant), kind=self.kind, form=form, **facts)


def _sorted_out(words: list[str], extension: str, repairs: tuple[Repair, ...]) -> _Parts:
    """Say which kind of file the name is for, by the word after the first underscore."""
    second = words[1].upper() if len(words) > 1 else ""
    if second in _KIND_OF:
        return _numbered(words, extension, repairs)
    run_on = _RUN_ON.fullmatch(second)
    if run_on is not None:
        return _run_on([words[0], *run_on.groups(), *words[2:]], extension, repairs)
    if _LIKE_AN_ADDRESS.fullmatch(second) is None:
        raise _without_form(words, extension)
    if extension.upper() == "XML" and len(words) == 3 and _is_number(words[2], 3):
        raise BadName(NameFault.NO_CONSTANT, meant=f"{words[0]}_CTF_{second}_{words[2]}.{extension}")
    return _Parts(Kind.GENERIC, words[0], "", words[1], tuple(words[2:]), extension, repairs)


def _numbered(words: list[str], extension: str, repairs: tuple[Repair, ...]) -> _Parts:
    source, word, *rest = words
    kind = _KIND_OF[word.upper()]
    if not rest or (len(rest) == 1 and rest[0].isdecimal() and len(rest[0]) <= GRAMMARS[kind].digits):
        raise BadName(NameFault.NO_DESTINATION, kind=kind, form=GRAMMARS[kind].pattern)
    return _Parts(kind, source, word.upper(), rest[0], tuple(rest[1:]), extension, repairs)


def _run_on(words: list[str], extension: str, repairs: tuple[Repair, ...]) -> _Parts:
    """333LLLL_CTF1112222_NNN is read, because Appendix 2 prints it so; anywhere else the underscore is asked for."""
    parts = _numbered(words, extension, repairs)
    as_printed = parts.word == "CTF" and parts.source[3:].upper() == "LLLL" and parts.destination.isdecimal()
    if not as_printed:
        raise parts.refusal(NameFault.MISSING_UNDERSCORE, parts)
    return replace(parts, repairs=(*repairs, Repair.UNDERSCORE))


def _without_form(words: list[str], extension: str) -> BadName:
    """Why a name is of no kind at all: neither a known constant nor an address after the first underscore."""
    first = words[0].upper()
    if _TWO_ADDRESSES.fullmatch(first):
        return BadName(NameFault.MISSING_UNDERSCORE, meant="_".join([first[:7], first[7:], *words[1:]]) + "." + extension)
    if _HYPHENS.match(first):
        return BadName(NameFault.MISSING_UNDERSCORE, meant="_".join(words).replace("-", "_") + "." + extension)
    if _LIKE_AN_ADDRESS.fullmatch(first) is None:
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
    return FileName(parts.kind, source, destination, _number(parts), "", _extension(parts.extension), parts.repairs, parts.word)


def _read_generic(parts: _Parts) -> FileName:
    source, destination = _ends(parts)
    return FileName(parts.kind, source, destination, "", _text(parts), _extension(parts.extension), parts.repairs)


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


def _number(parts: _Parts) -> str:
    digits = GRAMMARS[parts.kind].digits
    if not parts.rest:
        raise parts.refusal(NameFault.NO_NUMBER, replace(parts, rest=("1".zfill(digits),)), digits=digits)
    number, *extra = parts.rest
    if not _is_number(number, digits):
        meant = replace(parts, rest=(_nearest(number, digits), *extra))
        raise parts.refusal(NameFault.NUMBER, meant, number=number, digits=digits)
    if extra:
        raise parts.refusal(NameFault.TOO_MANY_PARTS, replace(parts, rest=(number,)), extra="_".join(extra))
    return number


def _is_number(text: str, digits: int) -> bool:
    return len(text) == digits and text.isdecimal()


def _nearest(number: str, digits: int) -> str:
    """01 and 0001 mean 001; what is no number at all begins again at 001."""
    value = number.partition(".")[0].lstrip("0")
    return value.zfill(digits) if value.isdecimal() and len(value) <= digits else "1".zfill(digits)


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
    """xml and XML are both real and kept; Xml becomes xml."""
    return text if text.isupper() else text.lower()
