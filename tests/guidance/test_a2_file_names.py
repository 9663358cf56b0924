"""Appendix 2 'Summary of File Types', with 1.3, 1.6, 4.2 and 5.4: right and wrong names, copied out by hand."""

import pytest

from s2s.rules.filename_forms import FORMS
from s2s.rules.filenames import BadName, NameFault, Repair, parse

#    statement, name, kind, source, destination
RIGHT = [
    # Appendix 2, Common Transfer Files
    ("A2-01", "6792303_CTF_6812105_001.xml", "ctf", "6792303", "6812105"),
    ("A2-02", "6812045_CTF_MMMMMMM_001.xml", "ctf", "6812045", "MMMMMMM"),
    ("A2-03", "6812045_CTF_XXXXXXX_001.xml", "ctf", "6812045", "XXXXXXX"),
    ("A2-04", "6812045_CTF_681LLLL_001.xml", "ctf", "6812045", "681LLLL"),
    ("A2-05", "681LLLL_CTF_6812049_001.xml", "ctf", "681LLLL", "6812049"),
    # Appendix 2, Generic Files
    ("A2-19", "6812045_6732182_Data2010.zip", "generic", "6812045", "6732182"),
    ("A2-20", "6812045_681LLLL_Data.zip", "generic", "6812045", "681LLLL"),
    ("A2-21", "681LLLL_6812045_Data.zip", "generic", "681LLLL", "6812045"),
    ("A2-18", "681ADMS_6812045_Data.zip", "generic", "681ADMS", "6812045"),
    ("A2-27", "6812045_6732182_FFT15.ZIP", "generic", "6812045", "6732182"),
    # the screen of 5.3, where the extension is written both ways
    ("A2-07", "8373677_CTF_6812061_001.XML", "ctf", "8373677", "6812061"),
    ("A2-07", "6732182_CTF_6816014_002.xml", "ctf", "6732182", "6816014"),
    # elsewhere in the guidance
    (None, "6812045_CTF_XXXXXXX_001.xml", "ctf", "6812045", "XXXXXXX"),
    (None, "6812045_CTF_MMMMMMM_001.xml", "ctf", "6812045", "MMMMMMM"),
    (None, "6812045_CTF_681LLLL_001.xml", "ctf", "6812045", "681LLLL"),
    (None, "681LLLL_CTF_6812049_001.xml", "ctf", "681LLLL", "6812049"),
    (None, "681LLLL_CTF_XXXXXXX_001.xml", "ctf", "681LLLL", "XXXXXXX"),
    (None, "681LLLL_CTF_MMMMMMM_001.xml", "ctf", "681LLLL", "MMMMMMM"),
    (None, "6802320_CTF_680LLLL_001.xml", "ctf", "6802320", "680LLLL"),
    ("1.6-49", "6812045_PLA_681PLAS_001.xml", "census", "6812045", "681PLAS"),
    (None, "681PLAS_CTF_6812045_001.xml", "ctf", "681PLAS", "6812045"),
    ("1.6-54", "6812045_ASL_681ADMS_26001.xml", "admissions", "6812045", "681ADMS"),
    (None, "681ADMS_ADT_6812045_26001.xml", "admissions", "681ADMS", "6812045"),
    (None, "6812045_681ADMS_Data.zip", "generic", "6812045", "681ADMS"),
    # our own forms, where the guidance has none
    ("A2-29", "6812045_PLASC_681PLAS_001.xml", "census", "6812045", "681PLAS"),
    ("A2-29", "6812045_SC1_681LLLL_001.XML", "census", "6812045", "681LLLL"),
    ("A2-29", "6812045_CFR_681LLLL_001.xml", "cfr", "6812045", "681LLLL"),
    ("A2-29", "6812045_EXC_681LLLL_001.xml", "exclusion", "6812045", "681LLLL"),
    ("A2-29", "681LLLL_ADT_6812045_26001.XML", "admissions", "681LLLL", "6812045"),
    ("A2-29", "6812045_ASL_681LLLL_26001.XML", "admissions", "6812045", "681LLLL"),
    ("A2-29", "681LLLL_ALT_679LLLL_26001.xml", "admissions", "681LLLL", "679LLLL"),
]

