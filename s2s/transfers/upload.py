"""A file is sent: checked whole, then kept, delivered, recorded and announced in one transaction (4.2, 5.1)."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, Protocol, TypeVar

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from s2s.accounts.actors import Actor
from s2s.accounts.collecting import Doubt, People, people_at, who_collects
from s2s.audit import trail
from s2s.audit.models import Action
from s2s.audit.trail import record
from s2s.notices import catalogue, post
from s2s.organisations import queries as organisation_queries
from s2s.organisations.models import Organisation
from s2s.rules.addresses import SUFFIXES, Address, Place
from s2s.rules.filenames import BadName, FileName, parse
from s2s.rules.kinds import KINDS, Kind, limit
from s2s.rules.lifecycle import ARRIVALS, STEPS, Part, State, StepName, View
from s2s.rules.refusals import Refused
from s2s.rules.roles import Can, Use, right_to
from s2s.transfers import ctf, deeds, happened, store
from s2s.transfers.models import Delivery, Transfer
from s2s.transfers.refusals import NotAccepted, SendFault, SendRefused

T = TypeVar("T")
MOST_FILES: Final = 200  # of one upload
SEND: Final = STEPS[StepName.SEND]


class Read(Protocol):
    """What a reader found in a file: its version and, of the kinds that are about pupils, whom it names."""

    @property
    def version(self) -> str: ...
    @property
    def pupils(self) -> Sequence[ctf.CtfPupil]: ...
    def warnings_as_json(self) -> list[dict[str, Any]]: ...


class Reader(Protocol):
    """Raises a Refused for a file that cannot be accepted."""

    def __call__(self, content: bytes, name: FileName, /, *, today: date) -> Read: ...


# How the content of a kind is read; the site takes the kinds that stand here.
READERS: Final[Mapping[Kind, Reader]] = {Kind.CTF: ctf.read}


@dataclass(frozen=True)
class Sent:
    """What the sender is told: the transfer with its receipt number, what was read, and whether it had been accepted before."""

    transfer: Transfer
    checked: "Checked"
    again: bool


@dataclass(frozen=True)
class Checked:
    """A file that may be accepted."""

    name: FileName
    destination: Organisation | None
    read: Read
    doubts: tuple[Doubt, ...]  # whether anybody at the destination can collect it

    @property
    def warnings(self) -> list[dict[str, Any]]:
        return [*self.read.warnings_as_json(), *(doubt.as_json() for doubt in self.doubts)]


def collectors(names: Iterable[str], kind: Kind) -> dict[str, People]:
    """Who can collect at the destinations that these names name: one question for a whole upload, for `check` and `send`."""
    addresses = set()
    for name in names:
        with suppress(BadName):
            addresses.add(parse(name).destination.text)
    right = right_to(Use.FETCH, kind)
    return people_at(addresses, right) if right and addresses else {}


def send(
    *, actor: Actor, name: str, content: bytes, kind: Kind, parent: Transfer | None = None, people: Mapping[str, People] | None = None
) -> Sent:
    """Accept the file or refuse it with every reason. Once it returns, the file is durable.

    The same bytes under the same name sent again are answered with the first transfer, unless that was rejected. A file that is made of
    another one (forwarded, split, sent again) names it as its `parent`, and is always a new transfer. `people` is what `collectors` has
    found for the whole upload.
    Raises NotAccepted, having recorded the refusal and nothing else.
    """
    try:
        checked = check(actor=actor, name=name, content=content, kind=kind, people=people)
    except NotAccepted as refusal:
        note_refusal(actor, refusal)
        raise
    return _accept(actor, checked, content, parent)


def note_refusal(actor: Actor, refusal: NotAccepted) -> None:
    """All that a refused file leaves."""
    record(Action.FILE_REFUSED, by=actor, name=_printable(refusal.name), reasons=[str(problem.code) for problem in refusal.problems])


def check(*, actor: Actor, name: str, content: bytes, kind: Kind, people: Mapping[str, People] | None = None) -> Checked:
    """Everything that `send` checks, without sending. Raises NotAccepted."""
    try:
        parsed = parse(name)
    except BadName as fault:
        raise NotAccepted(name, (fault,)) from fault
    problems: list[Refused[StrEnum]] = []
    _note(problems, lambda: _check_right(actor, kind))
    _note(problems, lambda: _check_kind(parsed, kind))
    _note(problems, lambda: _check_size(actor, parsed, content))
    _note(problems, lambda: _check_source(actor, parsed))
    destination = _note(problems, lambda: _check_destination(actor, parsed))
    read = None
    if not problems or _is_readable(problems):
        read = _note(problems, lambda: READERS[kind](content, parsed, today=timezone.localdate()))
    if problems or read is None:
        raise NotAccepted(name, tuple(problems))
    return Checked(parsed, destination, read, _doubts(parsed, destination, collectors([name], kind) if people is None else people))


def _note(problems: list[Refused[StrEnum]], check: Callable[[], T]) -> T | None:
    """Ask one check and note its refusal, so that the sender hears of all mistakes at once."""
    try:
        return check()
    except Refused as problem:
        problems.append(problem)
        return None


def _is_readable(problems: list[Refused[StrEnum]]) -> bool:
    """Whether the content is worth reading although something else is wrong."""
    return not {problem.code for problem in problems} & {SendFault.NOT_ALLOWED, SendFault.WRONG_KIND, SendFault.EMPTY, SendFault.TOO_LARGE}


def _check_right(actor: Actor, kind: Kind) -> None:
    right = right_to(Use.SEND, kind)
    if right is None or actor.organisation is None or not actor.may(right):
        raise SendRefused(SendFault.NOT_ALLOWED, kind=kind)


def _check_kind(name: FileName, kind: Kind) -> None:
    if name.kind is not kind:
        raise SendRefused(SendFault.WRONG_KIND, kind=name.kind, expected=kind)


def _check_size(actor: Actor, name: FileName, content: bytes) -> None:
    if not content:
        raise SendRefused(SendFault.EMPTY)
    most = limit(name.kind, from_school=actor.organisation is not None and actor.organisation.is_school)
    if len(content) > most:
        raise SendRefused(SendFault.TOO_LARGE, size=len(content), limit=most)


def _check_source(actor: Actor, name: FileName) -> None:
    """The first number of the name is the sender's own (Appendix 2)."""
    if name.source.text in actor.addresses:
        return
    other = organisation_queries.organisation(name.source.organisation or "")
    raise SendRefused(
        SendFault.NOT_YOUR_NUMBER,
        address=name.source.text,
        organisation=other.name if other else "",
        organisation_cy=other.name_cy if other else "",
        yours=min(actor.addresses, default=""),
        to_you=name.destination.text in actor.addresses,
        kind=name.kind,
    )


