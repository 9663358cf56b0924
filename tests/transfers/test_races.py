"""Two people at once, on two connections: one of them wins, the other is told, and nothing happens twice."""

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import psycopg
import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoDbBlocker

from s2s.accounts import sign_in
from s2s.accounts.actors import Site
from s2s.audit import chain
from s2s.audit.models import Action, Entry, Seal
from s2s.audit.verify import verify
from s2s.kept import kept
from s2s.notices import catalogue, errands
from s2s.notices.models import Email, Errand
from s2s.rules.lifecycle import State
from s2s.transfers import happened, keys, rotate
from s2s.transfers.models import Content, Delivery, Event, Transfer
from tests.cast import Cast
from tests.journeys import doors
from tests.samples import ctf, name_for

SENDER, RECIPIENT = "6812045", "6812061"
PATIENCE = 30  # seconds


@pytest.fixture(scope="module")
def database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database for these tests alone, dropped after them: they commit, and the audit trail refuses to be emptied."""
    usual = connection.settings_dict["NAME"]
    ours = f"{usual}_races"
    with django_db_blocker.unblock():
        _forget_connections()
        _tell_server(f'DROP DATABASE IF EXISTS "{ours}"', f'CREATE DATABASE "{ours}"')
        connection.settings_dict["NAME"] = ours
        try:
            call_command("migrate", verbosity=0)
            call_command("createcachetable")
            yield
        finally:
            _forget_connections()
            connection.settings_dict["NAME"] = usual
            _tell_server(f'DROP DATABASE "{ours}"')


def _forget_connections() -> None:
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]


def _tell_server(*statements: str) -> None:
    with _server() as server:
        for statement in statements:
            server.execute(statement)  # type: ignore[arg-type]


def _server() -> psycopg.Connection:
    """A connection that is none of Django's, to no database of the tests."""
    given = connection.get_connection_params()
    place = {name: given[name] for name in ("host", "port", "user", "password") if name in given}
    return psycopg.connect(**place, dbname="postgres", autocommit=True)


@pytest.fixture
def cast(database: None) -> Cast:
    cache.clear()
    assert connection.settings_dict["NAME"].endswith("_races"), "never a database that is not ours"
    return Cast()


numbers = iter(range(1, 999))


def a_file() -> tuple[str, bytes]:
    return name_for(SENDER, RECIPIENT, f"{next(numbers):03}"), ctf(source=SENDER, destination=RECIPIENT)


Ask = Callable[[], HttpResponse]


def at_once(place: object, name: str, first: Ask, second: Ask) -> list[HttpResponse]:
    """Both answers. `first` stands still at its call of `place.name`; `second` then begins, and waits for it or is done before it."""
    real = getattr(place, name)
    reached, others = threading.Event(), list[Future[HttpResponse]]()

    def stand_still(*words: object, **facts: object) -> object:
        if not reached.is_set():
            reached.set()
            _until(lambda: others and (others[0].done() or _somebody_waits()))
        return real(*words, **facts)

    with patch.object(place, name, stand_still), ThreadPoolExecutor(2) as pool:
        one = pool.submit(on_its_own_connection, first)
        _until(lambda: reached.is_set() or one.done())
        assert reached.is_set(), one.result()
        others.append(pool.submit(on_its_own_connection, second))
        return [one.result(PATIENCE), others[0].result(PATIENCE)]


def on_its_own_connection(ask: Ask) -> HttpResponse:
    try:
        return ask()
    finally:
        connections.close_all()


def _somebody_waits() -> bool:
    """Whether a connection to this database waits for another."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND cardinality(pg_blocking_pids(pid)) > 0"
    with _server() as server:
        return server.execute(waiting, [connection.settings_dict["NAME"]]).fetchall() != [(0,)]


def _until(condition: Callable[[], object]) -> None:
    given_up = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < given_up, "waited in vain"
        time.sleep(0.005)


def twin(client: Client) -> Client:
    """A second window of the same browser."""
    other = Client()
    other.cookies.update(client.cookies)
    return other


def send(client: Client, name: str, content: bytes) -> Ask:
    return lambda: client.post("/upload/ctf", {"files": doors.Named(name, content), "at_once": "on"})


def fetch(client: Client, key: str) -> Ask:
    return lambda: client.post("/download/ctf/fetch", {"file": key})


def confirm(client: Client, key: str) -> Ask:
    return lambda: client.post("/download/ctf/answer", {"file": key, "answer": "yes"})


def reject(client: Client, key: str) -> Ask:
    return lambda: client.post(f"/download/ctf/{key}/reject", {"reason": "not_ours"})


@pytest.fixture
def sender(cast: Cast) -> Client:
    cast.school(RECIPIENT)
    return cast.client(cast.person("SCHOOL", SENDER))


@pytest.fixture
def two(cast: Cast) -> tuple[Client, Client]:
    """Two people of the school that receives."""
    return cast.client(cast.person("SCHOOL", RECIPIENT)), cast.client(cast.person("SCHOOL", RECIPIENT, username="colleague"))


@dataclass
class Waiting:
    """A file on the recipient's list."""

    transfer: Transfer
    key: str

    @property
    def state(self) -> str:
        return Delivery.objects.get(key=self.key).state

    def steps(self) -> list[str]:
        return list(Event.objects.filter(delivery__key=self.key).order_by("pk").values_list("step", flat=True))

    def notices(self) -> list[str]:
        """What its sender has been written."""
        mine = Email.objects.filter(about=self.transfer.receipt, to=f"office@{SENDER}.example.org")
        return list(mine.order_by("pk").values_list("notice", flat=True))

    def entries(self, action: Action) -> int:
        return Entry.objects.filter(transfer=self.transfer.receipt, action=action).count()


