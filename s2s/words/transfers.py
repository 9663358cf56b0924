"""Files on their way (4.2, 5): their kinds and states, what happened to them, and why one is not accepted or a step not possible."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from s2s.rules.kinds import Kind
from s2s.rules.lifecycle import AWAITING, Part, RejectReason, State, StepName, View
from s2s.transfers.models import Delivery, Transfer
from s2s.transfers.queries import MOST_COUNTED
from s2s.transfers.refusals import SendFault, StepFault
from s2s.words.formats import size
from s2s.words.kinds import KIND_WORDS
from s2s.words.labels import Labels
from s2s.words.readers import WHICH_ROLE, for_reader
from s2s.words.sentences import Facts, Sentence, Sentences, register

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from s2s.transfers.story import Line

KINDS: Final[Labels] = {
    Kind.CTF: _("Common Transfer File"),
    Kind.CENSUS: _("PLASC/School Census file"),
    Kind.CFR: _("CFR file"),
    Kind.GENERIC: _("Generic zip file"),
    Kind.EXCLUSION: _("Exclusion file"),
    Kind.ADMISSIONS: _("Admissions file"),
}


class StateWords(NamedTuple):
    """A state in words and in colour: on the copy itself, and as what became of the file, with the day (5.3)."""

    own: _StrPromise
    outcome: _StrPromise
    copy: _StrPromise
    colour: str


STATES: Final[Mapping[str, StateWords]] = {
    State.WAITING: StateWords(_("Awaiting download"), _("Awaiting collection"), _("Your own copy: not downloaded yet"), "blue"),
    State.FETCHED: StateWords(
        _("Downloaded, not yet confirmed"),
        _("Downloaded, not yet confirmed"),
        _("Your own copy: downloaded, not yet confirmed"),
        "yellow",
    ),
    State.COLLECTED: StateWords(_("Downloaded"), _("Collected %(date)s"), _("Your own copy: downloaded"), "green"),
    State.REJECTED: StateWords(_("Rejected"), _("Rejected %(date)s"), _("Your own copy: rejected"), "red"),
    State.OURS: StateWords(_("Sent by your local authority"), _("Sent"), _("Sent by your local authority"), "grey"),
}
LOST: Final = _("In the Lost Pupil Database")
REASONS: Final[Labels] = {  # read by those who reject and by the sender
    RejectReason.NOT_OURS: _("The pupil is not coming to this school"),
    RejectReason.WRONG_PUPIL: _("It’s for a different pupil"),
    RejectReason.DUPLICATE: _("We already have this file"),
    RejectReason.UNREADABLE: _("Our system cannot read the file"),
    RejectReason.INCOMPLETE: _("Something is missing from the file"),
    RejectReason.OTHER: _("Another reason"),
}
VIEWS: Final[Labels] = {  # 5.3: within the LA, into it, out of it
    View.WITHIN: _("Files within LEA"),
    View.INCOMING: _("Incoming Files"),
    View.LEAVING: _("Outgoing Files"),
}


class ShowWords(NamedTuple):
    """What an authority's list shows: on its button, in the heading, and when there is nothing."""

    button: _StrPromise
    heading: _StrPromise | None
    empty: _StrPromise


_ARRIVES: Final = _(
    "No file is waiting in this list. When one arrives, we will email you, "
    "and it will stay here until you confirm that it arrived complete."
)
SHOWS: Final[Mapping[str, ShowWords]] = {
    "waiting": ShowWords(_("For you to download"), None, _ARRIVES),
    "to-us": ShowWords(_("Sent to us"), _("Files sent to your local authority"), _ARRIVES),
    "awaiting": ShowWords(
        _("Awaiting collection by the destination"),
        _("Files awaiting collection by the destination"),
        _("Every file in this view has been collected or rejected by its destination."),
    ),
    "collected": ShowWords(
        _("Collected by the destination"),
        _("Files collected by the destination"),
        _("No file in this view has been collected by its destination yet."),
    ),
    "rejected": ShowWords(
        _("Rejected by the destination"),
        _("Files rejected by the destination"),
        _("No file in this view has been rejected by its destination."),
    ),
    "unconfirmed": ShowWords(
        _("To confirm"),
        _("Files to confirm"),
        _("You have said of every file that you downloaded whether it arrived complete."),
    ),
    "late": ShowWords(
        _("Waiting for more than four weeks"),
        _("Files that have been waiting for more than four weeks"),
        _("No file has been waiting for more than four weeks."),
    ),
}
SWITCHED: Final = ("waiting", "to-us", "awaiting", "collected", "rejected")  # those between which an authority's list has buttons
HAPPENED: Final[Mapping[StepName, tuple[_StrPromise, _StrPromise]]] = {  # to the addressee's copy, to a local authority's
    StepName.SEND: (_("Uploaded"), _("Uploaded")),
    StepName.FETCH: (_("Downloaded"), _("The local authority's copy: downloaded")),
    StepName.CONFIRM: (_("Confirmed: it arrived complete"), _("The local authority's copy: confirmed, it arrived complete")),
    StepName.RETURN: (
        _("Not downloaded correctly: waiting again"),
        _("The local authority's copy: not downloaded correctly, waiting again"),
    ),
    StepName.REJECT: (_("Rejected"), _("The local authority's copy: rejected")),
    StepName.REFETCH: (_("Downloaded again"), _("The local authority's copy: downloaded again")),
}


