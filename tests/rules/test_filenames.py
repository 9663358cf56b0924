import re
from string import ascii_letters, digits

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from s2s.rules import addresses, filenames
from s2s.rules.filename_forms import FORMS
from s2s.rules.filenames import BadName, FileName, NameFault, Repair, parse, shown
from s2s.rules.kinds import Kind
from s2s.rules.meant_names import OtherFile

schools = st.from_regex(r"[0-9]{7}", fullmatch=True)
authorities = st.from_regex(r"[0-9]{3}(LLLL|PLAS)", fullmatch=True)
desks = st.from_regex(r"[0-9]{3}(LLLL|PLAS|ADMS)", fullmatch=True)
lost = st.sampled_from(["XXXXXXX", "MMMMMMM"])
numbers = st.from_regex(r"[0-9]{3}", fullmatch=True)
texts = st.text(ascii_letters + digits + "-", min_size=1, max_size=15)

ctfs = st.one_of(
    st.tuples(schools, schools | authorities | lost),
    st.tuples(authorities, schools | authorities),
    st.tuples(st.from_regex(r"[0-9]{3}LLLL", fullmatch=True), lost),
).flatmap(lambda ends: st.builds("{0[0]}_CTF_{0[1]}_{1}.{2}".format, st.just(ends), numbers, st.sampled_from(["xml", "XML"])))
generics = st.builds("{}_{}_{}.{}".format, schools | desks, schools | desks, texts, st.sampled_from(["zip", "ZIP"]))
returns = st.builds(
    "{}_{}_{}_{}.xml".format, schools, st.sampled_from(["PLA", "PLASC", "SC1", "SC2", "SC3", "CFR", "EXC"]), authorities, numbers
)
admissions = st.builds(
    "{}_{}_{}_{}.xml".format,
    desks, st.sampled_from(["ADT", "ASL", "ATF", "APT", "AOT", "ALT"]), schools, st.from_regex(r"[0-9]{5}", fullmatch=True),
)  # fmt: skip
right_names = (ctfs | generics | returns | admissions).filter(lambda name: name[:7] not in name[7:])

pieces = st.sampled_from(
    ["6812045", "6732182", "681LLLL", "681PLAS", "681ADMS", "681LLLLL", "681LL26", "681204", "XXXXXXX", "XXXXXXXX", "MMMMMMM", "CTF", "CTR",
     "SC1", "ADT", "CFR", "PLASC", "CTF6812049", "001", "01", "26001", "Data", "my data", "_", "_", "_", "_", ".", ".xml", ".XML", ".zip",
     ".txt", " (1)", " - Copy", "-", " ", "/", "\\", "é", "\u202e", "\x00"]
)  # fmt: skip
almost_names = st.lists(pieces, max_size=12).map("".join)


def refused(name: str) -> BadName:
    with pytest.raises(BadName) as refusal:
        parse(name)
    return refusal.value


@given(right_names)
def test_a_right_name_is_written_again_as_it_was_read(name: str) -> None:
    assert str(parse(name)) == name


@given(st.text() | almost_names | st.text(ascii_letters + digits + "_.-() ", max_size=60))
@example("6812045_CTF_6732182_001.xml (1)")
@example("681LLLL_CTF6812049_001 (1).xml")
@example("..")
@example("\ud800_CTF_\udfff.xml")
def test_any_text_is_a_name_or_is_refused(name: str) -> None:
    try:
        read = parse(name)
    except BadName as refusal:
        assert refusal.code in NameFault  # noqa: PT017
        assert str(refusal.facts["name"]).isprintable()  # noqa: PT017
        assert "right" not in refusal.facts or str(parse(str(refusal.facts["right"]))) == refusal.facts["right"]  # noqa: PT017
    else:
        assert parse(str(read)) == read
        assert parse(str(read)).repairs == ()


@given(almost_names)
def test_what_a_name_is_put_right_to_keeps_its_ends(name: str) -> None:
    try:
        read = parse(name)
    except BadName:
        return
    assert read.source.text in name
    assert read.destination.text in name or Repair.CENSUS_YEAR in read.repairs