@pytest.fixture
def file(sender: Client) -> Waiting:
    name, content = a_file()
    send(sender, name, content)()
    transfer = Transfer.objects.get(name=name)
    return Waiting(transfer, str(transfer.addressee.key))


def test_a_double_click_is_one_transfer_and_one_set_of_emails(sender: Client) -> None:
    name, content = a_file()
    answers = at_once(happened, "tell", send(sender, name, content), send(twin(sender), name, content))
    assert [answer.status_code for answer in answers] == [302, 302]
    transfer = Transfer.objects.get(name=name)
    assert transfer.deliveries.count() == 2, "the addressee's and the authority's copy"
    notices = Email.objects.filter(about=transfer.receipt).values_list("notice", flat=True)
    assert sorted(notices) == ["arrived", "copy", "sent"]
    actions = Entry.objects.filter(transfer=transfer.receipt).order_by("pk").values_list("action", flat=True)
    assert list(actions) == [Action.FILE_SENT, Action.FILE_SENT_AGAIN]


def test_a_double_click_shows_the_receipt(sender: Client) -> None:
    """The browser shows the answer to the second click."""
    name, content = a_file()
    _, second = at_once(happened, "tell", send(sender, name, content), send(twin(sender), name, content))
    assert Transfer.objects.get(name=name).receipt in doors.text(sender.get(second["Location"]))


def test_a_double_click_on_the_check_page_sends_once_and_shows_one_result(sender: Client) -> None:
    name, content = a_file()
    checked = sender.post("/upload/ctf", {"files": doors.Named(name, content)})["Location"]
    first, second = at_once(happened, "tell", lambda: sender.post(checked), lambda: twin(sender).post(checked))
    assert first["Location"] == second["Location"]
    assert "/upload/result/" in first["Location"]
    receipt = Transfer.objects.get(name=name).receipt
    assert receipt in doors.text(sender.get(first["Location"]))
    assert [entry.action for entry in Entry.objects.filter(transfer=receipt)] == [Action.FILE_SENT]


def test_other_bytes_under_the_same_name_at_once_are_two_transfers(sender: Client) -> None:
    name, content = a_file()
    other = ctf(2, source=SENDER, destination=RECIPIENT)
    at_once(happened, "tell", send(sender, name, content), send(twin(sender), name, other))
    assert sorted(Transfer.objects.filter(name=name).values_list("pupil_count", flat=True)) == [1, 2]


def test_two_people_who_confirm_at_once_are_one_event_and_one_email(file: Waiting, two: tuple[Client, Client]) -> None:
    one, other = two
    fetch(one, file.key)()
    answers = at_once(happened, "tell", confirm(one, file.key), confirm(other, file.key))
    assert [answer.status_code for answer in answers] == [302, 302]
    assert "Thank you" in doors.text(one.get("/download/ctf"))
    assert "Thank you" in doors.text(other.get("/download/ctf"))
    assert file.state == State.COLLECTED
    assert file.steps() == ["send", "fetch", "confirm"]
    assert file.notices() == ["sent", "collected"]
    assert file.entries(Action.CONFIRMED) == 1


def test_two_people_who_fetch_at_once_both_get_the_file(file: Waiting, two: tuple[Client, Client]) -> None:
    one, other = two
    answers = at_once(happened, "tell", fetch(one, file.key), fetch(other, file.key))
    assert [answer.getvalue() for answer in answers] == [ctf(source=SENDER, destination=RECIPIENT)] * 2
    assert file.state == State.FETCHED
    assert file.steps() == ["send", "fetch", "fetch"]


def test_of_confirming_and_rejecting_at_once_the_first_wins_and_the_other_is_told(file: Waiting, two: tuple[Client, Client]) -> None:
    one, other = two
    fetch(one, file.key)()
    confirmed, rejected = at_once(happened, "tell", confirm(one, file.key), reject(other, file.key))
    assert (confirmed.status_code, rejected.status_code) == (302, 400)
    assert file.state == State.COLLECTED
    assert file.notices() == ["sent", "collected"]
    assert (file.entries(Action.CONFIRMED), file.entries(Action.REJECTED)) == (1, 0)


