"""Who reads: what a sentence advises depends on it, as its words depend on the language.

A page is read by whoever has signed in. What is read elsewhere, such as an e-mail or the console, has no reader and says what suits
schools, who are most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from s2s.rules.addresses import LOST
from s2s.rules.roles import LA_ROLES, Can, RoleCode, may

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Reader:
    role: str = ""

    @property
    def at_school(self) -> bool:
        return self.role == RoleCode.SCHOOL

    @property
    def at_authority(self) -> bool:
        return self.role in LA_ROLES

    @property
    def is_administrator(self) -> bool:
        """Of an LA: cannot be told to ask one."""
        return self.role == RoleCode.LEA_DBA

    @property
    def is_national(self) -> bool:
        """Reads what is written to IMS@gov.wales."""
        return self.role == RoleCode.NATIONAL

    @property
    def sends_lost(self) -> bool:
        return not self.role or may(self.role, Can.SEND_LOST)

    def sends_as(self, name: str) -> bool:
        """Whether a file of this name is one that the reader sends: to advise another would be no help."""
        return self.sends_lost or not any(f"_{letters}_" in name for letters in LOST.values())


_ROLE: Final[ContextVar[Callable[[], str]]] = ContextVar("role", default=str)


def reader() -> Reader:
    """Whoever reads what is said now."""
    return Reader(_ROLE.get()())


@contextmanager
def read_by(role: Callable[[], str]) -> Iterator[None]:
    """Inside, somebody of this role reads. It is asked only when words depend on it."""
    before = _ROLE.set(role)
    try:
        yield
    finally:
        _ROLE.reset(before)


def _fitting(
    words: _StrPromise,
    authority: _StrPromise | None,
    not_lost: _StrPromise | None,
    administrator: _StrPromise | None,
    national: _StrPromise | None,
) -> str:
    who = reader()
    particular = (
        (who.is_national, national),
        (who.is_administrator, administrator),
        (not who.sends_lost, not_lost),
        (who.at_authority or who.is_national, authority),
    )
    return str(next((theirs for fits, theirs in particular if fits and theirs), words))


_lazily = cast("Callable[..., _StrPromise]", lazy(_fitting, str))


def for_reader(
    words: _StrPromise,
    *,
    authority: _StrPromise | None = None,
    not_lost: _StrPromise | None = None,
    administrator: _StrPromise | None = None,
    national: _StrPromise | None = None,
) -> _StrPromise:
    """The words for schools, or the most particular of the others that fit: those for LAs and the national administrator, for roles that do
    not send to the Lost Pupil Database, for LEA Administrators, for the national administrator. Chosen when they are said.
    """
    return _lazily(words, authority, not_lost, administrator, national)


_ANOTHER_ROLE: Final = _("Somebody whose role is another may be able to.")
WHICH_ROLE: Final = for_reader(_("Ask your LEA Administrator which role does."), administrator=_ANOTHER_ROLE, national=_ANOTHER_ROLE)
