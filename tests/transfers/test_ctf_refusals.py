"""Why a CTF is refused: every mistake at once, with its line, its element and the pupil, in our own words."""

from datetime import date

import pytest
from lxml import etree

from s2s.rules.filenames import parse
from s2s.transfers.ctf import CtfFault, Finding, UnreadableCtf, read
from tests.samples import GREENWAY, ctf, element, elements, name_for, pupil, upn

TODAY = date(2026, 11, 23)


def refusal(content: bytes, *, source: str = GREENWAY, destination: str = "6812061") -> UnreadableCtf:
    with pytest.raises(UnreadableCtf) as caught:
        read(content, parse(name_for(source, destination)), today=TODAY)
    return caught.value


def faults(content: bytes, *, source: str = GREENWAY, destination: str = "6812061") -> list[tuple[CtfFault, str]]:
    return [(finding.code, finding.element) for finding in refusal(content, source=source, destination=destination).findings]


def only(content: bytes, *, source: str = GREENWAY, destination: str = "6812061") -> Finding:
    (finding,) = refusal(content, source=source, destination=destination).findings
    return finding


# --- one pupil only (1.3)


@pytest.mark.guidance("1.3-09")
@pytest.mark.parametrize("destination", ["XXXXXXX", "MMMMMMM"])
def test_lost_pupil_file_holds_one_pupil(destination: str) -> None:
    assert len(read(ctf(1, destination=destination), parse(name_for(destination=destination)), today=TODAY).pupils) == 1
    finding = only(ctf(2, destination=destination), destination=destination)
    assert (finding.code, finding.facts) == (CtfFault.ONE_PUPIL_ONLY, {"pupils": 2, "destination": destination})


def test_file_without_pupils_is_refused() -> None:
    assert faults(ctf([])) == [(CtfFault.NO_PUPILS, "CTFpupilData")]


def test_file_with_absurdly_many_pupils_is_refused() -> None:
    short = pupil(1, rest="")
    parts = (short.replace(upn(1), upn(number)) for number in range(1, 20_002))
    assert only(ctf(list(parts))).code is CtfFault.TOO_MANY_PUPILS


# --- what is no CTF (Appendix 1)


@pytest.mark.guidance("A1-02")
@pytest.mark.parametrize(
    ("content", "root"),
    [(b"<html><body/></html>", "html"), (b"<CTFile/>", "CTFile"), (b"<a:Message xmlns:a='urn:x'/>", "Message"), (b"<!-- -->", "")],
)
def test_other_xml_is_refused_naming_what_it_is(content: bytes, root: str) -> None:
    finding = only(content)
    assert (finding.code, finding.facts) == (CtfFault.NOT_A_CTF, {"root": root})


def test_root_is_not_looked_for_behind_more_than_a_megabyte_of_comments() -> None:
    comment = b"<!--" + b"x" * 1_200_000 + b"-->"
    assert only(ctf(1).replace(b"<CTfile>", comment + b"<CTfile>")).facts == {"root": ""}


def test_admissions_file_is_refused_as_one() -> None:
    assert only(ctf(root="ATfile")).code is CtfFault.ADMISSIONS_FILE


@pytest.mark.guidance("A1-02")
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"PK\x03\x04", "zip"), (b"%PDF-1.7", "pdf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff\xe0", "jpeg"), (b"GIF89a", "gif"),
        (b"\x1f\x8b\x08", "gzip"), (b"\xd0\xcf\x11\xe0", "office"), (b"MZ\x90", "program"), (b"UPN,", "text"), (b"\0\0\0\0", "text"),
    ],
)  # fmt: skip
def test_file_that_is_no_xml_is_refused_naming_its_kind(content: bytes, kind: str) -> None:
    finding = only(content)
    assert (finding.code, finding.facts) == (CtfFault.NOT_XML, {"kind": kind})


@pytest.mark.parametrize("content", [b"", b" \r\n\t "])
def test_empty_file_is_refused(content: bytes) -> None:
    assert only(content).code is CtfFault.EMPTY


# --- encodings


def test_bytes_that_are_not_what_is_declared_are_refused_with_their_line() -> None:
    content = ctf([pupil(1), pupil(2), pupil(1, Forename="Siân")], encoding="iso-8859-1", declared="utf-8")
    line = content[: content.index(b"\xe2")].count(b"\n") + 1
    finding = only(content)
    assert (finding.code, finding.line, finding.facts) == (CtfFault.ENCODING_WRONG, line, {"encoding": "utf-8"})


