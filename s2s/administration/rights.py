"""The right that each journey of administration needs, asked below the doors too: a door that forgets to ask opens nothing."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from s2s.rules.refusals import NotAllowed
from s2s.rules.roles import Can

P = ParamSpec("P")
R = TypeVar("R")


def needs(*rights: Can) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """The journey is for an actor who has one of these rights; of anybody else it raises NotAllowed."""

    def asked(journey: Callable[P, R]) -> Callable[P, R]:
        @wraps(journey)
        def ask_first(*args: P.args, **given: P.kwargs) -> R:
            actor = given["actor"]
            if not any(actor.may(right) for right in rights):  # type: ignore[attr-defined]
                raise NotAllowed
            return journey(*args, **given)

        return ask_first

    return asked
