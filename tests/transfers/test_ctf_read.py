"""What is read of a CTF that is accepted, and what its sender is told beside."""

from datetime import date

import pytest

from s2s.rules.filenames import parse
from s2s.transfers.ctf import Ctf, CtfPupil, CtfWarning, Finding, read
from tests.samples import GREENWAY, ctf, element, name_for, pupil, uln, upn

TODAY = date(2026, 11, 23)


def reading(content: bytes, *, source: str = GREENWAY, destination: str = "6812061") -> Ctf:
    return read(content, parse(name_for(source, destination)), today=TODAY)


def warnings(content: bytes, *, source: str = GREENWAY, destination: str = "6812061") -> list[CtfWarning]:
    return [warning.code for warning in reading(content, source=source, destination=destination).warnings]


def only_warning(content: bytes) -> Finding:
    (warning,) = reading(content).warnings
    return warning


def test_header_says_version_qualifier_supplier_and_source() -> None:
    file = reading(ctf(DocumentQualifier="partial", SupplierID=" Bromcom \n MIS "))
    assert (file.version, file.qualifier, file.supplier) == ("26.0", "partial", "Bromcom MIS")
    assert (file.source_name, file.created) == ("Greenway Primary School", "2026-10-19T09:14:33")


def test_pupil_is_read_with_all_that_files_are_found_by() -> None:
    (read_pupil,) = reading(ctf([pupil(7, full=True)])).pupils
    assert read_pupil == CtfPupil(
        upn=upn(7),
        former_upn=upn(500_007, temporary=True),
        uln=uln(7),
        surname="Wynne-Jones",
        forename="Macsen",
        middle_names="Haf Eluned",
        former_surname="Gruffydd",
        former_forename="Yusuf",
        preferred_surname="Wynne-Jones",
        preferred_forename="Macsen",
        date_of_birth=date(2009, 9, 8),
        sex="M",
        town="Newport",
        postcode="CF8 6HA",
    )


def test_pupil_of_a_file_that_holds_identifiers_only() -> None:
    (read_pupil,) = reading(ctf([pupil(1, rest="")])).pupils
    assert (read_pupil.town, read_pupil.postcode, read_pupil.former_upn, read_pupil.middle_names, read_pupil.uln) == ("", "", "", "", "")


def test_contacts_do_not_lend_their_names_and_addresses_to_the_pupil() -> None:
    contact = element("Contact", element("Surname", "Other"), element("Address", element("PostCode", "CF99 9ZZ")))
    (read_pupil,) = reading(ctf([pupil(1, rest=element("Contacts", contact))])).pupils
    assert (read_pupil.surname, read_pupil.postcode) == ("Bevan", "")


def test_blocks_after_the_identifiers_may_come_in_any_order() -> None:
    rest = (
        element("Address", element("PostCode", "CF10 1AA"))
        + element("Email", "x@example.org")
        + element("BasicDetails", element("MiddleNames", "Haf"))
    )
    (read_pupil,) = reading(ctf([pupil(1, rest=rest)])).pupils
    assert (read_pupil.postcode, read_pupil.middle_names) == ("CF10 1AA", "Haf")


def test_blanks_around_and_inside_values_are_superfluous() -> None:
    (read_pupil,) = reading(ctf([pupil(1, Surname="  ap \n\t Rhys ", UPN=f" {upn(1)} ", DOB=" 2016-03-09 ", Sex=" F ")])).pupils
    assert (read_pupil.surname, read_pupil.upn, read_pupil.date_of_birth, read_pupil.sex) == ("ap Rhys", upn(1), date(2016, 3, 9), "F")


def test_comments_and_cdata_leave_a_name_whole() -> None:
    content = ctf([pupil(1)]).replace(b"<Surname>Bevan", b"<Surname>Be<!-- a comment -->v<![CDATA[a]]>n")
    assert reading(content).pupils[0].surname == "Bevan"


@pytest.mark.parametrize(
    ("lines", "town"),
    [
        (element("BS7666Address", element("Town", "Barry"), element("PostTown", "BARRY")), "Barry"),
        (element("BS7666Address", element("Street", "High Street"), element("PostTown", "BARRY")), "BARRY"),
        (
            element(
                "AddressLines", element("AddressLine1", "1 High Street"), element("AddressLine2", "Barry"), element("AddressLine3", "")
            ),
            "Barry",
        ),
        (element("AddressLines", element("AddressLine1", "1 High Street, Barry")), ""),
    ],
)
def test_town_is_the_town_or_the_post_town_or_the_last_line(lines: str, town: str) -> None:
    assert reading(ctf([pupil(1, rest=element("Address", lines))])).pupils[0].town == town