#    statement, name, fault, the right name
WRONG = [
    ("1.3-07", "6812045_CTF_XXXXXXXX_001.xml", "eight_letters", "6812045_CTF_XXXXXXX_001.xml"),
    ("1.3-07", "6812045_CTF_MMMMMMMM_001.xml", "eight_letters", "6812045_CTF_MMMMMMM_001.xml"),
    ("A2-08", "681LLLLL_CTF_6812049.xml", "five_ls", "681LLLL_CTF_6812049_001.xml"),
    ("A2-08", "681LLLLL_CTF_6812049_001.xml", "five_ls", "681LLLL_CTF_6812049_001.xml"),
    ("A2-09", "6812045_CTF_6732182.xml", "no_number", "6812045_CTF_6732182_001.xml"),
    ("A2-10", "6812045_CTF_6732182_01.xml", "number", "6812045_CTF_6732182_001.xml"),
    ("A2-10", "6812045_CTF_6732182_0001.xml", "number", "6812045_CTF_6732182_001.xml"),
    ("A2-10", "6812045_CTF_6732182_ABC.xml", "number", "6812045_CTF_6732182_001.xml"),
    ("A2-11", "6812045_CTR_6732182_001.xml", "constant", "6812045_CTF_6732182_001.xml"),
    ("A2-12", "681204_CTF_6732182_001.xml", "length", None),
    ("A2-12", "68120455_CTF_6732182_001.xml", "length", None),
    ("A2-12", "6812045_CTF_673218_001.xml", "length", None),
    ("A2-12", "6812045_CTF_67321822_001.xml", "length", None),
    ("A2-13", "XXXXXXX_CTF_6812049_001.xml", "lost_source", None),
    ("A2-13", "MMMMMMM_CTF_6812049_001.xml", "lost_source", None),
    ("A2-14", "6812045_CTF_6732182_001.zip", "extension", "6812045_CTF_6732182_001.xml"),
    ("A2-14", "6812045_CTF_6732182_001.xml.txt", "extension", "6812045_CTF_6732182_001.xml"),
    (None, "6812045_CTF_6732182_001.txt", "extension", "6812045_CTF_6732182_001.xml"),
    (None, "letter.xml", "no_form", None),
    ("A2-22", "6812045_6732182_abcdefghijklmnop.zip", "text_too_long", "6812045_6732182_abcdefghijklmno.zip"),
    ("A2-23", "6812045_6732182_my data.zip", "spaces", "6812045_6732182_mydata.zip"),
    ("A2-24", "6812045_6732182_Data.rar", "extension", "6812045_6732182_Data.zip"),
    ("A2-24", "6812045_6732182_Data.7z", "extension", "6812045_6732182_Data.zip"),
    ("A2-24", "6812045_6732182_Data.xml", "extension", "6812045_6732182_Data.zip"),
    ("A2-25", "6812045_XXXXXXX_Data.zip", "lost_destination", None),
    ("A2-25", "6812045_MMMMMMM_Data.zip", "lost_destination", None),
    ("A2-26", "6812045_Data.zip", "no_destination", None),
    ("A2-26", "68120456732182_Data.zip", "missing_underscore", "6812045_6732182_Data.zip"),
    (None, "6812045_CTF_681ADMS_001.xml", "place", "6812045_CTF_681LLLL_001.xml"),
    (None, "681ADMS_CTF_6812045_001.xml", "place", None),
    (None, "6812045_PLA_681ADMS_001.xml", "place", "6812045_PLA_681LLLL_001.xml"),
    (None, "6812045_CFR_681ADMS_001.xml", "place", "6812045_CFR_681LLLL_001.xml"),
    (None, "6812045_EXC_681ADMS_001.xml", "place", "6812045_EXC_681LLLL_001.xml"),
    ("A2-29", "6812045_SC4_681LLLL_001.xml", "constant", "6812045_CTF_681LLLL_001.xml"),
    ("A2-29", "6812045_CFR_681LLLL.xml", "no_number", "6812045_CFR_681LLLL_001.xml"),
    ("A2-29", "6812045_EXC_681LLLL_001.zip", "extension", "6812045_EXC_681LLLL_001.xml"),
    ("A2-29", "681LLLL_ADT_6812045_001.xml", "number", "681LLLL_ADT_6812045_00001.xml"),
    ("A2-29", "6812045_CFR_6812049_001.xml", "direction", None),
]


