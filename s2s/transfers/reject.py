"""A recipient rejects a file: the sender is told, with the reason (4.2)."""

from s2s.accounts.actors import Actor
from s2s.rules.lifecycle import RejectReason, StepName
from s2s.transfers.models import Delivery
from s2s.transfers.refusals import NotPossible, StepFault

NOTE_LENGTH = 500


def reject(*, actor: Actor, delivery: Delivery, reason: str, note: str) -> None:
    """Take the file off the waiting list as rejected; said again, it is the same answer.

    Raises NotPossible (no reason chosen, no words for "other", too late, not the actor's).
    """
    note = note.replace("\0", "")  # PostgreSQL takes none
    if reason not in list(RejectReason):
        raise NotPossible(StepFault.NO_REASON)
    if reason == RejectReason.OTHER and not note.strip():
        raise NotPossible(StepFault.NO_NOTE)
    delivery.take(StepName.REJECT, by=actor, reason=reason, note=note.strip()[:NOTE_LENGTH])