def test_name_of_windows_1252_under_iso_8859_1_is_refused() -> None:
    finding = only(ctf([pupil(1, Surname="O\u2019Shea")], encoding="windows-1252", declared="iso-8859-1"))
    assert (finding.code, finding.line) == (CtfFault.ENCODING_WRONG, 9)


def test_bytes_that_mean_nothing_in_windows_1252_are_refused() -> None:
    assert only(ctf([pupil(1, Surname="Q")], encoding="windows-1252").replace(b">Q<", b">\x81<")).code is CtfFault.ENCODING_WRONG


@pytest.mark.parametrize("declared", ["utf-7", "utf-32", "iso-8859-15", "ebcdic-cp-us", "zork"])
def test_other_encodings_are_refused_by_name(declared: str) -> None:
    finding = only(ctf(declared=declared))
    assert (finding.code, finding.facts) == (CtfFault.ENCODING_NOT_ACCEPTED, {"encoding": declared})


def test_utf_7_and_utf_32_bytes_are_refused() -> None:
    assert only(ctf(encoding="utf-7")).code is CtfFault.ENCODING_NOT_ACCEPTED
    assert only(ctf(encoding="utf-32")).code is CtfFault.ENCODING_NOT_ACCEPTED
    assert only(b"+ADw-CTfile+AD4-").code is CtfFault.NOT_XML


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_needs_its_mark(encoding: str) -> None:
    assert only(ctf(encoding=encoding)).code is CtfFault.ENCODING_NO_MARK


def test_declaration_that_contradicts_the_bytes_is_refused() -> None:
    finding = only(ctf(declared="utf-16"))
    assert (finding.code, finding.facts) == (CtfFault.ENCODING_CONTRADICTS, {"declared": "UTF-16", "found": ""})
    assert only(ctf(encoding="utf-16", declared="utf-8")).code is CtfFault.ENCODING_CONTRADICTS
    assert only(ctf(encoding="utf-8-sig", declared="windows-1252")).code is CtfFault.ENCODING_CONTRADICTS


# --- not well-formed


def with_rest(rest: str) -> bytes:
    return ctf([pupil(1, rest=rest)])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (ctf(1)[:-30], CtfFault.CUT_OFF),
        (ctf(1)[:700], CtfFault.CUT_OFF),
        (with_rest("<A><B></A></B>"), CtfFault.TAGS_CROSSED),
        (with_rest("<A>Marks & Spencer</A>"), CtfFault.AMPERSAND),
        (with_rest("<A>fish&chips</A>"), CtfFault.AMPERSAND),
        (with_rest("<A>&nbsp;</A>"), CtfFault.AMPERSAND),
        (with_rest("<A>1 < 2</A>"), CtfFault.AMPERSAND),
        (with_rest("<A>\x01</A>"), CtfFault.CHARACTER),
        (with_rest("<A>\x00</A>"), CtfFault.CHARACTER),
        (with_rest("<A>&#0;</A>"), CtfFault.CHARACTER),
        (with_rest("<x:A/>"), CtfFault.PREFIX_UNKNOWN),
        (with_rest("<A b='1' b='2'/>"), CtfFault.NOT_WELL_FORMED),
        (b"\n" + ctf(1), CtfFault.BLANK_FIRST),
        (ctf(1) + ctf(1), CtfFault.MORE_AFTER_END),
        (ctf(1) + b"<CTfile/>", CtfFault.MORE_AFTER_END),
        (b"<![CDATA[x]]>" + ctf(1), CtfFault.NOT_WELL_FORMED),
    ],
)
def test_file_that_is_not_well_formed_is_refused_in_our_own_words(content: bytes, code: CtfFault) -> None:
    finding = only(content)
    assert (finding.code, finding.facts) == (code, {})
    assert finding.line is not None


def test_line_of_a_mistake_is_right_beyond_65535_lines() -> None:
    content = ctf([pupil(1, rest="\n" * 70_000), pupil(2, UPN="x"), pupil(3)])
    line = content[: content.index(b"<UPN>x")].count(b"\n") + 1
    assert only(content).line == line > 70_000


