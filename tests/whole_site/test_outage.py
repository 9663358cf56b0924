"""The database is away, or of another version: a page that says so, at every address and wherever it is noticed; and what machines hear."""

import io
import logging
from unittest import mock

import pytest
from django.conf import settings as of_the_site
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection, connections
from django.http import HttpRequest, HttpResponse
from django.test import Client

from s2s.accounts.session_store import SessionStore, stored_key
from s2s.logs import Outages
from s2s.upkeep import schema
from s2s.upkeep import watch as watching
from s2s.upkeep.schema import Misfit
from s2s.upkeep.watch import watch
from s2s.web import home
from s2s.web.urls import PAGES
from tests.cast import Cast
from tests.whole_site.test_pages import address

pytestmark = pytest.mark.django_db

TAKEN_NOTHING = "Nothing that you sent just now was accepted."
PERHAPS = "We cannot say whether what you sent just now was accepted."


def gone(*_: object, **__: object) -> None:
    raise OperationalError("the connection is closed")


@pytest.fixture
def client(cast: Cast) -> Client:
    found = cast.client(cast.person("SCHOOL", "6812045"))
    found.raise_request_exception = False
    return found


def assert_told(answer: object, says: str) -> None:
    assert answer.status_code == 503  # type: ignore[attr-defined]
    assert says in answer.content.decode().replace("&#39;", "'")  # type: ignore[attr-defined]
    assert answer.headers["Retry-After"] == "60"  # type: ignore[attr-defined]
    assert answer.headers["Cache-Control"] == "no-store"  # type: ignore[attr-defined]
    assert answer.headers["X-Frame-Options"] == "DENY"  # type: ignore[attr-defined]
    assert "s2s_session" not in answer.cookies, "the session goes on"  # type: ignore[attr-defined]


def test_a_page_whose_database_fails_says_that_nothing_was_taken(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("s2s.web.home.show", gone)
    assert_told(client.get("/home"), TAKEN_NOTHING)
    assert home.show is gone


def test_so_does_every_page_when_the_session_cannot_be_read(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SessionStore, "_get_session_from_db", gone)
    for path in ("/", "/home", "/upload/ctf", "/help"):
        assert_told(client.get(path), TAKEN_NOTHING)
    monkeypatch.undo()
    assert client.get("/home").status_code == 200


def test_when_the_session_cannot_be_saved_the_page_before_may_have_been_done(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.create_model_instance", gone)
    assert_told(client.get("/home"), PERHAPS)


def test_a_session_that_ended_meanwhile_is_still_a_bad_request(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def signed_out_elsewhere(request: HttpRequest, *_: object) -> HttpResponse:
        Session.objects.filter(session_key=stored_key(request.session.session_key)).delete()
        return HttpResponse("")

    monkeypatch.setattr("s2s.web.home.show", signed_out_elsewhere)
    assert client.get("/home").status_code == 400


def test_a_commit_that_was_not_answered_may_have_been_done(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent:
        def commit(self) -> None:
            gone()

    def commit(*_: object, **__: object) -> None:
        with mock.patch.object(connections["default"], "connection", Silent()):
            connections["default"]._commit()

    monkeypatch.setattr("s2s.web.home.show", commit)
    assert_told(client.get("/home"), PERHAPS)


@pytest.mark.parametrize(
    ("away", "misfit", "says"), [(True, Misfit.NONE, TAKEN_NOTHING), (False, Misfit.NEWER, "The site is being updated")]
)
def test_every_address_says_it_without_asking_the_database(
    client: Client, monkeypatch: pytest.MonkeyPatch, away: bool, misfit: Misfit, says: str
) -> None:
    monkeypatch.setattr(watch, "away", away)
    monkeypatch.setattr(watch, "misfit", misfit)
    with connection.execute_wrapper(gone):
        for row in PAGES:
            if row.name not in {"live", "health"}:
                assert_told(client.generic(row.methods[0], address(row)), says)


def test_in_welsh_to_those_who_read_welsh(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "away", True)
    client.cookies["s2s_language"] = "cy"
    assert_told(client.get("/home"), "Ni dderbyniwyd dim o'r hyn yr ydych newydd ei anfon.")


def test_a_site_whose_database_is_away_is_alive_but_not_well(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "look", gone)
    monkeypatch.setattr(watching, "AWAY", (OperationalError,))
    with connection.execute_wrapper(gone):
        assert client.get("/livez").status_code == 200
        answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "does not answer"


def test_tables_of_another_version_are_said_to_whoever_watches(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "look", lambda within: Misfit.OLDER)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "the tables are older than this version of s2s: s2s migrate"


def test_code_and_tables_are_compared_in_both_directions() -> None:
    with connection.cursor() as cursor:
        cursor.execute(schema.APPLIED)
        applied = [(app, name) for app, name in cursor.fetchall()]
    assert watching.look(10) is schema.misfit(applied) is Misfit.NONE
    ours = max(one for one in applied if one[0] == "transfers")
    assert schema.misfit([one for one in applied if one != ours]) is Misfit.OLDER
    assert schema.misfit([*applied, ("transfers", "9999_of_tomorrow")]) is Misfit.NEWER
    assert schema.misfit([*applied, ("an_app_of_yesterday", "0001_initial")]) is Misfit.NONE
    assert schema.misfit([]) is Misfit.OLDER


def test_an_outage_is_one_line_of_warning_and_health_no_line_of_error(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter("%(levelname)s %(message)s"))
    handler.addFilter(Outages())
    logger = logging.getLogger("django")
    logger.addHandler(handler)
    try:
        monkeypatch.setattr("s2s.web.home.show", gone)
        client.get("/home")
        monkeypatch.setattr(watching, "look", lambda within: Misfit.OLDER)
        client.get("/healthz")
    finally:
        logger.removeHandler(handler)
    lines = written.getvalue().splitlines()
    assert lines == [
        "WARNING Service Unavailable: /home: the connection is closed",
        "WARNING Service Unavailable: /healthz",
    ]
    assert "outages" in of_the_site.LOGGING["handlers"]["console"]["filters"]


@pytest.mark.parametrize(("silent_for", "status"), [(None, 503), (61, 503), (5, 200)])
def test_health_misses_a_worker_that_has_said_nothing_for_a_minute(cast: Cast, silent_for: int | None, status: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
        if silent_for is not None:
            cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => %s))", [silent_for])
    cast.sent("6812061", "6812045")  # so that there are keys
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()["worker"] == "ok") == (status, status == 200), answer.json()
