"""Synthetic CTFs of any size: every pupil is invented, every UPN and ULN has the right check character.

    ctf()                                       one pupil, school to school
    ctf(30, full=True)                          thirty pupils with everything an MIS exports (some 6.8 KB and 256 elements each)
    ctf([pupil(1), pupil(2, UPN=None)])         pupils with an element changed or left out
    ctf(destination="XXXXXXX")                  header for a lost pupil; `name_for` makes the file name to it
    ctf(1, CTFversion="12.0", SupplierID=None)  header elements changed or left out

Telephone numbers are those reserved for drama, e-mail addresses are at example.org.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from xml.sax.saxutils import escape

GREENWAY = "6812045"
LLANISHEN = "6812061"
LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
SURNAMES = (
    "Llewellyn",
    "Bevan",
    "Hussain",
    "O'Shea",
    "Ap Rhys",
    "Kowalska",
    "Prydderch",
    "Wynne-Jones",
    "Tomos",
    "Ŵyn",
    "Ahmed",
    "Gruffydd",
)
FORENAMES = (
    "Seren",
    "Siân",
    "Ioan",
    "Zofia",
    "Yusuf",
    "Tomos",
    "Mali",
    "Macsen",
    "Lowri",
    "Idris",
    "Aaliyah",
    "Guto",
    "Non",
    "Elis",
    "Ffion",
)
TOWNS = ("Cardiff", "Newport", "Merthyr Tydfil", "Llandudno", "Aberystwyth", "Pen-y-bont ar Ogwr")
EPOCH = date(2009, 9, 1)


def name_for(source: str = GREENWAY, destination: str = LLANISHEN, number: str = "001") -> str:
    """The file name that goes with `ctf(source=…, destination=…)` (Appendix 2)."""
    return f"{source}_CTF_{destination}_{number}.xml"


def upn(number: int, *, school: str = GREENWAY, temporary: bool = False) -> str:
    """A UPN with the right check letter; a temporary one ends in a letter."""
    year, serial = divmod(number, 1000)
    last = LETTERS[serial % 23] if temporary else str(serial % 10)
    body = f"{school}{year % 100:02}{serial // 10:02}{last}"
    total = sum(place * (int(sign) if sign.isdigit() else LETTERS.index(sign)) for place, sign in enumerate(body, 2))
    return LETTERS[total % 23] + body


@cache
def uln(number: int) -> str:
    """A ULN with the right check digit (numbers whose remainder is 0 are passed over)."""
    body = str(100000000 + number * 7)
    remainder = sum((10 - place) * int(digit) for place, digit in enumerate(body)) % 11
    return f"{body}{10 - remainder}" if remainder else uln(number + 900_001)


def element(name: str, *content: object) -> str:
    """`<name>content</name>`; text is escaped, strings that begin with `<` are taken as elements; a block ends its line."""
    inner = "".join(part if part.startswith("<") else escape(part) for part in map(str, content))
    return f"<{name}>{inner}</{name}>" + ("\n" if inner.startswith("<") else "")


def elements(pairs: Iterable[tuple[str, object]]) -> str:
    return "".join(element(name, value) for name, value in pairs if value is not None)


def pupil(number: int = 1, *, full: bool = False, rest: str | None = None, **changes: object) -> str:
    """One <Pupil>; `changes` replaces an identifier by name, None leaves it out; `rest` stands for all that follows them."""
    identifiers: dict[str, object] = {
        "UPN": upn(number),
        "UniqueLearnerNumber": None,
        "UCI": None,
        "Surname": SURNAMES[number % len(SURNAMES)],
        "Forename": FORENAMES[number % len(FORENAMES)],
        "DOB": EPOCH + timedelta(days=number % 4000),
        "Sex": "FM"[number % 2],
    }
    if "Gender" in changes:
        del identifiers["Sex"]
    if full:
        identifiers["UniqueLearnerNumber"] = uln(number)
    identifiers.update(changes)
    if rest is None:
        rest = everything_else(number) if full else little_else(number)
    return f"<Pupil>\n{elements(identifiers.items())}{rest}</Pupil>\n"


def ctf(
    pupils: int | Sequence[str] = 1,
    *,
    source: str = GREENWAY,
    destination: str = LLANISHEN,
    full: bool = False,
    encoding: str = "utf-8",
    declared: str | None = None,
    namespace: str = "",
    root: str = "CTfile",
    **changes: object,
) -> bytes:
    """A CTF of so many invented pupils, or of the <Pupil>s given; `changes` replaces a header element by name, None leaves it out."""
    if isinstance(pupils, int):
        pupils = [pupil(number, full=full) for number in range(1, pupils + 1)]
    attribute = f' xmlns="{namespace}"' if namespace else ""
    declaration = f'<?xml version="1.0" encoding="{declared or encoding}"?>\n'
    body = "".join(pupils)
    text = f"{declaration}<{root}{attribute}>\n{header(source, destination, changes)}<CTFpupilData>\n{body}</CTFpupilData>\n</{root}>\n"
    return text.encode(encoding)


def header(source: str, destination: str, changes: dict[str, object]) -> str:
    parts: dict[str, object] = {
        "DocumentName": "Common Transfer File",
        "CTFversion": "26.0",
        "DateTime": "2026-10-19T09:14:33",
        "DocumentQualifier": "full",
        "DataQualifier": None,
        "DataDescriptor": None,
        "SupplierID": "SIMS",
        "SourceSchool": elements(zip(("LEA", "Estab"), (source[:3], source[3:]), strict=True)),
        "DestSchool": elements(zip(("LEA", "Estab"), (destination[:3], destination[3:]), strict=True)),
    }
    school = elements([("SchoolName", "Greenway Primary School"), ("AcademicYear", "2026")])
    parts["SourceSchool"] = f"{parts['SourceSchool']}{school}"
    parts.update(changes)
    lines = (element(name, value) for name, value in parts.items() if value is not None)
    return f"<Header>\n{''.join(lines)}</Header>\n"


def little_else(number: int) -> str:
    """What a partial file may hold: a few basic details and the address."""
    basic = element("BasicDetails", elements([("MiddleNames", "Haf"), ("NCyearActual", number % 14 + 1)]))
    return basic + address(number)


def everything_else(number: int) -> str:
    """All the blocks an MIS exports, in their order."""
    return "".join(
        (
            basic_details(number),
            element(
                "FSMhistory",
                *(element("FSMinstance", dates(year, "FSMstartDate", "FSMendDate"), element("UKcountry", "WLS")) for year in (2024, 2025)),
            ),
            wales(),
            element("LookedAfter", element("InCare", "false")),
            element("SENhistory", element("SEN", element("StartDate", "2024-09-02"), element("SENprovision", "K"))),
            address(number),
            element("Phones", phone(number)),
            element("Email", f"pupil{number}@example.org"),
            element("Contacts", *(contact(number, order) for order in (1, 2, 3))),
            element("Attendance", *(attendance(year) for year in (2024, 2025, 2026))),
            element("StageAssessments", *(key_stage(stage) for stage in (1, 2))),
            element("SchoolHistory", *(school(year) for year in (2022, 2024))),
        )
    )


def basic_details(number: int) -> str:
    return element(
        "BasicDetails",
        elements(
            [
                ("FormerUPN", upn(number + 500_000, temporary=True)),
                ("PreferredSurname", SURNAMES[number % len(SURNAMES)]),
                ("PreferredForename", FORENAMES[number % len(FORENAMES)]),
                ("FormerSurname", SURNAMES[number * 5 % len(SURNAMES)]),
                ("FormerForename", FORENAMES[number * 7 % len(FORENAMES)]),
                ("MiddleNames", "Haf Eluned"),
                ("NCyearActual", number % 14 + 1),
                ("Ethnicity", "WBRI"),
                ("EthnicitySource", "P"),
            ]
        ),
        element("Languages", element("Type", element("LanguageType", "F"), element("Language", "CYM"))),
        elements([("MedicalFlag", "false"), ("EnrolStatus", "C")]),
    )


def wales() -> str:
    return element(
        "NAWdetails",
        elements([
            ("SpeakWelsh", 2), ("HomeWelsh", 2), ("NationalIdentity", "WAL"), ("EthnicitySource", "C"), ("WelshSource", "P"),
            ("EALAcquisition", "C"), ("LanguageSource", "C"), ("FSMTransitionalProtection", "false"), ("ALNDecisionOutcome", "IDP"),
            ("ALNDecisionBody", "SCH"), ("ALNSupportPlan", "C"),
        ]),
        element("ALNAreasOfNeed", element("ALNAreaOfNeed", "COIN")),
        element("ALNneeds", element("ALNType", "SLCD")),
        elements([("ALNLocalHealthBoardProvision", "false"), ("IDPReviewDate", "2027-01-15")]),
    )  # fmt: skip


def address(number: int) -> str:
    town = TOWNS[number % len(TOWNS)]
    lines = [
        ("PAON", f"{number % 9999:>4}      "),
        ("Street", "Heol y Deri"),
        ("Locality", "Rhiwbina"),
        ("Town", town),
        ("PostTown", town.upper()),
    ]
    return element("Address", element("BS7666Address", elements(lines)), element("PostCode", f"CF{number % 9 + 1} 6HA"))


def phone(number: int) -> str:
    return element("Phone", element("TelephoneType", "M"), element("PhoneNo", f"07700 {900000 + number % 1000}"))


def contact(number: int, order: int) -> str:
    surname, forename = SURNAMES[(number + order) % len(SURNAMES)], FORENAMES[(number * order) % len(FORENAMES)]
    return element(
        "Contact",
        elements(
            [
                ("Order", order),
                ("Title", "Mrs"),
                ("Surname", surname),
                ("Forename", forename),
                ("Relationship", "PAM"),
                ("Responsibility", "true"),
            ]
        ),
        element("Address", element("AddressAsPupil", "true")),
        element("Phones", phone(number + order)),
        element("Email", f"contact{order}.{number}@example.org"),
    )


def attendance(year: int) -> str:
    names = ("SessionsPossible", "SessionsAuthorised", "SessionsAttended", "SessionsUnauthorised")
    counts = elements(zip(names, (368, 12, 350, 6), strict=True))
    return element("YearData", element("Year", year), school_number(), counts)


def key_stage(stage: int) -> str:
    return element("KeyStage", element("Stage", f"KS{stage}"), *(assessment(subject) for subject in ("ENG", "MAT", "SCI", "CYM", "PNS")))


def assessment(subject: str) -> str:
    columns = ("Locale", "Year", "Subject", "Method", "Component", "ResultStatus", "ResultQualifier", "Result", "ResultDate")
    return element("StageAssessment", elements(zip(columns, ("W", 2025, subject, "TA", "LEV", "R", "NL", 4, "2025-06-30"), strict=True)))


def school(year: int) -> str:
    history = [
        ("SchoolName", "Greenway Primary"),
        ("EntryDate", f"{year}-09-05"),
        ("LeavingDate", f"{year + 2}-07-16"),
        ("LastSchool", "true"),
    ]
    return element("School", school_number(), elements(history))


def school_number() -> str:
    return elements([("LEA", GREENWAY[:3]), ("Estab", GREENWAY[3:])])


def dates(year: int, first: str, last: str) -> str:
    return elements([(first, f"{year}-09-02"), (last, f"{year + 1}-07-20")])