# Chrome, Firefox, older browsers and mail programs; Windows in English and Welsh, and its dashes when mail has passed through; a Mac;
# Linux; several of them.
MARKS = (
    " (1)", " (12)", "(1)", " (002)", "[1]", " [2]",
    " - Copy", " - copy", " - Copi", " - Copy (2)", " - Copi (3)", "\u00a0(1)", "\u202f- Copy", " – Copy", " — Copi (2)", "-Copy", "-copi",
    " copy", " copy 2", " 2", " 12", "-1", "-12",
    " (copy)", " (another copy)", " (3rd copy)", " (copy 2)", " (copi)",
    " (1) (1)", " - Copy - Copy", " copy (1)", "-1 (2)",
)  # fmt: skip


@pytest.mark.parametrize("mark", MARKS)
def test_a_copy_mark_is_taken_off_and_mentioned(mark: str) -> None:
    read = parse(f"6812045_CTF_6812061_302{mark}.xml")
    assert str(read) == "6812045_CTF_6812061_302.xml"
    assert read.repairs == (Repair.BROWSER_COPY,)


@pytest.mark.parametrize("text", ["Data-1", "Data-Copy", "123-1", "CTF", "copy"])
def test_the_text_of_a_generic_file_is_not_taken_for_a_copy_mark(text: str) -> None:
    assert (parse(f"6812045_6732182_{text}.zip").text, parse(f"6812045_6732182_{text} (1).zip").text) == (text, text)


def test_a_copy_mark_does_not_hide_another_mistake() -> None:
    refusal = refused("6812045_CTF_6812061_01 (1).xml")
    assert (refusal.code, refusal.facts["right"]) == (NameFault.NUMBER, "6812045_CTF_6812061_001.xml")


def test_what_was_put_right_does_not_make_another_name() -> None:
    assert parse("6812045_CTF_6812061_001 (1).xml") == parse("6812045_CTF_6812061_001.xml")
    assert hash(parse("6812045_CTF_6812061_001 (1).xml")) == hash(parse("6812045_CTF_6812061_001.xml"))


def test_small_letters_are_read_and_written_in_capitals() -> None:
    assert str(parse("681llll_ctf_xxxxxxx_001.xml")) == "681LLLL_CTF_XXXXXXX_001.xml"


@pytest.mark.parametrize(("given_as", "kept"), [("xml", "xml"), ("XML", "XML"), ("Xml", "xml"), ("xML", "xml")])
def test_the_extension_keeps_its_letters_unless_they_are_mixed(given_as: str, kept: str) -> None:
    assert parse(f"6812045_CTF_6812061_001.{given_as}").extension == kept


def test_a_generic_name_keeps_its_text_as_written() -> None:
    assert parse("681llll_6812045_Data-2010_b.zip").text == "Data-2010_b"


@pytest.mark.parametrize(
    "name", ["681llll_CTF_6812045_001.xml", "681LLLL_ctf_6812045_001.xml", "681LLLL_CTF_6812045_001.Xml", "681LLLL_6812045_Data.Zip"]
)
def test_letters_that_are_written_otherwise_are_mentioned(name: str) -> None:
    assert parse(name).repairs == (Repair.LETTERS,)


def test_a_generic_text_in_small_letters_is_not_mentioned() -> None:
    assert parse("681LLLL_6812045_data.zip").repairs == ()


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("6812045_CTF_6812061_338 - Shortcut.lnk", OtherFile.SHORTCUT),
        ("6812045_CTF_6812061_338.xml.LNK", OtherFile.SHORTCUT),
        ("6812045_CTF_6812061_338.pdf", OtherFile.PDF),
        ("6812045_CTF_6812061_338.xls", OtherFile.SPREADSHEET),
        ("6812045_6732182_Data.xlsx", OtherFile.SPREADSHEET),
        ("Year 6.docx", OtherFile.DOCUMENT),
        ("6812045_CTF_6812061_338.htm", OtherFile.WEB_PAGE),
        ("6812045_CTF_6812061_338.xml.crdownload", OtherFile.UNFINISHED),
        ("6812045_CTF_6812061_338.xml.gpg", OtherFile.LOCKED),
    ],
)
def test_another_sort_of_file_is_told_what_it_is_and_not_to_be_renamed(name: str, what: OtherFile) -> None:
    refusal = refused(name)
    assert (refusal.code, refusal.facts["what"], "right" in refusal.facts) == (NameFault.OTHER_FILE, what, False)
    assert refusal.facts["kind"] is (Kind.GENERIC if "Data" in name else Kind.CTF)


