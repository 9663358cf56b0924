"""What the forms of administration share: what was typed, and what is wrong with it, box by box."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils.translation import gettext as _

from s2s.administration.fields import EntryFault, EntryRefused, NotSaved, SaveFault
from s2s.organisations.models import Organisation
from s2s.words import say

FORM = "form"  # stands for the form as a whole in an error summary


def typed(request: HttpRequest, boxes: Iterable[str]) -> dict[str, str]:
    """What these boxes hold. Nothing else of a request is ever looked at: what somebody adds to it does nothing."""
    return {box: request.POST.get(box, "") for box in boxes}


def three(request: HttpRequest, box: str) -> tuple[str, str, str]:
    """Day, month and year as typed."""
    day, month, year = (request.POST.get(f"{box}-{part}", "") for part in ("day", "month", "year"))
    return day, month, year


def present(row: object, boxes: Iterable[str]) -> dict[str, str]:
    return {box: str(getattr(row, box)) for box in boxes}


def problems(refusal: NotSaved) -> dict[str, str]:
    """Box -> what is wrong and the fix."""
    return {box or FORM: say(problem).whole for box, problem in refusal.by_field.items()}


def options(places: Iterable[Organisation], nothing: str = "") -> list[tuple[str, str]]:
    """A drop-down list of schools or LAs, with a blank line first."""
    return [("", nothing), *((place.number, _line(place)) for place in places)]


def _line(place: Organisation) -> str:
    line = f"{place.number} {place.local_name}" if place.is_authority else f"{place.local_name} ({place.number})"
    return line if place.is_open else _("%(school)s – closed") % {"school": line}


def is_stale(refusal: NotSaved) -> bool:
    return any(problem.code is SaveFault.STALE for problem in refusal.problems)


def check_authority(said: str, authority: Organisation) -> None:
    """The LA's number is fixed (3.8, 3.9): a form in which it was altered is refused. Raises NotSaved."""
    if said and said != authority.number:
        raise NotSaved(EntryRefused(EntryFault.OTHER_AUTHORITY, "lea", authority=authority.number))
