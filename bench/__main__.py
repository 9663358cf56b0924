"""All benchmarks, each in a process of its own: `python -m bench`, or `python -m bench uploads` for some of them."""

import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent

# Name -> what its module is given, so that all together take some six minutes.
BENCHMARKS: dict[str, tuple[str, ...]] = {
    "ctf_reading": (),
    "names_and_numbers": (),
    "journeys": (),
    "lists": (),
    "uploads": (),
    "signin_timing": ("60",),
}


def main(chosen: list[str]) -> int:
    """1 when one of them missed a goal."""
    console = Console()
    if unknown := set(chosen) - BENCHMARKS.keys():
        console.print(f"There is no benchmark {', '.join(sorted(unknown))}. There are: {', '.join(BENCHMARKS)}.")
        return 2
    summary = Table("benchmark", "seconds", "goals", title="All benchmarks")
    missed = False
    for name in chosen or BENCHMARKS:
        begun = time.monotonic()
        met = subprocess.run([sys.executable, "-m", f"bench.{name}", *BENCHMARKS[name]], cwd=ROOT, check=False).returncode == 0
        summary.add_row(name, f"{time.monotonic() - begun:.0f}", "met" if met else "MISSED")
        missed = missed or not met
        console.print()
    console.print(summary)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