def test_where_only_the_number_is_not_plain_the_rest_of_the_name_is_told() -> None:
    for name in ("6812045_CTF_6812061_1234.xml", "6812045 CTF 6812061 1234 (1).xml", "Jones_6812045_CTF_6812061_7_8.xml"):
        assert refused(name).facts["open"] == "6812045_CTF_6812061_NNN.xml"


# --- advice that works when it is followed

WRONG_WAYS = (
    "{0}_CTF_{1}_{2} (Jones).xml", "{0}_CTF_{1}_{2}_Jones.xml", "{0}_CTF_{1}_Jones_{2}.xml", "{0}_CTF_{1}_Jones{2}.xml",
    "{0}_CTF_{1}_{2}Jones.xml", "{0}_CTF_{1}_{2} - final.xml", "{0}_CTF_{1}_{2} (1).xml.xml", "{0}_CTF_{1}_{2}.xml (1)",
    "{0} CTF {1} {2}.xml", "{0}-CTF-{1}-{2}.xml", "{0}CTF{1}{2}.xml", "{0}.CTF.{1}.{2}.xml", "{0}__CTF_{1}_{2}.xml",
    "CTF_{0}_{1}_{2}.xml", "Copy of {0}_CTF_{1}_{2}.xml", "Jones_{0}_CTF_{1}_{2}.xml", "Siôn_{0}_CTF_{1}_{2}.xml", "{0}_CTF_{1}_{2}",
    "{0}_CTF_{1}_{2}.txt", "{0}_CTF_{1}_{2}.xml.txt", "{0}_CTF_{1}_{2}.zip", "{0}_CTR_{1}_{2}.xml", "{0}_CTR_{1}_{2} (Jones).xml",
    "{0}_{1}_{2}.xml", "{0}_CTF_{1} {2}.xml", "{0}_CTF_{1} ({2}).xml", "/Users/mali/{0}_CTF_{1}_{2}.xml", "{0}_CTF_{1}_{2}–Jones.xml",
    "{0}_CTF_{1}_{2}..xml", "{0}_CTF_{1}_{2} .xml", "{0}_CTF_{1}_{2}_copy.xml", *(f"{{0}}_CTF_{{1}}_{{2}}{mark}.xml" for mark in MARKS),
)  # fmt: skip


def told(name: str) -> str | None:
    """The name under which a file is accepted, or the one that its sender is told to give it; None when no whole name is told."""
    try:
        return str(parse(name))
    except BadName as refusal:
        right = refusal.facts.get("right")
        return right if isinstance(right, str) else None


@given(st.sampled_from(WRONG_WAYS), schools | st.from_regex(r"[0-9]{3}LLLL", fullmatch=True), schools | authorities | lost, numbers)
def test_the_digits_that_stand_in_a_wrong_name_win(way: str, source: str, destination: str, number: str) -> None:
    assume(source != destination)
    assert told(way.format(source, destination, number)) == f"{source}_CTF_{destination}_{number}.xml"


wrong_numbers = st.text("0123456789 _-.()[]", max_size=8) | st.text("0123456789abcJones_-. ()", max_size=10)


@given(wrong_numbers, wrong_numbers)
@example("1234", "1235")
@example("7_8", "7_9")
@example(" (1)", " (2)")
def test_files_with_other_digits_are_never_told_the_same_name(one: str, other: str) -> None:
    stands = [re.sub("[^0-9]", "", text) for text in (one, other)]
    first, second = (told(f"6812045_CTF_6812061_{text}.xml") for text in (one, other))
    if all(stands) and first is not None and first == second:
        number = first[-7:-4].lstrip("0")
        assert all(number in digits for digits in stands), "a number that stands in neither is made up"


