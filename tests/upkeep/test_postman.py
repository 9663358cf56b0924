"""The process that sends e-mails goes on whatever happens, waits longer while nobody answers, and stops when it is asked to."""

from threading import Event
from unittest.mock import Mock, patch

import pytest
from django.db import OperationalError

from s2s.notices import outbox
from s2s.upkeep import postman


class Stop(Event):
    """The clock of a line: it notes how long is waited for instead of waiting, and stops after so many waits."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.left, self.waits = after, []  # type: ignore[var-annotated]

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout)
        self.left -= 1
        if not self.left:
            self.set()
        return self.is_set()


@pytest.fixture(autouse=True)
def connection() -> object:
    with patch.object(postman, "connection", Mock()) as connection:
        yield connection


def test_while_there_is_something_to_do_nobody_waits() -> None:
    stop, left = Stop(after=2), iter([5, 5, 1, 0, 3, 0])
    postman.go_on(lambda: next(left), stop)
    assert stop.waits == [postman.POLL, postman.POLL]
    assert list(left) == []


@pytest.mark.parametrize("fault", [outbox.Away("ConnectionRefusedError"), OperationalError("the database is away"), ZeroDivisionError()])
def test_while_nobody_answers_the_waits_double_to_a_minute_and_all_is_well_at_once_afterwards(fault: Exception) -> None:
    stop = Stop(after=10)
    answers = iter([fault] * 8 + [1, 0, fault])

    def a_round() -> object:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    postman.go_on(a_round, stop)
    assert stop.waits == [2, 4, 8, 16, 32, 60, 60, 60, 1, 2]


def test_between_rounds_the_connection_goes_back(connection: Mock) -> None:
    postman.go_on(lambda: 0, Stop(after=3))
    assert connection.close.call_count == 3
