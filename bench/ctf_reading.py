"""How fast and in how much memory a CTF is read: schema, every rule and extraction, against `xmllint --schema` and plain lxml.

    python -m bench.ctf_reading

The schema is the same for all. Only ratios within one run count: the methods take turns, and each is compared with xmllint, which
validates in C and does nothing else. Exit status 1 when a goal is missed; goals against xmllint are left out where there is none
(Debian: libxml2-utils).
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from io import BytesIO
from pathlib import Path

from lxml import etree
from rich.console import Console
from rich.table import Table

from s2s.rules.filenames import parse
from s2s.transfers import ctf
from tests.samples import ctf as sample
from tests.samples import name_for

ROUNDS = {1: 300, 30: 100, 250: 40, 2_000: 15}  # by pupils; some 30 seconds in all
AGAINST_XMLLINT = 1.0  # at 2,000 pupils
MOST_GROWTH = 8.0  # megabytes at 2,000 pupils, the result included
MOST_FOR_ONE = 0.3  # milliseconds
OURS, XMLLINT, TREE, ITERPARSE = "s2s read()", "xmllint --schema", "lxml tree", "lxml iterparse"  # the last three: only the schema

NAME = parse(name_for())
TODAY = date(2026, 11, 23)
SCHEMA = Path(ctf.__file__).with_name("ctf.xsd")
PARSED_SCHEMA = etree.XMLSchema(file=str(SCHEMA))
ROOT = Path(__file__).parent.parent

Method = Callable[[bytes, Path], object]


def ours(content: bytes, _: Path) -> object:
    return ctf.read(content, NAME, today=TODAY)


def xmllint(_: bytes, path: Path) -> object:
    return subprocess.run(["xmllint", "--noout", "--schema", str(SCHEMA), str(path)], check=True, stderr=subprocess.DEVNULL)


def tree(content: bytes, _: Path) -> object:
    return etree.fromstring(content, etree.XMLParser(schema=PARSED_SCHEMA, huge_tree=True))


def iterparse(content: bytes, _: Path) -> object:
    for _event, pupil in etree.iterparse(BytesIO(content), tag="Pupil", schema=PARSED_SCHEMA):
        pupil.clear()
        pupil.getparent().remove(pupil)
    return None


METHODS: dict[str, Method] = {OURS: ours, XMLLINT: xmllint, TREE: tree, ITERPARSE: iterparse}


def milliseconds(methods: dict[str, Method], content: bytes, path: Path, rounds: int) -> dict[str, list[float]]:
    """The methods in turn, so that whatever else the machine does hits them all."""
    taken: dict[str, list[float]] = {name: [] for name in methods}
    for _ in range(rounds):
        for name, method in methods.items():
            begun = time.perf_counter()
            method(content, path)
            taken[name].append((time.perf_counter() - begun) * 1_000)
    return taken


def growth(name: str, path: Path) -> float:
    """Megabytes beyond the content and a first small file, at the peak, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.ctf_reading", name, str(path)], check=True, capture_output=True, text=True, cwd=ROOT
    )
    return float(done.stdout)


def print_growth(name: str, path: Path) -> None:
    small, content, nothing = sample(1), path.read_bytes(), Path(os.devnull)
    METHODS[name](small, nothing)
    forget_peak()
    before = peak()
    result = METHODS[name](content, nothing)
    print(peak() - before)
    del result


def peak() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1_024


def forget_peak() -> None:
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def run(console: Console) -> bool:
    """Measure, print, and say whether every goal is met."""
    methods = dict(METHODS)
    if shutil.which("xmllint") is None:
        del methods[XMLLINT]
        console.print("xmllint is not here (Debian: libxml2-utils): no ratios.")
    table = Table(
        "pupils", "method", "median ms", "p95 ms", "to xmllint", "MB", title="CTF reading (MB: memory beyond the file, at the peak)"
    )
    for column in table.columns[2:]:
        column.justify = "right"
    ratio = single = None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sample.xml"
        for pupils, rounds in ROUNDS.items():
            content = sample(pupils, full=True)
            path.write_bytes(content)
            taken = milliseconds(methods, content, path, rounds)
            baseline = statistics.median(taken[XMLLINT]) if XMLLINT in taken else None
            for name, values in taken.items():
                median = statistics.median(values)
                to_xmllint = median / baseline if baseline else None
                if name == OURS and pupils == 1:
                    single = median
                if name == OURS and pupils == 2_000:
                    ratio = to_xmllint
                table.add_row(f"{pupils:,}", name, f"{median:.3f}", f"{p95(values):.3f}", f"{to_xmllint:.2f}" if to_xmllint else "", "")
            table.add_section()
        grown = {name: growth(name, path) for name in methods if name != XMLLINT}
    for name, megabytes in grown.items():
        table.add_row("2,000", name, "", "", "", f"{megabytes:.1f}")
    console.print(table)
    return judged(console, ratio, grown[OURS], single or 0)


def judged(console: Console, ratio: float | None, megabytes: float, single: float) -> bool:
    goals = [
        (f"one pupil: {single:.3f} ms of {MOST_FOR_ONE}", single <= MOST_FOR_ONE),
        (f"memory beyond the file, with the result: {megabytes:.1f} MB of {MOST_GROWTH}", megabytes <= MOST_GROWTH),
    ]
    if ratio is not None:
        goals.append((f"2,000 pupils to xmllint: {ratio:.2f} of {AGAINST_XMLLINT}", ratio <= AGAINST_XMLLINT))
    for goal, met in goals:
        console.print(("met:    " if met else "MISSED: ") + goal)
    return all(met for _, met in goals)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print_growth(sys.argv[1], Path(sys.argv[2]))
    else:
        sys.exit(0 if run(Console()) else 1)
