"""Lists as CSV for a spreadsheet, in which no cell can act as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

ACTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
MARK: Final = "\ufeff"  # tells Excel that it is UTF-8


def as_csv(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """What could act as a formula has an apostrophe before it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([harmless(head) for head in heads])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return MARK + text.getvalue()


def harmless(cell: object) -> str:
    """A cell's text. An apostrophe goes before whatever a spreadsheet could take for a formula, also after blanks or quotes."""
    text = str(cell).replace("\0", "")
    return f"'{text}" if text.lstrip(" \"'").startswith(ACTS) or text.startswith(ACTS) else text
