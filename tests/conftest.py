"""What every test can ask for: a fixed cast with places, a browser-like client, the queue, the post."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import translation

from tests.cast import Cast


@pytest.fixture(autouse=True)
def _quick_passwords(settings: object) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _nothing_noted() -> None:
    """What the test before sealed was rolled back, so what it noted beside the keys is gone too."""
    (settings.KEYS / "audit.head").unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """A page in Welsh leaves its language behind in the process."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _plain_static(settings: object) -> None:
    """Pages name their style sheets whether or not `collectstatic` has run."""
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # type: ignore[attr-defined]


@pytest.fixture
def cast(db: None) -> Cast:
    """Hafan's neighbours: two local authorities and their schools and people, made as they are asked for."""
    cache.clear()
    assert settings.DATABASES["default"]["NAME"].startswith("test_"), "never the real database"
    return Cast()