# --- header


@pytest.mark.parametrize(
    ("changes", "fault", "at"),
    [
        ({"DocumentName": "Census"}, CtfFault.VALUE_WRONG, "DocumentName"),
        ({"CTFversion": "26"}, CtfFault.VALUE_WRONG, "CTFversion"),
        ({"CTFversion": "126.0"}, CtfFault.VALUE_WRONG, "CTFversion"),
        ({"CTFversion": ""}, CtfFault.VALUE_MISSING, "CTFversion"),
        ({"DateTime": "19/10/2026 09:14"}, CtfFault.VALUE_WRONG, "DateTime"),
        ({"DateTime": "2026-02-30T00:00:00"}, CtfFault.VALUE_WRONG, "DateTime"),
        ({"DocumentQualifier": "whole"}, CtfFault.VALUE_WRONG, "DocumentQualifier"),
        ({"SupplierID": "x" * 2_001}, CtfFault.VALUE_TOO_LONG, "SupplierID"),
        ({"SupplierID": None}, CtfFault.ELEMENT_MISSING, "SupplierID"),
        ({"DestSchool": None}, CtfFault.ELEMENT_MISSING, "DestSchool"),
        ({"DestSchool": elements([("LEA", "ULN"), ("Estab", "2061")])}, CtfFault.VALUE_WRONG, "LEA"),
        ({"DestSchool": elements([("LEA", "681"), ("Estab", "061")])}, CtfFault.VALUE_WRONG, "Estab"),
        ({"DestSchool": elements([("LEA", "681")])}, CtfFault.ELEMENT_MISSING, "Estab"),
        ({"DestSchool": elements([("Estab", "2061"), ("LEA", "681")])}, CtfFault.ELEMENT_MISPLACED, "Estab"),
    ],
)
def test_header_is_read_strictly(changes: dict[str, object], fault: CtfFault, at: str) -> None:
    assert faults(ctf(**changes)) == [(fault, at)]  # type: ignore[arg-type]


REQUIRED = {
    "Header": ["DocumentName", "CTFversion", "DateTime", "DocumentQualifier", "SupplierID", "SourceSchool", "DestSchool"],
    "SourceSchool": ["LEA", "Estab", "SchoolName", "AcademicYear"],
    "DestSchool": ["LEA", "Estab"],
    "Pupil": ["Surname", "Forename", "DOB", "Sex"],  # a missing UPN has a fault of its own
}


@pytest.mark.parametrize(("parent", "name"), [(parent, name) for parent, names in REQUIRED.items() for name in names])
def test_no_required_element_may_be_missing(parent: str, name: str) -> None:
    root = etree.fromstring(ctf(1))
    block = root.find(f".//{parent}")
    block.remove(block.find(name))
    finding = only(etree.tostring(root))
    assert (finding.code, finding.element, finding.facts) == (CtfFault.ELEMENT_MISSING, name, {"parent": parent})


def test_data_qualifier_may_say_anything_and_suppliers_may_add_to_the_header() -> None:
    added = elements([("LEA", "681"), ("Estab", "2061"), ("URN", "XXXXXX")])
    content = ctf(DataQualifier="ULN", DestSchool=added, SuppInfo=element("SuppID", "SIMS"))
    assert read(content, parse(name_for()), today=TODAY).pupils


def test_strange_doubled_and_misplaced_elements_are_named_with_what_should_stand_there() -> None:
    strange = only(ctf(1).replace(b"<SupplierID>", b"<Zork/><SupplierID>"))
    assert (strange.code, strange.element, strange.facts) == (
        CtfFault.ELEMENT_UNEXPECTED,
        "Zork",
        {"parent": "Header", "expected": "SupplierID"},
    )
    doubled = only(ctf([pupil(1).replace("<DOB>", "<Forename>Mali</Forename><DOB>")]))
    assert (doubled.code, doubled.element, doubled.position) == (CtfFault.ELEMENT_TWICE, "Forename", 1)
    misplaced = only(ctf([pupil(1, Forename=None).replace("<UPN>", "<Forename>Mali</Forename><UPN>")]))
    assert (misplaced.code, misplaced.element, misplaced.facts) == (
        CtfFault.ELEMENT_MISPLACED,
        "Forename",
        {"parent": "Pupil", "before": "DOB", "after": "Surname"},
    )


