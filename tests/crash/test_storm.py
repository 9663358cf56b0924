"""Everything that can happen to a site happens to it, again and again, while people send and collect; afterwards nothing is missing.

Two machines share one database, which is the first machine's own, on a disk that can be full. `make storm` goes on for minutes, of a seed
that it prints; `SEED=12345 make storm` draws the same faults in the same order. In `make test` a few of them come.
"""

import hashlib
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from itertools import count
from pathlib import Path

import psycopg
import pytest

from s2s.machine import postgres
from tests.crash.browser import Browser, NoAnswer
from tests.crash.load import Collector, Person, Sender, at_work, senders
from tests.crash.machine import Machine, family, kill
from tests.crash.mail_server import MailServer
from tests.crash.site import RECIPIENT, SENDERS, Site, free_port
from tests.crash.small_disk import SmallDisk
from tests.crash.test_database_refuses import no_room_in
from tests.crash.test_emails import DUE_NOW, LINES
from tests.crash.whole import assert_trail_is_sound, assert_whole

pytestmark = pytest.mark.crash

SEED = int(os.environ.get("STORM_SEED") or 6812045)
SECONDS = float(os.environ.get("STORM_SECONDS") or 0)  # 0: a few faults
RAREST = {"the disk is full", "everything dies", "the mail server hangs up", "the database freezes"}
PATIENCE = 180.0  # seconds for a site to heal: each process that died often waits for half a minute before it comes again
MOST_LINES = 2 * LINES  # of both machines, to the mail server
MOST_BETWEEN = 12 if SECONDS else 5  # receipts between two faults

EVERY_FILE = """
import django, hashlib; django.setup()
from s2s.transfers import store
from s2s.transfers.models import Transfer
for one in Transfer.objects.all().iterator(): print(one.name, one.receipt, hashlib.sha256(store.open_content(one)).hexdigest())
"""
TOLD_TWICE = 'SELECT notice, about, "to" FROM notices_email GROUP BY notice, about, "to" HAVING count(*) > 1'
COLLECTED = """
SELECT t.name, (SELECT count(*) FROM transfers_event WHERE delivery_id = d.id AND step = 'confirm'),
    (SELECT count(*) FROM audit_entry WHERE transfer = t.receipt AND action = 'confirmed'),
    (SELECT count(*) FROM notices_email WHERE about = t.receipt AND notice = 'collected')
FROM transfers_delivery d JOIN transfers_transfer t ON t.id = d.transfer_id WHERE d.part = 'addressee' AND d.state = 'collected'
"""


class Storm:
    def __init__(self, site: Site, disk: SmallDisk, post: MailServer, chance: random.Random) -> None:
        self.site, self.disk, self.post, self.chance = site, disk, post, chance
        environment = {name: value for name, value in site.environment.items() if name != "DATABASE_URL"}
        self.first = Machine("first", site.data, environment)
        self.second = Machine(
            "second",
            site.data.parent / "second",
            {**site.environment, "PORT": str(free_port()), "S2S_KEYS": str(site.data / "keys"), "S2S_WEB_PROCESSES": "1"},
        )
        self.machines = [self.first, self.second]
        self.in_doubt = 0  # e-mails that the mail server may have taken while their sender did not hear of it
        self.faults: dict[str, Callable[[], None]] = {
            "a web process dies": lambda: self.kill_one("web", below=True),
            "a web server dies": lambda: self.kill_one("web"),
            "a worker dies": lambda: self.kill_one("worker"),
            "a postman dies": lambda: self.kill_one("postman"),
            "a supervisor dies": lambda: self.any_machine().kill_supervisor(),
            "a backend dies": self.kill_backend,
            "the postmaster dies": lambda: self.kill_database(all_of_it=False),
            "the database dies": lambda: self.kill_database(all_of_it=True),
            "a machine dies": lambda: self.any_machine().kill_all(),
            "everything dies": self.kill_everything,
            "the database freezes": self.freeze_database,
            "the disk is full": self.fill_disk,
            "the mail server hangs up": self.hang_up,
            "the mail server is away": self.close_post,
        }

    @property
    def ports(self) -> list[int]:
        return [int(machine.environment["PORT"]) for machine in self.machines]

    def any_machine(self) -> Machine:
        return self.chance.choice(self.machines)

    def strike(self, fault: str) -> None:
        """Every fault but those of the web leaves, at worst, each line with one e-mail that comes again."""
        before = self.post.drops
        self.faults[fault]()
        self.in_doubt += max(0, self.post.drops - before) or MOST_LINES * ("web" not in fault)

    def wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for machine in self.machines:
                machine.tend()
            time.sleep(0.1)

    def wait_until(self, condition: Callable[[], object], what: str) -> None:
        given_up = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < given_up, f"waited in vain until {what}\n{self.last_words()}"
            self.wait(0.2)

    def last_words(self) -> str:
        return "\n".join(f"{machine.name}: {machine.log.read_text(errors='replace')[-3000:]}" for machine in self.machines)

    def is_well(self) -> bool:
        try:
            return {Browser(port).open("/healthz").status for port in self.ports} == {200}
        except NoAnswer:
            return False

    def kill_one(self, name: str, *, below: bool = False) -> None:
        """The process of this name on one machine; or one of those that it started."""
        kill(*self.any_machine().processes(name)[below : below + 1])

    def kill_backend(self) -> None:
        postmaster = postgres.server_of(self.site.data).process_id()
        backends = [one for one, (parent, said) in family().items() if parent == postmaster and "s2s s2s" in said]
        kill(*(self.chance.choice(backends) for _ in backends[:1]))

    def kill_database(self, *, all_of_it: bool) -> None:
        if postgres.server_of(self.site.data).holds_lock():
            kill(*self.site.database_processes()[: None if all_of_it else 1])

    def kill_everything(self) -> None:
        self.kill_database(all_of_it=True)
        for machine in self.machines:
            machine.kill_all()

    def freeze_database(self) -> None:
        if postgres.server_of(self.site.data).holds_lock():
            self.site.signal_database(signal.SIGSTOP)
            self.wait(self.chance.uniform(0.5, 6))
            self.site.signal_database(signal.SIGCONT)

    def fill_disk(self) -> None:
        """A real one; where none could be mounted, the database refuses as if it were."""
        with ExitStack() as stack:
            if os.path.ismount(self.disk.folder):
                stack.enter_context(self.disk.full())
            else:
                with suppress(psycopg.OperationalError):
                    stack.enter_context(no_room_in(self.site, "transfers_content"))
            self.wait(self.chance.uniform(1, 5))

    def hang_up(self) -> None:
        self.post.drops += self.chance.randint(1, 6)

    def close_post(self) -> None:
        self.post.stop()
        self.wait(self.chance.uniform(0.5, 4))
        self.post.start()