@pytest.mark.parametrize(("element_name", "sex"), [("Gender", "F"), ("Sex", "M"), ("Sex", "U"), ("Gender", "W")])
def test_gender_and_sex_are_the_same_element(element_name: str, sex: str) -> None:
    assert reading(ctf([pupil(1, **{element_name: sex})])).pupils[0].sex == sex


@pytest.mark.parametrize("namespace", ["", "http://www.example.org/schemas/cbds", "urn:a'b&amp;c"])
def test_file_is_the_same_with_a_namespace_and_without(namespace: str) -> None:
    assert reading(ctf([pupil(1, full=True)], namespace=namespace)) == reading(ctf([pupil(1, full=True)]))


def test_elements_of_several_namespaces_are_known_by_their_local_names() -> None:
    plain = ctf([pupil(1, full=True), pupil(2)], CTFversion="12.0")
    without = plain.replace(b"<CTfile>", b'<CTfile xmlns="urn:cbds">').replace(b"<Header>", b'<Header xmlns="">')
    mixed = plain.replace(b"<Pupil>", b'<Pupil xmlns="urn:a">').replace(b"<DOB>", b'<DOB xmlns="urn:b">')
    header = plain.replace(b"<Header>", b'<Header xmlns="urn:x">')
    for content in (without, mixed, header, plain.replace(b"<CTfile>", b'<CTfile xmlns="http://www.w3.org/2001/XMLSchema">')):
        assert reading(content) == reading(plain)


def test_namespace_may_have_a_prefix() -> None:
    plain = ctf([pupil(1, full=True)]).decode()
    prefixed = plain.replace("</", "</c:").replace("<", "<c:").replace("<c:/c:", "</c:").replace("<c:?", "<?")
    assert reading(prefixed.replace("<c:CTfile>", '<c:CTfile xmlns:c="urn:cbds">').encode()) == reading(plain.encode())


@pytest.mark.parametrize("instruction", ["<?page 2?>", "<!-- page 2 -->", "<?a?><?b?>"])
def test_instruction_passes_like_a_comment(instruction: str) -> None:
    plain = ctf([pupil(1, full=True), pupil(2)])
    for place in (">Bev|an<", ">2061|<", "<CTFpupilData>|", "</Pupil>|", "|<Header>", "</Header>|", "|</CTfile>", "<Street>Heol |y Deri"):
        content = plain.decode().replace(place.replace("|", ""), place.replace("|", instruction))
        assert instruction in content
        assert reading(content.encode()) == reading(plain), place


def test_long_comment_before_the_root_does_not_hide_it() -> None:
    for length in (65_000, 65_500, 70_000, 900_000):
        comment = b"<!--" + b"x" * length + b"-->"
        assert reading(ctf(2).replace(b"<CTfile>", comment + b"<CTfile>")).pupils == reading(ctf(2)).pupils
    for length in range(65_480, 65_500):  # a comment begins on the edge of what is read first
        comments = b"<!--" + b"x" * length + b"--><!-- -->"
        assert len(reading(ctf(1).replace(b"<CTfile>", comments + b"<CTfile>")).pupils) == 1


def test_values_may_have_attributes() -> None:
    content = ctf([pupil(1, full=True)]).decode()
    for name in ("Surname", "UPN", "DOB", "Sex", "DocumentName", "CTFversion", "DateTime", "SupplierID", "LEA", "Estab", "AcademicYear"):
        content = content.replace(f"<{name}>", f'<{name} xml:lang="cy" id="x">')
    assert reading(content.encode()) == reading(ctf([pupil(1, full=True)]))


