"""What the pages about schools and local authorities say (3.8, 3.9): why something is not saved, and the words of their lists."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from s2s.administration.fields import EntryFault, SaveFault
from s2s.organisations.models import Category, Language, Organisation
from s2s.organisations.school_lists import LineFault, ListFault
from s2s.words.formats import date_words
from s2s.words.rows import Row, Words

if TYPE_CHECKING:
    from s2s.words.labels import Labels

_NUMBER_OF_SUCCESSOR = _("Check its seven digits under Find a school.")


ENTRY_FAULTS: Final[Words] = {
    EntryFault.MISSING: Row(_("Nothing stands here."), _("Fill it in, or choose from the list.")),
    EntryFault.TOO_LONG: Row(_("This is too long: %(length)s characters. The limit is %(longest)s."), _("Shorten it.")),
    EntryFault.CHARACTER: Row(_("This has a character in it that cannot be kept."), _("Type it in by hand instead of pasting it.")),
    EntryFault.TELEPHONE: Row(_("This does not look like a telephone number."), _("Write it in digits, such as 01632 960123 ext 12.")),
    EntryFault.POSTCODE: Row(_("This is not a postcode."), _("Write it like CF10 1AA, or leave it blank.")),
    EntryFault.CHOICE: Row(_("This is not one of those to choose from."), _("Choose from the list.")),
    EntryFault.NUMBER: Row(
        _("An establishment number has four digits after the LA number, seven together."), _("Enter the school's own four digits.")
    ),
    EntryFault.NUMBER_TAKEN: Row(
        _("%(number)s is already the number of %(name)s."), _("No two schools have the same number: check it, or change that school.")
    ),
    EntryFault.OTHER_AUTHORITY: Row(_("The LA number is %(authority)s and cannot be altered."), _("Open the page again.")),
    EntryFault.NO_SCHOOL: Row(_("The LA has no school with the number %(number)s."), _("Check it, or select the school from the list.")),
    EntryFault.SUCCESSOR: Row(_("There is no open school with the number %(number)s."), _NUMBER_OF_SUCCESSOR),
    EntryFault.SUCCESSOR_ITSELF: Row(_("A school cannot take its own place."), _NUMBER_OF_SUCCESSOR),
    EntryFault.DATE: Row(_("This is not a date."), _("Enter day, month and year in digits, such as 31 8 2026.")),
    EntryFault.NO_DATE: Row(_("The day is missing."), _("Enter day, month and year in digits, such as 31 8 2026.")),
    EntryFault.ENDS_BEFORE: Row(_("The last day is before the first, or has passed."), _("Enter a later day, or leave it blank.")),
    EntryFault.NAME_TAKEN: Row(_("%(name)s is there already."), _("Choose another name.")),
    EntryFault.NO_FILE: Row(_("No list is chosen."), _("Choose the file of the list first.")),
    EntryFault.OTHER_FILE: Row(_("This is not the file that you looked at."), _("Look at this one first; nothing has been written.")),
}
SAVE_FAULTS: Final[Words] = {
    SaveFault.STALE: Row(
        _("Somebody else has saved this since you opened it, so yours has not been saved."),
        _("See what is different now; press the button again if yours is right."),
    ),
    SaveFault.HAS_HISTORY: Row(
        _("%(name)s has been used, so it cannot be deleted."), _("Close it instead, and say which school takes its place.")
    ),
    SaveFault.CLOSED_AUTHORITY: Row(
        _("%(name)s is no longer a local authority."), _("Add the school to the authority that came after it.")
    ),
}
LIST_FAULTS: Final[Words] = {
    ListFault.NOT_TEXT: Row(_("This file is not text."), _("Save the list as CSV and choose that file.")),
    ListFault.UNKNOWN_LIST: Row(
        _("This is not one of the official lists: its column headings are others."),
        _("Choose the CSV as it was published, with its first line, and nothing moved or renamed."),
    ),
    ListFault.NO_SCHOOLS: Row(
        _("There is no school in this list that could be taken in. Lines passed over: %(skipped)s."),
        _("Choose the whole list as it was published."),
    ),
    ListFault.CLOSES_MANY: Row(
        _(
            "The list would close %(closing)s of %(open)s open schools, which is more than %(most)s per cent: it may be only a part of the "
            "list."
        ),
        _("Choose the whole list; or say that it is complete."),
    ),
}
LINES: Final[Labels] = {
    LineFault.COLUMNS: _("it has more or fewer columns than the heading, or a quotation mark that does not close"),
    LineFault.NUMBER: _("its number is not seven digits, or not one of its local authority"),
    LineFault.NO_NUMBER: _("it has no establishment number"),
    LineFault.AUTHORITY: _("there is no such local authority"),
    LineFault.OTHER_LIST: _("it is in the other nation's list"),
    LineFault.DUPLICATE: _("the number is there twice"),
    LineFault.PROPOSED: _("it is not open yet"),
    LineFault.NAME: _("it has no name"),
    LineFault.TOO_LONG: _("something in it is too long"),
    LineFault.CHARACTER: _("it has a damaged or forbidden character"),
    LineFault.DATE: _("its date is not one"),
}
PARTS: Final[Labels] = {
    "created": _("would be added"),
    "updated": _("would be updated"),
    "closed": _("would be closed"),
    "reopened": _("would be opened again"),
    "unchanged": _("stay as they are"),
    "skipped": _("lines passed over"),
}
COLUMNS: Final[Labels] = {
    "name": _("Name"),
    "street": _("Street"),
    "town": _("Town"),
    "postcode": _("Postcode"),
    "school_type": _("Type of school"),
    "listed_in": _("Official list"),
    "telephone": _("Telephone number"),
    "closed_on": _("Closing day"),
}
SCHOOL_TYPES: Final[Labels] = {
    "Nursery": _("Nursery"),
    "Primary": _("Primary"),
    "Middle": _("Middle"),
    "Secondary": _("Secondary"),
    "Special": _("Special"),
    "Pupil referral unit": _("Pupil referral unit"),
    "Independent": _("Independent"),
    "Non-maintained special school": _("Non-maintained special school"),
}
REGIONS: Final[Labels] = {
    Organisation.Region.WALES: _("Wales"),
    Organisation.Region.ENGLAND: _("England"),
    Organisation.Region.OFFSHORE: _("Offshore"),
}
LANGUAGES: Final[Labels] = {
    Language.UNKNOWN: _("Both: not known which"),
    Language.ENGLISH: _("English"),
    Language.WELSH: _("Welsh"),
}

Option = tuple[str, str]


def school_type(code: str) -> str:
    """What type of school; one that only an official list has stands as it does there."""
    return str(SCHOOL_TYPES.get(code, code))


def school_types(codes: Iterable[str]) -> list[Option]:
    return [("", ""), *((code, school_type(code)) for code in codes)]


def categories(rows: Iterable[Category]) -> list[Option]:
    return [("", ""), *((str(row.pk), row.local_name) for row in rows)]


def region(code: str) -> str:
    return str(REGIONS[code])


def regions(codes: Iterable[str]) -> list[Option]:
    return [(code, region(code)) for code in codes]


def language(code: str) -> str:
    return str(LANGUAGES[code])


def languages() -> list[Option]:
    return [(code, str(name)) for code, name in LANGUAGES.items()]


def open_or_closed(school: Organisation) -> str:
    """Open, closed since a day, or open until one; and what came after it."""
    if school.closed_on is None:
        return gettext("Open")
    facts = {"day": date_words(school.closed_on), "successor": ""}
    if school.successor is None:
        return (gettext("Closes on %(day)s") if school.is_open else gettext("Closed on %(day)s")) % facts
    facts["successor"] = f"{school.successor.local_name} ({school.successor.number})"
    if school.is_open:
        return gettext("Closes on %(day)s. Its place will be taken by %(successor)s.") % facts
    return gettext("Closed on %(day)s. Its place was taken by %(successor)s.") % facts


def part_of_import(part: str) -> str:
    return str(PARTS[part])


def column(name: str) -> str:
    return str(COLUMNS[name])


def held(value: object) -> str:
    """What a column has, as people read it."""
    if not value:
        return gettext("nothing")
    return str(value) if isinstance(value, str) else date_words(value)  # type: ignore[arg-type]


def skipped(fault: str) -> str:
    return str(LINES[fault])
