"""1.6 'Roles and Access Permissions', with the pictures of 3.1, 4.1, 4.2, 5.1 and 5.2: who may what, copied out by hand."""

import pytest

from s2s.rules.roles import ROLES, Can, RoleCode, may, rights_page, serves

COLUMNS = ("LEA_DBA", "LEA_USER", "LEA_SCHOOL", "LEA_LOST_PUPIL", "LEA_LOST_PUPIL_TRANSFER", "LEA_DBA_VIEW", "LEA_PLASC", "LEA_ADMISSIONS",
           "SCHOOL", "NATIONAL")  # fmt: skip

#                             DBA User Sch LP LPT View PLAS ADMS School National
TABLE = """
    sign_in                   yes yes  yes yes yes yes yes  yes  yes    yes
    send_ctf                  yes yes  yes no  yes no  yes  no   yes    no
    fetch_ctf                 yes yes  yes no  yes no  yes  no   yes    no
    reject_ctf                yes yes  yes no  yes no  yes  no   yes    no
    send_lost                 no  no   yes no  no  no  no   no   yes    no
    watch_area                yes yes  yes no  yes no  no   no   no     no
    clear_out                 yes yes  yes no  no  no  no   no   no     no
    send_census               yes yes  yes no  yes no  yes  no   yes    no
    fetch_census              yes yes  yes no  yes no  yes  no   yes    no
    send_cfr                  yes yes  yes no  yes no  yes  no   yes    no
    fetch_cfr                 yes yes  yes no  yes no  yes  no   yes    no
    send_generic              no  yes  yes yes yes no  yes  yes  yes    no
    fetch_generic             no  yes  yes yes yes no  yes  yes  yes    no
    send_exclusion            yes yes  yes no  no  no  yes  no   yes    no
    fetch_exclusion           yes yes  yes no  yes no  yes  no   yes    no
    send_admissions           yes yes  yes no  yes no  yes  yes  yes    no
    fetch_admissions          yes yes  yes no  yes no  yes  yes  yes    no
    search_lost               no  no   no  yes yes no  no   no   no     no
    forward_lost              no  no   no  no  yes no  no   no   no     no
    view_users                yes no   no  no  no  yes no   no   no     yes
    maintain_users            yes no   no  no  no  no  no   no   no     yes
    view_schools              yes no   no  no  no  yes no   no   no     yes
    maintain_schools          yes no   no  no  no  no  no   no   no     yes
    maintain_lea              yes no   no  no  no  no  no   no   no     no
    reports                   yes yes  yes yes yes yes yes  yes  no     yes
    messages                  yes yes  yes yes yes yes yes  yes  yes    yes
    maintain_leas             no  no   no  no  no  no  no   no   no     yes
    maintain_special_schools  no  no   no  no  no  no  no   no   no     yes
    maintain_categories       no  no   no  no  no  no  no   no   no     yes
    set_up_dba                no  no   no  no  no  no  no   no   no     yes
    import_schools            no  no   no  no  no  no  no   no   no     yes
    site_notices              no  no   no  no  no  no  no   no   no     yes
    audit_users               no  no   no  no  no  no  no   no   no     yes
    match                     no  no   no  no  no  no  no   no   no     yes
"""
ROWS = {right: dict(zip(COLUMNS, cells, strict=True)) for right, *cells in map(str.split, TABLE.strip().splitlines())}

EVERY_LA_ROLE = COLUMNS[:8]
FILE_KINDS = ("ctf", "census", "cfr", "generic", "exclusion", "admissions")
MAINTENANCE = {"maintain_users", "maintain_schools", "maintain_lea"}


def kinds(role: str, verb: str) -> set[str]:
    return {kind for kind in FILE_KINDS if may(role, Can(f"{verb}_{kind}"))}


@pytest.mark.parametrize("role", COLUMNS)
def test_a_role_has_the_rights_of_its_column_and_no_other(role: str) -> None:
    assert {right: may(role, Can(right)) for right in ROWS} == {right: cells[role] == "yes" for right, cells in ROWS.items()}