def test_comments_and_instructions_may_stand_before_the_root() -> None:
    start = b"<?xml-stylesheet href='http://127.0.0.1/x.xsl'?>\n<!-- Si\xc3\xa2n --> <CTfile>"
    assert reading(ctf(1).replace(b"<CTfile>", start)) == reading(ctf(1))


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", None), ("utf-8", "UTF8"), ("utf-8-sig", "utf-8"), ("utf-16", None), ("utf-16", "UTF-16LE"),
        ("iso-8859-1", "latin1"), ("iso-8859-1", None), ("windows-1252", None),
    ],
)  # fmt: skip
def test_names_read_the_same_in_every_accepted_encoding(encoding: str, declared: str | None) -> None:
    (read_pupil,) = reading(
        ctf([pupil(1, Surname="Llŷr" if encoding.startswith("utf") else "Siâncô")], encoding=encoding, declared=declared)
    ).pupils
    assert read_pupil.surname in ("Llŷr", "Siâncô")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252"])
def test_long_file_reads_whole_in_every_encoding(encoding: str) -> None:
    pupils = [pupil(number, full=True, Surname="Siân", Forename="Zoë", rest="") for number in range(1, 901)]
    read_pupils = reading(ctf(pupils, encoding=encoding)).pupils
    assert len(read_pupils) == 900
    assert {(each.surname, each.forename) for each in read_pupils} == {("Siân", "Zoë")}
    assert [each.upn for each in read_pupils] == [upn(number) for number in range(1, 901)]


# --- one pupil or several


@pytest.mark.guidance("1.3-10", "1.5-01")
@pytest.mark.parametrize("destination", ["6812061", "681LLLL"])
def test_file_for_a_school_or_an_authority_holds_many_pupils(destination: str) -> None:
    assert len(reading(ctf(30, destination=destination), destination=destination).pupils) == 30


@pytest.mark.parametrize("destination", ["XXXXXXX", "MMMMMMM"])
def test_lost_pupil_file_with_one_pupil_is_read(destination: str) -> None:
    assert len(reading(ctf(1, destination=destination), destination=destination).pupils) == 1


@pytest.mark.guidance("1.3-20")
def test_temporary_upn_is_a_upn() -> None:
    temporary = upn(3, temporary=True)
    file = reading(ctf([pupil(3, UPN=temporary)], destination="XXXXXXX"), destination="XXXXXXX")
    assert (file.pupils[0].upn, file.warnings) == (temporary, ())


# --- warnings


def test_full_file_of_many_pupils_has_no_warnings() -> None:
    assert warnings(ctf(60, full=True)) == []


@pytest.mark.parametrize("version", ["26.0", "25.0"])
def test_version_of_this_and_of_last_year_is_ordinary(version: str) -> None:
    assert warnings(ctf(CTFversion=version)) == []


def test_old_version_is_accepted_with_a_warning() -> None:
    for version in ("9.0", "12.0", "24.0", "24.1"):
        warning = only_warning(ctf(CTFversion=version))
        assert (warning.code, warning.facts) == (CtfWarning.VERSION_OLD, {"version": version, "current": "26.0"})


def test_coming_version_is_accepted_with_a_warning() -> None:
    assert warnings(ctf(CTFversion="27.0")) == [CtfWarning.VERSION_EARLY]


def test_academic_year_turns_over_on_1_september() -> None:
    name = parse(name_for())
    in_august = read(ctf(CTFversion="26.0"), name, today=date(2027, 8, 31))
    in_september = read(ctf(CTFversion="25.0"), name, today=date(2027, 9, 1))
    assert in_august.warnings == ()
    assert [warning.code for warning in in_september.warnings] == [CtfWarning.VERSION_OLD]


def test_header_from_the_future_is_mentioned() -> None:
    assert warnings(ctf(DateTime="2026-11-25T00:00:00")) == [CtfWarning.CREATED_LATER]
    assert warnings(ctf(DateTime="2026-11-24T23:00:00Z")) == []


def test_wrong_check_letter_is_a_warning_that_names_the_pupil() -> None:
    wrong = "A" + upn(2)[1:]
    warning = only_warning(ctf([pupil(1), pupil(2, UPN=wrong)]))
    assert (warning.code, warning.position, warning.name, warning.element) == (CtfWarning.UPN_CHECK_LETTER, 2, "Ioan Hussain", "UPN")
    assert warning.facts == {"upn": wrong, "expected": upn(2)[0]}