def _check_destination(actor: Actor, name: FileName) -> Organisation | None:
    """The organisation the file is for, None for the Lost Pupil Database."""
    if name.destination.is_lost:
        if not actor.may(Can.SEND_LOST):
            raise SendRefused(SendFault.NO_LOST_PUPILS)
        return None
    organisation = organisation_queries.organisation(name.destination.organisation or "")
    if organisation is None:
        raise _unknown(name.destination)
    if not organisation.is_open:
        raise _closed(organisation, name)
    return organisation


def _unknown(address: Address) -> SendRefused:
    authority = organisation_queries.organisation(address.authority or "")
    if authority is None:
        return SendRefused(SendFault.UNKNOWN_AUTHORITY, address=address.text)
    return SendRefused(SendFault.UNKNOWN_SCHOOL, address=address.text, authority=authority.name, authority_cy=authority.name_cy)


def _closed(school: Organisation, name: FileName) -> SendRefused:
    successor = school.successor
    return SendRefused(
        SendFault.CLOSED_SCHOOL,
        address=school.number,
        organisation=school.name,
        organisation_cy=school.name_cy,
        closed_on=school.closed_on,
        successor=successor.name if successor else "",
        successor_cy=successor.name_cy if successor else "",
        successor_number=successor.number if successor else "",
        right=str(name).replace(f"_{school.number}_", f"_{successor.number}_") if successor else "",
    )


def _doubts(name: FileName, destination: Organisation | None, people: Mapping[str, People]) -> tuple[Doubt, ...]:
    address = name.destination.text
    return tuple(who_collects(destination, address, people.get(address, People()))) if destination else ()


def _accept(actor: Actor, checked: Checked, content: bytes, parent: Transfer | None) -> Sent:
    """Write all of it in one statement. The same file that stands already is answered with its receipt."""
    digest = hashlib.sha256(content).digest()
    while True:
        transfer = _transfer(actor, checked, content, digest, parent)
        sealed = store.seal(content, store.Label.of(transfer))
        with transaction.atomic():
            deliveries = _deliveries(transfer, checked)
            accepted = deeds.send(
                sealed,
                transfer=_columns(transfer, deeds.TRANSFER),
                pupils=[pupil._asdict() for pupil in checked.read.pupils],
                deliveries=[_columns(delivery, deeds.DELIVERY) for delivery in deliveries],
                event={"step": SEND.name, "at": transfer.sent_at, "person": actor.name, "organisation_id": transfer.source_id},
                entries=[_entry(actor, transfer)],
                emails=_emails(actor, transfer, deliveries),
            )
            if accepted:
                transfer.pk = accepted.transfer
                for delivery in deliveries:
                    delivery.pk = accepted.deliveries[delivery.key]
                happened.tell(happened.Happened(SEND, deliveries, actor, transfer.sent_at, transfer))
                return Sent(transfer, checked, again=False)
        if before := _sent_before(transfer):
            record(Action.FILE_SENT_AGAIN, by=actor, transfer=before.receipt, name=before.name)
            return Sent(before, checked, again=True)


