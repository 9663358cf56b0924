"""The sentences: every code has words in both languages, with its facts in them and nothing of the machinery."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils.translation import gettext, override, pgettext

from s2s import words
from s2s.accounts.sign_in import SignInFault, SignInRefused
from s2s.rules.filename_forms import FORMS
from s2s.rules.filenames import BadName, NameFault, Repair, parse
from s2s.rules.kinds import Kind
from s2s.rules.lifecycle import RejectReason, State, StepName
from s2s.rules.meant_names import OtherFile
from s2s.rules.refusals import Refused
from s2s.rules.roles import ROLES
from s2s.transfers.ctf.faults import CtfFault, CtfWarning, Finding, Findings, UnreadableCtf
from s2s.transfers.refusals import NotPossible, SendFault, SendRefused, StepFault
from s2s.words import Said, uploads

LANGUAGES = ("en", "cy")
EXAMPLE = "6812045_CTF_6812061_001.xml"

# Each fault with its facts as the modules that raise it document them; several lines where the facts choose the sentence.
NAMES: list[tuple[NameFault, dict[str, object]]] = [
    (NameFault.EMPTY, {}),
    (NameFault.TOO_LONG, {"length": 130, "longest": 100}),
    (NameFault.PATH, {"right": EXAMPLE}),
    (NameFault.HIDDEN_CHARACTER, {}),
    (NameFault.NOT_PLAIN, {}),
    (NameFault.ESCAPED, {"escape": "%5F"}),
    (NameFault.SPACES, {"right": EXAMPLE}),
    (NameFault.NO_EXTENSION, {"expected": ("xml",), "kind": Kind.CTF, "right": EXAMPLE}),
    (NameFault.NO_EXTENSION, {"expected": ("zip",), "kind": Kind.GENERIC}),
    (NameFault.EXTENSION, {"extension": "txt", "expected": ("xml",), "kind": Kind.CTF, "form": "F"}),
    (NameFault.EXTENSION, {"extension": "txt", "expected": ("xml",), "kind": Kind.CTF, "form": "F", "right": EXAMPLE}),
    (NameFault.EXTENSION, {"extension": "ZIP", "expected": ("xml",), "kind": Kind.CTF, "form": "F", "right": EXAMPLE}),
    (NameFault.ENDING_TWICE, {"extension": "xml", "right": EXAMPLE}),
    (NameFault.ENDING_TWICE, {"extension": "xml"}),
    *((NameFault.OTHER_FILE, {"what": what, "extension": "pdf", "kind": Kind.CTF}) for what in OtherFile),
    (NameFault.OTHER_FILE, {"what": OtherFile.PDF, "extension": "pdf", "kind": Kind.GENERIC}),
    (NameFault.IN_FRONT, {"extra": "Copy of", "right": EXAMPLE}),
    (NameFault.ORDER, {"word": "CTF", "right": EXAMPLE}),
    (NameFault.NO_FORM, {}),
    (NameFault.MISSING_UNDERSCORE, {"right": EXAMPLE}),
    (NameFault.DOUBLE_UNDERSCORE, {"right": EXAMPLE}),
    (NameFault.CONSTANT, {"word": "CTR"}),
    (NameFault.NO_CONSTANT, {"right": EXAMPLE}),
    (NameFault.EIGHT_LETTERS, {"side": "source", "text": "XXXXXXXX", "length": 8, "kind": Kind.CTF}),
    (NameFault.EIGHT_LETTERS, {"side": "destination", "text": "XXXXXXXX", "length": 8, "kind": Kind.CTF}),
    (NameFault.FIVE_LS, {"side": "source", "text": "681LLLLL", "length": 8, "kind": Kind.CTF}),
    (NameFault.FIVE_LS, {"side": "destination", "text": "681LLLLL", "length": 8, "kind": Kind.CTF}),
    (NameFault.LENGTH, {"side": "source", "text": "6", "length": 1, "kind": Kind.CTF}),
    (NameFault.LENGTH, {"side": "destination", "text": "681204", "length": 6, "kind": Kind.CTF}),
    (NameFault.ADDRESS, {"side": "source", "text": "681ABCD", "length": 7, "kind": Kind.CTF}),
    (NameFault.ADDRESS, {"side": "destination", "text": "681ABCD", "length": 7, "kind": Kind.CTF}),
    (NameFault.NO_DESTINATION, {}),
    (NameFault.LOST_SOURCE, {"text": "XXXXXXX", "kind": Kind.CTF}),
    (NameFault.LOST_SENDER, {"text": "681PLAS", "kind": Kind.CTF}),
    (NameFault.LOST_DESTINATION, {"text": "MMMMMMM", "kind": Kind.GENERIC}),
    (NameFault.PLACE, {"side": "source", "text": "681ADMS", "kind": Kind.CFR}),
    (NameFault.PLACE, {"side": "destination", "text": "681ADMS", "kind": Kind.CTF}),
    (NameFault.DIRECTION, {"source": "6812045", "destination": "6812061", "kind": Kind.CENSUS}),
    (NameFault.SAME_ADDRESS, {"text": "6812045", "kind": Kind.CTF}),
    (NameFault.NO_NUMBER, {"digits": 3, "kind": Kind.CTF}),
    (NameFault.NUMBER, {"number": "ABC", "digits": 5, "kind": Kind.ADMISSIONS}),
    (NameFault.NUMBER, {"number": "1234", "digits": 3, "kind": Kind.CTF, "open": "6812045_CTF_6812061_NNN.xml"}),
    (NameFault.TOO_MANY_PARTS, {"extra": "final", "kind": Kind.CTF}),
    (NameFault.NO_TEXT, {"kind": Kind.GENERIC}),
    (NameFault.TEXT_TOO_LONG, {"text": "DataForTheAutumn2026", "length": 20, "longest": 15, "kind": Kind.GENERIC}),
    (NameFault.TEXT, {"text": "Data!", "kind": Kind.GENERIC}),
]
SENDING: list[tuple[SendFault, dict[str, object]]] = [
    (SendFault.NOT_ALLOWED, {"kind": Kind.CENSUS}),
    (SendFault.WRONG_KIND, {"kind": Kind.CENSUS, "expected": Kind.CTF}),
    (SendFault.EMPTY, {}),
    (SendFault.TOO_LARGE, {"size": 33 * 1_048_576, "limit": 30 * 1_048_576}),
    (SendFault.TOO_LARGE, {"size": 30 * 1_048_576 + 1, "limit": 30 * 1_048_576}),
    (SendFault.NOT_YOUR_NUMBER, {"address": "6812061", "organisation": "Llanishen Primary School", "yours": "6812045", "to_you": True}),
    (SendFault.NOT_YOUR_NUMBER, {"address": "6812061", "organisation": "", "yours": "6812045", "to_you": False}),
    (SendFault.UNKNOWN_SCHOOL, {"address": "6819999", "authority": "Cardiff"}),
    (SendFault.UNKNOWN_SCHOOL, {"address": "6819999", "authority": ""}),
    (SendFault.UNKNOWN_AUTHORITY, {"address": "999LLLL"}),
    (
        SendFault.CLOSED_SCHOOL,
        {
            "address": "6812098",
            "organisation": "Rumney Infants",
            "closed_on": date(2026, 7, 31),
            "successor": "Rumney Primary School",
            "successor_number": "6812317",
            "right": "6812045_CTF_6812317_001.xml",
        },
    ),
    (
        SendFault.CLOSED_SCHOOL,
        {
            "address": "6812098",
            "organisation": "Rumney Infants",
            "closed_on": date(2026, 7, 31),
            "successor": "",
            "successor_number": "",
            "right": "",
        },
    ),
    (SendFault.NO_LOST_PUPILS, {}),
    (SendFault.TOO_MANY_FILES, {"limit": 200}),
]
STEPS: list[tuple[StepFault, dict[str, object]]] = [
    *((StepFault.NOT_NOW, {"step": StepName.CONFIRM, "state": state, "name": EXAMPLE}) for state in State),
    (StepFault.NOT_YOURS, {"step": StepName.CONFIRM, "name": EXAMPLE}),
    (StepFault.ONE_AT_A_TIME, {}),
    (StepFault.NO_REASON, {}),
    (StepFault.NO_NOTE, {}),
    (StepFault.NOTHING_CHOSEN, {}),
    (StepFault.TOO_MUCH, {"limit": 100 * 1_048_576}),
]
SIGN_IN: list[tuple[SignInFault, dict[str, object]]] = [
    (SignInFault.WRONG, {}),
    (SignInFault.LOCKED, {"minutes": 15}),
    (SignInFault.SUSPENDED, {"administrator": "Mair Rees", "email": "m@cardiff.gov.uk"}),
]
CTF: list[tuple[CtfFault, dict[str, object]]] = [
    (CtfFault.EMPTY, {}),
    *(
        (CtfFault.NOT_XML, {"kind": kind})
        for kind in ("zip", "pdf", "png", "jpeg", "gif", "gzip", "7z", "rar", "office", "rtf", "program", "text")
    ),
    (CtfFault.NOT_A_CTF, {"root": "html"}),
    (CtfFault.NOT_A_CTF, {"root": ""}),
    (CtfFault.NOT_A_CTF, {"root": "Message"}),
    (CtfFault.ADMISSIONS_FILE, {}),
    (CtfFault.DOCTYPE, {}),
    (CtfFault.ENCODING_NOT_ACCEPTED, {"encoding": "EBCDIC"}),
    (CtfFault.ENCODING_NO_MARK, {"encoding": "UTF-16"}),
    (CtfFault.ENCODING_CONTRADICTS, {"declared": "UTF-8", "found": "UTF-16"}),
    (CtfFault.ENCODING_CONTRADICTS, {"declared": "UTF-16", "found": ""}),
    (CtfFault.ENCODING_WRONG, {"encoding": "utf-8"}),
    (CtfFault.NOT_WELL_FORMED, {}),
    (CtfFault.CUT_OFF, {}),
    (CtfFault.TAGS_CROSSED, {}),
    (CtfFault.AMPERSAND, {}),
    (CtfFault.CHARACTER, {}),
    (CtfFault.PREFIX_UNKNOWN, {}),
    (CtfFault.BLANK_FIRST, {}),
    (CtfFault.MORE_AFTER_END, {}),
    (CtfFault.BEYOND_LIMITS, {}),
    (CtfFault.PART_TOO_LARGE, {"megabytes": 2}),
    (CtfFault.ELEMENT_MISSING, {"parent": "Pupil"}),
    (CtfFault.ELEMENT_UNEXPECTED, {"parent": "Pupil", "expected": "DOB"}),
    (CtfFault.ELEMENT_UNEXPECTED, {"parent": "Pupil", "expected": ""}),
    (CtfFault.ELEMENT_MISPLACED, {"parent": "Pupil", "before": "DOB", "after": ""}),
    (CtfFault.ELEMENT_MISPLACED, {"parent": "Pupil", "before": "", "after": "DOB"}),
    (CtfFault.ELEMENT_TWICE, {"parent": "Pupil"}),
    (CtfFault.VALUE_MISSING, {}),
    (CtfFault.VALUE_WRONG, {"value": "9 March", "expected": "2016-03-09"}),
    (CtfFault.VALUE_WRONG, {"value": "9 March", "expected": ""}),
    (CtfFault.VALUE_WRONG, {"value": "X", "one_of": "F, M"}),
    (CtfFault.VALUE_WRONG, {"value": "61", "expected": "2061", "parent": "DestSchool"}),
    (CtfFault.VALUE_WRONG, {"value": "61", "expected": "2045", "parent": "SourceSchool"}),
    (CtfFault.VALUE_WRONG, {"value": "2015-02-30", "expected": "2016-03-09", "no_day": "02-30"}),
    (CtfFault.VALUE_WRONG, {"value": "2015-31-05", "expected": "2016-03-09", "no_month": 31}),
    (CtfFault.VALUE_HIDDEN, {"value": "K681204520017"}),
    (CtfFault.TEXT_OUTSIDE, {"text": "see overleaf"}),
    (CtfFault.VALUE_TOO_LONG, {"length": 300, "most": 200}),
    (CtfFault.NOT_AS_SCHEMA, {}),
    (CtfFault.SOURCE_DIFFERS, {"header": "6812061", "name": "6812045"}),
    (CtfFault.DESTINATION_DIFFERS, {"header": "6812061", "name": "6812049", "right": "6812045_CTF_6812061_001.xml"}),
    (CtfFault.DESTINATION_DIFFERS, {"header": "681XXXX", "name": "6812049"}),
    (CtfFault.NO_PUPILS, {}),
    (CtfFault.ONE_PUPIL_ONLY, {"pupils": 2, "destination": "XXXXXXX"}),
    (CtfFault.TOO_MANY_PUPILS, {"most": 20_000}),
    (CtfFault.UPN_MISSING, {}),
    (CtfFault.UPN_MALFORMED, {"upn": "A12"}),
    (CtfFault.UPN_TWICE, {"upn": "A681204500001", "first": 1}),
    (CtfFault.BORN_IMPOSSIBLE, {"date": "0001-01-01"}),
]
WARNINGS: list[tuple[CtfWarning, dict[str, object]]] = [
    (CtfWarning.VERSION_OLD, {"version": "21.0", "current": "26.0"}),
    (CtfWarning.VERSION_EARLY, {"version": "27.0", "current": "26.0"}),
    (CtfWarning.CREATED_LATER, {"date": "2027-07-19"}),
    (CtfWarning.SOURCE_UNKNOWN, {"header": "XXXXXXX", "name": "6812045"}),
    (CtfWarning.SOURCE_FORWARDED, {"header": "6792303", "name": "681LLLL"}),
    (CtfWarning.DESTINATION_RENAMED, {"header": "XXXXXXX", "name": "6812049", "by_school": True}),
    (CtfWarning.DESTINATION_RENAMED, {"header": "XXXXXXX", "name": "6812049", "by_school": False}),
    (CtfWarning.NAME_ESCAPED, {"name": "O&apos;Neill", "meant": "O'Neill"}),
    (CtfWarning.NAME_HIDDEN, {"name": "Be□van"}),
    (CtfWarning.SEX_DIFFERS, {"gender": "F", "sex": "M"}),
    (CtfWarning.UPN_CHECK_LETTER, {"upn": "A681204500001", "expected": "H"}),
    (CtfWarning.ULN_CHECK_DIGIT, {"uln": "1234567890"}),
    (CtfWarning.BORN_LATER, {"date": "2027-07-19"}),
    (CtfWarning.BORN_LONG_AGO, {"date": "1926-07-19", "age": 100}),
    (CtfWarning.BORN_LATELY, {"date": "2026-07-19"}),
    (CtfWarning.NAME_DAMAGED, {"name": "SiÃ¢n Jones"}),
    (CtfWarning.POSTCODE_ODD, {"postcode": "CF99"}),
    (CtfWarning.VALUE_SHORTENED, {"length": 300, "most": 200}),
]
NEVER_SHOWN = {
    "side",
    "what",
    "no_day",
    "by_school",
    "to_you",
    "form",
    "parent",
    "step",
    "state",
    "kind",
    "expected",
    "size",
    "limit",
    "date",
    "closed_on",
    "source",
    "digits",
}


REFUSALS = [
    *(BadName(code, name=EXAMPLE, **facts) for code, facts in NAMES),
    *(SendRefused(code, **facts) for code, facts in SENDING),
    *(NotPossible(code, **facts) for code, facts in STEPS),
    *(SignInRefused(code, **facts) for code, facts in SIGN_IN),
]


def as_finding(code: CtfFault | CtfWarning, facts: dict[str, object]) -> Finding:
    return Finding(code, line=214, position=3, name="Siân Jones", element="Surname", facts=facts)


def fit_to_read(said: Said) -> bool:
    """Nothing of the machinery: no placeholder, no code, no Python."""
    return bool(said.text) and re.search(r"%[(s]|[a-z]+_[a-z]+\b|None|\('|\[|<\w", said.whole) is None


@pytest.mark.parametrize(
    ("codes", "table"),
    [(NameFault, NAMES), (SendFault, SENDING), (StepFault, STEPS), (SignInFault, SIGN_IN), (CtfFault, CTF), (CtfWarning, WARNINGS)],
)
def test_the_tables_here_miss_no_code(codes: type[StrEnum], table: list[tuple[StrEnum, dict[str, object]]]) -> None:
    assert {code for code, _ in table} == set(codes)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: repr(refusal.code))
def test_every_refusal_says_what_is_wrong_and_the_fix_in_both_languages(refusal: Refused) -> None:
    said = {}
    for language in LANGUAGES:
        with override(language):
            said[language] = words.say(refusal)
        assert fit_to_read(said[language]), said[language].whole
        assert said[language].fix
    assert said["en"].text != said["cy"].text
    assert said["en"].fix != said["cy"].fix


@pytest.mark.parametrize(("code", "facts"), [*CTF, *WARNINGS])
def test_every_finding_says_what_is_wrong_and_the_fix_in_both_languages(code: CtfFault | CtfWarning, facts: dict[str, object]) -> None:
    for position in (3, None):
        said = {}
        for language in LANGUAGES:
            with override(language):
                said[language] = words.uploads.findings([as_finding(code, facts).as_json() | {"position": position}])[0]
            assert fit_to_read(said[language]), said[language].whole
            assert said[language].fix
        assert said["en"].text != said["cy"].text
        assert said["en"].fix != said["cy"].fix


@pytest.mark.parametrize(("code", "facts"), [*NAMES, *SENDING, *STEPS, *SIGN_IN, *CTF, *WARNINGS])
def test_the_facts_are_in_the_sentences(code: StrEnum, facts: dict[str, object]) -> None:
    shown = {fact: value for fact, value in facts.items() if fact not in NEVER_SHOWN and value != ""}
    if code is NameFault.DIRECTION:
        shown = {}  # both are schools: that is all there is to say
    if code in (NameFault.EIGHT_LETTERS, NameFault.FIVE_LS, NameFault.ADDRESS, NameFault.TEXT_TOO_LONG, CtfFault.NOT_XML):
        shown.pop("length", None)  # said in words, or plain to see
    if code is CtfFault.NOT_A_CTF and facts["root"] == "html":
        shown = {}  # it is called a web page
    if code is NameFault.OTHER_FILE and facts["kind"] is Kind.CTF:
        shown.pop("extension")  # a PDF is called one
    for language in LANGUAGES:
        with override(language):
            said = (
                words.uploads.findings([as_finding(code, facts).as_json()])[0]
                if isinstance(code, CtfFault | CtfWarning)
                else words.say(Refused(code, **facts))
            )
        assert [fact for fact, value in shown.items() if str(value) not in said.whole] == [], said.whole


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: repr(refusal.code))
def test_what_a_session_keeps_says_the_same_again(refusal: Refused, language: str) -> None:
    stored = json.loads(json.dumps(uploads.as_json([refusal])))
    with override(language):
        assert uploads.from_json({"problems": stored})["problems"] == [words.say(refusal)]


def test_findings_are_kept_one_by_one_with_their_places() -> None:
    file = UnreadableCtf(tuple(as_finding(code, facts) for code, facts in CTF), more=4)
    stored = json.loads(json.dumps(uploads.as_json([file])))
    said = uploads.from_json({"problems": stored})["problems"]
    assert len(said) == len(CTF) + 1
    assert {one.where for one in said[:-1]} == {"Pupil 3, Siân Jones, line 214"}
    assert said[-1].text == "There are 4 more problems in this file."


def test_a_thousand_problems_are_not_counted_out() -> None:
    file = UnreadableCtf((as_finding(CtfFault.UPN_MISSING, {}),), more=900)
    assert uploads.from_json({"problems": uploads.as_json([file])})["problems"][-1].text == "There are hundreds more problems in this file."


def test_codes_of_different_origin_are_not_confused() -> None:
    both = [*uploads.as_json([SendRefused(SendFault.EMPTY), UnreadableCtf((Finding(CtfFault.EMPTY),))])]
    assert [entry["code"] for entry in both] == ["SendFault.EMPTY", "CtfFault.EMPTY"]


def test_an_accepted_file_is_said_again_with_its_warnings_and_repairs() -> None:
    warning = Finding(CtfWarning.VERSION_OLD, line=4, element="CTFversion", facts={"version": "21.0", "current": "26.0"})
    result = {"accepted": True, "receipt": "7K3M-92QF-X4TD", "repairs": ["Repair.BROWSER_COPY"], "warnings": [warning.as_json()]}
    with override("cy"):
        said = uploads.from_json(result)
    assert said["receipt"] == "7K3M-92QF-X4TD"
    assert said["warnings"] == [
        Said(
            "Mae'r ffeil mewn fersiwn hŷn o'r CTF, sef 21.0. 26.0 yw'r fersiwn bresennol.",
            "Gofynnwch i gyflenwr eich system gwybodaeth reoli am y fersiwn bresennol.",
            "Llinell 4",
        )
    ]
    assert said["repairs"] == [
        "Roedd eich cyfrifiadur wedi ychwanegu rhywbeth at yr enw, fel “(1)” neu “Copi”. Rydym wedi ei dynnu; nid yw'r ffeil wedi newid."
    ]


@pytest.mark.parametrize("repair", Repair)
def test_every_repair_is_mentioned_in_both_languages(repair: Repair) -> None:
    said = {}
    for language in LANGUAGES:
        with override(language):
            said[language] = uploads.from_json({"repairs": [f"Repair.{repair.name}"]})["repairs"][0]
    assert said["en"] != said["cy"]


@pytest.mark.parametrize(
    ("found", "where"),
    [
        ({"position": 3, "name": "Siân Jones", "line": 214}, "Pupil 3, Siân Jones, line 214"),
        ({"position": 3, "name": "Siân Jones", "line": None}, "Pupil 3, Siân Jones"),
        ({"position": 3, "name": "", "line": 214}, "Pupil 3, line 214"),
        ({"position": 3, "name": "", "line": None}, "Pupil 3"),
        ({"position": None, "name": "", "line": 12}, "Line 12"),
        ({"position": None, "name": "", "line": None}, ""),
    ],
)
def test_where_in_the_file(found: dict[str, object], where: str) -> None:
    assert words.uploads.findings([{"code": "upn_missing", "element": "UPN", "facts": {}, **found}])[0].where == where


# Sentences written out by hand


def found(code: CtfFault | CtfWarning, language: str = "en", *, position: int | None = 3, element: str = "DOB", **facts: object) -> str:
    with override(language):
        return words.uploads.findings([Finding(code, line=214, position=position, element=element, facts=facts).as_json()])[0].whole


def test_what_a_school_secretary_could_not_use() -> None:
    """Each with what it should say."""
    day = {"value": "2015-02-30", "expected": "2016-03-09", "no_day": "02-30"}
    assert "30 February does not exist in that year" in found(CtfFault.VALUE_WRONG, **day)
    assert "nid oes 30 Chwefror" in found(CtfFault.VALUE_WRONG, "cy", **day)
    estab = {"value": "61", "expected": "2061", "parent": "DestSchool"}
    assert "by the file's name it should be “2061”" in found(CtfFault.VALUE_WRONG, element="Estab", position=None, **estab)
    assert "something invisible beside “A1”" in found(CtfFault.VALUE_HIDDEN, element="UPN", value="A1")
    page = found(CtfFault.NOT_A_CTF, position=None, root="html")
    assert "Perhaps you had been signed out" in page
    assert "attack" not in page
    renamed = {"header": "XXXXXXX", "name": "6812049"}
    assert "Export the file again for 6812049" in found(CtfWarning.DESTINATION_RENAMED, by_school=True, **renamed)
    assert "You do not need to do anything" in found(CtfWarning.DESTINATION_RENAMED, by_school=False, **renamed)
    too_large = SendRefused(SendFault.TOO_LARGE, size=30 * 1_048_576 + 1, limit=30 * 1_048_576)
    assert words.say(too_large).text == "The file is too large by 1 byte. The limit is 30 MB."


def test_warnings_beyond_those_listed_are_counted() -> None:
    assert words.uploads.findings([{"code": "more", "facts": {"more": 200}}])[0].text == "There are 200 more warnings about this file."


def test_warnings_of_a_refused_file_are_said_beside_its_problems() -> None:
    warnings = Findings()
    warnings.add(Finding(CtfWarning.VERSION_OLD, facts={"version": "21.0", "current": "26.0"}))
    file = UnreadableCtf((Finding(CtfFault.UPN_MISSING, element="UPN"),), warnings=warnings)
    said = uploads.from_json({"problems": json.loads(json.dumps(uploads.as_json([file])))})
    assert [len(said["problems"]), len(said["warnings"])] == [1, 1]
    assert "older version" in said["warnings"][0].text


def said_of(name: str, language: str = "en") -> str:
    with pytest.raises(BadName) as refusal:
        parse(name)
    with override(language):
        return words.say(refusal.value).whole


@pytest.mark.guidance("1.3-07")
def test_eight_letters_are_refused_and_seven_named() -> None:
    for letter in "XM":
        wrong, right = f"6812045_CTF_{letter * 8}_001.xml", f"6812045_CTF_{letter * 7}_001.xml"
        assert said_of(wrong) == f"{letter * 8} has eight letters; it should have seven. Rename the file to {right} and upload it again."
        assert (
            said_of(wrong, "cy") == f"Mae wyth llythyren yn {letter * 8}; saith ddylai fod. Ailenwch y ffeil yn {right} a'i lanlwytho eto."
        )


@pytest.mark.guidance("A2-08")
def test_the_name_in_the_picture_of_4_2_is_refused_and_the_right_one_named() -> None:
    said = said_of("681LLLLL_CTF_6812049.xml")
    assert said.startswith("The first number, 681LLLLL, has five Ls; it should have four.")
    assert "681LLLL_CTF_6812049_001.xml" in said


def test_a_name_without_a_right_one_shows_an_example() -> None:
    assert said_of("letter") == "The name has no ending, such as .xml. All valid file names are listed under Help."
    assert "6792303_CTF_6812105_001.xml" in said_of("letter.xml")


def test_a_file_that_was_sent_to_the_uploader() -> None:
    facts = {"address": "6812061", "organisation": "Llanishen Primary School", "yours": "6812045", "to_you": True}
    refusal = SendRefused(SendFault.NOT_YOUR_NUMBER, **facts)
    assert words.say(refusal) == Said(
        "The first number is 6812061, Llanishen Primary School; your number is 6812045.",
        "This file was sent to you. To receive it, choose Download CTF Files.",
    )


def test_a_closed_school_is_named_with_its_successor_and_the_right_name() -> None:
    refusal = next(SendRefused(code, **facts) for code, facts in SENDING if code is SendFault.CLOSED_SCHOOL)
    assert words.say(refusal).whole == (
        "Rumney Infants (6812098) closed on 31 July 2026. Its place was taken by Rumney Primary School (6812317). "
        "Export the file again for 6812317. Its name will then be 6812045_CTF_6812317_001.xml."
    )
    with override("cy"):
        assert words.say(refusal).text == (
            "Caeodd Rumney Infants (6812098) ar 31 Gorffennaf 2026. Daeth Rumney Primary School (6812317) yn ei lle."
        )


def test_sizes_are_said_as_people_read_them() -> None:
    refusal = SendRefused(SendFault.TOO_LARGE, size=32_000_000, limit=30 * 1_048_576)
    assert words.say(refusal).text == "The file is too large: 30.5 MB. The limit is 30 MB."


@pytest.mark.parametrize(
    ("pupils", "welsh"), [(1, "1 disgybl"), (2, "2 ddisgybl"), (3, "3 disgybl"), (8, "8 disgybl"), (11, "11 disgybl"), (12, "12 disgybl")]
)
def test_welsh_numbers_have_the_noun_in_the_singular_and_mutate_it(pupils: int, welsh: str) -> None:
    finding = Finding(CtfFault.ONE_PUPIL_ONLY, facts={"pupils": pupils, "destination": "XXXXXXX"})
    with override("cy"):
        assert f"mae {welsh} yn hon" in words.uploads.findings([finding.as_json()])[0].text


def test_a_mistake_of_the_school_and_one_of_the_system_have_different_fixes() -> None:
    pupils, headers = (
        words.uploads.findings([{"code": "element_missing", "element": "Surname", "position": position, "facts": {"parent": "Pupil"}}])[0]
        for position in (3, None)
    )
    assert pupils.whole == "The entry “Surname” is missing. Enter it in your management information system and export the file again."
    assert "supplier" in headers.fix


# Labels


@dataclass
class Copy:
    """A delivery, as far as the labels look at one."""

    part: str
    state: str
    outcome: str = "waiting"
    outcome_at: datetime = datetime(2026, 11, 23, tzinfo=UTC)
    is_awaiting: bool = True


def in_both(label: object, *args: object) -> tuple[str, str]:
    said = []
    for language in LANGUAGES:
        with override(language):
            said.append(label(*args))  # type: ignore[operator]
    return said[0], said[1]


@pytest.mark.parametrize(
    ("label", "codes"),
    [
        (words.accounts.role, list(ROLES)),
        (words.transfers.kind, list(Kind)),
        (words.transfers.reject_reason, list(RejectReason)),
        (words.transfers.view, ["within", "incoming", "leaving"]),
        (words.transfers.show, list(words.transfers.SHOWS)),
        (words.transfers.state, [Copy("addressee", state) for state in State]),
        (words.transfers.state, [Copy("lost", "waiting")]),
        (words.transfers.empty, list(words.transfers.SHOWS)),
        (words.transfers.capped, [501]),
        (words.transfers.own_copy, [Copy("copy", state) for state in State]),
        (words.transfers.happened, [SimpleNamespace(step=step, delivery=Copy("addressee", "waiting")) for step in StepName]),
        (words.transfers.happened, [SimpleNamespace(step=step, delivery=Copy("copy", "waiting")) for step in StepName]),
        (words.transfers.outcome, [Copy("copy", "waiting", outcome=state) for state in State]),
    ],
)
def test_every_label_is_there_in_both_languages(label: object, codes: list[object]) -> None:
    for code in codes:
        english, welsh = in_both(label, code)
        assert english
        assert welsh
        assert english != welsh


def test_labels_by_hand() -> None:
    state = words.transfers.state
    assert in_both(lambda one: state(one).text, Copy("lost", "waiting")) == (
        "In the Lost Pupil Database",
        "Yn y Gronfa Ddata Disgyblion Coll",
    )
    assert in_both(lambda one: state(one).text, Copy("addressee", "waiting")) == (
        "Awaiting download",
        "Yn aros i'w lawrlwytho",
    )
    assert in_both(words.accounts.role, "LEA_DBA") == ("LEA Administrator (DBA)", "Gweinyddwr yr ALl (DBA)")
    assert in_both(words.transfers.view, "within") == ("Files within LEA", "Ffeiliau o fewn yr ALl")
    collected = Copy("copy", "waiting", outcome="collected", outcome_at=datetime(2026, 11, 22, 23, 30, tzinfo=UTC))
    assert in_both(lambda one: words.transfers.outcome(one).text, collected) == ("Collected 22/11/2026", "Casglwyd 22/11/2026")
    fetched = SimpleNamespace(step="fetch", delivery=Copy("copy", "fetched"))
    assert in_both(words.transfers.happened, fetched) == (
        "The local authority's copy: downloaded",
        "Copi'r awdurdod lleol: wedi'i lawrlwytho",
    )


def test_yes_and_no_follow_the_verb_of_the_question() -> None:
    with override("cy"):
        assert gettext("Has the file downloaded correctly?") == "A lawrlwythwyd y ffeil yn gywir?"
        assert (pgettext("downloaded correctly", "Yes"), pgettext("downloaded correctly", "No")) == ("Do", "Naddo")


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.example)
def test_every_form_of_a_name_has_its_words(form: object) -> None:
    english, welsh = in_both(words.file_names.form_words, form)
    assert english.pattern == welsh.pattern  # type: ignore[attr-defined]
    for part in ("kind", "source", "destination"):
        assert getattr(english, part) != getattr(welsh, part)


# The help page


@pytest.fixture(params=LANGUAGES)
def help_page(request: pytest.FixtureRequest) -> tuple[str, str]:
    client = Client()
    client.cookies["s2s_language"] = request.param
    page = client.get("/help").content.decode()
    assert f'<html lang="{request.param}"' in page
    return request.param, page


TERMS = {
    "en": "CTS,CTF,s2s,Lost Pupil Database,MIS,"
    "Sending school,Sending LEA,Receiving school,Receiving LEA,Establishment Number,Upload,Download",
    "cy": "CTS,CTF,s2s,Cronfa Ddata Disgyblion Coll,MIS,Yr ysgol sy&#39;n anfon,Yr ALl sy&#39;n anfon,Yr ysgol sy&#39;n derbyn,"
    "Yr ALl sy&#39;n derbyn,Rhif Sefydliad,Lanlwytho,Lawrlwytho",
}


@pytest.mark.guidance("A1-05")
def test_the_help_page_explains_the_terms(help_page: tuple[str, str]) -> None:
    language, page = help_page
    explained = re.findall(r"<dt>(.*?)(?: – .*?)?</dt><dd>.+?</dd>", page)
    assert explained == TERMS[language].split(",")


@pytest.mark.guidance("1.3-06")
def test_the_help_page_tells_the_reasons_for_x_and_m_apart(help_page: tuple[str, str]) -> None:
    language, page = help_page
    x, m = re.search(r"XXXXXXX: ([^:]*)\. MMMMMMM: ([^:]*?)\.", page).groups()  # type: ignore[union-attr]
    reasons = {
        "en": ("do not know where they have gone", ("independent school", "emigrated", "electively home educated", "cannot receive a CTF")),
        "cy": ("ni wyddoch i ble", ("ysgol annibynnol", "ymfudo", "addysg ddewisol yn y cartref", "na all dderbyn CTF")),
    }[language]
    assert reasons[0] in x
    assert [reason for reason in reasons[1] if reason not in m] == []


@pytest.mark.guidance("4.2-15")
def test_the_help_page_advises_against_a_duplicate_of_a_lost_pupils_file(help_page: tuple[str, str]) -> None:
    language, page = help_page
    assert {"en": "ask your local authority to forward that file", "cy": "awdurdod lleol anfon y ffeil honno ymlaen"}[language] in page


@pytest.mark.guidance("5.4-03")
def test_the_help_page_has_the_table_of_appendix_2(help_page: tuple[str, str]) -> None:
    for form in (
        "1112222_CTF_3334444_NNN.XML",
        "1112222_CTF_MMMMMMM_NNN.XML",
        "1112222_CTF_XXXXXXX_NNN.XML",
        "1112222_CTF_333LLLL_NNN.XML",
        "333LLLL_CTF_1112222_NNN.XML",
        "1113333_2224444_FFT15.ZIP",
        "1113333_222LLLL_FFT15.ZIP",
        "222LLLL_1113333_FFT15.ZIP",
    ):
        assert form in help_page[1]


def test_the_law_is_that_of_2011(help_page: tuple[str, str]) -> None:
    assert "2011/1942" in help_page[1]
    assert "2004" not in help_page[1]


def test_every_question_has_an_answer_in_both_languages() -> None:
    english, welsh = in_both(words.help_texts.questions)
    assert len(english) == len(welsh) >= 10
    assert all(one[0].endswith("?") and one[1].endswith(".") for one in [*english, *welsh])  # type: ignore[misc]
    assert not set(english) & set(welsh)


def test_no_email_says_a_word_twice_over() -> None:
    folder = Path(words.__file__).parent / "emails"
    for path in folder.rglob("*.txt"):
        assert not re.search(r"\b([^\W\d]{2,}) \1\b", path.read_text(encoding="utf-8")), path