def marked(rows: list[tuple]) -> list:  # type: ignore[type-arg]
    """Each row proves its own statement; those without one follow from elsewhere in the guidance."""
    return [pytest.param(*row[1:], marks=[pytest.mark.guidance(row[0])] if row[0] else [], id=row[1]) for row in rows]


@pytest.mark.parametrize(("name", "kind", "source", "destination"), marked(RIGHT))
def test_a_right_name_is_read_as_it_is_written(name: str, kind: str, source: str, destination: str) -> None:
    read = parse(name)
    assert (read.kind, str(read.source), str(read.destination), str(read), read.repairs) == (kind, source, destination, name, ())


@pytest.mark.parametrize(("name", "fault", "right"), marked(WRONG))
def test_a_wrong_name_is_refused_with_the_right_one(name: str, fault: str, right: str | None) -> None:
    with pytest.raises(BadName) as refusal:
        parse(name)
    assert (refusal.value.code, refusal.value.facts.get("right")) == (fault, right)


@pytest.mark.guidance("A2-06")
@pytest.mark.parametrize("name", ["681LLLL_CTF6812049_001.xml", "681LLLL_CTF6812049_001.XML"])
def test_the_form_that_appendix_2_prints_without_underscore_is_read_and_normalised(name: str) -> None:
    read = parse(name)
    assert str(read) == name.replace("CTF", "CTF_")
    assert read.repairs == (Repair.UNDERSCORE,)


@pytest.mark.parametrize("name", ["6812045_CTF6812049_001.xml", "681LLLL_CTFXXXXXXX_001.xml", "681LLLL_EXC6812045_001.xml"])
def test_without_underscore_no_other_form_is_read(name: str) -> None:
    with pytest.raises(BadName) as refusal:
        parse(name)
    assert refusal.value.code is NameFault.MISSING_UNDERSCORE


@pytest.mark.guidance("A2-17")
def test_the_file_number_is_the_senders_own() -> None:
    assert [parse(f"6812045_CTF_6732182_{number}.xml").number for number in ("001", "007", "999")] == ["001", "007", "999"]


@pytest.mark.guidance("A2-22")
def test_the_variable_text_has_up_to_fifteen_characters() -> None:
    assert parse("6812045_6732182_abcdefghijklmno.zip").text == "abcdefghijklmno"
    with pytest.raises(BadName):
        parse("6812045_6732182_abcdefghijklmnop.zip")


def test_a_file_goes_from_one_la_to_another() -> None:
    assert [str(parse(name).destination) for name in ("681LLLL_CTF_675LLLL_001.xml", "681LLLL_675LLLL_Data.zip")] == ["675LLLL", "675LLLL"]


@pytest.mark.parametrize(
    ("pattern", "source", "destination"),
    [
        ("1112222_CTF_3334444_NNN.XML", "School", "School"),
        ("1112222_CTF_MMMMMMM_NNN.XML", "School", "Lost Pupils (outside maintained sector)"),
        ("1112222_CTF_XXXXXXX_NNN.XML", "School", "Lost Pupils (destination unknown)"),
        ("1112222_CTF_333LLLL_NNN.XML", "School", "LEA"),
        ("333LLLL_CTF_1112222_NNN.XML", "LEA", "School"),
    ],
)
def test_the_table_of_forms_has_the_rows_of_appendix_2(pattern: str, source: str, destination: str) -> None:
    assert [(form.source, form.destination) for form in FORMS if form.pattern == pattern] == [(source, destination)]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.pattern)
def test_the_example_of_every_form_is_a_right_name_of_its_kind(form) -> None:  # type: ignore[no-untyped-def]
    read = parse(form.example)
    assert (read.kind, read.repairs) == (form.kind, ())
