"""Makes a new cluster: its files, its one role `s2s` and that role's database."""

import os
import secrets
import shutil
from pathlib import Path

from s2s.machine.postgres import programs
from s2s.machine.postgres.parameters import SETTINGS, durability, words
from s2s.machine.postgres.server import Server


def make(server: Server, *, durable: bool) -> None:
    """A new cluster with one role that may sign in, `s2s`, and its database; nobody can sign in as the superuser."""
    unfinished = server.home / "cluster.new"
    shutil.rmtree(unfinished, ignore_errors=True)
    locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8"]
    quick = [] if durable else ["--no-sync"]
    programs.run(
        server.home,
        "initdb",
        "-D",
        str(unfinished),
        "-U",
        "postgres",
        "--auth=reject",
        "--no-instructions",
        *locale,
        *words(SETTINGS),
        *quick,
    )
    password = secrets.token_hex(24)
    _keep(server, server.home / "password", password)
    _keep(server, unfinished / "pg_hba.conf", "# kind  database  role  how\nlocal   all       s2s   scram-sha-256\n")
    may = "" if durable else "CREATEDB"
    programs.run(
        server.home,
        *("postgres", "--single", "-D", str(unfinished), *durability(durable=durable), "-c", "exit_on_error=on"),
        *("-c", "logging_collector=off", "postgres"),
        said=f"CREATE ROLE s2s LOGIN {may} PASSWORD '{password}'\nCREATE DATABASE s2s OWNER s2s\n",
    )
    unfinished.rename(server.cluster)


def _keep(server: Server, path: Path, text: str) -> None:
    """Write a file that only the owner of the cluster may read."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    if os.geteuid() == 0:
        owner = server.home.stat()
        os.chown(path, owner.st_uid, owner.st_gid)