def _sent_before(transfer: Transfer) -> Transfer | None:
    """The file that stands already; None when it was rejected in this very moment."""
    same = Transfer.objects.filter(source=transfer.source_id, name=transfer.name, digest=transfer.digest, parent=None)
    return same.exclude(state=State.REJECTED).select_related("destination").first()


def _transfer(actor: Actor, checked: Checked, content: bytes, digest: bytes, parent: Transfer | None) -> Transfer:
    now = timezone.now()
    return Transfer(
        kind=checked.name.kind,
        name=str(checked.name),
        source=actor.organisation,
        source_address=checked.name.source.text,
        destination=checked.destination,
        destination_address=checked.name.destination.text,
        parent=parent,
        sent_by=actor.name,
        sent_at=now,
        size=len(content),
        digest=digest,
        version=checked.read.version,
        pupil_count=len(checked.read.pupils),
        warnings=checked.warnings,
        state_at=now,
    )


def _columns(row: Model, columns: str) -> dict[str, object]:
    return {column: getattr(row, column) for column in columns.split(", ")}


def _entry(actor: Actor, transfer: Transfer) -> trail.Row:
    return trail.entry(
        Action(SEND.action),
        by=actor,
        transfer=transfer.receipt,
        name=transfer.name,
        size=transfer.size,
        sha256=bytes(transfer.digest).hex(),
        pupils=transfer.pupil_count,
    )


def _deliveries(transfer: Transfer, checked: Checked) -> list[Delivery]:
    """The addressee's delivery; of a CTF a copy for the sending and the receiving authority unless switched off (3.9), and for an
    authority that sent it itself an entry in its views (5.3). Lost pupils are seen in the Lost Pupil Database alone (1.3).
    """
    receiver, sender = checked.destination, transfer.source.maintained_by
    if receiver is None:
        return [_delivery(transfer, None, transfer.destination_address, Part.LOST)]
    to, copied = receiver.maintained_by, KINDS[Kind(transfer.kind)].copied
    address = transfer.destination_address
    view = _view(sender, to, to) if copied and checked.name.destination.place is Place.LA else ""
    deliveries = [_delivery(transfer, receiver, address, Part.ADDRESSEE, view)]
    for authority in (sender, to) if copied else ():
        if authority is None or authority in {delivery.organisation for delivery in deliveries}:
            continue
        part = Part.SENT if authority == transfer.source else Part.COPY
        if part is Part.SENT or authority.copies:
            deliveries.append(_delivery(transfer, authority, authority.number + SUFFIXES[Place.LA], part, _view(sender, to, authority)))
    return deliveries


def _delivery(transfer: Transfer, to: Organisation | None, address: str, part: Part, view: str = "") -> Delivery:
    source, destination = transfer.source, transfer.destination
    return Delivery(
        transfer=transfer,
        organisation=to,
        address=address,
        kind=transfer.kind,
        part=part,
        view=view,
        state=State.OURS if part is Part.SENT else State.WAITING,
        state_at=transfer.sent_at,
        outcome_at=transfer.sent_at,
        receipt=transfer.receipt,
        name=transfer.name,
        sent_at=transfer.sent_at,
        source_address=transfer.source_address,
        source_name=source.name,
        source_name_cy=source.name_cy or source.name,
        destination_address=transfer.destination_address,
        destination_name=destination.name if destination else "",
        destination_name_cy=(destination.name_cy or destination.name) if destination else "",
    )


def _view(sender: Organisation | None, receiver: Organisation | None, whose: Organisation | None) -> View:
    """Within the authority, coming into it or leaving it (5.3)."""
    if sender == receiver:
        return View.WITHIN
    return View.INCOMING if receiver == whose else View.LEAVING


def _emails(actor: Actor, transfer: Transfer, deliveries: list[Delivery]) -> list[post.Row]:
    """*sent* to the sender, *arrived* to the destination (4.2), *copy* to the authorities' addresses (3.9)."""
    source, file = transfer.source, catalogue.File(transfer.name, transfer.receipt, transfer.sent_at, Kind(transfer.kind))
    with post.gathered() as rows:
        if SEND.notices:
            catalogue.sent(source.recipient if source.email else actor.recipient, file, lost=transfer.is_lost)
        for delivery in deliveries if KINDS[Kind(transfer.kind)].announced else ():
            if delivery.organisation and (notice := ARRIVALS.get(Part(delivery.part))):
                catalogue.TO_RECIPIENT[notice](delivery.organisation.recipient, file, source.party)
    return rows


def _printable(name: str) -> str:
    """A name as it may stand in the audit trail: no control characters, at most 120 characters."""
    return "".join(letter if letter.isprintable() else "�" for letter in name[:120])