def test_what_stands_alone_is_not_called_misplaced() -> None:
    content = ctf(1)
    header = content[content.index(b"<Header>") : content.index(b"<DestSchool>")]
    found = faults(content.replace(header, b"<Header>"))
    assert {code for code, _ in found} == {CtfFault.ELEMENT_MISSING}
    assert [element for _, element in found] == REQUIRED["Header"][:-1]


def test_parts_of_the_file_are_looked_for() -> None:
    assert faults(b"<CTfile/>") == [(CtfFault.ELEMENT_MISSING, "Header"), (CtfFault.ELEMENT_MISSING, "CTFpupilData")]
    assert faults(ctf(1).replace(b"</CTFpupilData>", b"</CTFpupilData><More/>")) == [(CtfFault.ELEMENT_UNEXPECTED, "More")]
    assert faults(ctf([pupil(1), "<Child/>"])) == [(CtfFault.ELEMENT_UNEXPECTED, "Child")]


@pytest.mark.parametrize(
    ("before", "parent"),
    [(b"<CTFpupilData>", "CTfile"), (b"<Pupil>", "CTFpupilData"), (b"<DOB>", "Pupil"), (b"<CTFversion>", "Header"),
     (b"<Estab>", "SourceSchool"), (b"</CTfile>", "CTfile"), (b"</Pupil>", "Pupil"), (b"</CTFpupilData>", "CTFpupilData")],
)  # fmt: skip
def test_text_between_elements_is_refused_and_shown(before: bytes, parent: str) -> None:
    finding = only(ctf(1).replace(before, b" see overleaf " + before, 1))
    assert (finding.code, finding.element, finding.facts) == (CtfFault.TEXT_OUTSIDE, parent, {"text": "see overleaf"})


@pytest.mark.parametrize(("value", "parent"), [(b">26.0<", "CTFversion"), (b">Bevan<", "Surname"), (b">2061<", "Estab")])
def test_element_inside_a_value_is_refused(value: bytes, parent: str) -> None:
    finding = only(ctf([pupil(1)]).replace(value, value[:-1] + b"<b/><", 1))
    assert (finding.code, finding.element, finding.facts) == (CtfFault.ELEMENT_UNEXPECTED, "b", {"parent": parent, "expected": ""})


@pytest.mark.parametrize(
    ("source", "destination", "fault"),
    [
        ("6812049", "6812061", CtfFault.SOURCE_DIFFERS),
        ("681LLLL", "6812061", CtfFault.SOURCE_DIFFERS),
        (GREENWAY, "6812049", CtfFault.DESTINATION_DIFFERS),
        (GREENWAY, "675LLLL", CtfFault.DESTINATION_DIFFERS),
        (GREENWAY, "XXX2061", CtfFault.DESTINATION_DIFFERS),
        (GREENWAY, "681XXXX", CtfFault.DESTINATION_DIFFERS),
    ],
)
def test_header_must_agree_with_the_files_name(source: str, destination: str, fault: CtfFault) -> None:
    finding = only(ctf(source=source, destination=destination))
    header, name = (source, GREENWAY) if fault is CtfFault.SOURCE_DIFFERS else (destination, "6812061")
    assert (finding.code, finding.facts["header"], finding.facts["name"]) == (fault, header, name)


@pytest.mark.parametrize(
    ("said", "right"), [("6812049", "6812045_CTF_6812049_001.xml"), ("681XXXX", None), ("XXX2061", None), (GREENWAY, None)]
)
def test_other_destination_comes_with_the_name_that_goes_there(said: str, right: str | None) -> None:
    content = ctf(destination=said)
    assert only(content).facts.get("right") == right
    if right is not None:  # the advice works when it is followed
        assert read(content, parse(right), today=TODAY).pupils


@pytest.mark.parametrize(
    ("said", "named"),
    [("XXXXXXX", "MMMMMMM"), ("MMMMMMM", "XXXXXXX"), ("6812061", "XXXXXXX"), ("681LLLL", "MMMMMMM"), ("XXXXXXX", "681LLLL")],
)
def test_header_and_name_must_agree_on_what_is_lost(said: str, named: str) -> None:
    finding = only(ctf(destination=said), destination=named)
    right = f"6812045_CTF_{said}_001.xml"
    assert (finding.code, finding.facts) == (CtfFault.DESTINATION_DIFFERS, {"header": said, "name": named, "right": right})