def test_wrong_uln_is_a_warning() -> None:
    assert only_warning(ctf([pupil(1, UniqueLearnerNumber="1234567890")])).code is CtfWarning.ULN_CHECK_DIGIT
    assert warnings(ctf([pupil(1, UniqueLearnerNumber=uln(1))])) == []
    assert reading(ctf([pupil(1, UniqueLearnerNumber="12345678901234")])).pupils[0].uln == "1234567890"


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        ("2026-11-24", CtfWarning.BORN_LATER), ("2026-11-23", CtfWarning.BORN_LATELY), ("2025-11-24", CtfWarning.BORN_LATELY),
        ("2025-11-23", None), ("2001-11-23", None), ("2001-11-22", CtfWarning.BORN_LONG_AGO), ("1926-11-23", CtfWarning.BORN_LONG_AGO),
        ("2027-11-23", CtfWarning.BORN_LATER),
    ],
)  # fmt: skip
def test_odd_date_of_birth_is_a_warning(born: str, expected: CtfWarning | None) -> None:
    assert warnings(ctf([pupil(1, DOB=born)])) == ([expected] if expected else [])


def test_today_may_be_29_february() -> None:
    file = read(ctf([pupil(1, DOB="2027-02-28")]), parse(name_for()), today=date(2028, 2, 29))
    assert CtfWarning.BORN_LATELY not in [warning.code for warning in file.warnings]


@pytest.mark.parametrize(
    "name", ["Si?n", "?yn", "Sia?", "SiÃ¢n", "Å´yn", "Si\ufffdn", "Siƒn", "Llˆn", "Rh“s", "T“mos", "R–n", "SiÔn", "Micha³", "Si├ón"]
)
def test_name_mangled_by_another_program_is_a_warning(name: str) -> None:
    warning = only_warning(ctf([pupil(1, Forename=name)]))
    assert (warning.code, warning.element, warning.facts["name"]) == (CtfWarning.NAME_DAMAGED, "Forename", name)


@pytest.mark.parametrize("name", ["Siân", "Ŵyn", "Llŷr", "Zoë", "O'Shea", "Åsa", "Ã", "Nguyễn", "Ærø", "王",
    "O’Shea", "Wynne–Jones", "Gal·la", "Mª", "Hannah (“Han”)", "hÉanaigh", "Guðrún", "Sia\u0302n", "می\u200cنا", "Smith & Jones", "100%"]
)  # fmt: skip
def test_name_with_accents_is_not_taken_for_mangled(name: str) -> None:
    file = reading(ctf([pupil(1, Forename=name)]))
    assert (file.pupils[0].forename, file.warnings) == (name, ())


@pytest.mark.parametrize(
    ("name", "meant"),
    [("O&apos;Neill", "O'Neill"), ("O&amp;apos;Neill", "O'Neill"), ("Si&acirc;n", "Siân"), ("O&#39;Neill", "O'Neill"),
     ("Si&#xE2;n", "Siân"), ("Si%C3%A2n", "Siân"), (r"Si\u00e2n", "Siân")],
)  # fmt: skip
def test_name_written_in_signs_of_a_program_is_a_warning_with_what_is_meant(name: str, meant: str) -> None:
    warning = only_warning(ctf([pupil(1, Surname=name)]))
    assert (warning.code, warning.element, warning.facts) == (CtfWarning.NAME_ESCAPED, "Surname", {"name": name, "meant": meant})


@pytest.mark.parametrize(
    ("name", "shown"), [("\u200b", "□"), ("Be\u200bvan", "Be□van"), ("Bevan\ue000", "Bevan□"), ("Be\xadvan", "Be□van"), ("a\u200cb", "a□b")]
)
def test_name_with_something_unseen_is_a_warning_that_shows_where(name: str, shown: str) -> None:
    rest = element("BasicDetails", element("PreferredSurname", name))
    for content, at in ((ctf([pupil(1, Surname=name)]), "Surname"), (ctf([pupil(1, rest=rest)]), "PreferredSurname")):
        warning = only_warning(content)
        assert (warning.code, warning.element, warning.facts) == (CtfWarning.NAME_HIDDEN, at, {"name": shown})


def test_gender_and_sex_that_differ_are_a_warning() -> None:
    warning = only_warning(ctf([pupil(1, Sex="M", rest=element("Gender", "F"))]))
    assert (warning.code, warning.facts) == (CtfWarning.SEX_DIFFERS, {"gender": "F", "sex": "M"})
    assert warnings(ctf([pupil(1, Sex="M", rest=element("Gender", "M"))])) == []


