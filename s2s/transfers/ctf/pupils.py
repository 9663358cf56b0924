"""The pupils of a CTF: what the site keeps of them to find and list files by, and the rules on their identifiers."""

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple
from urllib.parse import unquote

from lxml import etree

from s2s.rules.identifiers import UpnFault, is_postcode, normalise_postcode, uln_is_valid, upn_check_letter, upn_fault
from s2s.transfers.ctf.elements import HIDDEN, by_name, names_in, note_contents, note_strangers, texts_under, value_of, visible
from s2s.transfers.ctf.faults import CtfFault, CtfWarning, Finding, Notes, no_such_day, shortened, unreadable
from s2s.transfers.ctf.structure import FRAME, Misfit, all_misfits, repeated

MOST_PUPILS: Final = 20_000  # no authority's whole year has as many
MOST_NAME: Final = 200
MOST_UPN: Final = 13
MOST_ULN: Final = 10
MOST_POSTCODE: Final = 20
OLDEST: Final = 25  # years
IMPOSSIBLE: Final = 100  # years

_FRAME: Final = frozenset(FRAME)
_SEXES: Final = frozenset("MFUW")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})?")
# A question mark between letters, a replacement character, UTF-8 that was once read as windows-1252, or an old code page: Si?n, Si�n,
# SiÃ¢n, Siƒn. Signs that may well stand beside a letter are damage only within a word.
_DAMAGED: Final = re.compile(
    r"[^\W\d_]\?|\?[^\W\d_]|\ufffd|[ÂÃÄÅ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
    r"|[ƒ†‡‰‹›•™¤¦§©¬®°±µ¶¼½¾¿×÷¡¢£¥²³¹√\u2500-\u259f]|[^\W\d_][„“”‚…ˆ˜´¨¸¯«»–—][a-zà-ÿ]|[a-z][ÔÛ][a-z]"
)
# A sign that XML, HTML or a web address writes in letters, written so twice: O&apos;Neill, Si%C3%A2n.
_ESCAPED: Final = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z]{2,8});|%[C-E][0-9A-F]%[89AB][0-9A-F]|\\u[0-9a-fA-F]{4}")
_JOINERS: Final = re.compile(r"(?<=[\u0600-\u1fff])[\u200c\u200d]|[\u200c\u200d](?=[\u0600-\u1fff])")  # letters of other scripts need them

_IDENTIFIERS: Final = ("UPN", "UniqueLearnerNumber", "Surname", "Forename", "DOB", "Sex", "Gender")
_DETAILS: Final = ("FormerUPN", "MiddleNames", "FormerSurname", "FormerForename", "PreferredSurname", "PreferredForename")
_NAMES: Final = ("Surname", "Forename", *_DETAILS[1:])
_LINES: Final = ("Town", "PostTown", "PostCode")
_VALUES: Final = frozenset((*_IDENTIFIERS, "UCI"))
_STRICT: Final = ("UPN", "DOB", "Sex", "Gender")  # read to the letter, so that something unseen in them is a fault

Texts = Mapping[str, str | None]


class CtfPupil(NamedTuple):
    """A pupil as the file writes it, blanks apart; '' where the file says nothing."""

    upn: str
    former_upn: str
    uln: str
    surname: str
    forename: str
    middle_names: str
    former_surname: str
    former_forename: str
    preferred_surname: str
    preferred_forename: str
    date_of_birth: date
    sex: str
    town: str
    postcode: str