@given(almost_names | st.builds("{}{}.xml".format, st.just("6812045_CTF_6812061"), wrong_numbers))
@example("6812045_CTF_6812061_1234.xml")
def test_advice_followed_once_is_accepted(name: str) -> None:
    try:
        parse(name)
    except BadName as refusal:
        if "right" in refusal.facts:
            assert parse(str(refusal.facts["right"])).repairs == ()  # noqa: PT017
        if "open" in refusal.facts:
            chosen = str(refusal.facts["open"]).replace("NNNNN", "26001").replace("NNN", "302")
            assert parse(chosen).repairs == ()


def test_a_census_name_with_the_year_goes_to_the_la_and_says_so() -> None:
    read = parse("6812045_SC2_681LL26_001.XML")
    assert (str(read), read.repairs) == ("6812045_SC2_681LLLL_001.XML", (Repair.CENSUS_YEAR,))


def test_the_year_is_read_in_census_names_only() -> None:
    assert refused("6812045_CTF_681LL26_001.xml").code is NameFault.ADDRESS


def test_a_name_knows_that_its_file_is_lost() -> None:
    assert parse("6812045_CTF_XXXXXXX_001.xml").is_lost
    assert not parse("6812045_CTF_681LLLL_001.xml").is_lost


def test_a_name_can_be_made_of_its_facts() -> None:
    name = FileName(Kind.CTF, addresses.parse("681LLLL"), addresses.parse("6812049"), "001", "", "xml")
    assert str(name) == "681LLLL_CTF_6812049_001.xml"
    assert name == parse("681LLLL_CTF_6812049_001.xml")