def test_the_table_above_names_every_right_there_is() -> None:
    assert set(ROWS) == {str(right) for right in Can}


@pytest.mark.guidance("1.6-01")
def test_there_are_exactly_eight_la_roles() -> None:
    assert [ROLES[RoleCode(role)].name for role in ROLES if role.startswith("LEA")] == [
        "LEA DBA", "LEA User", "LEA School", "LEA Lost Pupil", "LEA Lost Pupil Transfer", "LEA DBA (View only)",
        "LEA PLASC", "LEA Admissions",
    ]  # fmt: skip
    assert set(ROLES) - set(EVERY_LA_ROLE) == {"SCHOOL", "NATIONAL"}


@pytest.mark.guidance("1.6-04", "1.6-12", "1.6-18", "1.6-25", "1.6-33", "1.6-49", "1.6-54")
@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("LEA_DBA", "681LLLL"), ("LEA_USER", "681LLLL"), ("LEA_SCHOOL", "681LLLL"), ("LEA_LOST_PUPIL", "681LLLL"),
        ("LEA_LOST_PUPIL_TRANSFER", "681LLLL"), ("LEA_PLASC", "681PLAS"), ("LEA_ADMISSIONS", "681ADMS"),
    ],
)  # fmt: skip
def test_an_la_role_serves_the_address_that_1_6_gives_it(role: str, address: str) -> None:
    assert serves(role, "681") == {address}


def test_a_school_serves_its_own_number() -> None:
    assert serves("SCHOOL", "6812045") == {"6812045"}


@pytest.mark.parametrize("role", ["LEA_DBA_VIEW", "NATIONAL"])
def test_a_role_without_a_code_serves_no_address(role: str) -> None:
    assert serves(role, "681") == frozenset()


def test_everyone_with_an_address_exchanges_generic_zips_except_the_lea_administrator() -> None:
    exchanging = {role for role in COLUMNS if "generic" in kinds(role, "send") and "generic" in kinds(role, "fetch")}
    assert exchanging == {
        "LEA_USER", "LEA_SCHOOL", "LEA_LOST_PUPIL", "LEA_LOST_PUPIL_TRANSFER", "LEA_PLASC", "LEA_ADMISSIONS", "SCHOOL",
    }  # fmt: skip
    assert "generic" not in kinds("LEA_DBA", "send") | kinds("LEA_DBA", "fetch")


def test_the_lea_administrator_exchanges_every_other_kind() -> None:
    assert kinds("LEA_DBA", "send") == kinds("LEA_DBA", "fetch") == {"ctf", "census", "cfr", "exclusion", "admissions"}


@pytest.mark.parametrize("role", ["LEA_USER", "LEA_SCHOOL", "LEA_PLASC"])
def test_files_that_1_6_does_not_limit_are_files_of_every_kind(role: str) -> None:
    assert kinds(role, "send") == kinds(role, "fetch") == {"ctf", "census", "cfr", "generic", "exclusion", "admissions"}


def test_lea_school_sends_and_fetches_the_same_kinds_as_a_school() -> None:
    assert kinds("LEA_SCHOOL", "send") == kinds("SCHOOL", "send")
    assert kinds("LEA_SCHOOL", "fetch") == kinds("SCHOOL", "fetch")


def test_lea_lost_pupil_exchanges_generic_files_and_nothing_else() -> None:
    assert kinds("LEA_LOST_PUPIL", "send") == kinds("LEA_LOST_PUPIL", "fetch") == {"generic"}
    assert not may("LEA_LOST_PUPIL", Can.REJECT_CTF)


def test_lea_lost_pupil_transfer_exchanges_the_other_kinds_too_but_sends_no_exclusion_files() -> None:
    assert kinds("LEA_LOST_PUPIL_TRANSFER", "send") == {"ctf", "census", "cfr", "generic", "admissions"}
    assert kinds("LEA_LOST_PUPIL_TRANSFER", "fetch") == {"ctf", "census", "cfr", "generic", "exclusion", "admissions"}
    assert may("LEA_SCHOOL", Can.SEND_EXCLUSION)


