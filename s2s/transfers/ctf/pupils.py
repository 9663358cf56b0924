"""The pupils of a CTF: what the site keeps of them to find and list files by, and the rules on their identifiers."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from lxml import etree

from s2s.rules.identifiers import UpnFault, is_postcode, normalise_postcode, uln_is_valid, upn_check_letter, upn_fault
from s2s.transfers.ctf.faults import CtfFault, CtfWarning, Finding, Notes, shortened, unreadable
from s2s.transfers.ctf.structure import misfits

MOST_PUPILS: Final = 20_000  # no authority's whole year has as many
MOST_NAME: Final = 200
MOST_UPN: Final = 13
MOST_ULN: Final = 10
MOST_POSTCODE: Final = 20
OLDEST: Final = 25  # years

_SEXES: Final = frozenset("MFUW")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})?")
# A question mark between letters, a replacement character, or UTF-8 that was once read as windows-1252: Si?n, Si�n, SiÃ¢n
_DAMAGED: Final = re.compile("[^\\W\\d_]\\?[^\\W\\d_]|\ufffd|[ÂÃÄÅ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")

_IDENTIFIERS: Final = ("UPN", "UniqueLearnerNumber", "Surname", "Forename", "DOB", "Sex", "Gender")
_DETAILS: Final = ("FormerUPN", "MiddleNames", "FormerSurname", "FormerForename", "PreferredSurname", "PreferredForename")
_LINES: Final = ("Town", "PostTown", "PostCode")

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
        self._identifiers, self._details, self._lines = ([notes.prefix + tag for tag in tags] for tags in (_IDENTIFIERS, _DETAILS, _LINES))
        prefix = notes.prefix
        self._block_tags = (prefix + "BasicDetails", prefix + "Address", (prefix + "Sex", prefix + "Gender"))
        self._first_with: dict[str, int] = {}
        self._latest = years_before(notes.today, 1)
        self._earliest = years_before(notes.today, OLDEST)
        self._element: etree._Element

    def take(self, element: etree._Element) -> None:
        """Read one. Raises UnreadableCtf when there are absurdly many.

        Nothing of the element is kept: whoever deletes an element that is still held makes lxml walk through all that is under it.
        """
        self.count += 1
        if self.count > MOST_PUPILS:
            raise unreadable(CtfFault.TOO_MANY_PUPILS, line=element.sourceline, most=MOST_PUPILS)
        self._element = element
        if self._notes.explaining:
            self._explain()
        identifiers, basic, address = self._texts()
        upn, uln, surname, forename, born, sex, gender = _clean(identifiers, self._identifiers)
        former_upn, *names = _clean(basic, self._details)
        town, post_town, postcode = _clean(address, self._lines)
        joined = " ".join((forename, surname, *names))
        if len(joined) > MOST_NAME:
            surname, forename, *names = self._shorten(surname, forename, names)
        if (not joined.isascii() or "?" in joined) and _DAMAGED.search(joined):
            self._note_damage(joined)
        middle_names, former_surname, former_forename, preferred_surname, preferred_forename = names
        self.read.append(
            CtfPupil(
                self._upn(upn),
                former_upn[:MOST_UPN],
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
                (town or post_town or _last_line(address, self._notes.prefix))[:MOST_NAME],
                self._postcode(postcode) if postcode else "",
            )
        )
        del self._element

    def _texts(self) -> tuple[Texts, Texts, Texts]:
        """The texts of the identifiers, of the basic details and of the address. Of two identifiers of the same name the first counts."""
        details, lines, last = self._block_tags
        identifiers: dict[str, str | None] = {}
        basic: dict[str, str | None] = {}
        address: dict[str, str | None] = {}
        children = iter(self._element)
        for child in children:
            tag = child.tag
            if tag not in identifiers:
                identifiers[tag] = child.text
            if tag in last:
                break
        for child in children:
            tag = child.tag
            if tag == details:
                basic = {detail.tag: detail.text for detail in child}
            elif tag == lines:
                address = {line.tag: line.text for line in child.iter()}
            if basic and address:
                break
        return identifiers, basic, address

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
        for element, name in zip(("Surname", "Forename"), (surname, forename), strict=True):
            if len(name) > MOST_NAME:
                self._note(CtfFault.VALUE_TOO_LONG, element, length=len(name), most=MOST_NAME)
        for element, name in zip(_DETAILS[1:], names, strict=True):
            if len(name) > MOST_NAME:
                self._note(CtfWarning.VALUE_SHORTENED, element, length=len(name), most=MOST_NAME)
        return [name[:MOST_NAME] for name in (surname, forename, *names)]

    def _note_damage(self, names: str) -> None:
        damaged = next((name for name in names.split() if _DAMAGED.search(name)), names)
        element = "Surname" if damaged in _text(self._find("Surname")) else "Forename"
        self._note(CtfWarning.NAME_DAMAGED, element, name=shortened(damaged))

    def _born(self, written: str) -> date:
        try:
            born = date.fromisoformat(written[:10])
        except ValueError:
            born = None
        if born is None or (self._notes.explaining and _DATE.fullmatch(written) is None):
            if written:
                self._note(CtfFault.VALUE_WRONG, "DOB", value=shortened(written), expected="2016-03-09")
            else:
                self._missing("DOB")
            return date.min
        if not self._earliest <= born <= self._latest:
            self._odd_birth(born)
        return born

    def _odd_birth(self, born: date) -> None:
        day = born.isoformat()
        if born < self._earliest:
            self._note(CtfWarning.BORN_LONG_AGO, "DOB", date=day, age=self._notes.today.year - born.year)
        elif born > self._notes.today:
            self._note(CtfWarning.BORN_LATER, "DOB", date=day)
        else:
            self._note(CtfWarning.BORN_LATELY, "DOB", date=day)

    def _sex(self, sex: str, gender: str) -> str:
        """Gender until CTF 22 or 23, Sex since."""
        said = sex or gender
        if said not in _SEXES:
            element = "Sex" if sex or self._has("Sex") else "Gender"
            if said:
                self._note(CtfFault.VALUE_WRONG, element, value=shortened(said), expected="F, M")
            else:
                self._missing(element)
        return said

    def _postcode(self, postcode: str) -> str:
        if not is_postcode(postcode) and not is_postcode(normalise_postcode(postcode)):
            self._note(CtfWarning.POSTCODE_ODD, "PostCode", postcode=shortened(postcode))
        return postcode[:MOST_POSTCODE]

    def _explain(self) -> None:
        children = list(self._element)
        for misfit in misfits("Pupil", [child.tag[self._notes.cut :] for child in children]):
            if misfit.element == "UPN" and misfit.code is CtfFault.ELEMENT_MISSING:
                continue  # said as UPN_MISSING
            at = self._element if misfit.at is None else children[misfit.at]
            self._add(misfit.code, shortened(misfit.element), at, misfit.facts)

    def _note(self, code: CtfFault | CtfWarning, element: str, **facts: object) -> None:
        """Note something about an element of this pupil, or about its being missing."""
        found = self._find(element)
        self._add(code, element, self._element if found is None else found, facts)

    def _add(self, code: CtfFault | CtfWarning, element: str, at: etree._Element, facts: Mapping[str, object]) -> None:
        who = f"{_text(self._find('Forename'))} {_text(self._find('Surname'))}".strip()
        self._notes.add(Finding(code, at.sourceline, self.count, shortened(who), element, facts))

    def _has(self, element: str) -> bool:
        return self._element.find(self._notes.prefix + element) is not None

    def _find(self, element: str) -> etree._Element | None:
        """The identifier of that name, or else the first such element further down (FormerUPN, PostCode)."""
        tag = self._notes.prefix + element
        found = self._element.find(tag)
        return found if found is not None else next(self._element.iter(tag), None)


def _clean(texts: Texts, tags: list[str]) -> list[str]:
    """The texts of these elements without superfluous blanks, '' for what is missing."""
    found = map(texts.get, tags)
    return [(text if text.isalnum() else " ".join(text.split())) if text else "" for text in found]


def _text(element: etree._Element | None) -> str:
    return "" if element is None else " ".join((element.text or "").split())


def _last_line(address: Texts, prefix: str) -> str:
    """The town of an address that is only lines: the last one, unless it is the first as well."""
    lines = _clean(address, [f"{prefix}AddressLine{number}" for number in range(1, 6)]) if f"{prefix}AddressLine2" in address else []
    filled = [line for line in lines if line]
    return filled[-1] if len(filled) > 1 else ""


def years_before(day: date, years: int) -> date:
    """The same day so many years earlier; from 29 February the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
