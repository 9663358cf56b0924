"""What the logs say of a failure: where it was, never what stood in the data."""

import logging
import sys

import pytest
from django.db import DataError, IntegrityError

from s2s.logs import Discreet


def logged(error: BaseException) -> str:
    try:
        raise error
    except BaseException:
        record = logging.LogRecord("s2s", logging.ERROR, __file__, 1, "it failed", None, sys.exc_info())
        return Discreet("%(message)s").format(record)


def test_a_database_error_keeps_its_rule_and_loses_the_row() -> None:
    said = logged(IntegrityError('violates check constraint "sex"\nDETAIL:  Failing row contains (7, A123456789012, Jones, Mair).'))
    assert 'violates check constraint "sex"' in said
    assert "Jones" not in said
    assert "A123456789012" not in said


@pytest.mark.parametrize("error", [ValueError("Jones"), KeyError("Jones"), TypeError("Jones")])
def test_a_value_that_could_not_be_read_is_not_said(error: Exception) -> None:
    said = logged(error)
    assert "Jones" not in said
    assert type(error).__name__ in said
    assert "test_logs.py" in said, "where it happened"


def test_what_the_machine_says_is_said() -> None:
    assert "No space left" in logged(OSError(28, "No space left on device"))


def test_the_reason_of_a_reason_is_kept() -> None:
    outer = RuntimeError("the file could not be kept")
    outer.__cause__ = ValueError("Jones")
    said = logged(outer)
    assert said.index("ValueError") < said.index("RuntimeError: the file could not be kept")
    assert "Jones" not in said


def test_errors_that_are_each_others_reason_come_to_an_end() -> None:
    first, second = ValueError("Jones"), RuntimeError("again")
    first.__cause__, second.__cause__ = second, first
    assert logged(first).count("RuntimeError: again") == 1


FORGED = "x\r\n1999-12-31 22:00:00,000 CRITICAL s2s.forged all is well\x1b[31m\x9b\u2028\x85"


def test_a_message_is_one_line_whatever_is_in_it() -> None:
    record = logging.LogRecord("s2s", logging.WARNING, __file__, 1, "Siân sent %s", (FORGED,), None)
    said = Discreet("%(levelname)s %(message)s").format(record)
    assert said.startswith(r"WARNING Siân sent x\r\n1999")
    assert said.isprintable()


@pytest.mark.parametrize("error", [RuntimeError(FORGED), OSError(FORGED), IntegrityError(FORGED)])
def test_what_an_error_says_is_one_line(error: Exception) -> None:
    said = logged(error)
    assert all(letter.isprintable() or letter == "\n" for letter in said)
    assert not any(line.startswith("1999") for line in said.splitlines())


def test_a_value_that_the_database_could_not_take_is_not_said() -> None:
    assert "Jones" not in logged(DataError('invalid input syntax for type date: "Jones"'))
