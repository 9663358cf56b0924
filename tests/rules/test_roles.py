import pytest

from s2s.rules.kinds import Kind
from s2s.rules.roles import LA_ROLES, RIGHTS, ROLES, Can, RoleCode, Use, may, right_to, rights_page, serves


def test_a_role_that_does_not_exist_may_nothing() -> None:
    assert not any(may("LEA_WIZARD", right) for right in Can)


def test_a_role_is_known_by_its_code_and_by_the_text_of_it() -> None:
    assert may(RoleCode.LEA_DBA, Can.MAINTAIN_USERS) is may("LEA_DBA", Can.MAINTAIN_USERS) is True


def test_everyone_may_sign_in_and_what_one_may_is_a_right_that_exists() -> None:
    assert all(Can.SIGN_IN in role.rights <= set(Can) for role in ROLES.values())


def test_every_right_has_words_a_section_and_somebody_who_has_it() -> None:
    assert list(RIGHTS) == list(Can)
    assert all(any(right in role.rights for role in ROLES.values()) for right in Can)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_a_right_to_send_and_a_right_to_fetch(kind: Kind) -> None:
    assert (right_to(Use.SEND, Kind(kind)), right_to(Use.FETCH, Kind(kind))) == (f"send_{kind}", f"fetch_{kind}")


def test_who_fetches_ctfs_may_reject_them_and_nobody_else() -> None:
    assert [role.code for role in ROLES.values() if (Can.FETCH_CTF in role.rights) is not (Can.REJECT_CTF in role.rights)] == []


def test_who_has_files_has_an_address_and_who_has_an_address_has_files() -> None:
    files = {right_to(use, kind) for use in (Use.SEND, Use.FETCH) for kind in Kind}
    assert all(bool(role.rights & files) is (role.address is not None) for role in ROLES.values())


def test_one_la_never_serves_the_address_of_another() -> None:
    assert all(address.startswith("675") for role in LA_ROLES for address in serves(role, "675"))


def test_the_page_names_every_right_and_every_role() -> None:
    page = rights_page()
    assert all(f"`{right}`" in page for right in Can)
    assert all(f"**{role.name}**" in page and role.sentence in page for role in ROLES.values())