def test_former_upn_with_a_wrong_check_letter_is_a_warning() -> None:
    wrong = "A" + upn(2)[1:]
    warning = only_warning(ctf([pupil(1, rest=element("BasicDetails", element("FormerUPN", wrong)))]))
    assert (warning.code, warning.element, warning.facts) == (
        CtfWarning.UPN_CHECK_LETTER,
        "FormerUPN",
        {"upn": wrong, "expected": upn(2)[0]},
    )
    assert warnings(ctf([pupil(1, rest=element("BasicDetails", "<FormerUPN/>"))])) == []


def test_odd_postcode_is_a_warning() -> None:
    odd = element("Address", element("PostCode", "CF10 1CA"))
    assert only_warning(ctf([pupil(1, rest=odd)])).code is CtfWarning.POSTCODE_ODD
    assert warnings(ctf([pupil(1, rest=element("Address", element("PostCode", "cf101aa")))])) == []


def test_absurdly_long_middle_names_are_cut_and_mentioned() -> None:
    file = reading(ctf([pupil(1, rest=element("BasicDetails", element("MiddleNames", "x" * 300)))]))
    assert len(file.pupils[0].middle_names) == 200
    assert [warning.code for warning in file.warnings] == [CtfWarning.VALUE_SHORTENED]


def test_hundred_warnings_are_listed_and_the_others_counted() -> None:
    file = reading(ctf([pupil(number, UPN="A" + upn(number)[1:], rest="") for number in range(1, 1501) if upn(number)[0] != "A"]))
    assert len(file.warnings) == 100
    assert file.more_warnings == len(file.pupils) - 100


def test_warnings_kept_with_a_file_say_how_many_more_there_are() -> None:
    file = reading(ctf([pupil(number, UPN="A" + upn(number)[1:], rest="") for number in range(1, 200) if upn(number)[0] != "A"]))
    kept = file.warnings_as_json()
    assert len(kept) == 101
    assert kept[-1] == {"code": "more", "facts": {"more": file.more_warnings}}
    assert reading(ctf(CTFversion="12.0")).warnings_as_json() == [only_warning(ctf(CTFversion="12.0")).as_json()]


def test_warning_can_be_kept_as_json() -> None:
    facts = {"version": "12.0", "current": "26.0"}
    assert only_warning(ctf(CTFversion="12.0")).as_json() == {
        "code": "version_old", "line": 4, "position": None, "name": "", "element": "CTFversion", "facts": facts,
    }  # fmt: skip


# --- header and file name (4.2)


@pytest.mark.guidance("4.2-01")
@pytest.mark.parametrize("said", ["XXXXXXX", "MMMMMMM", "681LLLL"])
def test_file_renamed_by_hand_for_a_school_is_accepted_with_a_warning(said: str) -> None:
    renamed = ctf(destination=said)
    assert warnings(renamed, destination="6812049") == [CtfWarning.DESTINATION_RENAMED]
    for source, by_school in ((GREENWAY, True), ("681LLLL", False)):
        found = reading(renamed, source=source, destination="6812049").warnings
        assert [one.facts["by_school"] for one in found if one.code is CtfWarning.DESTINATION_RENAMED] == [by_school]
    assert sorted(warnings(renamed, source="681LLLL", destination="6812049")) == [
        CtfWarning.DESTINATION_RENAMED,
        CtfWarning.SOURCE_FORWARDED,
    ]


def test_authority_may_pass_a_lost_pupils_file_on_to_another_authority() -> None:
    passed_on = ctf(destination="XXXXXXX")
    assert sorted(warnings(passed_on, source="681LLLL", destination="673LLLL")) == [
        CtfWarning.DESTINATION_RENAMED,
        CtfWarning.SOURCE_FORWARDED,
    ]


def test_file_to_the_receiving_authority_may_be_renamed_for_its_school() -> None:
    assert warnings(ctf(destination="673LLLL"), destination="6732182") == [CtfWarning.DESTINATION_RENAMED]


def test_unknown_source_in_the_header_is_a_warning() -> None:
    warning = only_warning(ctf(source="XXXXXXX"))
    assert (warning.code, warning.facts) == (CtfWarning.SOURCE_UNKNOWN, {"header": "XXXXXXX", "name": GREENWAY})


@pytest.mark.guidance("1.5-03")
def test_authority_sends_to_a_school() -> None:
    assert warnings(ctf(source="681LLLL", destination="6812049"), source="681LLLL", destination="6812049") == []
