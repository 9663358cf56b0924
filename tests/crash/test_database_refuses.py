"""The database has no room, or refuses a row: the person reads a plain page, nothing is half done, and the next try works."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.test import Client

from tests.crash.browser import Answer, form_with
from tests.crash.site import SENDERS, Site, until
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


def assert_polite(answer: Answer, says: str) -> None:
    assert answer.status == 503
    assert answer.headers["retry-after"] == "60"
    assert says in answer.html
    assert "No space left" not in answer.html
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["cache-control"] == "no-store"


PARTS = ("transfers_content", "transfers_pupil", "audit_entry", "notices_email")


@pytest.mark.parametrize("table", PARTS)
def test_an_upload_the_database_has_no_room_for_is_refused_politely_and_whole(site: Site, table: str) -> None:
    browser, (name, content) = site.browser(SENDERS[0]), site.a_file()
    form = form_with(name, content, browser.token())
    with no_room_in(site, table):
        assert_polite(browser.ask("POST", "/upload/ctf", *form), "Nothing that you sent just now was accepted.")
    assert site.count("SELECT count(*) FROM transfers_transfer WHERE name = %s", name) == 0

    assert not browser.upload(name, content).again
    assert_whole(site)


def test_a_file_that_was_accepted_when_only_the_answer_failed_has_its_receipt_when_sent_again(site: Site) -> None:
    browser, (name, content) = site.browser(SENDERS[0]), site.a_file()
    form = form_with(name, content, browser.token())
    with no_room_in(site, "django_session"):
        assert_polite(browser.ask("POST", "/upload/ctf", *form), "We cannot say whether what you sent just now was accepted.")
    assert browser.upload(name, content).again
    assert_whole(site)


def test_a_fault_of_ours_still_has_a_page() -> None:
    """A test that has not asked for the database cannot reach it, and neither can the page."""
    browser = Client(raise_request_exception=False)
    browser.cookies["s2s_session"] = "abcdefghijklmnopqrstuvwxyz012345"
    answer = browser.get("/home")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_once_the_database_is_back_nobody_meets_a_connection_that_died_with_it(site: Site) -> None:
    browser = site.browser(SENDERS[0])
    assert {browser.open("/home").status for _ in range(12)} == {200}, "both processes have their connections"
    site.kill_database()
    site.start_database()
    site.start_web()  # waits until each process has noticed that it is back
    assert {browser.open("/home").status for _ in range(12)} == {200}


@pytest.mark.parametrize("how", ["killed", "frozen"])
def test_while_the_database_is_away_every_page_says_so_and_the_session_survives(site: Site, how: str) -> None:
    browser = site.browser(SENDERS[0])
    with site.database_away(how):
        until(lambda: browser.open("/home").status == 503, "it is said that the site is not available")
        assert_polite(browser.open("/home"), "Nothing that you sent just now was accepted.")
        browser.cookies["s2s_language"] = "cy"
        for path in ("/", "/sign-in", "/help", "/upload/ctf", "/no-such-page"):
            assert_polite(browser.open(path), "Ni dderbyniwyd dim")
        assert browser.open("/livez").status == 200
        health = browser.open("/healthz")
        assert (health.status, json.loads(health.content)["database"]) == (503, "does not answer")
    site.start_web()  # waits until each process has noticed that it is back
    assert browser.open("/home").status == 200, "and the person is still signed in"


def test_who_waits_for_a_database_that_freezes_is_told(site: Site) -> None:
    browser, form = site.browser(SENDERS[0]), {}
    name, content = site.a_file()
    form = form_with(name, content, browser.token())
    answers: list[Answer] = []
    asking = threading.Thread(target=lambda: answers.append(browser.ask("POST", "/upload/ctf", *form)))
    with psycopg.connect(site.address) as keeper:
        keeper.execute("LOCK TABLE transfers_transfer")  # the upload waits in the middle
        asking.start()
        until(lambda: site.count("SELECT count(*) FROM pg_locks WHERE NOT granted") == 1, "the upload waits")
        with site.database_away("frozen"):
            asking.join(60)
    assert_polite(answers[0], "Nothing that you sent just now was accepted.")
    site.start_web()  # waits until each process has noticed that it is back
    assert not browser.upload(name, content).again
    assert_whole(site)