def test_school_may_not_send_what_another_school_has_made() -> None:
    assert faults(ctf(source="6812049", destination="XXXXXXX"), destination="6812061") == [(CtfFault.SOURCE_DIFFERS, "SourceSchool")]


# --- pupils


@pytest.mark.parametrize(
    ("changes", "fault", "at"),
    [
        ({"UPN": None}, CtfFault.UPN_MISSING, "UPN"),
        ({"UPN": " "}, CtfFault.UPN_MISSING, "UPN"),
        ({"UPN": "K68120452001"}, CtfFault.UPN_MALFORMED, "UPN"),
        ({"UPN": "k681204520017"}, CtfFault.UPN_MALFORMED, "UPN"),
        ({"UPN": "I681204520017"}, CtfFault.UPN_MALFORMED, "UPN"),
        ({"Surname": None}, CtfFault.ELEMENT_MISSING, "Surname"),
        ({"Surname": ""}, CtfFault.VALUE_MISSING, "Surname"),
        ({"Surname": "\u00a0"}, CtfFault.VALUE_MISSING, "Surname"),
        ({"Forename": "x" * 201}, CtfFault.VALUE_TOO_LONG, "Forename"),
        ({"DOB": None}, CtfFault.ELEMENT_MISSING, "DOB"),
        ({"DOB": "2015-02-29"}, CtfFault.VALUE_WRONG, "DOB"),
        ({"DOB": "09/03/2016"}, CtfFault.VALUE_WRONG, "DOB"),
        ({"DOB": "2016-03-09T00:00:00"}, CtfFault.VALUE_WRONG, "DOB"),
        ({"DOB": "20160309"}, CtfFault.VALUE_WRONG, "DOB"),
        ({"DOB": "12016-03-09"}, CtfFault.VALUE_WRONG, "DOB"),
        ({"Sex": "Female"}, CtfFault.VALUE_WRONG, "Sex"),
        ({"Sex": ""}, CtfFault.VALUE_MISSING, "Sex"),
        ({"Gender": ""}, CtfFault.VALUE_MISSING, "Gender"),
        ({"Sex": None}, CtfFault.ELEMENT_MISSING, "Sex"),
    ],
)
def test_identifiers_of_a_pupil_are_read_strictly(changes: dict[str, object], fault: CtfFault, at: str) -> None:
    finding = only(ctf([pupil(1), pupil(2, **changes)]))  # type: ignore[arg-type]
    assert (finding.code, finding.element, finding.position) == (fault, at, 2)


# --- second identities


def nested(inside: str, at: str) -> bytes:
    return ctf([pupil(1, rest=element("BasicDetails", element("MiddleNames", "Haf"), at.replace("…", inside)))])


@pytest.mark.guidance("1.3-09")
@pytest.mark.parametrize(
    "place", ["…", "<SuppInfo>…</SuppInfo>", "<CTFpupilData>…</CTFpupilData>", "<Contacts><Contact>…</Contact></Contacts>"]
)
def test_pupil_inside_a_pupil_is_no_way_round_one_pupil_only(place: str) -> None:
    second = pupil(2, rest="")
    for rest in (place.replace("…", second), element("BasicDetails", place.replace("…", second))):
        found = refusal(ctf([pupil(1, rest=rest)], destination="XXXXXXX"), destination="XXXXXXX").findings
        assert (CtfFault.ELEMENT_UNEXPECTED, "Pupil", 1) in [(one.code, one.element, one.position) for one in found]


def test_pupil_in_the_header_is_refused() -> None:
    inside = element("SuppInfo", pupil(2, rest=""))
    assert faults(ctf([pupil(1)], SuppInfo=inside)) == [(CtfFault.ELEMENT_UNEXPECTED, "Pupil")]


@pytest.mark.parametrize("name", ["CTfile", "Header", "SourceSchool", "DestSchool", "CTFpupilData"])
def test_what_holds_the_file_together_is_nowhere_else(name: str) -> None:
    assert faults(ctf([pupil(1, rest=f"<{name}/>")])) == [(CtfFault.ELEMENT_UNEXPECTED, name)]
    content = ctf(1).replace(b"</Header>", f"<{name}/></Header>".encode())
    twice = name in ("SourceSchool", "DestSchool")
    assert (CtfFault.ELEMENT_TWICE if twice else CtfFault.ELEMENT_UNEXPECTED, name) in faults(content)


