"""What a test in a browser can ask for: `visits`, pages of a running site as somebody sees them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.running_site import RunningSite, running_site
from tests.browser.visits import Visits, chromium


@pytest.fixture(scope="session")
def site() -> Iterator[RunningSite]:
    """One for all tests of this process: each test sends files of its own."""
    with running_site() as site:
        yield site


@pytest.fixture(scope="module")
def browser_program() -> Iterator[Browser]:
    """Closed after each module: while Playwright runs, its event loop does, and Django refuses its database to other tests."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def visits(site: RunningSite, browser_program: Browser) -> Iterator[Visits]:
    visits = Visits(site, browser_program)
    yield visits
    visits.end()
