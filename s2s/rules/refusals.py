"""A refusal says why by a code and facts; the doors turn it into words in both languages."""

from enum import StrEnum


class Refused(Exception):
    """Something asked for cannot be done.

    `code` is a member of the asking module's reasons; `facts` fill the sentence that `words/` has for it.
    """

    def __init__(self, code: StrEnum, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts
