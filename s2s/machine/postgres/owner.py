"""The user PostgreSQL runs as: it refuses to run as root."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import TypedDict

from s2s.machine.trouble import Trouble

USER = "s2s-postgres"
FOR_ROOT = Path("/var/lib/s2s")


class Identity(TypedDict):
    user: int | None
    group: int | None
    extra_groups: list[int] | None


def identity(home: Path) -> Identity:
    """What makes a child process run as the owner of this folder."""
    if os.geteuid() != 0:
        return {"user": None, "group": None, "extra_groups": None}
    owner = home.stat()
    return {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}


def unprivileged_user() -> pwd.struct_passwd:
    """A user of its own where one can be made, or else nobody."""
    for make in (
        ["true"],
        ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", USER],
        ["adduser", "-S", "-H", "-D", "-s", "/sbin/nologin", USER],
    ):
        if shutil.which(make[0]):
            subprocess.run(make, capture_output=True, check=False)
        try:
            return pwd.getpwnam(USER)
        except KeyError:
            continue
    return pwd.getpwnam("nobody")


def for_root() -> Path:
    """A folder of root's that everybody may pass through."""
    FOR_ROOT.mkdir(parents=True, exist_ok=True)
    FOR_ROOT.chmod(0o755)
    return FOR_ROOT


def may_enter(user: int, group: int, folder: Path) -> bool:
    """Whether that user may enter the folder.

    The system is asked as that user: modes of the folders above, access lists and mounts all count.
    """
    enter = ["/bin/sh", "-c", 'cd "$0"', str(folder)]
    return subprocess.run(enter, cwd="/", user=user, group=group, extra_groups=[], capture_output=True, check=False).returncode == 0


def check(home: Path) -> None:
    """Raises Trouble when we may not start or stop what is in this folder."""
    owner = home.stat().st_uid
    if os.geteuid() not in (0, owner):
        raise Trouble(
            f"The database in {home} belongs to the user {pwd.getpwuid(owner).pw_name}. "
            "Run this command as the user who made it, choose another S2S_DATA, or set DATABASE_URL."
        )
