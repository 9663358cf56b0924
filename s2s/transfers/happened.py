"""What the parts above hear of: a file was sent, or a step was taken.

A part above (totals, lost-pupil keys, watches, requests, webhooks) registers in its app's `ready()`, and is called in the transaction of
what happened: it does its part in it, or nothing has happened at all. `transfers` knows nobody above it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from s2s.accounts.actors import Actor
from s2s.rules.lifecycle import Step
from s2s.transfers.models import Delivery, Transfer


@dataclass(frozen=True)
class Happened:
    """A step that was taken on these deliveries. When the step is SEND, `transfer` is the new one and these are all its deliveries."""

    step: Step
    deliveries: Sequence[Delivery]
    by: Actor
    at: datetime
    transfer: Transfer | None = None


Listener = Callable[[Happened], None]
LISTENERS: list[Listener] = []


def listen(listener: Listener) -> Listener:
    """Call this from now on, in each process once."""
    if listener not in LISTENERS:
        LISTENERS.append(listener)
    return listener


def tell(happened: Happened) -> None:
    for listener in LISTENERS:
        listener(happened)