def test_what_a_supplier_keeps_in_boxes_of_its_own_is_its_own() -> None:
    box = "<SuppInfo><Header/><SourceSchool/></SuppInfo>"
    assert len(read(ctf([pupil(1, rest=box)], SuppInfo=box), parse(name_for()), today=TODAY).pupils) == 1


@pytest.mark.parametrize(
    "name",
    ["UPN", "UniqueLearnerNumber", "UCI", "Surname", "Forename", "DOB", "Sex", "BasicDetails", "FSMhistory", "NAWdetails", "LookedAfter",
     "SENhistory", "Address", "Phones", "Email", "Contacts", "Attendance", "StageAssessments", "SchoolHistory"],
)  # fmt: skip
def test_nothing_of_a_pupil_is_there_twice(name: str) -> None:
    again = f"<{name}>x</{name}>"
    rest = again if name in ("UPN", "Surname", "Forename", "DOB", "Sex") else again + "<Zork/>" + again
    finding = next(one for one in refusal(ctf([pupil(1), pupil(2, rest=rest)])).findings if one.code is CtfFault.ELEMENT_TWICE)
    assert (finding.element, finding.position, finding.facts) == (name, 2, {"parent": "Pupil"})


@pytest.mark.parametrize("name", ["FormerUPN", "PreferredSurname", "FormerSurname", "MiddleNames", "Languages", "EnrolStatus"])
def test_nothing_of_the_basic_details_is_there_twice(name: str) -> None:
    rest = element("BasicDetails", f"<{name}/><Zork/><{name}/>")
    finding = only(ctf([pupil(1, rest=rest)]))
    assert (finding.code, finding.element, finding.facts) == (CtfFault.ELEMENT_TWICE, name, {"parent": "BasicDetails"})


@pytest.mark.parametrize("name", ["DocumentName", "CTFversion", "DateTime", "DocumentQualifier", "SupplierID"])
def test_nothing_of_the_header_is_there_twice(name: str) -> None:
    content = ctf(1).replace(b"</Header>", f"<{name}>x</{name}></Header>".encode())
    assert (CtfFault.ELEMENT_TWICE, name) in faults(content)


@pytest.mark.parametrize("school", ["SourceSchool", "DestSchool"])
@pytest.mark.parametrize("name", ["LEA", "Estab", "URN"])
def test_no_number_of_a_school_is_there_twice(school: str, name: str) -> None:
    again = f"<{name}>999</{name}>" * (2 if name == "URN" else 1)
    assert (CtfFault.ELEMENT_TWICE, name) in faults(ctf(1).replace(f"</{school}>".encode(), f"{again}</{school}>".encode()))


def test_second_destination_is_refused() -> None:
    second = element("DestSchool", elements([("LEA", "681"), ("Estab", "2049")]))
    assert faults(ctf(1).replace(b"</Header>", f"{second}</Header>".encode())) == [(CtfFault.ELEMENT_TWICE, "DestSchool")]


@pytest.mark.parametrize("namespace", ["urn:x", "urn:cbds"])
def test_second_identity_hides_in_no_namespace(namespace: str) -> None:
    rest = f'<x:UPN xmlns:x="{namespace}">{upn(9)}</x:UPN><x:Pupil xmlns:x="{namespace}"/>'
    found = faults(ctf([pupil(1, rest=rest)], namespace="urn:cbds"))
    assert sorted(found) == [(CtfFault.ELEMENT_TWICE, "UPN"), (CtfFault.ELEMENT_UNEXPECTED, "Pupil")]
    assert sorted(faults(ctf([pupil(1, rest=rest)]))) == sorted(found)


def test_what_suppliers_add_may_be_there_twice() -> None:
    rest = "<SuppInfo/><Zork/><SuppInfo/><Zork/>" + element("BasicDetails", "<Zork/><Zork/>")
    assert len(read(ctf([pupil(1, rest=rest)], SuppInfo="x"), parse(name_for()), today=TODAY).pupils) == 1