LONG_WAITS: Final = (  # days, longest first
    (28, _("waiting more than four weeks"), "red"),
    (7, _("waiting more than a week"), "amber"),
)


class Tag(NamedTuple):
    text: str
    colour: str


def kind(code: str) -> str:
    return str(KINDS[code])


def state(delivery: Delivery) -> Tag:
    """Of the copy itself."""
    words = STATES[delivery.state]
    return Tag(str(LOST if delivery.part == Part.LOST and delivery.is_awaiting else words.own), words.colour)


def sent_state(transfer: Transfer) -> Tag:
    """What became of a file, for its sender."""
    words = STATES[transfer.state]
    return Tag(str(LOST if transfer.is_lost and transfer.state in AWAITING else words.own), words.colour)


def outcome(delivery: Delivery) -> Tag:
    """What the destination has done with the file, and when (5.3)."""
    words = STATES[delivery.outcome]
    return Tag(str(words.outcome) % {"date": f"{timezone.localtime(delivery.outcome_at):%d/%m/%Y}"}, words.colour)


def own_copy(delivery: Delivery) -> str:
    """How it stands with an authority's own copy, beside what the destination did; nothing where the two are one."""
    return "" if delivery.part == Part.ADDRESSEE else str(STATES[delivery.state].copy)


def reject_reason(code: str) -> str:
    return str(REASONS[code])


def view(name: str) -> str:
    return str(VIEWS[name])


def show(name: str) -> str:
    return str(SHOWS[name].button)


class Wait(NamedTuple):
    text: str
    colour: str


def waiting(since: datetime) -> Wait:
    """How long a file waits, from when it is long on said with a colour too; the weekly reminder has named it by then (4.2)."""
    days = (timezone.localdate() - timezone.localdate(since)).days
    if days < 1:
        return Wait(gettext("since today"), "")
    said = ngettext("%(num)s day", "%(num)s days", days) % {"num": days}
    for least, words, colour in LONG_WAITS:
        if days >= least:
            return Wait(f"{said}: {words}", colour)
    return Wait(said, "")


def list_title(kind: str, show: str) -> str:
    """The heading of a list of files: the guidance's where they are ready for download (5.3)."""
    return str(SHOWS[show].heading or gettext(KIND_WORDS[Kind(kind)].ready))


def empty(show: str) -> str:
    return str(SHOWS[show].empty)


def capped(number: int) -> str:
    """A number that is counted up to a limit: more than that is said so."""
    return str(_("more than %(most)s") % {"most": MOST_COUNTED}) if number > MOST_COUNTED else str(number)


def happened(line: Line) -> str:
    return str(HAPPENED[line.step][line.delivery.part == Part.COPY])


_EXPORT = _("Export it again from your management information system and upload the new file.")


def _not_your_number(facts: Facts) -> Sentence:
    fix = (
        _("This file was sent to you. To receive it, choose %(download)s.")
        if facts["to_you"]
        else _("The first number must be your own. Export the file again from your own management information system, or correct the name.")
    )
    if facts["organisation"]:
        return Sentence(_("The first number is %(address)s, %(organisation)s; your number is %(yours)s."), fix)
    return Sentence(_("The first number is %(address)s; your number is %(yours)s."), fix)


def _unknown_school(facts: Facts) -> Sentence:
    fix = for_reader(
        _(
            "Check the second number of the name. If the number is right, ask your local authority to add the school. If "
            "you do not know where the pupil has gone, export the file again for XXXXXXX."
        ),
        authority=_(
            "Check the second number of the name. If the number is right, the LEA Administrator of the school's local authority can add "
            "the school. If nobody knows where the pupil has gone, export the file again for XXXXXXX."
        ),
        not_lost=_(
            "Check the second number of the name. If the number is right, the LEA Administrator of the school's authority can add it."
        ),
    )
    if facts["authority"]:
        return Sentence(_("There is no school %(address)s in %(authority)s."), fix)
    return Sentence(_("There is no school %(address)s."), fix)


def _closed_school(facts: Facts) -> Sentence:
    if facts["successor"]:
        return Sentence(
            _("%(organisation)s (%(address)s) closed on %(closed_on)s. Its place was taken by %(successor)s (%(successor_number)s)."),
            _("Export the file again for %(successor_number)s. Its name will then be %(right)s."),
        )
    fix = for_reader(
        _("Ask your local authority which school the pupil has gone to. If nobody knows, export the file again for XXXXXXX."),
        authority=_("Find out which school the pupil has gone to. If nobody knows, export the file again for XXXXXXX."),
        not_lost=_("Find out which school the pupil has gone to, and export the file again for that school."),
    )
    return Sentence(_("%(organisation)s (%(address)s) closed on %(closed_on)s."), fix)


