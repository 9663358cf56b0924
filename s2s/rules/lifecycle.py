"""What can become of one recipient's copy of a file, by which step, and who hears of it (5.2, 4.2, 5.1)."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from s2s.rules.roles import RIGHTS, Can


class State(StrEnum):
    WAITING = "waiting"
    FETCHED = "fetched"
    COLLECTED = "collected"
    REJECTED = "rejected"


class StepName(StrEnum):
    FETCH = "fetch"
    CONFIRM = "confirm"
    RETURN = "return"
    REJECT = "reject"
    REFETCH = "refetch"


class RejectReason(StrEnum):
    """Why a recipient sends a file back unread or unwanted; the guidance names no reasons, so these are ours."""

    NOT_OURS = "not_ours"  # the pupil is not coming to this school
    WRONG_PUPIL = "wrong_pupil"  # the file is about somebody else
    DUPLICATE = "duplicate"
    UNREADABLE = "unreadable"  # our system cannot read it
    INCOMPLETE = "incomplete"
    OTHER = "other"  # needs words


@dataclass(frozen=True, slots=True)
class Step:
    """One way from state to state.

    `by` is the right it takes for a CTF (`roles.FETCHES` has the right for other kinds); `notices` are names of e-mails in the catalogue.
    """

    name: StepName
    start: frozenset[State]
    end: State
    by: Can
    notices: tuple[str, ...] = ()


AWAITING: Final = frozenset({State.WAITING, State.FETCHED})

_STEPS: Final = (
    Step(StepName.FETCH, AWAITING, State.FETCHED, Can.FETCH_CTF),
    Step(StepName.CONFIRM, frozenset({State.FETCHED}), State.COLLECTED, Can.FETCH_CTF, ("collected",)),  # "Yes"
    Step(StepName.RETURN, frozenset({State.FETCHED}), State.WAITING, Can.FETCH_CTF),  # "No": the sender is not told
    Step(StepName.REJECT, AWAITING, State.REJECTED, Can.REJECT_CTF, ("rejected",)),
    Step(StepName.REFETCH, frozenset({State.COLLECTED}), State.COLLECTED, Can.FETCH_CTF),
)

STEPS: Final[Mapping[StepName, Step]] = {step.name: step for step in _STEPS}

STATE_WORDS: Final[Mapping[State, str]] = {
    State.WAITING: "Awaiting download.",
    State.FETCHED: "Downloaded, and nobody has yet said whether it arrived whole. Still on the waiting list.",
    State.COLLECTED: "The recipient said: yes, downloaded correctly. It can be fetched again under Previously Downloaded.",
    State.REJECTED: "The recipient sent it back, with a reason.",
}

STEP_WORDS: Final[Mapping[StepName, str]] = {
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
    "For other kinds of file the right is that of the kind: `fetch_generic` in place of `fetch_ctf`, and so on. Only CTFs can be rejected.",
)


def _mermaid() -> list[str]:
    arrows = [f"    {state} --> {step.end}: {step.name}" for step in STEPS.values() for state in _in_order(step.start)]
    return ["```mermaid", "stateDiagram-v2", f"    [*] --> {State.WAITING}: sent", *arrows, "```"]


def _state_table() -> list[str]:
    return ["| State | What it means |", "| --- | --- |", *(f"| `{state}` | {words} |" for state, words in STATE_WORDS.items())]


def _step_table() -> list[str]:
    return ["| Step | From | To | Who | E-mails |", "| --- | --- | --- | --- | --- |", *map(_step_row, STEPS.values())]


def _step_row(step: Step) -> str:
    start = ", ".join(f"`{state}`" for state in _in_order(step.start))
    notices = ", ".join(f"`{notice}`" for notice in step.notices) or "none"
    who = f"{RIGHTS[step.by].words} (`{step.by}`)"
    return f"| `{step.name}`: {STEP_WORDS[step.name]} | {start} | `{step.end}` | {who} | {notices} |"


def _in_order(states: frozenset[State]) -> list[State]:
    return [state for state in State if state in states]


if __name__ == "__main__":  # make docs
    sys.stdout.write(diagram())
