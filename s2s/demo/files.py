"""The demonstration's files: which are sent, and what stands in them."""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from xml.sax.saxutils import escape

from s2s.demo import names
from s2s.organisations.models import Organisation
from s2s.rules.identifiers import upn_check_letter
from s2s.rules.lifecycle import RejectReason, State


@dataclass(frozen=True)
class Sending:
    """A file: by which user, to which address, how many days ago, with how many pupils, and what became of it.

    `ends` is where the addressee's delivery stands now; `put_back` says that it was fetched before and had not arrived whole.
    """

    by: str
    to: str
    days: int
    pupils: int = 1
    ends: State = State.WAITING
    reason: str = ""
    note: str = ""
    put_back: bool = False
    version: str = ""
    wrong_letter: bool = False


WAITING, FETCHED, COLLECTED, REJECTED = State.WAITING, State.FETCHED, State.COLLECTED, State.REJECTED

SENDINGS: Final = (
    # within Cardiff, into it and out of it
    Sending("6812045", "6812061", 2),
    Sending("6732182", "6812061", 1),
    Sending("6802320", "6812061", 3, 2),
    Sending("3722063", "6812045", 1),
    Sending("6812105", "6812045", 2),
    Sending("6812061", "6812045", 27, ends=COLLECTED),
    Sending("6792303", "6812105", 6),
    Sending("8302333", "6812039", 4),
    Sending("6733057", "6814073", 40),  # nobody has looked for nearly six weeks (5.3)
    Sending("6732182", "6816014", 8, ends=FETCHED),
    Sending("8665211", "6814607", 5),
    Sending("6802320", "6812317", 11, ends=COLLECTED),
    Sending("6722263", "6732182", 2),
    Sending("6812045", "6732182", 30, ends=COLLECTED),
    Sending("8393677", "6732182", 1),
    Sending("6752012", "6782210", 3, put_back=True),
    Sending("6614001", "6804601", 7, ends=FETCHED),
    Sending("9162120", "8016007", 17, ends=COLLECTED),
    # phase transfer: whole classes (1.5)
    Sending("6812045", "6814039", 5, 12),
    Sending("6812061", "6814039", 5, 9, ends=FETCHED),
    Sending("6812049", "6814039", 26, 11, ends=COLLECTED),
    Sending("6812061", "681LLLL", 35, 30, ends=COLLECTED),
    Sending("6812049", "681LLLL", 4, 24),
    Sending("6802305", "680LLLL", 6, 26),
    Sending("6722263", "672LLLL", 3, 18),
    Sending("681user", "6814039", 21, 8, ends=COLLECTED),
    Sending("681school", "6814073", 3, 6),
    Sending("672user", "6724085", 9, 7, ends=FETCHED),
    Sending("680user", "6804025", 2, 5),
    # from authority to authority, and to the PLASC desks
    Sending("681user", "672LLLL", 8),
    Sending("680user", "681LLLL", 5, ends=FETCHED),
    Sending("6812045", "681PLAS", 2, 3),
    Sending("6802320", "680PLAS", 13, 2, ends=COLLECTED),
    Sending("6722263", "672PLAS", 1, 2),
    # sent back (4.2)
    Sending("6812061", "6812105", 9, ends=REJECTED, reason=RejectReason.NOT_OURS),
    Sending("6814039", "6804025", 12, ends=REJECTED, reason=RejectReason.WRONG_PUPIL, note="We expected the elder brother."),
    Sending("6802305", "6812061", 20, ends=REJECTED, reason=RejectReason.DUPLICATE),
    Sending("6732141", "6722310", 16, ends=REJECTED, reason=RejectReason.OTHER, note="Mae'r teulu wedi penderfynu aros yn y Barri."),
    Sending("6672301", "6612045", 23, ends=REJECTED, reason=RejectReason.INCOMPLETE, note="No attendance."),
    Sending("6742201", "681LLLL", 6, ends=REJECTED, reason=RejectReason.NOT_OURS),
    # accepted with a warning
    Sending("3304115", "6814039", 4, version="19.0"),
    Sending("8012330", "6804025", 10, wrong_letter=True),
    # lost pupils (1.3)
    Sending("6812045", "XXXXXXX", 33),
    Sending("6812045", "XXXXXXX", 12),
    Sending("6814039", "XXXXXXX", 19),
    Sending("6802320", "XXXXXXX", 25),
    Sending("6722263", "XXXXXXX", 7),
    Sending("681school", "XXXXXXX", 15),
    Sending("6812061", "MMMMMMM", 38),
    Sending("6814607", "MMMMMMM", 10),
    Sending("6732182", "MMMMMMM", 22),
    Sending("680school", "MMMMMMM", 14),
    Sending("8302333", "MMMMMMM", 29),
)


