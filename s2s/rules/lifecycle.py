"""What can become of one recipient's copy of a file, by which step, by whom, and who hears of it (5.2, 4.2, 5.1)."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from s2s.rules.kinds import Kind
from s2s.rules.roles import RIGHTS, Can, Use, right_to


class Part(StrEnum):
    """Whose copy a delivery is."""

    ADDRESSEE = "addressee"
    COPY = "copy"  # a local authority's copy of a file of its schools (3.9)
    LOST = "lost"  # the Lost Pupil Database's (1.3)
    SENT = "sent"  # the entry of a local authority that sent the file itself, for its three views (5.3); nothing to fetch


class View(StrEnum):
    """Which of the three views of a local authority's screen shows a delivery (5.3)."""

    WITHIN = "within"
    INCOMING = "incoming"
    LEAVING = "leaving"


class State(StrEnum):
    WAITING = "waiting"
    FETCHED = "fetched"
    COLLECTED = "collected"
    REJECTED = "rejected"
    OURS = "ours"  # of Part.SENT: it has no life of its own


class StepName(StrEnum):
    SEND = "send"
    FETCH = "fetch"
    CONFIRM = "confirm"
    RETURN = "return"
    REJECT = "reject"
    REFETCH = "refetch"


class Holder(StrEnum):
    """Who takes a step."""

    SENDER = "sender"  # the desk that the first number of the file's name names
    RECIPIENT = "recipient"  # the desk at the delivery's address
    SITE = "site"  # the service itself, by the clock


class RejectReason(StrEnum):
    """Why a recipient sends a file back unread or unwanted; the guidance names no reasons, so these are ours."""

    NOT_OURS = "not_ours"  # the pupil is not coming to this school
    WRONG_PUPIL = "wrong_pupil"  # the file is about somebody else
    DUPLICATE = "duplicate"
    UNREADABLE = "unreadable"  # our system cannot read it
    INCOMPLETE = "incomplete"
    OTHER = "other"  # needs words


AWAITING: Final = frozenset({State.WAITING, State.FETCHED})


class Shelf(StrEnum):
    """What lists and counts ask of a state: the database keeps it beside the state."""

    AWAITING = "awaiting"
    COLLECTED = "collected"
    REJECTED = "rejected"
    OURS = "ours"


