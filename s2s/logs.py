"""Logs that an operator may show to anybody: where something failed, never what stood in the data."""

import logging
import traceback
from types import TracebackType

from django.db import Error

Failure = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Discreet(logging.Formatter):
    """Tracebacks without the values in them: a database error quotes the row it refused, a ValueError the text it could not read."""

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


def _said(error: BaseException) -> str:
    if isinstance(error, Error):  # PostgreSQL's first line names the rule, its DETAIL the row
        return f": {str(error).splitlines()[0]}" if str(error) else ""
    return f": {error}" if isinstance(error, OSError | RuntimeError | ImportError) else ""
