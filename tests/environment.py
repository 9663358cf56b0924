"""Before anything else: the tests' own data folder and PostgreSQL, so that no test ever meets real data.

Loaded by `-p tests.environment` (pyproject.toml). Two runs at once have a folder and a server each.
"""

import fcntl
import os
from itertools import count
from pathlib import Path
from typing import IO

PROJECT = Path(__file__).resolve().parent.parent
HELD: list[IO[str]] = []  # the lock of our folder, for as long as we live


def free_folder() -> Path:
    """.s2s-test, or .s2s-test-1 and so on while other runs have those before it."""
    for number in count():
        folder = PROJECT / (f".s2s-test-{number}" if number else ".s2s-test")
        folder.mkdir(exist_ok=True)
        lock = (folder / "tests.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            continue
        HELD.append(lock)
        return folder
    raise AssertionError


# The workers of xdist take over the controller's folder.
DATA = Path(os.environ["S2S_TEST_DATA"]) if "PYTEST_XDIST_WORKER" in os.environ else free_folder()

KEYS = DATA / f"keys{os.environ.get('PYTEST_XDIST_WORKER', '')}"  # each worker has a database, so each has keys

os.environ |= {"S2S_TEST_DATA": str(DATA), "S2S_DATA": str(DATA), "S2S_KEYS": str(KEYS)}
os.environ |= {
    "S2S_SECRET_KEY": "only-for-tests-only-for-tests-only",
    "S2S_DEMO": "",
    "S2S_POOL": "4",
    "S2S_REQUIRE_SECOND_FACTOR": "0",
}
for name in ("S2S_HOSTS", "S2S_SITE_URL", "EMAIL_URL", "PORT", "S2S_TRUSTED_PROXY", "S2S_OIDC_ISSUER"):
    os.environ.pop(name, None)
os.environ["DJANGO_SETTINGS_MODULE"] = "s2s.settings"
(PROJECT / ".build/static").mkdir(parents=True, exist_ok=True)  # there before `collectstatic` too

if "S2S_TEST_DATABASE_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["S2S_TEST_DATABASE_URL"]
else:
    from s2s.machine import postgres

    os.environ["DATABASE_URL"] = postgres.ensure(DATA, durable=False)


def pytest_unconfigure(config: object) -> None:
    """The controller stops the server that it and its workers used."""
    if not hasattr(config, "workerinput") and "S2S_TEST_DATABASE_URL" not in os.environ:
        postgres.stop(DATA)
    for lock in HELD:
        lock.close()
