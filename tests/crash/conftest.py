"""These tests have a site of their own, which runs only while they do."""

from collections.abc import Iterator

import pytest

from tests.crash.mail_server import MailServer
from tests.crash.site import RECIPIENT, SENDERS, Site


@pytest.fixture(scope="package")
def settled_site() -> Iterator[Site]:
    site = Site("site")
    try:
        yield site.settle(*SENDERS, RECIPIENT)
    finally:
        site.close()


@pytest.fixture
def site(settled_site: Site) -> Site:
    """With people in it and a web server, whatever the test before has killed; workers are started by the tests that need them."""
    settled_site.start_database()
    settled_site.start_web()
    return settled_site


@pytest.fixture
def post(site: Site) -> Iterator[MailServer]:
    """The mail server that the site sends to; it is up."""
    server = MailServer(site.mail_port)
    server.start()
    yield server
    server.close()
    for worker in list(site.workers):
        site.kill_worker(worker)