SHELVES: Final[Mapping[State, Shelf]] = {
    State.WAITING: Shelf.AWAITING,
    State.FETCHED: Shelf.AWAITING,
    State.COLLECTED: Shelf.COLLECTED,
    State.REJECTED: Shelf.REJECTED,
    State.OURS: Shelf.OURS,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One way from state to state.

    `holder` takes it, and needs the right that `use` has for the kind of the file (`roles.right_to`). `parts` says on whose copies it
    is possible, `action` is its entry in the audit trail, and `notices` are the e-mails in the catalogue that tell the sender when the
    addressee takes it: an authority that fetches its copy disturbs neither the school nor the sender (1.1).
    """

    name: StepName
    start: frozenset[State]
    end: State
    holder: Holder
    use: Use
    parts: frozenset[Part]
    action: str
    notices: tuple[str, ...] = ()

    def needs(self, part: Part, kind: Kind) -> tuple[Can, ...] | None:
        """The rights that the step takes on such a copy of such a file; None where nobody may take it."""
        if part not in self.parts or (right := right_to(self.use, kind)) is None:
            return None
        return (right, *PART_NEEDS[part])


# Beside the right for the kind: who works with an authority's copies, and with the Lost Pupil Database.
PART_NEEDS: Final[Mapping[Part, tuple[Can, ...]]] = {
    Part.ADDRESSEE: (),
    Part.COPY: (Can.WATCH_AREA,),
    Part.LOST: (Can.SEARCH_LOST,),
    Part.SENT: (Can.WATCH_AREA,),
}

# The e-mail that tells a recipient of a new file, where its kind is announced.
ARRIVALS: Final[Mapping[Part, str]] = {Part.ADDRESSEE: "arrived", Part.COPY: "copy"}

_ALL: Final = frozenset(Part)
_THEIRS: Final = frozenset({Part.ADDRESSEE, Part.COPY})
_OWN: Final = frozenset({Part.ADDRESSEE})
_FETCHED: Final = frozenset({State.FETCHED})
_COLLECTED: Final = frozenset({State.COLLECTED})

_STEPS: Final = (
    #    name              from         to               who               right       copies   audit trail      e-mails to the sender
    Step(StepName.SEND,    frozenset(), State.WAITING,   Holder.SENDER,    Use.SEND,   _ALL,    "file sent",     ("sent",)),
    Step(StepName.FETCH,   AWAITING,    State.FETCHED,   Holder.RECIPIENT, Use.FETCH,  _THEIRS, "fetched"),
    Step(StepName.CONFIRM, _FETCHED,    State.COLLECTED, Holder.RECIPIENT, Use.FETCH,  _THEIRS, "confirmed",     ("collected",)),  # "Yes"
    Step(StepName.RETURN,  _FETCHED,    State.WAITING,   Holder.RECIPIENT, Use.FETCH,  _THEIRS, "returned"),  # "No": nobody is told
    Step(StepName.REJECT,  AWAITING,    State.REJECTED,  Holder.RECIPIENT, Use.REJECT, _OWN,    "rejected",      ("rejected",)),
    Step(StepName.REFETCH, _COLLECTED,  State.COLLECTED, Holder.RECIPIENT, Use.FETCH,  _THEIRS, "fetched again"),
)  # fmt: skip

STEPS: Final[Mapping[StepName, Step]] = {step.name: step for step in _STEPS}

STATE_WORDS: Final[Mapping[State, str]] = {
    State.WAITING: "Awaiting download.",
    State.FETCHED: "Downloaded, and nobody has yet said whether it arrived whole. Still on the waiting list.",
    State.COLLECTED: "The recipient said: yes, downloaded correctly. It can be fetched again under Previously Downloaded.",
    State.REJECTED: "The recipient sent it back, with a reason.",
    State.OURS: "Not a copy: the entry of an authority that sent the file itself, for its three views.",
}

STEP_WORDS: Final[Mapping[StepName, str]] = {
    StepName.SEND: "Upload",
    StepName.FETCH: "Download, as often as required",
    StepName.CONFIRM: "Downloaded correctly? Yes",
    StepName.RETURN: "Downloaded correctly? No",
    StepName.REJECT: "Reject, with a reason",
    StepName.REFETCH: "Download again",
}


def diagram() -> str:
    """The Markdown of docs/lifecycle.md."""
    return "\n".join([*_HEAD, *_mermaid(), "", *_state_table(), "", *_step_table(), "", *_FOOT]) + "\n"


_HEAD: Final = (
    "# The life of a delivery",
    "",
    "Written from `s2s/rules/lifecycle.py`. A delivery is one recipient's copy of a file; every copy has a life of its own.",
    "",
)
_FOOT: Final = (
    "The e-mails `collected` and `rejected` go to the sender, and only when the addressee takes the step: an LA that fetches its copy",
    "disturbs neither the delivery to the school nor the sender (1.1).",
    "",
    "The right is that for the kind of file: `fetch_generic` for a generic zip, and so on. Only CTFs can be rejected. An authority's copy",
    "takes `watch_area` as well. `Delivery.take()` asks for all of it, whatever door the step comes through.",
)


def _mermaid() -> list[str]:
    arrows = [f"    {state} --> {step.end}: {step.name}" for step in STEPS.values() for state in _in_order(step.start)]
    return ["```mermaid", "stateDiagram-v2", f"    [*] --> {State.WAITING}: {StepName.SEND}", *arrows, "```"]


def _state_table() -> list[str]:
    return ["| State | What it means |", "| --- | --- |", *(f"| `{state}` | {words} |" for state, words in STATE_WORDS.items())]


def _step_table() -> list[str]:
    head = ["| Step | From | To | Holder | Right for a CTF | Copies | Audit trail | E-mails |", "| --- " * 8 + "|"]
    return [*head, *map(_step_row, STEPS.values())]


def _step_row(step: Step) -> str:
    start = ", ".join(f"`{state}`" for state in _in_order(step.start)) or "nothing"
    notices = ", ".join(f"`{notice}`" for notice in step.notices) or "none"
    right = right_to(step.use, Kind.CTF)
    who = f"{RIGHTS[right].words} (`{right}`)" if right else "nobody"
    parts = "all" if step.parts == _ALL else ", ".join(part for part in Part if part in step.parts)
    row = (f"`{step.name}`: {STEP_WORDS[step.name]}", start, f"`{step.end}`", step.holder, who, parts, step.action, notices)
    return "| " + " | ".join(row) + " |"


def _in_order(states: frozenset[State]) -> list[State]:
    return [state for state in State if state in states]


if __name__ == "__main__":  # make docs
    sys.stdout.write(diagram())
