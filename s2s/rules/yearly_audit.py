"""The yearly audit of users (1.6): its days, and what becomes of whom nobody confirmed."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final

from s2s.rules.roles import LA_ROLES, RoleCode

SHORTEST: Final = timedelta(days=28)  # between its start and the day by which the local authorities answer
LONGEST: Final = timedelta(days=365)  # the audit is yearly
REMINDERS: Final = (14, 3)  # days before the day


class Silence(StrEnum):
    """What it means that nobody confirmed a user, once the national administrator has closed the audit."""

    SUSPENDS = "suspends"
    IS_NOTED = "is noted"


UNCONFIRMED: Final[Mapping[RoleCode, Silence]] = {
    **dict.fromkeys(LA_ROLES, Silence.SUSPENDS),
    RoleCode.LEA_DBA: Silence.IS_NOTED,  # suspended, nobody could answer for the local authority any more
    # 3.8: "as use of s2s is a statutory requirement there should be no need to make any school inactive"
    RoleCode.SCHOOL: Silence.IS_NOTED,
}
SUSPENDED_ROLES: Final = tuple(role for role, silence in UNCONFIRMED.items() if silence is Silence.SUSPENDS)
