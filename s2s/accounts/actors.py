"""Who acts: a person at a door, a machine with credentials, or the site itself. Queries and journeys take any of them."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from s2s.accounts.models import User
from s2s.notices.catalogue import Party
from s2s.notices.recipients import Recipient
from s2s.organisations.models import Organisation
from s2s.rules.roles import OF_SENDING, ROLES, Can, Desk, RoleCode, serves


class Actor(Protocol):
    """Whoever acts.

    `name` and `place` (the number of the organisation) stand in the audit trail, `ip` is the network address they came from.
    `addresses` are the seven-character addresses whose files they work with, `desks` the mailboxes they share (1.6); `recipient` is where
    s2s writes to them, `party` as whom an e-mail to somebody else names them. `user` is the person, and None of a machine and of the site.
    """

    @property
    def user(self) -> User | None: ...
    @property
    def name(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def ip(self) -> str: ...
    @property
    def organisation(self) -> Organisation | None: ...
    @property
    def addresses(self) -> frozenset[str]: ...
    @property
    def desks(self) -> tuple[Desk, ...]: ...
    @property
    def recipient(self) -> Recipient: ...
    @property
    def party(self) -> Party: ...
    def may(self, right: Can) -> bool: ...


@dataclass(frozen=True)
class Person:
    """A signed-in person."""

    user: User
    ip: str

    @property
    def name(self) -> str:
        return self.user.username

    @property
    def place(self) -> str:
        return self.organisation.number

    @property
    def organisation(self) -> Organisation:
        return self.user.organisation

    @property
    def addresses(self) -> frozenset[str]:
        return self.user.addresses

    @property
    def desks(self) -> tuple[Desk, ...]:
        return self.user.facts.desks

    @property
    def recipient(self) -> Recipient:
        return self.user.recipient

    @property
    def party(self) -> Party:
        return self.organisation.party

    def may(self, right: Can) -> bool:
        return self.user.may(right)


@dataclass(frozen=True)
class Machine:
    """A school's or an authority's own system. It has the rights of one role there, as far as its credentials name them."""

    name: str
    organisation: Organisation
    role: RoleCode
    scope: frozenset[Can]
    ip: str = ""
    user: None = None

    @property
    def place(self) -> str:
        return self.organisation.number

    @cached_property
    def addresses(self) -> frozenset[str]:
        return serves(self.role, self.organisation.number)

    @property
    def desks(self) -> tuple[Desk, ...]:
        return ROLES[self.role].desks

    @property
    def recipient(self) -> Recipient:
        return self.organisation.recipient

    @property
    def party(self) -> Party:
        return self.organisation.party

    def may(self, right: Can) -> bool:
        closed = right in OF_SENDING and not self.organisation.is_open
        return right in self.scope and right in ROLES[self.role].rights and not closed


@dataclass(frozen=True)
class Site:
    """The service itself, or the operator at its console.

    It has the rights that whoever lets it act gives it in `scope`, everywhere, and none of its own. A step of a file's life that it may
    take says so in its row.
    """

    name: str = "s2s"
    place: str = ""
    ip: str = ""
    scope: frozenset[Can] = field(default=frozenset())
    user: None = None
    organisation: None = None
    addresses: frozenset[str] = field(default=frozenset())
    desks: tuple[Desk, ...] = ()

    @property
    def recipient(self) -> Recipient:
        return Recipient("", "", "s2s", "s2s")

    @property
    def party(self) -> Party:
        return Party("", "s2s", "s2s")

    def may(self, right: Can) -> bool:
        return right in self.scope


@dataclass(frozen=True)
class Stranger:
    """Somebody at the sign-in page: known only by the name they typed."""

    name: str
    ip: str
    place: str = ""
