"""Logs that an operator may show to anybody: where something failed, never what stood in the data; and one line is one line."""

import logging
import traceback
from http import HTTPStatus
from types import TracebackType

from django.db import DataError, Error

Failure = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Discreet(logging.Formatter):
    """Tracebacks without the values in them: a database error quotes the row it refused, a ValueError the text it could not read."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        return _on_one_line(super().formatMessage(record))

    def formatException(self, ei: Failure) -> str:  # noqa: N802 - logging's name
        lines: list[str] = []
        told: set[int] = set()  # a chain of errors may come back to one of them
        error: BaseException | None = ei[1]
        while error is not None and id(error) not in told:
            told.add(id(error))
            lines = [
                *traceback.format_tb(error.__traceback__),
                f"{type(error).__module__}.{type(error).__qualname__}{_said(error)}\n",
                *lines,
            ]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "".join(lines).rstrip()


class Outages(logging.Filter):
    """That the site could not serve somebody just now (503) is a warning of one line: many may ask while the database is away."""

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", 0) == HTTPStatus.SERVICE_UNAVAILABLE:
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            why = record.exc_info[1] if record.exc_info else None
            record.msg, record.args = f"{record.getMessage()}{_said(why) if why else ''}", ()
            record.exc_info = record.exc_text = None
        return True


def _said(error: BaseException) -> str:
    if isinstance(error, DataError):  # quotes the value it could not take
        return ""
    if isinstance(error, Error):  # PostgreSQL's first line names the rule, its DETAIL the row
        return f": {_on_one_line(str(error).splitlines()[0])}" if str(error) else ""
    return f": {_on_one_line(str(error))}" if isinstance(error, OSError | RuntimeError | ImportError) else ""


def _on_one_line(text: str) -> str:
    """Whatever ends a line or moves a terminal is written out, so that nobody's words begin a line of their own or are coloured."""
    return "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)
