"""Before anything else: the tests' own data folder and PostgreSQL, so that no test ever meets real data.

Loaded by `-p tests.environment` (pyproject.toml).
"""

import os
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / ".s2s-test"

os.environ |= {"S2S_DATA": str(DATA), "S2S_KEYS": str(DATA / "keys"), "S2S_SECRET_KEY": "for tests only", "S2S_DEMO": "", "S2S_POOL": "4"}
for name in ("S2S_HOSTS", "S2S_SITE_URL", "EMAIL_URL", "PORT", "S2S_TRUSTED_PROXY"):
    os.environ.pop(name, None)
os.environ["DJANGO_SETTINGS_MODULE"] = "s2s.settings"
(DATA.parent / ".build/static").mkdir(parents=True, exist_ok=True)  # there before `collectstatic` too

if "S2S_TEST_DATABASE_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["S2S_TEST_DATABASE_URL"]
else:
    from s2s.upkeep import postgres

    os.environ["DATABASE_URL"] = postgres.ensure(DATA, durable=False)


def pytest_unconfigure(config: object) -> None:
    """The controller stops the server that it and its workers used."""
    if not hasattr(config, "workerinput") and "S2S_TEST_DATABASE_URL" not in os.environ:
        postgres.stop(DATA)
