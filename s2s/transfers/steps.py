"""Taking a step on one delivery or many at once: asked who, whose and whether now; then all of them, or none (5.2, 4.2)."""

from collections.abc import Sequence

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
    conditional UPDATE decides when two people act at once. The events, audit entries and e-mails stand in the same transaction, and so
    does what listeners do. A delivery that stands where the step ends already counts as moved before: said twice, it counts once.
    Raises NotPossible, and nothing has happened: NOT_YOURS, or NOT_NOW for the first that is elsewhere.
    """
    step, at = STEPS[name], timezone.now()
    for delivery in deliveries:
        if not may_take(step, delivery, by):
            raise NotPossible(StepFault.NOT_YOURS, step=name, name=delivery.name)
    with transaction.atomic():
        moved = deeds.move([delivery.pk for delivery in deliveries], step, at, reason=reason, note=note)
        if len(moved) < len(deliveries):
            _check_rest([delivery for delivery in deliveries if delivery.pk not in moved], step)
        taken = [_as_moved(delivery, step, reason, note, at) for delivery in deliveries if delivery.pk in moved]
        if taken:
            _tell(taken, step, by, reason)
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


def _check_rest(rest: list[Delivery], step: Step) -> None:
    """Those that did not move have to stand at the step's end already. Raises NotPossible."""
    states = dict(Delivery.objects.filter(pk__in=[delivery.pk for delivery in rest]).values_list("pk", "state"))
    for delivery in rest:
        delivery.state = states.get(delivery.pk, delivery.state)
        if delivery.state != step.end:
            raise NotPossible(StepFault.NOT_NOW, step=step.name, state=delivery.state, name=delivery.name)


def _as_moved(delivery: Delivery, step: Step, reason: str, note: str, at: object) -> Delivery:
    """The delivery in memory as it now stands in the database."""
    delivery.state, delivery.state_at, delivery.reason, delivery.note = step.end, at, reason, note  # type: ignore[assignment]
    if delivery.part in {Part.ADDRESSEE, Part.LOST}:
        delivery.outcome, delivery.outcome_at = step.end, at  # type: ignore[assignment]
    return delivery


def _tell(deliveries: Sequence[Delivery], step: Step, by: Actor, reason: str) -> None:
    place = by.organisation.pk if by.organisation else None
    events = [
        {"delivery_id": delivery.pk, "step": step.name, "at": delivery.state_at, "person": by.name, "organisation_id": place}
        for delivery in deliveries
    ]
    entries = [
        entry(Action(step.action), by=by, transfer=delivery.receipt, delivery=delivery.address, part=delivery.part)
        for delivery in deliveries
    ]
    with post.gathered() as emails:
        for delivery in deliveries if step.notices else ():
            if delivery.part == Part.ADDRESSEE and delivery.organisation:  # an authority's copy disturbs nothing (1.1)
                _announce(delivery, step, delivery.transfer.source.recipient, reason)
    deeds.tell(events, entries, emails)


def _announce(delivery: Delivery, step: Step, sender: Recipient, reason: str) -> None:
    if delivery.organisation:
        file = catalogue.File(delivery.name, delivery.receipt, delivery.state_at, Kind(delivery.kind))
        for notice in step.notices:
            catalogue.TO_SENDER[notice](sender, file, delivery.organisation.party, reason)
