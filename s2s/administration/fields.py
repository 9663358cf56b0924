"""What somebody types about a school or a local authority, checked box by box before it is kept (3.7-3.9)."""

import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import partial
from typing import Final

from s2s.administration.models import SiteNotice
from s2s.administration.user_details import UserRefused, email_problem
from s2s.organisations.models import Category, Language, Organisation
from s2s.rules.identifiers import is_postcode, normalise_postcode
from s2s.rules.refusals import NotSaved, Refused

Check = Callable[[str], str]  # what was typed, tidied; raises EntryRefused without its box


class EntryFault(StrEnum):
    MISSING = "missing"
    TOO_LONG = "too long"  # facts: length, longest
    CHARACTER = "character"  # a control character, or a letter damaged before it came here
    TELEPHONE = "telephone"
    POSTCODE = "postcode"
    CHOICE = "choice"  # not one of those offered
    NUMBER = "number"  # not the four digits of a school
    NUMBER_TAKEN = "number taken"  # facts: number, name (and name_cy)
    OTHER_AUTHORITY = "other authority"  # the number of the LA was altered; facts: authority
    NO_SCHOOL = "no school"  # facts: number
    SUCCESSOR = "successor"  # no open school has the number; facts: number
    SUCCESSOR_ITSELF = "successor itself"  # the school itself, or one that it has itself taken the place of
    NO_DATE = "no date"
    ENDS_BEFORE = "ends before"  # the last day lies before the first, or in the past
    NAME_TAKEN = "name taken"  # facts: name
    EMAIL_NEEDED = "e-mail address taken away"  # what is sent there would be announced to nobody
    NO_FILE = "no file"
    OTHER_FILE = "other file"  # not the file of which a preview was shown


class SaveFault(StrEnum):
    """Why a form as a whole cannot be saved."""

    HAS_HISTORY = "has history"  # facts: name (and name_cy)
    CLOSED_AUTHORITY = "closed authority"  # facts: name (and name_cy)


class EntryRefused(Refused[EntryFault]):
    """`field` is the box that is wrong."""

    def __init__(self, code: EntryFault, field: str = "", **facts: object) -> None:
        super().__init__(code, **facts)
        self.field = field


class SaveRefused(Refused[SaveFault]):
    pass


def refuse(field: str, code: EntryFault, **facts: object) -> NotSaved:
    """One box is wrong and nothing else is known yet."""
    return NotSaved(EntryRefused(code, field, **facts))


def checked(typed: Mapping[str, str], checks: Mapping[str, Check], present: object | None = None) -> dict[str, str]:
    """Every box through its check; what already stands in `present` unaltered is not checked again. Raises NotSaved with all problems."""
    values, problems = dict[str, str](), list[Refused[StrEnum]]()
    for field, check in checks.items():
        said = tidy(typed.get(field, ""))
        try:
            values[field] = said if present is not None and said == getattr(present, field) else check(said)
        except EntryRefused as problem:
            problem.field = field
            problems.append(problem)
        except UserRefused as problem:
            problems.append(problem)
    if problems:
        raise NotSaved(*problems)
    return values


def together(*parts: Callable[[], object]) -> None:
    """Several checks whose problems are told at once. Raises NotSaved."""
    problems = list[Refused[StrEnum]]()
    for part in parts:
        try:
            part()
        except NotSaved as refusal:
            problems.extend(refusal.problems)
    if problems:
        raise NotSaved(*problems)


def tidy(typed: str) -> str:
    """Without blanks at its ends, and with single ones inside."""
    return " ".join(typed.split())


def text(said: str, *, longest: int, required: bool = False) -> str:
    if not said and required:
        raise EntryRefused(EntryFault.MISSING)
    if len(said) > longest:
        raise EntryRefused(EntryFault.TOO_LONG, length=len(said), longest=longest)
    if not said.isprintable() or "\ufffd" in said:
        raise EntryRefused(EntryFault.CHARACTER)
    return said


def check_email_stays(before: str, after: str) -> None:
    """An organisation that has an address keeps one: files announce themselves there, and a school's user is written to there.

    Raises NotSaved.
    """
    if before and not after:
        raise refuse("email", EntryFault.EMAIL_NEEDED)


def email(said: str) -> str:
    """An address of an organisation (3.7), or none."""
    if said and (problem := email_problem(said)):
        raise problem
    return said


_TELEPHONE: Final = re.compile(r"\+?[0-9()/.\- ]{3,}(?:(?:ext|est|x)[.:]? ?[0-9]{1,6})?", re.IGNORECASE)


def telephone(said: str) -> str:
    if text(said, longest=_longest("telephone")) and not _TELEPHONE.fullmatch(said):
        raise EntryRefused(EntryFault.TELEPHONE)
    return said


def postcode(said: str) -> str:
    if not text(said, longest=40):
        return ""
    if not is_postcode(normalised := normalise_postcode(said)):
        raise EntryRefused(EntryFault.POSTCODE)
    return normalised


def one_of(said: str, *, choices: Iterable[str]) -> str:
    if said not in set(choices):
        raise EntryRefused(EntryFault.CHOICE)
    return said


def _longest(field: str, model: type[Organisation | Category | SiteNotice] = Organisation) -> int:
    return int(getattr(model._meta.get_field(field), "max_length"))  # noqa: B009 - mypy thinks of relations


def _text_of(field: str, *, required: bool = False, model: type[Organisation | Category | SiteNotice] = Organisation) -> Check:
    return partial(text, longest=_longest(field, model), required=required)


SCHOOL: Final[Mapping[str, Check]] = {
    "name": _text_of("name", required=True),
    "name_cy": _text_of("name_cy"),
    "telephone": telephone,
    "email": email,
    "street": _text_of("street"),
    "town": _text_of("town"),
    "postcode": postcode,
    "language": partial(one_of, choices=Language.values),
}
AUTHORITY: Final[Mapping[str, Check]] = {
    "name": _text_of("name", required=True),
    "name_cy": _text_of("name_cy"),
    "email": email,
    "telephone": telephone,
    "opening_times": _text_of("opening_times"),
    "language": partial(one_of, choices=Language.values),
}
CATEGORY: Final[Mapping[str, Check]] = {
    "name": _text_of("name", required=True, model=Category),
    "name_cy": _text_of("name_cy", model=Category),
}
SITE_NOTICE: Final[Mapping[str, Check]] = {
    "text": _text_of("text", required=True, model=SiteNotice),
    "text_cy": _text_of("text_cy", required=True, model=SiteNotice),
}
