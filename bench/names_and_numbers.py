"""What the longest hostile file name costs against a right one, and the check of a UPN against the look at its form alone.

    python -m bench.names_and_numbers

Exit status 1 when a goal is missed.
"""

import re
import sys
from collections.abc import Callable
from contextlib import suppress
from timeit import repeat

from rich.console import Console
from rich.table import Table

from s2s.rules.filenames import LONGEST, BadName, parse
from s2s.rules.identifiers import upn_fault

RIGHT, UPN = "6812045_CTF_6812061_001.xml", "R674123101121"
PIECES = ("6812045_", "6812045", "_", " (1)", "(1)", " 1", "(", ".", ".xml", "9", "X", "- Copy", " copy", "-", "\\", "é", "681LLLL", "CTF")
MOST_FOR_A_NAME = 40.0  # times a right name: its right form is looked for, one correction after the other
MOST_FOR_A_UPN = 12.0  # times the regular expression of its form
FORM = re.compile(r"[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]")


def read(name: str) -> None:
    with suppress(BadName):
        parse(name)


def microseconds(work: Callable[[], object], rounds: int) -> float:
    return min(repeat(work, number=rounds, repeat=7)) / rounds * 1e6


def hostile() -> dict[str, str]:
    """The longest names that are read at all: one piece again and again, with an ending that spoils what matched so far."""
    return {piece: ((piece * LONGEST)[: LONGEST - 5] + "!.xml")[:LONGEST] for piece in PIECES}


def run(console: Console) -> bool:
    right = microseconds(lambda: read(RIGHT), 1_000)
    table = Table("work", "microseconds", "ratio", title="Names and numbers")
    table.add_row("a right name", f"{right:.1f}", "1.0")
    worst = 0.0
    for piece, name in hostile().items():
        taken = microseconds(lambda name=name: read(name), 50)  # type: ignore[misc]
        worst = max(worst, taken / right)
        table.add_row(f"{piece!r} to {LONGEST} characters", f"{taken:.1f}", f"{taken / right:.1f}")
    form, check = microseconds(lambda: FORM.fullmatch(UPN), 10_000), microseconds(lambda: upn_fault(UPN), 10_000)
    table.add_row("a UPN's form", f"{form:.2f}", "1.0")
    table.add_row("a UPN's check letter", f"{check:.2f}", f"{check / form:.1f}")
    console.print(table)
    goals = [
        (f"the worst name to a right one: {worst:.1f} of {MOST_FOR_A_NAME}", worst <= MOST_FOR_A_NAME),
        (f"a UPN to its form: {check / form:.1f} of {MOST_FOR_A_UPN}", check / form <= MOST_FOR_A_UPN),
    ]
    for goal, met in goals:
        console.print(("met:    " if met else "MISSED: ") + goal)
    return all(met for _, met in goals)


if __name__ == "__main__":
    sys.exit(0 if run(Console()) else 1)
