"""No cell of a list acts as a formula in a spreadsheet."""

import csv
import io

import pytest

from s2s.words.spreadsheet import MARK, as_csv, harmless

FORMULA = 'cmd|" /C calc"!A0'


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n"])
@pytest.mark.parametrize("before", ["", " ", "   ", '"', "'", " '\" ", '" '])
def test_what_a_spreadsheet_could_take_for_a_formula_is_text(sign: str, before: str) -> None:
    assert harmless(f"{before}{sign}{FORMULA}") == f"'{before}{sign}{FORMULA}"


def test_a_nul_hides_no_formula() -> None:
    assert harmless(f"\0={FORMULA}") == f"'={FORMULA}"


@pytest.mark.parametrize("cell", ["", "Ysgol y Fro", "a=b", "O'Neill-Jones", 0, "6812045", "'quoted'", " blank"])
def test_other_cells_are_as_they_are(cell: object) -> None:
    assert harmless(cell) == str(cell)


def test_heads_and_cells_are_made_harmless() -> None:
    text = as_csv(["=head", "name"], [["+cell", 'with "quotes", and a comma']])
    assert text.startswith(MARK)
    assert list(csv.reader(io.StringIO(text.removeprefix(MARK)))) == [["'=head", "name"], ["'+cell", 'with "quotes", and a comma']]
