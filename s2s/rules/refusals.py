"""A refusal says why by a code and facts; the doors turn it into words in both languages."""

from enum import StrEnum
from typing import Generic, TypeVar

Code_co = TypeVar("Code_co", bound=StrEnum, covariant=True)


class Refused(Exception, Generic[Code_co]):
    """Something asked for cannot be done.

    `code` is a member of the asking module's reasons, of the type that the refusal's class names: `class BadName(Refused[NameFault])`.
    `facts` fill the sentence that `words/` has for it.
    """

    def __init__(self, code: Code_co, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts


class RightFault(StrEnum):
    NOT_ALLOWED = "not allowed"


class NotAllowed(Refused[RightFault]):
    """The actor has not the right that the journey needs."""

    def __init__(self) -> None:
        super().__init__(RightFault.NOT_ALLOWED)


class NotSaved(Exception):
    """A form that was not saved, with every reason: refusals, of which one that is about a box names it as `field`."""

    def __init__(self, *problems: Refused[StrEnum]) -> None:
        super().__init__(problems)
        self.problems = problems


class StaleFault(StrEnum):
    STALE = "stale"


class Stale(Refused[StaleFault]):
    """Somebody else has saved meanwhile: the version that a form carries is no longer the present one."""

    def __init__(self) -> None:
        super().__init__(StaleFault.STALE)
