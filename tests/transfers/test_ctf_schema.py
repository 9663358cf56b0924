"""`ctf.xsd` decides, the rules explain: they must never disagree, or a sender is refused without a reason or served a file out of order."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

import s2s.transfers.ctf as ctf_module
from s2s.rules.filenames import parse
from s2s.transfers.ctf import CtfFault, UnreadableCtf, read
from tests.samples import ctf, name_for, pupil

SCHEMA = etree.XMLSchema(file=str(Path(ctf_module.__file__).with_name("ctf.xsd")))
BEYOND_THE_SCHEMA = {CtfFault.SOURCE_DIFFERS, CtfFault.DESTINATION_DIFFERS, CtfFault.UPN_TWICE}
HEADER = ["DocumentName", "CTFversion", "DateTime", "DocumentQualifier", "SupplierID", "SourceSchool", "DestSchool"]
HEADER += [f"SourceSchool/{name}" for name in ("LEA", "Estab", "SchoolName", "AcademicYear")] + ["DestSchool/LEA", "DestSchool/Estab"]
PUPIL = ["UPN", "Surname", "Forename", "DOB", "Sex", "BasicDetails", "Address"]
PARTS = ["Header", "CTFpupilData", "CTFpupilData/Pupil[2]"]
PATHS = PARTS + [f"Header/{path}" for path in HEADER] + [f"CTFpupilData/Pupil[2]/{path}" for path in PUPIL]
VALUES = [
    "",
    " ",
    "x",
    "681",
    "2045",
    "XXX",
    "LLLL",
    "26.0",
    "full",
    "2016-03-09",
    "2016-03-09Z",
    "2016-02-30",
    "M",
    "A801200005001",
    "é" * 201,
    "z" * 2_001,
]


def drop(target: etree._Element, _: str) -> None:
    target.getparent().remove(target)


def double(target: etree._Element, _: str) -> None:
    target.addnext(etree.fromstring(etree.tostring(target, with_tail=False)))


def move_up(target: etree._Element, _: str) -> None:
    before = target.getprevious()
    if before is not None:
        before.addprevious(target)


def move_to_the_end(target: etree._Element, _: str) -> None:
    target.getparent().append(target)


def rename(target: etree._Element, _: str) -> None:
    target.tag = "Zork"


def fill(target: etree._Element, value: str) -> None:
    for child in target:
        target.remove(child)
    target.text = value


def add_a_stranger(target: etree._Element, _: str) -> None:
    target.addprevious(etree.Element("Zork"))


CHANGES = st.tuples(
    st.sampled_from(PATHS), st.sampled_from([drop, double, move_up, move_to_the_end, rename, fill, add_a_stranger]), st.sampled_from(VALUES)
)


def test_schema_accepts_what_the_makers_of_ctfs_write() -> None:
    for content in (ctf(3), ctf(3, full=True), ctf(1, DataQualifier="ULN", DataDescriptor="Year 6")):
        SCHEMA.assertValid(etree.fromstring(content))


@settings(deadline=None, max_examples=300)
@given(st.lists(CHANGES, min_size=1, max_size=3))
def test_rules_explain_whatever_the_schema_refuses_and_nothing_else(changes: list) -> None:  # type: ignore[type-arg]
    root = etree.fromstring(ctf([pupil(1), pupil(2, full=True), pupil(3)]))
    for path, change, value in changes:
        target = root.find(path)
        if target is not None:
            change(target, value)
    content = etree.tostring(root)
    codes: set[object] = set()
    days: set[str] = set()
    try:
        read(content, parse(name_for()), today=date(2026, 11, 23))
    except UnreadableCtf as refusal:
        days = {finding.element for finding in refusal.findings if finding.code is CtfFault.VALUE_WRONG}
        codes = {finding.code for finding in refusal.findings}
    if SCHEMA.validate(etree.fromstring(content)):
        assert codes <= BEYOND_THE_SCHEMA | {CtfFault.VALUE_WRONG, CtfFault.ELEMENT_TWICE}  # twice: further down, where anything may be
        assert days <= {"DOB", "DateTime"}  # 30 February has the form of a date
    else:
        assert codes - BEYOND_THE_SCHEMA
        assert CtfFault.NOT_AS_SCHEMA not in codes or any(change is fill for _, change, _ in changes)  # text where only elements may be


@pytest.mark.parametrize("attribute", ['xsi:type="xs:anyType"', 'xsi:nil="true"'])
def test_file_cannot_talk_its_way_round_the_schema(attribute: str) -> None:
    prefixes = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    content = ctf([pupil(1)]).replace(b"<UPN>", f"<UPN {prefixes} {attribute}>".encode())
    with pytest.raises(UnreadableCtf):
        read(content, parse(name_for()), today=date(2026, 11, 23))
