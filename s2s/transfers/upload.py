"""A file is sent: checked whole, then kept, delivered, recorded and announced in one transaction (4.2, 5.1)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from django.db import connection, transaction
from django.utils import timezone

from s2s.accounts.actors import Person
from s2s.audit.models import Action
from s2s.audit.trail import record
from s2s.notices import catalogue, post
from s2s.organisations import queries as organisation_queries
from s2s.organisations.models import Organisation
from s2s.rules.addresses import Address
from s2s.rules.filenames import BadName, FileName, parse
from s2s.rules.kinds import Kind, limit
from s2s.rules.lifecycle import State
from s2s.rules.refusals import Refused
from s2s.rules.roles import Can
from s2s.transfers import ctf, store
from s2s.transfers.models import Delivery, Pupil, Transfer
from s2s.transfers.refusals import NotAccepted, SendFault, SendRefused

T = TypeVar("T")


@dataclass(frozen=True)
class Sent:
    """What the sender is told: the transfer with its receipt number, and whether it had been accepted before."""

    transfer: Transfer
    name: FileName
    again: bool


@dataclass(frozen=True)
class Checked:
    """A file that may be accepted."""

    name: FileName
    destination: Organisation | None
    read: ctf.Ctf


def send(*, actor: Person, name: str, content: bytes, kind: Kind = Kind.CTF) -> Sent:
    """Accept the file or refuse it with every reason. Once it returns, the file is durable.

    The same bytes under the same name sent again are answered with the first transfer, unless that was rejected.
    Raises NotAccepted, having recorded the refusal and nothing else.
    """
    try:
        checked = check(actor=actor, name=name, content=content, kind=kind)
    except NotAccepted as refusal:
        record(Action.FILE_REFUSED, by=actor, name=_printable(name), reasons=[str(problem.code) for problem in refusal.problems])
        raise
    return _accept(actor, checked, content)


def check(*, actor: Person, name: str, content: bytes, kind: Kind = Kind.CTF) -> Checked:
    """Everything that `send` checks, without sending. Raises NotAccepted."""
    try:
        parsed = parse(name)
    except BadName as fault:
        raise NotAccepted(name, (fault,)) from fault
    problems: list[Refused[StrEnum]] = []
    _note(problems, lambda: _check_kind(parsed, kind))
    _note(problems, lambda: _check_size(actor, parsed, content))
    _note(problems, lambda: _check_source(actor, parsed))
    destination = _note(problems, lambda: _check_destination(actor, parsed))
    read = None
    if not problems or _is_readable(problems):
        read = _note(problems, lambda: ctf.read(content, parsed, today=timezone.localdate()))
    if problems or read is None:
        raise NotAccepted(name, tuple(problems))
    return Checked(parsed, destination, read)


def _note(problems: list[Refused[StrEnum]], check: Callable[[], T]) -> T | None:
    """Ask one check and note its refusal, so that the sender hears of all mistakes at once."""
    try:
        return check()
    except Refused as problem:
        problems.append(problem)
        return None


def _is_readable(problems: list[Refused[StrEnum]]) -> bool:
    """Whether the content is worth reading although something else is wrong."""
    return not {problem.code for problem in problems} & {SendFault.WRONG_KIND, SendFault.EMPTY, SendFault.TOO_LARGE}


def _check_kind(name: FileName, kind: Kind) -> None:
    if name.kind is not kind:
        raise SendRefused(SendFault.WRONG_KIND, kind=name.kind, expected=kind)


def _check_size(actor: Person, name: FileName, content: bytes) -> None:
    if not content:
        raise SendRefused(SendFault.EMPTY)
    most = limit(name.kind, from_school=actor.organisation.is_school)
    if len(content) > most:
        raise SendRefused(SendFault.TOO_LARGE, size=len(content), limit=most)


def _check_source(actor: Person, name: FileName) -> None:
    """The first number of the name is the sender's own (Appendix 2)."""
    if name.source.text in actor.user.addresses:
        return
    other = organisation_queries.organisation(name.source.organisation or "")
    raise SendRefused(
        SendFault.NOT_YOUR_NUMBER,
        address=name.source.text,
        organisation=other.name if other else "",
        organisation_cy=other.name_cy if other else "",
        yours=min(actor.user.addresses, default=""),
        to_you=name.destination.text in actor.user.addresses,
    )


def _check_destination(actor: Person, name: FileName) -> Organisation | None:
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


