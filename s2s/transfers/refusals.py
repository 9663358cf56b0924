"""Why a file is not accepted and why a step cannot be taken: codes, for which `words/` has the sentences."""

from enum import StrEnum

from s2s.rules.refusals import Refused


class SendFault(StrEnum):
    NOT_ALLOWED = "not allowed"  # the role does not send files of this kind; facts: kind
    WRONG_KIND = "wrong kind"  # facts: kind, expected
    EMPTY = "empty"
    TOO_LARGE = "too large"  # facts: size, limit (bytes)
    NOT_YOUR_NUMBER = "not your number"  # facts: address, organisation (name or ''), yours, to_you, kind
    UNKNOWN_SCHOOL = "unknown school"  # facts: address, authority (name or '')
    UNKNOWN_AUTHORITY = "unknown authority"  # facts: address
    CLOSED_SCHOOL = "closed school"  # facts: address, organisation, closed_on, successor (name or ''), successor_number, right
    NO_LOST_PUPILS = "no lost pupils"  # the role does not send to the Lost Pupil Database
    TOO_MANY_FILES = "too many files"  # facts: limit


class StepFault(StrEnum):
    NOT_NOW = "not now"  # facts: step, state, name, kind
    NOT_YOURS = "not yours"  # another desk's, or the right for this kind is missing; facts: step, name
    ONE_AT_A_TIME = "one at a time"  # 5.7
    NO_REASON = "no reason"
    NO_NOTE = "no note"  # reason OTHER needs words
    NOTHING_CHOSEN = "nothing chosen"
    TOO_MUCH = "too much"  # facts: limit (bytes)


class NotPossible(Refused[StepFault]):
    """A step that the delivery's state does not allow, or a choice that is missing."""


class SendRefused(Refused[SendFault]):
    """One reason why a file is not accepted."""


class NotAccepted(Exception):
    """A file that was not accepted, with every reason: BadName, SendRefused or UnreadableCtf."""

    def __init__(self, name: str, problems: tuple[Refused[StrEnum], ...]) -> None:
        super().__init__(name, problems)
        self.name = name
        self.problems = problems
