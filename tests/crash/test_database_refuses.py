"""The database has no room, or refuses a row: the person reads a plain page, nothing is half done, and the next try works."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.test import Client

from tests.crash.browser import Answer, form_with
from tests.crash.site import SENDERS, Site
from tests.crash.whole import assert_whole

pytestmark = pytest.mark.crash

NO_ROOM = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file "base/16384/16999": No space left on device' USING ERRCODE = 'disk_full'; END $$;
"""


@contextmanager
def no_room_in(site: Site, table: str) -> Iterator[None]:
    site.tell(NO_ROOM)
    site.tell(f"CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION no_room()")
    try:
        yield
    finally:
        site.tell("DROP FUNCTION no_room CASCADE")


def assert_polite(answer: Answer) -> None:
    assert answer.status == 500
    assert "Something went wrong on our side" in answer.html
    assert "IMS@gov.wales" in answer.html
    assert "No space left" not in answer.html
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["cache-control"] == "no-store"


PARTS = ("transfers_content", "transfers_pupil", "audit_entry", "notices_email", "procrastinate_jobs")


@pytest.mark.parametrize("table", PARTS)
def test_an_upload_the_database_has_no_room_for_is_refused_politely_and_whole(site: Site, table: str) -> None:
    browser, (name, content) = site.browser(SENDERS[0]), site.a_file()
    form = form_with(name, content, browser.token())
    with no_room_in(site, table):
        assert_polite(browser.ask("POST", "/upload/ctf", *form))
    assert site.count("SELECT count(*) FROM transfers_transfer WHERE name = %s", name) == 0

    assert not browser.upload(name, content).again
    assert_whole(site)


def test_a_file_that_was_accepted_when_only_the_answer_failed_has_its_receipt_when_sent_again(site: Site) -> None:
    browser, (name, content) = site.browser(SENDERS[0]), site.a_file()
    form = form_with(name, content, browser.token())
    with no_room_in(site, "django_session"):
        assert browser.ask("POST", "/upload/ctf", *form).status == 400  # Django takes it for a session that has just ended
    assert browser.upload(name, content).again
    assert_whole(site)


def test_without_a_database_there_is_still_a_page_that_says_so() -> None:
    """A test that has not asked for the database cannot reach it, and neither can the page."""
    browser = Client(raise_request_exception=False)
    browser.cookies["s2s_session"] = "abcdefghijklmnopqrstuvwxyz012345"
    answer = browser.get("/home")
    assert_polite(Answer(answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, answer.content))


def test_once_the_database_is_back_nobody_meets_a_connection_that_died_with_it(site: Site) -> None:
    browser = site.browser(SENDERS[0])
    assert {browser.open("/home").status for _ in range(12)} == {200}, "both processes have their connections"
    site.kill_database()
    site.start_database()
    assert {browser.open("/home").status for _ in range(12)} == {200}
