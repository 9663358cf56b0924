"""A list to be saved and opened in a spreadsheet."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from s2s.words.spreadsheet import as_csv


def csv_file(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """An attachment of this name."""
    answer = HttpResponse(as_csv(heads, rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