@pytest.mark.parametrize(
    ("name", "fault", "right"),
    [
        ("", NameFault.EMPTY, None),
        (".xml", NameFault.NO_FORM, None),
        ("....", NameFault.NO_FORM, None),
        ("x" * 101, NameFault.TOO_LONG, None),
        ("../../etc/passwd", NameFault.PATH, None),
        ("/6812045_CTF_6812061_001.xml", NameFault.PATH, "6812045_CTF_6812061_001.xml"),
        ("C:\\fakepath\\6812045_CTF_6812061_001.xml", NameFault.PATH, "6812045_CTF_6812061_001.xml"),
        ("6812045_CTF_6812061_001.xml\x00.exe", NameFault.HIDDEN_CHARACTER, None),
        ("6812045_CTF_6812061_001.xml\r\nX: y", NameFault.HIDDEN_CHARACTER, None),
        ("6812045_CTF_6812061_001.xml\n", NameFault.HIDDEN_CHARACTER, None),
        ("6812045_6732182_\u202epiz.exe.zip", NameFault.HIDDEN_CHARACTER, None),
        ("6812045%5FCTF%5F6812061%5F001.xml", NameFault.ESCAPED, "6812045_CTF_6812061_001.xml"),
        ("6812045_CTF_6812061_001%20(1).xml", NameFault.ESCAPED, "6812045_CTF_6812061_001.xml"),
        ("6812045_CTF_6812061_%20%00001.xml", NameFault.ESCAPED, None),
        ("6812045_6732182_Mo\u0302n.zip", NameFault.NOT_PLAIN, "6812045_6732182_Mon.zip"),
        ("6812045_\u0421TF_6812061_001.xml", NameFault.NOT_PLAIN, "6812045_CTF_6812061_001.xml"),  # a Cyrillic C
        ("681\u0662045_CTF_6812061_001.xml", NameFault.NOT_PLAIN, None),  # an Arabic 2
        ("6812045_CTF_6812061_001", NameFault.NO_EXTENSION, "6812045_CTF_6812061_001.xml"),
        ("6812045_6732182_Data", NameFault.NO_EXTENSION, "6812045_6732182_Data.zip"),
        ("6812045_CTF_6812061_001.xml.", NameFault.NO_EXTENSION, "6812045_CTF_6812061_001.xml"),
        ("6812045_CTF_6812061_001.xml::$DATA", NameFault.EXTENSION, "6812045_CTF_6812061_001.xml"),
        ("6812045_CTF_6812061_001.txt.xml", NameFault.NUMBER, "6812045_CTF_6812061_001.xml"),
        ("6812045 _CTF_6812061_001.xml", NameFault.SPACES, "6812045_CTF_6812061_001.xml"),
        ("6812045_CTF_6812061_001.xml (1)", NameFault.SPACES, "6812045_CTF_6812061_001.xml"),
        ("6812045-CTF-6812061-001.xml", NameFault.MISSING_UNDERSCORE, "6812045_CTF_6812061_001.xml"),
        ("6812045__CTF_6812061_001.xml", NameFault.DOUBLE_UNDERSCORE, "6812045_CTF_6812061_001.xml"),
        ("6812045_6812061_001.xml", NameFault.NO_CONSTANT, "6812045_CTF_6812061_001.xml"),
        ("6812045_CTF_001.xml", NameFault.NO_DESTINATION, None),
        ("6812045_CTF.xml", NameFault.NO_DESTINATION, None),
        ("6812045_CTF_681ABCD_001.xml", NameFault.ADDRESS, None),
        ("6812045_CTF_6812045_001.xml", NameFault.SAME_ADDRESS, None),
        ("6812045_6812045_Data.zip", NameFault.SAME_ADDRESS, None),
        ("681PLAS_CTF_XXXXXXX_001.xml", NameFault.LOST_SENDER, None),
        ("6812045_CFR_XXXXXXX_001.xml", NameFault.LOST_DESTINATION, None),
        ("6812045_CTF_6812061_001_new.xml", NameFault.TOO_MANY_PARTS, "6812045_CTF_6812061_001.xml"),
        ("6812045_CTF_6812061_1234.xml", NameFault.NUMBER, None),  # 1234 and 1235 must not both become 001
        ("6812045_CTF_6812061_302 (Jones).xml", NameFault.TOO_MANY_PARTS, "6812045_CTF_6812061_302.xml"),
        ("6812045_CTF_6812061_302#.xml", NameFault.TOO_MANY_PARTS, "6812045_CTF_6812061_302.xml"),
        ("6812045_CTF_6812061_Jones_302.xml", NameFault.NUMBER, "6812045_CTF_6812061_302.xml"),
        ("6812045_CTF_6812061_7_8.xml", NameFault.NUMBER, None),
        ("6812045_CTF_6812061_Jones_302_303.xml", NameFault.NUMBER, None),
        ("6812045_6732182_Data 2010.zip", NameFault.SPACES, "6812045_6732182_Data2010.zip"),
        ("6812045_CTF_6812061 (2).xml", NameFault.NO_NUMBER, "6812045_CTF_6812061_002.xml"),
        ("6812045_CTF_6812061_334 (1).xml.xml", NameFault.ENDING_TWICE, "6812045_CTF_6812061_334.xml"),
        ("6812045_CTF_6812061_334.xml (1).XML", NameFault.ENDING_TWICE, "6812045_CTF_6812061_334.XML"),
        ("6812045_6732182_Data.zip.zip", NameFault.ENDING_TWICE, "6812045_6732182_Data.zip"),
        ("6812045 CTF 6812061 338.xml", NameFault.SPACES, "6812045_CTF_6812061_338.xml"),
        ("6812045_CTF_6812061_3 38.xml", NameFault.SPACES, "6812045_CTF_6812061_338.xml"),
        (" 6812045_CTF_6812061_338.xml", NameFault.SPACES, "6812045_CTF_6812061_338.xml"),
        ("6812045 6732182 my data.zip", NameFault.SPACES, "6812045_6732182_mydata.zip"),
        ("6812045_CTR_6812061_338 (Jones).xml", NameFault.SPACES, "6812045_CTF_6812061_338.xml"),
        ("Copy of 6812045_CTF_6812061_338.xml", NameFault.IN_FRONT, "6812045_CTF_6812061_338.xml"),
        ("Copi o 6812045_CTF_6812061_338 (2).xml", NameFault.IN_FRONT, "6812045_CTF_6812061_338.xml"),
        ("Jones_6812045_CTF_6812061_338.xml", NameFault.IN_FRONT, "6812045_CTF_6812061_338.xml"),
        ("Jones_6812045_6732182_Data.zip", NameFault.IN_FRONT, "6812045_6732182_Data.zip"),
        ("CTF_6812045_6812061_338.xml", NameFault.ORDER, "6812045_CTF_6812061_338.xml"),
        ("6812045_6812061_CTF_338.xml", NameFault.ORDER, "6812045_CTF_6812061_338.xml"),
        ("6812045.CTF.6812061.338.xml", NameFault.MISSING_UNDERSCORE, "6812045_CTF_6812061_338.xml"),
        ("6812045CTF6812061338.xml", NameFault.MISSING_UNDERSCORE, "6812045_CTF_6812061_338.xml"),
        ("6812045_CTF-6812061_338.xml", NameFault.MISSING_UNDERSCORE, "6812045_CTF_6812061_338.xml"),
        ("6812045_CTF_6812061_338,xml", NameFault.NO_EXTENSION, "6812045_CTF_6812061_338.xml"),
        ("6812045_CTF_6812061_314–Jones.xml", NameFault.NOT_PLAIN, "6812045_CTF_6812061_314.xml"),
        ("681ADMS_ADT_6812045_26001 (Jones).xml", NameFault.TOO_MANY_PARTS, "681ADMS_ADT_6812045_26001.xml"),
        ("6812045_CTF_681204_302 (Jones).xml", NameFault.SPACES, None),
        ("6812045_6732182.zip", NameFault.NO_TEXT, "6812045_6732182_Data.zip"),
        ("6812045_6732182_a.exe.zip", NameFault.TEXT, "6812045_6732182_a-exe.zip"),
        ("6812045_6732182_%2e%2e.zip", NameFault.TEXT, "6812045_6732182_2e-2e.zip"),
        ("681LLLLL_CTF6812049.XML", NameFault.MISSING_UNDERSCORE, "681LLLL_CTF_6812049_001.XML"),
    ],
)
def test_a_mistake_is_named_and_put_right_where_that_is_plain(name: str, fault: NameFault, right: str | None) -> None:
    refusal = refused(name)
    assert (refusal.code, refusal.facts.get("right")) == (fault, right)


