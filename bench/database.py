"""The database of a benchmark: made empty, dropped at the end, on a server that nothing else uses."""

import atexit
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / ".s2s-bench/database"


def prepare(*, durable: bool) -> None:
    """Start the server and set Django up. With `durable=False` nothing waits for the disk, where its moods are no part of the question."""
    import django

    from s2s.machine import postgres

    os.environ |= {
        "S2S_DATA": str(FOLDER),
        "S2S_KEYS": str(FOLDER / "keys"),
        "S2S_SECRET_KEY": "for benchmarks only, for benchmarks only",
        "S2S_DEMO": "",
        "DJANGO_SETTINGS_MODULE": "s2s.settings",
    }
    postgres.stop(FOLDER)  # a run that was cut off may have left it, in the other way, and with the sessions of its database
    if not postgres.server_of(FOLDER).cluster.exists():
        postgres.ensure(FOLDER, durable=False)  # so its role may make databases; a server for a real site never lets it
        postgres.stop(FOLDER)
    os.environ["DATABASE_URL"] = postgres.ensure(FOLDER, durable=durable)
    atexit.register(postgres.stop, FOLDER)
    django.setup()


@contextmanager
def empty() -> Iterator[None]:
    """A database with all tables and nobody in them; one that a run left behind goes first."""
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    made = setup_databases(verbosity=0, interactive=False)
    try:
        yield
    finally:
        teardown_databases(made, verbosity=0)
