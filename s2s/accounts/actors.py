"""Whoever acts in a journey: a person at a door, or the site itself."""

from dataclasses import dataclass

from s2s.accounts.models import User
from s2s.organisations.models import Organisation
from s2s.rules.roles import Can


@dataclass(frozen=True)
class Actor:
    """A signed-in person and the network address they came from."""

    user: User
    address: str

    @property
    def name(self) -> str:
        return self.user.username

    @property
    def place(self) -> str:
        return self.organisation.number

    @property
    def organisation(self) -> Organisation:
        return self.user.organisation

    def may(self, right: Can) -> bool:
        return self.user.may(right)


@dataclass(frozen=True)
class Stranger:
    """Somebody at the sign-in page: known only by the name they typed."""

    name: str
    address: str
    place: str = ""


@dataclass(frozen=True)
class Site:
    """The service itself, or the operator at its console."""

    name: str = "s2s"
    place: str = ""
    address: str = ""