def test_a_refusal_says_which_address_is_wrong_and_how_the_form_is_written() -> None:
    facts = refused("6812045_CTF_681204_001.xml").facts
    assert (facts["side"], facts["text"], facts["length"]) == ("destination", "681204", 6)
    assert (facts["kind"], facts["form"]) == (Kind.CTF, "1112222_CTF_3334444_NNN.XML")


def test_a_name_is_shown_without_characters_that_hide_others() -> None:
    assert shown("a\u202eb\x00c\ud800" + "d" * 500) == "a\ufffdb\ufffdc\ufffd" + "d" * 94


@pytest.mark.parametrize("piece", ["6812045_", "_", " (1)", "(", ".", "9", "X", "- Copy", "\\", "é", "\x00", "681LLLL"])
def test_a_name_that_is_too_long_is_refused_for_that_and_not_read(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Row 33 of the failure classes. How long one of the longest takes: bench/file_names.py."""
    monkeypatch.setattr(filenames, "pieces", None)
    monkeypatch.setattr(filenames, "without_copy_marks", None)
    assert refused((piece * 50_000)[:50_000]).code is NameFault.TOO_LONG
    assert refused((piece * 101)[:101]).code is NameFault.TOO_LONG


def test_a_name_of_the_greatest_length_is_read() -> None:
    assert refused("6812045_CTF_6812061_001" + "x" * 73 + ".xml").code is NameFault.TOO_MANY_PARTS


def test_no_two_forms_are_the_same() -> None:
    assert len({form.pattern for form in FORMS}) == len({form.example for form in FORMS}) == len(FORMS)
    assert {form.kind for form in FORMS} == set(Kind)