def test_of_rejecting_and_confirming_at_once_the_first_wins_and_the_other_is_told(file: Waiting, two: tuple[Client, Client]) -> None:
    one, other = two
    fetch(one, file.key)()
    rejected, confirmed = at_once(happened, "tell", reject(one, file.key), confirm(other, file.key))
    assert (rejected.status_code, confirmed.status_code) == (302, 302)
    assert "Thank you" not in doors.text(other.get("/download/ctf"))
    assert file.state == State.REJECTED
    assert file.steps() == ["send", "fetch", "reject"]
    assert file.notices() == ["sent", "rejected"]
    assert (file.entries(Action.CONFIRMED), file.entries(Action.REJECTED)) == (0, 1)


def test_a_file_that_is_being_rejected_is_not_handed_over(file: Waiting, two: tuple[Client, Client]) -> None:
    one, other = two
    rejected, fetched = at_once(happened, "tell", reject(one, file.key), fetch(other, file.key))
    assert (rejected.status_code, fetched.status_code) == (302, 302)
    assert file.state == State.REJECTED
    assert file.steps() == ["send", "reject"]


def test_a_file_that_is_being_fetched_can_still_be_rejected(file: Waiting, two: tuple[Client, Client]) -> None:
    one, other = two
    fetched, rejected = at_once(happened, "tell", fetch(one, file.key), reject(other, file.key))
    assert fetched.getvalue() == ctf(source=SENDER, destination=RECIPIENT)
    assert rejected.status_code == 302
    assert file.state == State.REJECTED
    assert file.steps() == ["send", "fetch", "reject"]
    assert file.notices() == ["sent", "rejected"]


def test_two_who_seal_the_audit_trail_at_once_make_one_chain(file: Waiting) -> None:
    def seal() -> HttpResponse:
        return HttpResponse(str(chain.seal()))

    first, second = at_once(Seal.objects, "bulk_create", seal, seal)
    assert int(first.content) > 0
    assert second.content == b"0"
    assert verify() is None


def test_a_file_that_is_being_written_while_the_keys_are_changed_is_not_missed(file: Waiting, sender: Client) -> None:
    """Its sender's process has encrypted it to the older key, and commits only after the rotation came by."""
    reached, found = threading.Event(), threading.Event()
    name, content = a_file()
    tell, writers = happened.tell, rotate._writers

    def stand_still(*words: object, **facts: object) -> object:
        reached.set()
        found.wait(PATIENCE)
        return tell(*words, **facts)  # type: ignore[arg-type]

    def look() -> set[str]:
        if there := writers():
            found.set()
        return there

    def change_keys() -> HttpResponse:
        done = list(rotate.rotate(by=Site("console")))
        found.set()
        return HttpResponse(str(done[-1].done))

    stopped = (patch.object(happened, "tell", stand_still), patch.object(rotate, "_writers", look), patch.object(rotate, "GRACE", 0))
    with stopped[0], stopped[1], stopped[2], ThreadPoolExecutor(2) as pool:
        sending = pool.submit(on_its_own_connection, send(sender, name, content))
        assert reached.wait(PATIENCE)
        newest = keys.new_key()
        pool.submit(on_its_own_connection, change_keys).result(PATIENCE)
        sending.result(PATIENCE)
    assert Transfer.objects.filter(name=name).exists()
    assert set(Content.objects.values_list("key", flat=True)) == {newest.public}


def test_of_many_who_make_a_key_at_once_the_first_ones_stays(tmp_path: Path) -> None:
    """Threads of one process and processes alike: a key that was used and then replaced would lose what it closed."""
    everybody = 8
    for number in range(25):
        begin = threading.Barrier(everybody)

        def make(path: Path = tmp_path / f"{number}.key", begin: threading.Barrier = begin) -> bytes:
            begin.wait(PATIENCE)
            return kept(path, lambda: secrets.token_hex(32).encode())

        with ThreadPoolExecutor(everybody) as pool:
            made = {one.result(PATIENCE) for one in [pool.submit(make) for _ in range(everybody)]}
        assert made == {(tmp_path / f"{number}.key").read_bytes().strip()}
    assert not [file for file in tmp_path.iterdir() if file.name.startswith(".")], "nothing is left lying about"


def test_two_workers_that_hear_of_one_lock_at_once_tell_of_it_once(cast: Cast) -> None:
    person = cast.person("SCHOOL", SENDER)
    for ip in ("198.51.100.1", "198.51.100.2"):
        errands.leave(sign_in.TELL_OF_LOCK, username=person.username, ip=ip)
    before = Email.objects.filter(notice="locked").count()
    assert at_once(catalogue, "locked", errands.do_next, errands.do_next) == [True, True]  # type: ignore[comparison-overlap, arg-type]
    assert not Errand.objects.exists()
    assert Email.objects.filter(notice="locked").count() == before + 1
