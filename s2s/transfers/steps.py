"""Taking a step on one delivery or many at once: asked who, whose and whether now; then all of them, or none (5.2, 4.2)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from s2s.accounts.actors import Actor, Site
from s2s.audit.models import Action
from s2s.audit.trail import entry
from s2s.notices import catalogue, post
from s2s.notices.recipients import Recipient
from s2s.rules.kinds import Kind
from s2s.rules.lifecycle import STEPS, Holder, Part, Step, StepName
from s2s.transfers import deeds, happened
from s2s.transfers.models import Delivery
from s2s.transfers.refusals import NotPossible, StepFault


def take_all(deliveries: Sequence[Delivery], name: StepName, *, by: Actor, reason: str = "", note: str = "") -> list[Delivery]:
    """Take one step of the lifecycle on all of them: the only place where a state changes. Returns those that it moved.

    Each delivery is asked who holds it and whether the actor has the right for its kind, whatever the door has asked before. One
    statement decides when two people act at once, and writes the events, audit entries and e-mails. What listeners do stands in the same
    transaction. A delivery that stands where the step ends already counts as moved before: said twice, it counts once.
    Raises NotPossible, and nothing has happened: NOT_YOURS, or NOT_NOW for the first that is elsewhere.
    """
    step, at = STEPS[name], timezone.now()
    for delivery in deliveries:
        if not may_take(step, delivery, by):
            raise NotPossible(StepFault.NOT_YOURS, step=name, name=delivery.name)
    with transaction.atomic():
        stood = deeds.step(
            {delivery.pk: delivery.transfer_id for delivery in deliveries},
            step,
            event={"step": name, "at": at, "person": by.name, "organisation_id": by.organisation.pk if by.organisation else None},
            leaves=[_left(delivery, step, by, reason, at) for delivery in deliveries],
            reason=reason,
            note=note,
        )
        _check(deliveries, stood, step)
        taken = [_as_moved(delivery, step, reason, note, at) for delivery in deliveries if stood[delivery.pk].moved]
        if taken:
            happened.tell(happened.Happened(step, taken, by, at))
    return taken


def may_take(step: Step, delivery: Delivery, by: Actor) -> bool:
    """Whether this actor holds the delivery and has the right that the step takes for such a file."""
    needs = step.needs(Part(delivery.part), Kind(delivery.kind))
    if needs is None:
        return False
    if step.holder is Holder.SITE:
        return isinstance(by, Site)
    if by.organisation is None or delivery.organisation_id != by.organisation.pk or delivery.address not in by.addresses:
        return False
    return all(by.may(right) for right in needs)


def _check(deliveries: Sequence[Delivery], stood: Mapping[int, deeds.Stood], step: Step) -> None:
    """What did not move has to have stood at the step's end already. Raises NotPossible, for the first; nothing has been written then."""
    for delivery in deliveries:
        there = stood.get(delivery.pk)
        state = there.state if there else delivery.state
        if not there or state not in {*step.start, step.end}:
            delivery.state = state
            raise NotPossible(StepFault.NOT_NOW, step=step.name, state=state, name=delivery.name, kind=delivery.kind)
        if not there.moved:
            delivery.state = state


def _as_moved(delivery: Delivery, step: Step, reason: str, note: str, at: object) -> Delivery:
    """The delivery in memory as it now stands in the database."""
    delivery.state, delivery.state_at, delivery.reason, delivery.note = step.end, at, reason, note  # type: ignore[assignment]
    if delivery.part in {Part.ADDRESSEE, Part.LOST}:
        delivery.outcome, delivery.outcome_at = step.end, at  # type: ignore[assignment]
    return delivery


def _left(delivery: Delivery, step: Step, by: Actor, reason: str, at: datetime) -> deeds.Leaves:
    """The audit entry of the step, and the e-mails. An authority's copy disturbs nothing (1.1)."""
    row = entry(Action(step.action), by=by, transfer=delivery.receipt, delivery=delivery.address, part=delivery.part)
    if not step.notices or delivery.part != Part.ADDRESSEE:
        return deeds.Leaves(delivery.pk, row, ())
    with post.gathered() as emails:
        _announce(delivery, step, delivery.transfer.source.recipient, reason, at)
    return deeds.Leaves(delivery.pk, row, emails)


def _announce(delivery: Delivery, step: Step, sender: Recipient, reason: str, at: datetime) -> None:
    if delivery.organisation:
        file = catalogue.File(delivery.name, delivery.receipt, at, Kind(delivery.kind))
        for notice in step.notices:
            catalogue.TO_SENDER[notice](sender, file, delivery.organisation.party, reason)
