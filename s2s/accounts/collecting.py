"""Whether anybody can collect what is sent to a place: what its sender is told when nobody can (4.2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from s2s.organisations.models import Organisation
from s2s.rows import found
from s2s.rules.roles import ROLES, Can, RoleCode, serves


class CollectWarning(StrEnum):
    """Why what is sent to a place may stay there. Facts of all: `organisation`, its name in the two languages."""

    NO_USER = "nobody has a user account there"
    INACTIVE = "nobody there can sign in"
    NO_EMAIL = "nobody there is told by e-mail"
    CLOSING = "the school closes soon"  # facts: closed_on, and successor with its name and number, '' where none is known


@dataclass(frozen=True)
class Doubt:
    code: CollectWarning
    facts: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """As the warnings of a transfer are kept; `words.uploads.findings` says them."""
        return {"code": self.code.value, "facts": dict(self.facts)}


class People(NamedTuple):
    """How many user accounts collect what is sent to an address, and how many of them are active."""

    all: int = 0
    active: int = 0


_PEOPLE = """
SELECT place.number, role, count(*) AS everybody, count(*) FILTER (WHERE is_active) AS active
FROM accounts_user JOIN organisations_organisation place ON place.id = organisation_id
WHERE place.number = ANY(%s) GROUP BY place.number, role
"""


def people_at(addresses: Iterable[str], right: Can = Can.FETCH_CTF) -> dict[str, People]:
    """Who collects at each of these addresses, in one short question for all of them.

    `right` is the one to fetch files of that kind (`rules.roles.right_to`).
    """
    numbers = {address: address if address.isdecimal() else address[:3] for address in addresses}
    counted = {(number, role): People(*people) for number, role, *people in found(_PEOPLE, [sorted(set(numbers.values()))])}
    return {address: _together(counted, address, number, right) for address, number in numbers.items()}


def _together(found: Mapping[tuple[str, str], People], address: str, number: str, right: Can) -> People:
    roles = [found.get((number, role), People()) for role in roles_that_collect(address, number, right)]
    return People(sum(role.all for role in roles), sum(role.active for role in roles))


def who_collects(organisation: Organisation, address: str, people: People) -> list[Doubt]:
    """What stands in the way of collecting a file sent to this address of the organisation, where there are these people; else nothing."""
    doubts = [*_of_users(people), *_of_place(organisation)]
    named = {"organisation": organisation.name, "organisation_cy": organisation.name_cy or organisation.name}
    return [Doubt(doubt.code, named | doubt.facts) for doubt in doubts]


def roles_that_collect(address: str, number: str, right: Can) -> list[RoleCode]:
    """The roles whose people fetch what is sent to this address of the organisation with that number."""
    return [code for code, role in ROLES.items() if right in role.rights and address in serves(code, number)]


def _of_users(people: People) -> list[Doubt]:
    if not people.all:
        return [Doubt(CollectWarning.NO_USER)]
    return [] if people.active else [Doubt(CollectWarning.INACTIVE)]


def _of_place(organisation: Organisation) -> list[Doubt]:
    doubts = [] if organisation.email else [Doubt(CollectWarning.NO_EMAIL)]
    if organisation.closed_on is not None:
        doubts.append(Doubt(CollectWarning.CLOSING, {"closed_on": organisation.closed_on.isoformat(), **_successor(organisation)}))
    return doubts


def _successor(organisation: Organisation) -> dict[str, str]:
    after = organisation.successor
    if after is None:
        return {"successor": "", "successor_cy": "", "successor_number": ""}
    return {"successor": after.name, "successor_cy": after.name_cy or after.name, "successor_number": after.number}