def test_lea_admissions_exchanges_admissions_and_generic_files_and_nothing_else() -> None:
    assert kinds("LEA_ADMISSIONS", "send") == kinds("LEA_ADMISSIONS", "fetch") == {"admissions", "generic"}
    assert not may("LEA_ADMISSIONS", Can.REJECT_CTF)


@pytest.mark.parametrize("role", ["LEA_DBA_VIEW", "NATIONAL"])
def test_view_only_and_the_national_administrator_handle_no_files(role: str) -> None:
    assert kinds(role, "send") | kinds(role, "fetch") == set()
    assert not any(may(role, right) for right in (Can.SEND_LOST, Can.WATCH_AREA, Can.CLEAR_OUT, Can.SEARCH_LOST, Can.REJECT_CTF))


def test_only_the_two_lost_pupil_roles_search_the_lost_pupil_database() -> None:
    assert {role for role in COLUMNS if may(role, Can.SEARCH_LOST)} == {"LEA_LOST_PUPIL", "LEA_LOST_PUPIL_TRANSFER"}


def test_only_lost_pupil_transfer_forwards_what_it_found() -> None:
    assert {role for role in COLUMNS if may(role, Can.FORWARD_LOST)} == {"LEA_LOST_PUPIL_TRANSFER"}


def test_schools_and_lea_school_send_to_the_lost_pupil_database() -> None:
    assert {role for role in COLUMNS if may(role, Can.SEND_LOST)} == {"SCHOOL", "LEA_SCHOOL"}


def test_of_an_las_roles_only_the_dba_maintains_users_schools_and_the_las_details() -> None:
    maintaining = {role for role in (*EVERY_LA_ROLE, "SCHOOL") if any(may(role, Can(right)) for right in MAINTENANCE)}
    assert maintaining == {"LEA_DBA"}
    assert all(may("LEA_DBA", Can(right)) for right in MAINTENANCE)


def test_view_only_sees_users_and_schools_and_changes_neither() -> None:
    assert may("LEA_DBA_VIEW", Can.VIEW_USERS)
    assert may("LEA_DBA_VIEW", Can.VIEW_SCHOOLS)
    assert not any(may("LEA_DBA_VIEW", Can(right)) for right in MAINTENANCE)


def test_only_the_national_administrator_sets_up_a_dba() -> None:
    assert {role for role in COLUMNS if may(role, Can.SET_UP_DBA)} == {"NATIONAL"}


@pytest.mark.parametrize("right", ["maintain_leas", "maintain_special_schools", "maintain_categories"])
def test_the_national_administrators_menu_is_nobody_elses(right: str) -> None:
    assert {role for role in COLUMNS if may(role, Can(right))} == {"NATIONAL"}


def test_only_the_national_administrator_matches_with_plasc() -> None:
    assert {role for role in COLUMNS if may(role, Can.MATCH)} == {"NATIONAL"}


@pytest.mark.parametrize("role", EVERY_LA_ROLE)
def test_every_la_role_runs_reports(role: str) -> None:
    assert may(role, Can.REPORTS)


@pytest.mark.parametrize("role", EVERY_LA_ROLE)
def test_every_la_role_has_messages(role: str) -> None:
    assert may(role, Can.MESSAGES)


def test_an_la_has_one_dba_and_one_lea_school_account() -> None:
    assert {str(role.code) for role in ROLES.values() if role.one_per_authority} == {"LEA_DBA", "LEA_SCHOOL"}


def test_only_lost_pupil_transfer_serves_two_desks_and_so_chooses_for_which_it_writes() -> None:
    assert {str(role.code): set(role.desks) for role in ROLES.values() if len(role.desks) > 1} == {
        "LEA_LOST_PUPIL_TRANSFER": {"lea_user", "lost_pupil"}
    }


def test_the_printed_table_says_what_the_table_above_says() -> None:
    lines = [line.strip("|").split("|") for line in rights_page().splitlines() if line.startswith("| ")]
    printed = {cells[0].split("`")[1]: [cell.strip() or "no" for cell in cells[2:]] for cells in lines if "`" in cells[0]}
    assert printed == {right: list(cells.values()) for right, cells in ROWS.items()}