class Pupils:
    """Reads one <Pupil> after the other and notes all that is wrong with it."""

    def __init__(self, notes: Notes) -> None:
        self.read: list[CtfPupil] = []
        self.count = 0
        self._notes = notes
        self._first_with: dict[str, int] = {}
        self._latest = years_before(notes.today, 1)
        self._earliest = years_before(notes.today, OLDEST)
        self._impossible = years_before(notes.today, IMPOSSIBLE), years_before(notes.today, -1)
        self._element: etree._Element

    def take(self, element: etree._Element) -> None:
        """Read one. Raises UnreadableCtf when there are absurdly many.

        Nothing of the element is kept: whoever deletes an element that is still held makes lxml walk through all that is under it.
        """
        self.count += 1
        if self.count > MOST_PUPILS:
            raise unreadable(CtfFault.TOO_MANY_PUPILS, line=element.sourceline, most=MOST_PUPILS)
        self._element = element
        identifiers, basic, address = self._texts(self._looked_at())
        upn, uln, surname, forename, born, sex, gender = _clean(identifiers, _IDENTIFIERS)
        former_upn, *names = _clean(basic, _DETAILS)
        town, post_town, postcode = _clean(address, _LINES)
        joined = " ".join((forename, surname, *names))
        if len(joined) > MOST_NAME:
            surname, forename, *names = self._shorten(surname, forename, names)
        if not joined.isascii() or "?" in joined or "&" in joined or "%" in joined or "\\" in joined:
            self._look_at_names(joined, surname, forename, *names)
        middle_names, former_surname, former_forename, preferred_surname, preferred_forename = names
        self.read.append(
            CtfPupil(
                self._upn(upn),
                self._former_upn(former_upn) if former_upn else "",
                self._uln(uln) if uln else "",
                surname or self._missing("Surname"),
                forename or self._missing("Forename"),
                middle_names,
                former_surname,
                former_forename,
                preferred_surname,
                preferred_forename,
                self._born(born),
                self._sex(sex, gender),
                (town or post_town or _last_line(address))[:MOST_NAME],
                self._postcode(postcode) if postcode else "",
            )
        )
        del self._element

    def _looked_at(self) -> dict[str, etree._Element]:
        """The children by name, after noting second identities, which the schema does not see: another pupil inside this one, an element
        that is there again further down.
        """
        children = by_name(self._element)
        if next(self._element.iterdescendants("{*}Pupil"), None) is not None or not _FRAME.isdisjoint(children):
            note_strangers(self._element, self._notes, self.count, self._who())
        if self._notes.explaining:
            self._explain()
        elif len(children) != len(self._element):
            self._add_misfits(repeated("Pupil", names_in(self._element)), self._element)
        return children

    def _texts(self, children: dict[str, etree._Element]) -> tuple[Texts, Texts, Texts]:
        """The texts of the identifiers, of the basic details and of the address."""
        identifiers: dict[str, str | None] = {name: children[name].text for name in _IDENTIFIERS if name in children}
        if self._notes.explaining:
            self._see(identifiers)
        basic = self._basic(children["BasicDetails"]) if "BasicDetails" in children else {}
        return identifiers, basic, texts_under(children["Address"]) if "Address" in children else {}

    def _basic(self, details: etree._Element) -> Texts:
        basic = {name: detail.text for name, detail in by_name(details).items()}
        if len(basic) != len(details):
            self._add_misfits(repeated("BasicDetails", names_in(details)), details)
        return basic

    def _see(self, identifiers: dict[str, str | None]) -> None:
        """Leave of the identifiers what somebody sees of them, after noting what is in them unseen."""
        for tag in _STRICT:
            element = self._element.find(tag)
            written = "" if element is None else value_of(element)
            if (seen := visible(written)) and seen != written:
                self._note(CtfFault.VALUE_HIDDEN, tag, value=shortened(seen))
                identifiers[tag] = seen

    def _upn(self, upn: str) -> str:
        fault = upn_fault(upn)
        if fault is UpnFault.CHECK_LETTER:
            self._note(CtfWarning.UPN_CHECK_LETTER, "UPN", upn=upn, expected=upn_check_letter(upn))
        elif fault is not None:
            if upn:
                self._note(CtfFault.UPN_MALFORMED, "UPN", upn=shortened(upn))
            else:
                self._note(CtfFault.UPN_MISSING, "UPN")
            return ""
        first = self._first_with.setdefault(upn, self.count)
        if first != self.count:
            self._note(CtfFault.UPN_TWICE, "UPN", upn=upn, first=first)
        return upn

    def _former_upn(self, upn: str) -> str:
        fault = upn_fault(upn)
        if fault is UpnFault.CHECK_LETTER:
            self._note(CtfWarning.UPN_CHECK_LETTER, "FormerUPN", upn=upn, expected=upn_check_letter(upn))
        elif fault is not None:
            self._note(CtfFault.UPN_MALFORMED, "FormerUPN", upn=shortened(upn))
        return upn[:MOST_UPN]

    def _uln(self, uln: str) -> str:
        if not uln_is_valid(uln):
            self._note(CtfWarning.ULN_CHECK_DIGIT, "UniqueLearnerNumber", uln=shortened(uln))
        return uln[:MOST_ULN]

    def _missing(self, element: str) -> str:
        """An element that is there and empty; one that is not there is found by its place."""
        if self._has(element):
            self._note(CtfFault.VALUE_MISSING, element)
        return ""

    def _shorten(self, surname: str, forename: str, names: list[str]) -> list[str]:
        """Absurdly long names: refused where they identify the pupil, cut to what can be shown elsewhere."""
        for element, name in zip(_NAMES, (surname, forename), strict=False):
            if len(name) > MOST_NAME:
                self._note(CtfFault.VALUE_TOO_LONG, element, length=len(name), most=MOST_NAME)
        for element, name in zip(_NAMES[2:], names, strict=True):
            if len(name) > MOST_NAME:
                self._note(CtfWarning.VALUE_SHORTENED, element, length=len(name), most=MOST_NAME)
        return [name[:MOST_NAME] for name in (surname, forename, *names)]

    def _look_at_names(self, joined: str, *names: str) -> None:
        """Names that somebody or some program has got wrong; each is mentioned once."""
        if not (_DAMAGED.search(joined) or _ESCAPED.search(joined) or HIDDEN.search(joined)):
            return
        for element, name in zip(_NAMES, names, strict=True):
            if _DAMAGED.search(name):
                damaged = next((word for word in name.split() if _DAMAGED.search(word)), name)
                self._note(CtfWarning.NAME_DAMAGED, element, name=shortened(damaged))
            elif _ESCAPED.search(name):
                self._note(CtfWarning.NAME_ESCAPED, element, name=shortened(name), meant=shortened(_unescaped(name)))
            elif HIDDEN.search(_JOINERS.sub("", name)):
                self._note(CtfWarning.NAME_HIDDEN, element, name=shortened(HIDDEN.sub("\N{WHITE SQUARE}", name)))

    def _born(self, written: str) -> date:
        try:
            born = date.fromisoformat(written[:10])
        except ValueError:
            born = None
        if born is None or (self._notes.explaining and _DATE.fullmatch(written) is None):
            if written:
                self._note(CtfFault.VALUE_WRONG, "DOB", value=shortened(written), expected="2016-03-09", **no_such_day(written))
            else:
                self._missing("DOB")
            return date.min
        if not self._earliest <= born <= self._latest:
            self._odd_birth(born)
        return born

    def _odd_birth(self, born: date) -> None:
        day = born.isoformat()
        earliest, latest = self._impossible
        if not earliest <= born <= latest:
            self._note(CtfFault.BORN_IMPOSSIBLE, "DOB", date=day)
        elif born < self._earliest:
            self._note(CtfWarning.BORN_LONG_AGO, "DOB", date=day, age=self._notes.today.year - born.year)
        elif born > self._notes.today:
            self._note(CtfWarning.BORN_LATER, "DOB", date=day)
        else:
            self._note(CtfWarning.BORN_LATELY, "DOB", date=day)

    def _sex(self, sex: str, gender: str) -> str:
        """Gender until CTF 22 or 23, Sex since."""
        said = sex or gender
        if sex and gender and sex != gender:
            self._note(CtfWarning.SEX_DIFFERS, "Gender", gender=shortened(gender), sex=shortened(sex))
        if said not in _SEXES:
            element = "Sex" if sex or self._has("Sex") else "Gender"
            if said:
                self._note(CtfFault.VALUE_WRONG, element, value=shortened(said), one_of="F, M")
            else:
                self._missing(element)
        return said

    def _postcode(self, postcode: str) -> str:
        if not is_postcode(postcode) and not is_postcode(normalise_postcode(postcode)):
            self._note(CtfWarning.POSTCODE_ODD, "PostCode", postcode=shortened(postcode))
        return postcode[:MOST_POSTCODE]

    def _explain(self) -> None:
        unsaid = [misfit for misfit in all_misfits("Pupil", names_in(self._element)) if misfit.element not in _FRAME]
        self._add_misfits((one for one in unsaid if (one.element, one.code) != ("UPN", CtfFault.ELEMENT_MISSING)), self._element)
        note_contents(self._element, self._notes, _VALUES, self.count, self._who())

    def _add_misfits(self, misfits: Iterable[Misfit], block: etree._Element) -> None:
        for misfit in misfits:
            at = block if misfit.at is None else block[misfit.at]
            self._add(misfit.code, shortened(misfit.element), at, misfit.facts)

    def _note(self, code: CtfFault | CtfWarning, element: str, **facts: object) -> None:
        """Note something about an element of this pupil, or about its being missing."""
        found = self._find(element)
        self._add(code, element, self._element if found is None else found, facts)

    def _add(self, code: CtfFault | CtfWarning, element: str, at: etree._Element, facts: Mapping[str, object]) -> None:
        self._notes.add(Finding(code, at.sourceline, self.count, self._who(), element, facts))

    def _who(self) -> str:
        return shortened(visible(f"{_text(self._element.find('Forename'))} {_text(self._element.find('Surname'))}"))

    def _has(self, element: str) -> bool:
        return self._element.find(element) is not None

    def _find(self, element: str) -> etree._Element | None:
        """The identifier of that name, or else the first such element further down (FormerUPN, PostCode)."""
        found = self._element.find(element)
        return found if found is not None else next(self._element.iter(element), None)


def _clean(texts: Texts, tags: Sequence[str]) -> list[str]:
    """The texts of these elements without superfluous blanks, '' for what is missing."""
    found = map(texts.get, tags)
    return [(text if text.isalnum() else " ".join(text.split())) if text else "" for text in found]


def _text(element: etree._Element | None) -> str:
    return "" if element is None else " ".join((element.text or "").split())


def _last_line(address: Texts) -> str:
    """The town of an address that is only lines: the last one, unless it is the first as well."""
    lines = _clean(address, [f"AddressLine{number}" for number in range(1, 6)]) if "AddressLine2" in address else []
    filled = [line for line in lines if line]
    return filled[-1] if len(filled) > 1 else ""


def _unescaped(name: str) -> str:
    """O'Neill of O&apos;Neill."""
    plain = re.sub(r"\\u([0-9a-fA-F]{4})", r"&#x\1;", unquote(name))
    return visible(html.unescape(html.unescape(plain)))


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; from 29 February the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
