"""Schools and local authorities: the words of their details, and of the official lists they come from (3.8, 3.9)."""

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from s2s.organisations.models import Category, Language, Organisation
from s2s.organisations.school_lists import LineFault, ListFault
from s2s.words.formats import by_local_name, date_words
from s2s.words.labels import Labels, Option
from s2s.words.sentences import Sentence, Sentences, register

LIST_FAULTS: Final[Sentences] = {
    ListFault.NOT_TEXT: Sentence(_("This file is not text."), _("Save the list as CSV and choose that file.")),
    ListFault.UNKNOWN_LIST: Sentence(
        _("This is not one of the official lists: its column headings are different."),
        _("Choose the CSV file as it was published, with its first line and with nothing moved or renamed."),
    ),
    ListFault.NO_SCHOOLS: Sentence(
        _("No school in this list could be imported. Lines skipped: %(skipped)s."),
        _("Choose the whole list as it was published."),
    ),
    ListFault.CLOSES_MANY: Sentence(
        _(
            "The list would close %(closing)s of %(open)s open schools, which is more than %(most)s per cent: it may be "
            "only part of the list."
        ),
        _("Choose the whole list, or say that it is complete."),
    ),
}
register(ListFault, LIST_FAULTS)

LINES: Final[Labels] = {
    LineFault.COLUMNS: _("it has more or fewer columns than the heading, or a quotation mark that is not closed"),
    LineFault.NUMBER: _("its number is not seven digits, or does not belong to its local authority"),
    LineFault.NO_NUMBER: _("it has no establishment number"),
    LineFault.AUTHORITY: _("there is no such local authority"),
    LineFault.OTHER_LIST: _("it is in the other nation's list"),
    LineFault.DUPLICATE: _("its number appears twice"),
    LineFault.PROPOSED: _("it is not open yet"),
    LineFault.NAME: _("it has no name"),
    LineFault.TOO_LONG: _("something in it is too long"),
    LineFault.CHARACTER: _("it has a damaged or forbidden character"),
    LineFault.DATE: _("its date is not valid"),
}
PARTS: Final[Labels] = {
    "created": _("would be added"),
    "updated": _("would be updated"),
    "closed": _("would be closed"),
    "reopened": _("would be opened again"),
    "unchanged": _("stay as they are"),
    "skipped": _("lines skipped"),
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
    Language.UNKNOWN: _("Both: it is not known which"),
    Language.ENGLISH: _("English"),
    Language.WELSH: _("Welsh"),
}


def school_type(code: str) -> str:
    """What type of school; one that only an official list has stands as it does there."""
    return str(SCHOOL_TYPES.get(code, code))


def school_types(codes: Iterable[str]) -> list[Option]:
    return [("", ""), *((code, school_type(code)) for code in codes)]


def categories(rows: Iterable[Category]) -> list[Option]:
    return [("", ""), *((str(row.pk), row.local_name) for row in by_local_name(rows))]


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


def place_choices(places: Iterable[Organisation]) -> list[tuple[str, str]]:
    """The drop-down list of LAs and the national office."""
    return [(place.number, f"{place.local_name} ({place.number})") for place in by_local_name(places)]