@pytest.mark.parametrize("former", ["K68120452001", "x" * 40, "k681204520017", "none"])
def test_former_upn_of_another_form_is_refused(former: str) -> None:
    finding = only(ctf([pupil(1, rest=element("BasicDetails", element("FormerUPN", former)))]))
    assert (finding.code, finding.element, finding.facts) == (CtfFault.UPN_MALFORMED, "FormerUPN", {"upn": former})


@pytest.mark.parametrize("born", ["0001-01-01", "1900-01-01", "1926-11-22", "2027-11-24", "9999-12-31"])
def test_impossible_date_of_birth_is_refused(born: str) -> None:
    finding = only(ctf([pupil(1, DOB=born)]))
    assert (finding.code, finding.element, finding.facts) == (CtfFault.BORN_IMPOSSIBLE, "DOB", {"date": born})


@pytest.mark.parametrize(
    ("born", "facts"),
    [("2015-02-30", {"no_day": "02-30"}), ("2015-31-05", {"no_month": 31}), ("2015-00-05", {"no_month": 0}), ("30/02/2015", {})],
)
def test_day_that_does_not_exist_is_said_to_be_none(born: str, facts: dict[str, object]) -> None:
    for finding in (only(ctf([pupil(1, DOB=born)])), only(ctf(1, DateTime=f"{born}T09:14:33"))):
        assert finding.code is CtfFault.VALUE_WRONG
        assert {fact: value for fact, value in finding.facts.items() if fact.startswith("no_")} == facts


def test_day_that_exists_is_not_said_to_be_none() -> None:
    """Databases export a date with a time behind it; the day itself is right."""
    assert only(ctf([pupil(1, DOB="2016-03-09T00:00:00")])).facts == {"value": "2016-03-09T00:00:00", "expected": "2016-03-09"}


@pytest.mark.parametrize(
    ("content", "facts"),
    [
        (ctf([pupil(1, Sex="X")]), {"value": "X", "one_of": "F, M"}),
        (ctf(1, DocumentQualifier="whole"), {"value": "whole", "one_of": "full, partial"}),
        (ctf(1, DocumentName="Census"), {"value": "Census", "one_of": "Common Transfer File"}),
    ],
)
def test_value_of_which_there_are_few_is_shown_with_all_that_are_right(content: bytes, facts: dict[str, object]) -> None:
    assert only(content).facts == facts


def test_pupil_whose_name_turns_the_writing_round_is_named_without_what_turns_it() -> None:
    finding = only(ctf([pupil(1, Surname="\u202eBevan", Forename="Mali", UPN=None)]))
    assert finding.name == "Mali Bevan"


def test_wrong_number_of_the_header_is_shown_with_the_one_of_the_files_name() -> None:
    wrong = elements([("LEA", "CF"), ("Estab", "61")])
    for block, lea, estab in (("DestSchool", "681", "2061"), ("SourceSchool", "681", "2045")):
        rest = elements([("SchoolName", "Greenway"), ("AcademicYear", "2026")]) if block == "SourceSchool" else ""
        first, second = refusal(ctf(1, **{block: wrong + rest})).findings  # type: ignore[arg-type]
        assert first.facts == {"value": "CF", "expected": lea, "parent": block}
        assert second.facts == {"value": "61", "expected": estab, "parent": block}


@pytest.mark.parametrize("unseen", ["\u00a0", "\u200b", "\ufeff", "\u2009", "\ue000"])
@pytest.mark.parametrize(("name", "value"), [("UPN", upn(2)), ("DOB", "2016-03-09"), ("Sex", "F")])
def test_value_with_something_unseen_is_told_what_is_seen_of_it(name: str, value: str, unseen: str) -> None:
    for written in (value + unseen, unseen + value):
        content = ctf([pupil(1), pupil(2, **{name: written})])  # type: ignore[arg-type]
        finding = only(content)
        line = content[: content.index(written.encode())].count(b"\n") + 1
        assert (finding.code, finding.element, finding.position, finding.line) == (CtfFault.VALUE_HIDDEN, name, 2, line)
        assert finding.facts == {"value": value}


def test_number_of_the_header_with_something_unseen_is_told_so() -> None:
    finding = only(ctf(1, DestSchool=elements([("LEA", "681"), ("Estab", "2061\u00a0")])))
    assert (finding.code, finding.element, finding.facts) == (CtfFault.VALUE_HIDDEN, "Estab", {"value": "2061"})


