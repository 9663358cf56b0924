"""A receipt outlives whatever is killed; without one there is a whole transfer or nothing; sending again makes one transfer."""

import random
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

import psycopg
import pytest

from tests.crash.browser import FORM, Browser, NoAnswer, Receipt, form_with
from tests.crash.site import PATIENCE, RECIPIENT, SENDERS, Site, until
from tests.crash.whole import assert_trail_is_sound, assert_whole, collected

pytestmark = pytest.mark.crash


@dataclass
class Sender:
    """Sends file after file; whatever got no answer is sent again until it gets one."""

    site: Site
    username: str
    enough: threading.Event
    receipts: dict[str, Receipt] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    unanswered: int = 0

    def __post_init__(self) -> None:
        self.browser = self.site.browser(self.username)

    def work(self) -> None:
        while not self.enough.is_set():
            name, content = self.site.a_file(self.username)
            self.contents[name] = content
            self.receipts[name] = self.send_until_answered(name, content)

    def send_until_answered(self, name: str, content: bytes) -> Receipt:
        given_up = time.monotonic() + PATIENCE
        while True:
            try:
                return self.browser.upload(name, content)
            except NoAnswer:
                self.unanswered += 1
                assert time.monotonic() < given_up
                time.sleep(0.02)


@contextmanager
def busy_senders(site: Site) -> Iterator[list[Sender]]:
    enough = threading.Event()
    senders = [Sender(site, username, enough) for username in SENDERS]
    threads = [threading.Thread(target=sender.work, name=sender.username) for sender in senders]
    for thread in threads:
        thread.start()
    try:
        yield senders
    finally:
        enough.set()
        for thread in threads:
            thread.join()


def test_every_receipt_outlives_the_death_of_web_server_and_database(site: Site) -> None:
    def some_more_are_sent() -> None:
        goal = sum(len(sender.receipts) for sender in senders) + random.randint(4, 24)
        until(lambda: sum(len(sender.receipts) for sender in senders) >= goal, "some more files have their receipts")

    with busy_senders(site) as senders:
        for _ in range(3):
            some_more_are_sent()
            site.kill_web()
            site.start_web()
        some_more_are_sent()
        site.kill_database()
        site.start_database()
        some_more_are_sent()

    assert sum(sender.unanswered for sender in senders) > 0, "nobody was interrupted: the test has shown nothing"
    sent = {name: content for sender in senders for name, content in sender.contents.items()}
    receipts = {name: receipt.number for sender in senders for name, receipt in sender.receipts.items()}
    assert len(receipts) == len(sent)
    assert dict(site.ask("SELECT name, receipt FROM transfers_transfer WHERE name = ANY(%s)", list(sent))) == receipts
    assert sent.items() <= collected(site).items()
    assert_whole(site)
    assert_trail_is_sound(site)


def test_what_was_answered_is_on_the_disk(site: Site) -> None:
    """Both die the moment the answer is here: nothing may have been left for later."""
    browser, (name, content) = site.browser(SENDERS[0]), site.a_file()
    form = form_with(name, content, browser.token())
    answer = browser.ask("POST", "/upload/ctf", *form)
    site.kill_database()
    site.kill_web()
    assert answer.status == 302

    site.start_database()
    site.start_web()
    assert collected(site)[name] == content
    assert_whole(site)


STEPS_OF_AN_UPLOAD = (  # the tables it writes, in its order
    "transfers_transfer",
    "transfers_content",
    "transfers_pupil",
    "transfers_delivery",
    "audit_entry",
    "notices_email",
    "django_session",
)
COMMITTED = "django_session"  # only the answer has not gone out
STAND_STILL = 6_812_049  # the number of the lock they wait for
TURNSTILE = f"""
CREATE FUNCTION stand_still() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'transfers_transfer' THEN
        PERFORM set_config('crash.step', (SELECT step FROM steps WHERE steps.name = NEW.name), false);
    END IF;
    IF current_setting('crash.step', true) = TG_TABLE_NAME
    OR to_jsonb(NEW) ->> 'action' = 'fetched' OR to_jsonb(NEW) ->> 'notice' = 'collected' THEN
        PERFORM pg_advisory_xact_lock_shared({STAND_STILL});
    END IF;
    RETURN NEW;
END $$;
"""
WHO_STAND_STILL = f"SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = {STAND_STILL} AND NOT granted"
OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND state <> 'idle'"


@contextmanager
def turnstiles(site: Site, steps: dict[str, str]) -> Iterator[None]:
    """Uploads stand still before their row of the table that `steps` has for their file name; fetching and confirming do near their end."""
    with psycopg.connect(site.address) as keeper:
        keeper.execute(f"SELECT pg_advisory_lock({STAND_STILL})")
        keeper.execute("CREATE TABLE steps (name text, step text)")
        keeper.cursor().executemany("INSERT INTO steps VALUES (%s, %s)", list(steps.items()))
        keeper.execute(TURNSTILE)
        for table in STEPS_OF_AN_UPLOAD:
            keeper.execute(f"CREATE TRIGGER stand_still BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION stand_still()")
        keeper.commit()
        yield
    until(lambda: site.count(OTHERS) == 0, "what the dead had begun is rolled back")
    site.tell("DROP FUNCTION stand_still CASCADE")
    site.tell("DROP TABLE steps")


