"""Large tables of a page by something else, looked at in part: each page meets some of it, and all of it is met on some page.

`WHOLE=1 make test` looks at everything.
"""

import os
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
WHOLE = bool(os.environ.get("WHOLE"))


def some(of: Sequence[T], row: int, *, each: int) -> list[T]:
    """One in `each` of them for this row of the table, the next row beginning one further on: `each` rows meet all of them."""
    return list(of) if WHOLE else list(of[row % each :: each])