def _too_large(facts: Facts) -> Sentence:
    """30 MB and one byte are not 30 MB."""
    fix = _("Export fewer pupils at a time, into several files with different numbers at the end of the name.")
    if size(int(str(facts["size"]))) == size(int(str(facts["limit"]))):
        return Sentence(_("The file is too large by %(over)s. The limit is %(limit)s."), fix)
    return Sentence(_("The file is too large: %(size)s. The limit is %(limit)s."), fix)


_SCHOOLS_CAN = _("Schools can, and so can the LEA School role. Ask the school to send the file.")

SEND_FAULTS: Sentences = {
    SendFault.NOT_ALLOWED: Sentence(_("Your role does not send files of this kind: %(kind)s."), WHICH_ROLE),
    SendFault.WRONG_KIND: Sentence(
        _("Its name says that this is a different type of file (%(kind)s). Only this type is accepted here: %(expected)s."),
        _("Choose the right entry under Upload or, if the name is wrong, rename the file."),
    ),
    SendFault.EMPTY: Sentence(_("The file is empty."), _EXPORT),
    SendFault.TOO_LARGE: _too_large,
    SendFault.NOT_YOUR_NUMBER: _not_your_number,
    SendFault.UNKNOWN_SCHOOL: _unknown_school,
    SendFault.UNKNOWN_AUTHORITY: Sentence(
        _("There is no local authority with the number at the beginning of %(address)s."),
        _("Check the first three digits of the second number in the name."),
    ),
    SendFault.CLOSED_SCHOOL: _closed_school,
    SendFault.NO_LOST_PUPILS: Sentence(
        _("Your role cannot send files to the Lost Pupil Database (XXXXXXX or MMMMMMM)."),
        for_reader(
            _("Schools can, and so can the LEA School role. Ask the school to send the file, or ask your LEA Administrator."),
            administrator=_SCHOOLS_CAN,
            national=_SCHOOLS_CAN,
        ),
    ),
    SendFault.TOO_MANY_FILES: Sentence(
        _("That is too many files for one upload. The limit is %(limit)s."), _("Upload them a few at a time.")
    ),
}


def _not_now(facts: Facts) -> Sentence:
    match facts["state"]:
        case State.COLLECTED:
            return Sentence(
                _("%(name)s has already been downloaded."),
                _("It is under %(previous)s, and you can download it again there."),
            )
        case State.REJECTED:
            return Sentence(_("%(name)s has been rejected."), _("If you need it after all, ask the sender to send it again."))
        case State.WAITING:
            return Sentence(_("%(name)s has not been downloaded yet."), _("Download it first, then say whether it arrived complete."))
        case _:
            return Sentence(
                _("Somebody else has dealt with %(name)s in the meantime."), _("Look at the list again, then go on from there.")
            )


STEP_FAULTS: Sentences = {
    StepFault.NOT_NOW: _not_now,
    StepFault.NOT_YOURS: Sentence(_("%(name)s is not yours to handle."), _("Go back to your list of files.")),
    StepFault.ONE_AT_A_TIME: Sentence(_("Files of this kind are downloaded one at a time."), _("Choose one file.")),
    StepFault.NO_REASON: Sentence(_("No reason is chosen."), _("Choose why you are rejecting the file; the sender will be told.")),
    StepFault.NO_NOTE: Sentence(
        _("“Another reason” needs a few words."), _("Say why you are rejecting the file, so that the sender can put it right.")
    ),
    StepFault.NOTHING_CHOSEN: Sentence(_("No file is chosen."), _("Tick the box beside at least one file.")),
    StepFault.TOO_MUCH: Sentence(_("These files are too large for one zip. The limit is %(limit)s."), _("Choose fewer files at a time.")),
}


def _sending(facts: Facts) -> Facts:
    bytes_of = {fact: int(str(facts[fact])) for fact in ("size", "limit") if "size" in facts}
    if bytes_of:
        bytes_of["over"] = bytes_of["size"] - bytes_of["limit"]
    sizes = {fact: size(number) for fact, number in bytes_of.items()}
    return {**facts, **_entries(facts), **sizes, **{fact: kind(str(facts[fact])) for fact in ("kind", "expected") if fact in facts}}


def _stepping(facts: Facts) -> Facts:
    sizes = {"limit": size(int(str(facts["limit"])))} if "limit" in facts else {}
    return {**facts, **_entries(facts), **sizes}


def _entries(facts: Facts) -> Facts:
    """The entries of the menu for the kind of file that is spoken of."""
    words = KIND_WORDS[Kind(str(facts.get("kind", Kind.CTF)))]
    return {"download": gettext(words.download), "previous": gettext(words.previous)}


register(SendFault, SEND_FAULTS, readable=_sending)
register(StepFault, STEP_FAULTS, readable=_stepping)