@pytest.mark.parametrize("page", [b"<!DOCTYPE html>\n<html><p>Sign in<br>", b"\n<!doctype HTML PUBLIC 'x'>", b"<html><head><meta>"])
def test_saved_web_page_is_called_one_and_no_attack(page: bytes) -> None:
    assert (only(page).code, only(page).facts) == (CtfFault.NOT_A_CTF, {"root": "html"})


def test_warnings_are_told_together_with_the_faults() -> None:
    caught = refusal(ctf([pupil(1, UPN="A" + upn(1)[1:]), pupil(2, Surname="")], CTFversion="12.0"))
    assert [finding.code for finding in caught.findings] == [CtfFault.VALUE_MISSING]
    assert [warning["code"] for warning in caught.warnings] == ["version_old", "upn_check_letter"]


def test_refusal_names_the_pupil_and_the_line() -> None:
    content = ctf([pupil(1), pupil(2, UPN="6812045", full=True)])
    finding = only(content)
    assert (finding.position, finding.name, finding.facts) == (2, "Ioan Hussain", {"upn": "6812045"})
    assert finding.line == content[: content.index(b"<UPN>6812045<")].count(b"\n") + 1


def test_same_upn_twice_is_refused() -> None:
    finding = only(ctf([pupil(1), pupil(2), pupil(3, UPN=upn(1))]))
    assert (finding.code, finding.position, finding.facts) == (CtfFault.UPN_TWICE, 3, {"upn": upn(1), "first": 1})


@pytest.mark.parametrize("namespace", ["", "urn:cbds"])
def test_all_mistakes_are_told_at_once_in_the_order_of_the_file(namespace: str) -> None:
    content = ctf(
        [pupil(1, Surname=None, Sex=None), pupil(2, DOB="2016-02-30", UPN="x"), pupil(3, UPN=upn(1)), pupil(4, Forename="")],
        namespace=namespace, source="6812049", CTFversion="new",
    )  # fmt: skip
    findings = refusal(content).findings
    assert [(finding.code, finding.element, finding.position) for finding in findings] == [
        (CtfFault.VALUE_WRONG, "CTFversion", None),
        (CtfFault.SOURCE_DIFFERS, "SourceSchool", None),
        (CtfFault.ELEMENT_MISSING, "Surname", 1),
        (CtfFault.ELEMENT_MISSING, "Sex", 1),
        (CtfFault.UPN_MALFORMED, "UPN", 2),
        (CtfFault.VALUE_WRONG, "DOB", 2),
        (CtfFault.UPN_TWICE, "UPN", 3),
        (CtfFault.VALUE_MISSING, "Forename", 4),
    ]
    lines = [finding.line or 0 for finding in findings]
    assert lines == sorted(lines)


def test_mistakes_before_the_place_where_a_file_breaks_off_are_told_too() -> None:
    codes = [code for code, _ in faults(ctf([pupil(1, UPN="x"), pupil(2), pupil(3)], source="6812049")[:-50])]
    assert codes == [CtfFault.SOURCE_DIFFERS, CtfFault.UPN_MALFORMED, CtfFault.CUT_OFF]


def test_hundred_mistakes_are_listed_and_the_others_counted() -> None:
    some = refusal(ctf([pupil(number, UPN=None, rest="") for number in range(1, 251)]))
    assert (len(some.findings), some.more) == (100, 150)
    many = refusal(ctf([pupil(number, UPN=None, rest="") for number in range(1, 3_001)]))
    assert (len(many.findings), many.more) == (100, 900)
    doubled = refusal(ctf([pupil(1, rest="")] * 3_000))
    assert (len(doubled.findings), doubled.more) == (100, 900)


def test_long_wrong_values_are_shortened() -> None:
    finding = only(ctf([pupil(1, DOB="2016" * 500)]))
    assert len(str(finding.facts["value"])) == 60


def test_refusal_can_be_logged_without_naming_a_pupil() -> None:
    caught = refusal(ctf([pupil(1, Surname="Unmistakable", UPN="A1234567")]))
    for text in (str(caught), repr(caught), repr(caught.findings)):
        assert "Unmistakable" not in text
        assert "A1234567" not in text
    assert caught.code is CtfFault.UPN_MALFORMED
