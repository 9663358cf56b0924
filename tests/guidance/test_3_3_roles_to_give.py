"""3.1, 3.3, 1.6: the roles that each administrator gives to others, copied out by hand."""

from functools import partial

import pytest

from s2s.accounts.models import User
from s2s.rules.roles import ROLES, gives, may

BY_THE_DBA = [
    "LEA_USER", "LEA_SCHOOL", "LEA_LOST_PUPIL", "LEA_LOST_PUPIL_TRANSFER", "LEA_DBA_VIEW", "LEA_PLASC", "LEA_ADMISSIONS",
]  # fmt: skip


def test_the_dba_gives_every_la_role_but_his_own() -> None:
    assert list(gives(partial(may, "LEA_DBA"))) == BY_THE_DBA


def test_the_national_administrator_gives_every_la_role_and_his_own() -> None:
    assert list(gives(partial(may, "NATIONAL"))) == ["LEA_DBA", *BY_THE_DBA, "NATIONAL"]


@pytest.mark.parametrize(
    "role",
    ["LEA_USER", "LEA_SCHOOL", "LEA_LOST_PUPIL", "LEA_LOST_PUPIL_TRANSFER", "LEA_DBA_VIEW", "LEA_PLASC", "LEA_ADMISSIONS", "SCHOOL", "?"],
)
def test_nobody_else_gives_any(role: str) -> None:
    assert gives(partial(may, role)) == ()


def test_the_table_in_the_database_holds_one_of_the_same_roles_as_the_rules() -> None:
    constraint = next(one for one in User._meta.constraints if one.name == "one_of_a_kind_at_an_authority")
    assert constraint.condition.children == [("role__in", ["LEA_DBA", "LEA_SCHOOL"])]  # type: ignore[union-attr]
    assert [str(role.code) for role in ROLES.values() if role.one_per_authority] == ["LEA_DBA", "LEA_SCHOOL"]