@pytest.fixture
def storm() -> Iterator[Storm]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    disk = SmallDisk(Path(os.environ["S2S_DATA"]) / f"small-disk-{worker}")
    site = Site(f"{disk.folder.name}/storm")
    disk.mount()
    post = MailServer(site.mail_port)
    post.start()
    storm = Storm(site.settle(*SENDERS, RECIPIENT), disk, post, random.Random(SEED))
    try:
        for log in (machine.log for machine in storm.machines):
            log.unlink(missing_ok=True)
        storm.wait_until(storm.is_well, "both machines are well")
        yield storm
    finally:
        post.close()
        for machine in storm.machines:
            machine.kill_all()
        site.close()
        disk.unmount()


def order(storm: Storm) -> Iterator[str]:
    """The faults that come, for as long as was asked for; or the rarest and a few others, each once."""
    if not SECONDS:
        others = storm.chance.sample(sorted(storm.faults.keys() - RAREST), 4)
        yield from storm.chance.sample([*sorted(RAREST), *others], len(RAREST) + 4)
        return
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        yield storm.chance.choice(list(storm.faults))


def test_whatever_happens_to_a_site_nothing_that_was_promised_is_missing(storm: Storm) -> None:
    say(f"the storm of seed {SEED}")
    people: list[Person] = [*senders(storm.site, ports=storm.ports, patience=PATIENCE)]
    sending = [person for person in people if isinstance(person, Sender)]
    collecting = Collector(
        storm.site,
        RECIPIENT,
        sending[0].enough,
        storm.ports,
        PATIENCE,
        sent=lambda: {k: v for one in sending for k, v in one.contents.items()},
    )
    with at_work([*people, collecting]):
        for number, fault in zip(count(1), order(storm), strict=False):
            say(f"{number}. {fault}, after {receipts(sending)} receipts")
            storm.strike(fault)
            if storm.chance.random() < 0.8:  # else the next one comes at once
                goal = receipts(sending) + storm.chance.randint(2, MOST_BETWEEN)
                storm.wait_until(lambda goal=goal: receipts(sending) >= goal, "some more files have their receipts")
            assert [person.fault for person in (*people, collecting) if person.fault] == []
        storm.wait_until(storm.is_well, "both machines are well again")
    for machine in storm.machines:
        assert "Traceback" not in "".join(machine.ends), "whoever gives up says why in a sentence"
    assert sum(person.unanswered for person in people) > 0, "nobody was interrupted: the test has shown nothing"
    assert_all_is_there(storm, sending, collecting)


def say(words: str) -> None:
    """To whoever watches a long storm; of a short one it is shown when it has failed."""
    print(f"{time.strftime('%X')} {words}", flush=True)  # noqa: T201


def receipts(sending: Sequence[Sender]) -> int:
    return sum(len(sender.receipts) for sender in sending)


def contents(sending: Sequence[Sender]) -> dict[str, bytes]:
    return {name: content for sender in sending for name, content in list(sender.contents.items())}


def assert_all_is_there(storm: Storm, sending: Sequence[Sender], collecting: Collector) -> None:
    site = storm.site
    promised = {
        name: (receipt.number, hashlib.sha256(sender.contents[name]).hexdigest())
        for sender in sending
        for name, receipt in sender.receipts.items()
    }
    assert {name: tuple(rest) for name, *rest in map(str.split, site.run("-c", EVERY_FILE).splitlines())} == promised
    collected = site.ask(COLLECTED)
    assert collecting.collected <= {name for name, *_ in collected} <= collecting.tried
    assert {tuple(counts) for _, *counts in collected} == {(1, 1, 1)}, "an event, an audit entry and an e-mail for each"
    assert_whole(site)
    assert_emails_came(storm)
    assert_trail_is_sound(site)
    assert storm.is_well()


def assert_emails_came(storm: Storm) -> None:
    site = storm.site
    storm.post.drops = 0

    def all_are_sent() -> bool:
        site.tell(DUE_NOW)
        storm.wait(1)
        return site.count("SELECT count(*) FROM notices_email WHERE state = 'waiting'") == 0

    storm.wait_until(all_are_sent, "every e-mail counts as sent")
    assert site.ask(TOLD_TWICE) == []
    came = Counter(letter.number for letter in storm.post.letters)
    assert came.keys() == {str(key) for [key] in site.ask("SELECT key FROM notices_email")}
    again = came.total() - len(came)
    say(f"{len(came)} e-mails, {again} of them again; at most {storm.in_doubt} may be")
    assert again <= storm.in_doubt
