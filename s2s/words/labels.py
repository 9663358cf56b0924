"""What a table of short words is: tags, tabs, columns, lines of a drop-down list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Labels = Mapping[str, "_StrPromise"]
Option = tuple[str, str]  # a line of a drop-down list: the value, and what people read
