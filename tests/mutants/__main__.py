"""Take out one guard after another in a copy of the project, and run the tests nearest to it: `make mutants ARGS=--help`.

Two sorts of mutants. Those in `*.toml`, beside this file, are written by hand: each names a promise, what breaks it, and the tests that
should notice. Those made of the code are the guards of the files in MADE_OF: an `if` that refuses or leaves, never true; one argument
of a `filter` or `exclude`, left out. A mutant that every test lets pass is a survivor: it gets a test, or the guard goes.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from s2s.machine import postgres
from tests.mutants.made import Change, guards

PROJECT = Path(__file__).resolve().parent.parent.parent
COPY = PROJECT / ".build" / "mutants"
NEEDED = (".build/static", ".build/assets", "node_modules")  # not in the copy, but led to from there
PATIENCE = 300  # seconds; a mutant that makes a test wait for longer is noticed
LONGEST = 1_800  # seconds for all tests, without any mutant

RULES = ["tests/rules", "tests/guidance", "tests/transfers/test_steps.py", "tests/transfers/test_ctf_refusals.py"]
UPLOAD = ["tests/journeys/test_5_1_upload_ctf.py", "tests/journeys/test_3_9_copies_for_authorities.py"]
DOWNLOAD = ["tests/journeys/test_5_2_download_ctf.py", "tests/journeys/test_3_9_copies_for_authorities.py"]
STEPS = ["tests/transfers/test_steps.py", "tests/transfers/test_races.py", "tests/transfers/test_store.py"]
TRAIL = ["tests/audit", "tests/upkeep/test_console.py"]
# Of these files every guard is tried, with the tests nearest to them.
MADE_OF = {
    **{f"s2s/rules/{name}.py": RULES for name in ("addresses", "filenames", "identifiers", "meant_names", "roles", "lifecycle", "kinds")},
    "s2s/transfers/queries.py": [*DOWNLOAD, "tests/transfers", "tests/administration"],
    "s2s/transfers/steps.py": [*STEPS, *DOWNLOAD],
    "s2s/transfers/download.py": [*STEPS, *DOWNLOAD],
    "s2s/transfers/reject.py": [*STEPS, *DOWNLOAD],
    "s2s/transfers/upload.py": [*UPLOAD, *STEPS],
    **{f"s2s/audit/{name}.py": TRAIL for name in ("trail", "chain", "verify", "noted")},
}


@dataclass(frozen=True)
class Mutant:
    what: str
    change: Change
    tests: list[str]


def written() -> Iterator[Mutant]:
    for file in sorted(Path(__file__).parent.glob("*.toml")):
        for row in tomllib.loads(file.read_text())["mutant"]:
            yield Mutant(row["what"], Change(row["path"], row["old"], row["new"]), row["tests"])


def made() -> Iterator[Mutant]:
    for path, tests in MADE_OF.items():
        for what, change in guards(PROJECT, path):
            yield Mutant(what, change, tests)


def copy() -> None:
    """What git knows, what is new, and the catalogues that were compiled; the rest is led to."""
    shutil.rmtree(COPY, ignore_errors=True)
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    names = [name for name in listing.stdout.splitlines() if (PROJECT / name).is_file()]
    names += [str(path.relative_to(PROJECT)) for path in PROJECT.glob("locale/*/LC_MESSAGES/*.mo")]
    for name in names:
        target = COPY / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((PROJECT / name).read_bytes())
    (COPY / ".build").mkdir()
    for name in NEEDED:
        (COPY / name).symlink_to(PROJECT / name)


@contextmanager
def database() -> Iterator[str]:
    """The address of a server that stays between the mutants."""
    data = COPY.with_name("mutants-data")
    try:
        yield postgres.ensure(data, durable=False)
    finally:
        postgres.stop(data)


def passes(tests: Iterable[str], server: str, *, anew: bool = False) -> bool:
    """Whether these tests let the copy pass as it is. With `anew` their database is made first, as it is if there is none."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("S2S_")} | {"S2S_TEST_DATABASE_URL": server}
    kept = "--create-db" if anew else "--reuse-db"
    words = ["-q", "-x", "-n", "0", "--tb=short", "-m", "not browser and not crash", kept, *tests]
    try:
        done = subprocess.run(
            [sys.executable, "-B", "-m", "pytest", *words],
            cwd=COPY,
            env=environment,
            capture_output=True,
            text=True,
            timeout=LONGEST if anew else PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    if anew and done.returncode:
        raise SystemExit(f"without any mutant these tests do not pass:\n{done.stdout[-3000:]}{done.stderr[-1000:]}")
    return done.returncode == 0


def is_noticed(mutant: Mutant, server: str) -> bool:
    path = COPY / mutant.change.path
    whole = path.read_text()
    path.write_text(mutant.change.made_in(whole))
    try:
        return not passes(mutant.tests, server)
    finally:
        path.write_text(whole)


def main() -> int:
    words = argparse.ArgumentParser(description="Take out guards one at a time, and list those that no test misses.")
    words.add_argument("words", nargs="*", help="only mutants in whose path or promise one of these words stands")
    words.add_argument("--written", action="store_true", help="only those that are written by hand")
    words.add_argument("--at-once", action="store_true", help="without running all these tests first with nothing taken out")
    words.add_argument("--made", action="store_true", help="only those that are made of the code")
    chosen = words.parse_args()
    mutants = [*(written() if not chosen.made else ()), *(made() if not chosen.written else ())]
    mutants = [one for one in mutants if not chosen.words or any(word in f"{one.change.path} {one.what}" for word in chosen.words)]
    copy()
    with database() as server:
        if not chosen.at_once:
            passes(sorted({test for mutant in mutants for test in mutant.tests}), server, anew=True)
        survivors = [mutant for number, mutant in enumerate(mutants, 1) if not noticed(f"{number}/{len(mutants)}", mutant, server)]
    say(f"{len(mutants)} mutants, {len(survivors)} of them survive or no longer fit the code")
    for mutant in survivors:
        say(f"  {mutant.change.path}: {mutant.what}")
    return 1 if survivors else 0


def noticed(number: str, mutant: Mutant, server: str) -> bool:
    said = "does not fit" if not mutant.change.fits(PROJECT) else "noticed" if is_noticed(mutant, server) else "SURVIVES"
    say(f"{number} {said}: {mutant.change.path}: {mutant.what}")
    return said == "noticed"


def say(words: str) -> None:
    print(words, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
