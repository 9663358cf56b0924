"""The short words of tags, tabs, tables and timelines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from s2s.rules.filename_forms import Form
from s2s.rules.kinds import Kind
from s2s.rules.lifecycle import AWAITING, RejectReason, State, StepName
from s2s.rules.roles import RoleCode
from s2s.transfers.models import Delivery

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from s2s.transfers.story import Line

Labels = Mapping[str, "_StrPromise"]

ROLES: Final[Labels] = {
    RoleCode.LEA_DBA: _("LEA Administrator (DBA)"),
    RoleCode.LEA_USER: _("LEA User"),
    RoleCode.LEA_SCHOOL: _("LEA School"),
    RoleCode.LEA_LOST_PUPIL: _("LEA Lost Pupil"),
    RoleCode.LEA_LOST_PUPIL_TRANSFER: _("LEA Lost Pupil Transfer"),
    RoleCode.LEA_DBA_VIEW: _("LEA DBA (View only)"),
    RoleCode.LEA_PLASC: _("LEA PLASC"),
    RoleCode.LEA_ADMISSIONS: _("LEA Admissions"),
    RoleCode.SCHOOL: _("School user"),
    RoleCode.NATIONAL: _("National administrator"),
}
KINDS: Final[Labels] = {
    Kind.CTF: _("Common Transfer File"),
    Kind.CENSUS: _("PLASC/School Census file"),
    Kind.CFR: _("CFR file"),
    Kind.GENERIC: _("Generic zip file"),
    Kind.EXCLUSION: _("Exclusion file"),
    Kind.ADMISSIONS: _("Admissions file"),
}
STATES: Final[Labels] = {
    State.WAITING: _("Awaiting download"),
    State.FETCHED: _("Downloaded, not yet confirmed"),
    State.COLLECTED: _("Downloaded"),
    State.REJECTED: _("Rejected"),
}
LOST: Final = _("In the Lost Pupil Database")
REASONS: Final[Labels] = {  # read by those who reject and by the sender
    RejectReason.NOT_OURS: _("The pupil is not coming to this school"),
    RejectReason.WRONG_PUPIL: _("The file is about another pupil than expected"),
    RejectReason.DUPLICATE: _("The same file had arrived before"),
    RejectReason.UNREADABLE: _("The system at the destination cannot read the file"),
    RejectReason.INCOMPLETE: _("Something is missing from the file"),
    RejectReason.OTHER: _("Another reason"),
}
VIEWS: Final[Labels] = {  # 5.3: within the LA, into it, out of it
    Delivery.View.WITHIN: _("Files within LEA"),
    Delivery.View.INCOMING: _("Incoming Files"),
    Delivery.View.LEAVING: _("Outgoing Files"),
}
SHOWS: Final[Labels] = {
    "waiting": _("For you to download"),
    "awaiting": _("Awaiting collection by the destination"),
    "collected": _("Collected by the destination"),
}
OUTCOMES: Final[Labels] = {
    State.WAITING: _("Awaiting collection"),
    State.FETCHED: _("Awaiting collection"),
    State.COLLECTED: _("Collected %(date)s"),
    State.REJECTED: _("Rejected %(date)s"),
}
HAPPENED: Final[Labels] = {
    "sent": _("Uploaded"),
    StepName.FETCH: _("Downloaded"),
    StepName.CONFIRM: _("Confirmed: it arrived whole"),
    StepName.RETURN: _("Not downloaded correctly: waiting again"),
    StepName.REJECT: _("Rejected"),
    StepName.REFETCH: _("Downloaded again"),
}
HAPPENED_TO_COPY: Final[Labels] = {
    StepName.FETCH: _("The local authority's copy: downloaded"),
    StepName.CONFIRM: _("The local authority's copy: confirmed, it arrived whole"),
    StepName.RETURN: _("The local authority's copy: not downloaded correctly, waiting again"),
    StepName.REJECT: _("The local authority's copy: rejected"),
    StepName.REFETCH: _("The local authority's copy: downloaded again"),
}
PLACES: Final[Labels] = {  # the words of Appendix 2, as `rules/filename_forms.py` has them
    "School": _("School"),
    "LEA": _("LEA"),
    "LEA School": _("LEA School"),
    "LEA PLASC": _("LEA PLASC"),
    "Lost Pupils (outside maintained sector)": _("Lost Pupils (outside maintained sector)"),
    "Lost Pupils (destination unknown)": _("Lost Pupils (destination unknown)"),
    "LEA PLASC (or LEA: 333LLLL)": _("LEA PLASC (or LEA: 333LLLL)"),
    "LEA (or LEA PLASC: 333PLAS)": _("LEA (or LEA PLASC: 333PLAS)"),
    "School (SC1, SC2 or SC3)": _("School (SC1, SC2 or SC3)"),
    "LEA (or LEA Admissions: 333ADMS)": _("LEA (or LEA Admissions: 333ADMS)"),
    "LEA (APT, AOT, ALT or ATF)": _("LEA (APT, AOT, ALT or ATF)"),
    "LEA (or 222PLAS, 222ADMS)": _("LEA (or 222PLAS, 222ADMS)"),
    "LEA (or 111PLAS, 111ADMS)": _("LEA (or 111PLAS, 111ADMS)"),
}


class WithOutcome(Protocol):
    """A delivery with what its transfer's addressee has done (`transfers/queries.py`)."""

    outcome: str
    outcome_at: datetime


@dataclass(frozen=True)
class FormWords:
    """A line of the table of file names, in the language of the page."""

    kind: str
    pattern: str
    source: str
    destination: str
    example: str


def role(code: str) -> str:
    return str(ROLES[code])


def kind(code: str) -> str:
    return str(KINDS[code])


def state(delivery: Delivery) -> str:
    if delivery.part == Delivery.Part.LOST and delivery.state in AWAITING:
        return str(LOST)
    return str(STATES[delivery.state])


def reject_reason(code: str) -> str:
    return str(REASONS[code])


def view(name: str) -> str:
    return str(VIEWS[name])


def show(name: str) -> str:
    return str(SHOWS[name])


def outcome(delivery: WithOutcome) -> str:
    """What the destination has done with the file, and when (5.3)."""
    return OUTCOMES[delivery.outcome] % {"date": f"{timezone.localtime(delivery.outcome_at):%d/%m/%Y}"}


def happened(line: Line) -> str:
    is_copy = line.delivery is not None and line.delivery.part == Delivery.Part.COPY
    return str((HAPPENED_TO_COPY if is_copy else HAPPENED)[line.what])


def form_words(form: Form) -> FormWords:
    return FormWords(kind(form.kind), form.pattern, str(PLACES[form.source]), str(PLACES[form.destination]), form.example)
