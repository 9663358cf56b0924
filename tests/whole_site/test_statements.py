"""Which statements of the guidance no test cites yet: printed, and every citation checked to be one that exists."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent.parent
STATEMENTS = TESTS.parent.parent / "shared" / "guidance" / "statements.md"
CITED = re.compile(r'"((?:\d(?:\.\d)?|A[12])-\d\d)"')  # in a mark, or in a table of cases whose rows are marked


def cited() -> set[str]:
    return {number for path in TESTS.rglob("*.py") for number in CITED.findall(path.read_text())}


def stated() -> list[str]:
    if not STATEMENTS.exists():
        pytest.skip(f"the list of statements is not on this machine ({STATEMENTS.name})")
    return re.findall(r"^\| ([A-Z0-9.]+-\d\d) \|", STATEMENTS.read_text(), re.MULTILINE)


def test_every_citation_is_of_a_statement_that_exists() -> None:
    assert cited() <= set(stated())


def test_statements_that_no_test_cites_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    missing = [number for number in stated() if number not in cited()]
    with capsys.disabled():
        print(f"\n{len(stated()) - len(missing)} of {len(stated())} statements cited; not yet: {' '.join(missing)}")  # noqa: T201
    assert len(stated()) == 471
