"""Rows of a statement of our own as objects of their models, for where the ORM takes longer to ask than the database to answer."""

from collections.abc import Iterator, Sequence
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model

M = TypeVar("M", bound=Model)


class Columns(Generic[M]):
    """All columns of a model, of the table that a statement calls `table`."""

    def __init__(self, model: type[M], table: str) -> None:
        fields = model._meta.concrete_fields
        self.model = model
        self.sql = ", ".join(f'{table}."{field.column}"' for field in fields)
        self._names = [field.attname for field in fields]
        self._read = [(place, field) for place, field in enumerate(fields) if hasattr(field, "from_db_value")]

    def take_if_any(self, row: Iterator[Any]) -> M | None:
        """The object of the next columns of this row; None where an outer join found none."""
        values = [next(row) for _ in self._names]
        return self._made(values) if values[0] is not None else None

    def take(self, row: Iterator[Any]) -> M:
        """The object of the next columns of this row."""
        return self._made([next(row) for _ in self._names])

    def _made(self, values: list[Any]) -> M:
        for place, field in self._read:
            values[place] = field.from_db_value(values[place], None, connection)
        return self.model.from_db("default", self._names, values)


def found(statement: str, values: Sequence[Any]) -> list[Iterator[Any]]:
    """The rows of the answer, each to be taken apart by its columns."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [iter(row) for row in cursor.fetchall()]