@dataclass
class Writer:
    """Writes CTFs of invented pupils: a header, and of each pupil what every supplier's software writes."""

    chance: random.Random
    pupils: Counter[str] = field(default_factory=Counter)

    def ctf(self, sender: Organisation, source: str, sending: Sending, *, at: datetime) -> bytes:
        year = at.year if at.month >= 9 else at.year - 1  # the academic year
        pupils = "".join(self._pupil(sender, sending, year) for _ in range(sending.pupils))
        school = _element("SchoolName", sender.name) + _element("AcademicYear", str(year))
        header = "".join(
            (
                _element("DocumentName", "Common Transfer File"),
                _element("CTFversion", sending.version or f"{year % 100}.0"),
                _element("DateTime", f"{at:%Y-%m-%dT%H:%M:%S}"),
                _element("DocumentQualifier", "full"),
                _element("SupplierID", "s2s demonstration"),
                f"<SourceSchool>\n{_place(source)}{school}</SourceSchool>\n",
                f"<DestSchool>\n{_place(sending.to)}</DestSchool>\n",
            )
        )
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f"<CTfile>\n<Header>\n{header}</Header>\n<CTFpupilData>\n{pupils}</CTFpupilData>\n</CTfile>\n"
        ).encode()

    def _pupil(self, sender: Organisation, sending: Sending, academic_year: int) -> str:
        chance, sex = self.chance, self.chance.choice("FM")
        number, town = (sender.number, sender.town) if sender.is_school else (f"{sender.number}2045", "")
        self.pupils[number] += 1
        age = chance.randrange(11, 16) if sender.school_type == names.SECONDARY else chance.randrange(5, 11)
        born = date(academic_year - age - 1, 9, 1) + timedelta(days=chance.randrange(365))
        middle = chance.choice(names.MIDDLE)
        basic = (_element("MiddleNames", middle) if middle else "") + _element("NCyearActual", str(age - 4))
        return "".join(
            (
                "<Pupil>\n",
                _element("UPN", _upn(number, academic_year - age + 4, self.pupils[number], wrong=sending.wrong_letter)),
                _element("Surname", chance.choice(names.SURNAMES)),
                _element("Forename", chance.choice(names.GIRLS if sex == "F" else names.BOYS)),
                _element("DOB", born.isoformat()),
                _element("Sex", sex),
                f"<BasicDetails>\n{basic}</BasicDetails>\n",
                "<Address>\n<BS7666Address>\n",
                _element("PAON", f"{chance.randrange(1, 200):4}"),
                _element("Street", chance.choice(names.STREETS)),
                _element("Town", town or "Cardiff"),
                f"</BS7666Address>\n{_element('PostCode', sender.postcode or 'CF10 9ZZ')}</Address>\n",
                "</Pupil>\n",
            )
        )


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>\n"


def _place(address: str) -> str:
    return _element("LEA", address[:3]) + _element("Estab", address[3:])


def _upn(school: str, year: int, serial: int, *, wrong: bool) -> str:
    body = f"{school}{year % 100:02}{serial:03}"
    letter = upn_check_letter(f"A{body}")
    if wrong:
        letter = "B" if letter == "A" else "A"
    return letter + body