@transaction.atomic
def _accept(actor: Person, checked: Checked, content: bytes) -> Sent:
    digest = hashlib.sha256(content).digest()
    name = str(checked.name)
    _queue_behind(actor.organisation.number, name, digest)
    if before := _sent_before(actor, name, digest):
        record(Action.FILE_SENT_AGAIN, by=actor, transfer=before.receipt, name=name)
        return Sent(before, checked.name, again=True)
    transfer = _transfer(actor, checked, content, digest)
    store.keep(transfer, content)
    Pupil.objects.bulk_create([_pupil(transfer, pupil) for pupil in checked.read.pupils], batch_size=1000)
    deliveries = _deliver(transfer, checked)
    record(
        Action.FILE_SENT,
        by=actor,
        transfer=transfer.receipt,
        name=name,
        size=transfer.size,
        sha256=digest.hex(),
        pupils=transfer.pupil_count,
    )
    _announce(actor, transfer, deliveries)
    return Sent(transfer, checked.name, again=False)


def _queue_behind(number: str, name: str, digest: bytes) -> None:
    """A double click waits here until the first one is done, and then finds its transfer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{number} {name} {digest.hex()}"])


def _sent_before(actor: Person, name: str, digest: bytes) -> Transfer | None:
    """The same bytes under the same name from the same sender; a rejected one does not count: it never arrived."""
    same = Transfer.objects.filter(source=actor.organisation, name=name, digest=digest).order_by("-pk")
    rejected = Delivery.objects.filter(part=Delivery.Part.ADDRESSEE, state=State.REJECTED)
    return next((transfer for transfer in same if not rejected.filter(transfer=transfer).exists()), None)


def _transfer(actor: Person, checked: Checked, content: bytes, digest: bytes) -> Transfer:
    return Transfer.objects.create(
        kind=checked.name.kind,
        name=str(checked.name),
        source=actor.organisation,
        source_address=checked.name.source.text,
        destination=checked.destination,
        destination_address=checked.name.destination.text,
        sent_by=actor.name,
        size=len(content),
        digest=digest,
        version=checked.read.version,
        pupil_count=len(checked.read.pupils),
        warnings=checked.read.warnings_as_json(),
    )


def _pupil(transfer: Transfer, pupil: ctf.CtfPupil) -> Pupil:
    return Pupil(transfer=transfer, **pupil._asdict())


def _deliver(transfer: Transfer, checked: Checked) -> list[Delivery]:
    """The addressee's delivery, and a copy to the sending and the receiving authority unless switched off (3.9)."""
    receiver, sender = checked.destination, transfer.source.maintained_by
    if receiver is None:  # lost pupils are seen in the Lost Pupil Database alone (1.3)
        return [Delivery.objects.create(transfer=transfer, address=transfer.destination_address, part=Delivery.Part.LOST)]
    to = receiver.maintained_by
    view = _view(sender, to, to) if receiver.is_authority else ""
    address = transfer.destination_address
    deliveries = [Delivery(transfer=transfer, organisation=receiver, address=address, part=Delivery.Part.ADDRESSEE, view=view)]
    for authority in {sender, to} - {transfer.source, receiver, None}:
        if authority and authority.copies:
            address, view = f"{authority.number}LLLL", _view(sender, to, authority)
            deliveries.append(Delivery(transfer=transfer, organisation=authority, address=address, part=Delivery.Part.COPY, view=view))
    return Delivery.objects.bulk_create(deliveries)


def _view(sender: Organisation | None, receiver: Organisation | None, whose: Organisation | None) -> Delivery.View:
    """Within the authority, coming into it or leaving it (5.3)."""
    if sender == receiver:
        return Delivery.View.WITHIN
    return Delivery.View.INCOMING if receiver == whose else Delivery.View.LEAVING


@post.together()
def _announce(actor: Person, transfer: Transfer, deliveries: list[Delivery]) -> None:
    """*sent* to the sender, *arrived* to the destination (4.2), *copy* to the authorities' addresses (3.9)."""
    source, file = transfer.source, catalogue.File(transfer.name, transfer.receipt, transfer.sent_at)
    catalogue.sent(source.recipient if source.email else actor.user.recipient, file, lost=transfer.is_lost)
    for delivery in deliveries:
        if delivery.organisation:
            notice = catalogue.arrived if delivery.part == Delivery.Part.ADDRESSEE else catalogue.copy
            notice(delivery.organisation.recipient, file, source.party)


def _printable(name: str) -> str:
    """A name as it may stand in the audit trail: no control characters, at most 120 characters."""
    return "".join(letter if letter.isprintable() else "�" for letter in name[:120])