def ask_and_be_killed(browser: Browser, path: str, body: bytes, kind: str) -> threading.Thread:
    def ask() -> None:
        with pytest.raises(NoAnswer):
            browser.ask("POST", path, body, kind)

    thread = threading.Thread(target=ask)
    thread.start()
    return thread


def states(site: Site, names: list[str]) -> list[object]:
    rows = site.ask(
        "SELECT d.state FROM transfers_delivery d JOIN transfers_transfer t ON t.id = d.transfer_id"
        " WHERE d.part = 'addressee' AND t.name = ANY(%s) ORDER BY t.name",
        names,
    )
    return [state for [state] in rows]


def test_killed_at_any_step_an_upload_a_fetch_and_a_confirmation_are_whole_or_not_there(site: Site) -> None:
    sender, recipient = site.browser(SENDERS[0]), site.browser(RECIPIENT)
    old = [site.a_file() for _ in range(2)]
    for name, content in old:
        sender.upload(name, content)
    names = [name for name, _ in old]
    to_fetch, to_confirm = (recipient.waiting()[name] for name in names)
    recipient.fetch(to_confirm)
    new = {step: site.a_file() for step in STEPS_OF_AN_UPLOAD}
    token, yes = sender.token(), f"csrfmiddlewaretoken={recipient.token()}&answer=yes&file="
    events = site.count("SELECT count(*) FROM transfers_event")

    with turnstiles(site, {name: step for step, (name, _) in new.items()}):
        asking = [
            *(ask_and_be_killed(sender, "/upload/ctf", *form_with(*file, token)) for file in new.values()),
            ask_and_be_killed(recipient, "/download/ctf/fetch", f"{yes}{to_fetch}".encode(), FORM),
            ask_and_be_killed(recipient, "/download/ctf/answer", f"{yes}{to_confirm}".encode(), FORM),
        ]
        until(lambda: site.count(WHO_STAND_STILL) == len(asking), "everybody stands at their step")
        site.kill_web()
        for thread in asking:
            thread.join()

    assert site.ask("SELECT name FROM transfers_transfer WHERE name = ANY(%s)", [name for name, _ in new.values()]) == [
        (new[COMMITTED][0],)
    ]
    assert states(site, names) == ["waiting", "fetched"]
    assert site.count("SELECT count(*) FROM transfers_event") == events + 1, "the one of the upload that was committed"
    assert_whole(site)

    site.start_web()
    again = {step: sender.upload(*file).again for step, file in new.items()}
    assert again == {step: step == COMMITTED for step in new}
    assert recipient.fetch(to_fetch) == old[0][1]
    recipient.confirm(to_confirm)
    assert states(site, names) == ["fetched", "collected"]
    assert_whole(site)


CUTS = {"in the middle": 0.5, "at the end of the file": -60, "in the last boundary": -6}


@contextmanager
def half_a_request(site: Site, path: str, headers: dict[str, str], body: bytes, until_here: int) -> Iterator[socket.socket]:
    """The line over which the head of a POST and the beginning of its body have gone."""
    said = {"Host": "127.0.0.1", "Content-Length": str(len(body)), **headers}
    head = "\r\n".join([f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in said.items()), "", ""])
    with closing(socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE)) as line:
        line.sendall(head.encode() + body[:until_here])
        yield line


@pytest.mark.parametrize("place", CUTS)
@pytest.mark.parametrize("politely", [True, False])
def test_a_body_that_breaks_off_leaves_no_row_and_no_bytes(site: Site, place: str, politely: bool) -> None:
    browser = site.browser(SENDERS[0])
    body, kind = form_with(*site.a_file(), browser.token())
    until_here = int(len(body) * CUTS[place]) if CUTS[place] > 0 else len(body) + int(CUTS[place])
    before = everything_kept(site)
    with half_a_request(site, "/upload/ctf", browser.headers(kind), body, until_here) as line:
        if politely:  # says that no more will come, and reads the answer
            line.shutdown(socket.SHUT_WR)
            assert b" 400 " in line.recv(1000).split(b"\r\n")[0]
        else:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # as when the cable is pulled
    until(lambda: site.count(OTHERS) == 0, "nothing is going on in the database")
    assert everything_kept(site) == before


def everything_kept(site: Site) -> list[tuple[object, ...]]:
    tables = ("transfers_transfer", "transfers_content", "transfers_pupil", "transfers_delivery", "notices_email")
    kept = [site.ask(f"SELECT count(*) FROM {table}")[0] for table in tables]
    return [*kept, *site.ask("SELECT count(*) FROM audit_entry WHERE action LIKE 'file %%'")]


def test_a_file_whose_reader_dies_before_it_says_yes_is_still_waiting(site: Site) -> None:
    name, content = site.a_file()
    site.browser(SENDERS[0]).upload(name, content)
    dies = site.browser(RECIPIENT)
    key = dies.waiting()[name]
    body = f"csrfmiddlewaretoken={dies.token()}&file={key}".encode()
    with half_a_request(site, "/download/ctf/fetch", dies.headers(FORM), body, len(body)) as line:
        assert b" 200 " in line.recv(2000), "the file is on its way"

    another = site.browser(RECIPIENT)
    assert another.waiting()[name] == key
    assert another.fetch(key) == content
    another.confirm(key)
    assert name not in another.waiting()
