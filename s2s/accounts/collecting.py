"""Whether anybody can collect what is sent to a place: what its sender is told when nobody can (4.2)."""

from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import Count, Q

from s2s.accounts.models import User
from s2s.organisations.models import Organisation
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


def who_collects(organisation: Organisation, address: str, right: Can = Can.FETCH_CTF) -> list[Doubt]:
    """What stands in the way of collecting a file sent to this address of the organisation; nothing when all is well.

    Asks the database one short question. `right` is the one to fetch files of that kind (`rules.roles.right_to`).
    """
    doubts = [*_of_users(organisation, address, right), *_of_place(organisation)]
    named = {"organisation": organisation.name, "organisation_cy": organisation.name_cy or organisation.name}
    return [Doubt(doubt.code, named | doubt.facts) for doubt in doubts]


def roles_that_collect(address: str, number: str, right: Can) -> list[RoleCode]:
    """The roles whose people fetch what is sent to this address of the organisation with that number."""
    return [code for code, role in ROLES.items() if right in role.rights and address in serves(code, number)]


def _of_users(organisation: Organisation, address: str, right: Can) -> list[Doubt]:
    there = User.objects.filter(organisation=organisation, role__in=roles_that_collect(address, organisation.number, right))
    found = there.aggregate(all=Count("pk"), active=Count("pk", filter=Q(is_active=True)))
    if not found["all"]:
        return [Doubt(CollectWarning.NO_USER)]
    return [] if found["active"] else [Doubt(CollectWarning.INACTIVE)]


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
