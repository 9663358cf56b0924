"""People at work: some send files, some collect them, and whatever was not answered they do again."""

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from typing import TypeVar

from tests.crash.browser import NoAnswer, Receipt
from tests.crash.site import PATIENCE, SENDERS, Site
from tests.crash.whole import files_in

A = TypeVar("A")
P = TypeVar("P", bound="Person")


@dataclass
class Person(ABC):
    site: Site
    username: str
    enough: threading.Event
    ports: Sequence[int] = ()  # where the site can be reached: who gets no answer tries the next
    patience: float = PATIENCE
    unanswered: int = 0
    fault: BaseException | None = None

    def __post_init__(self) -> None:
        self.browser = self.site.browser(self.username)
        self.next_port = cycle(self.ports or (self.site.port,))

    def work(self) -> None:
        try:
            while not self.enough.is_set():
                self.do_one()
        except BaseException as fault:
            self.fault = fault
            raise

    @abstractmethod
    def do_one(self) -> None:
        """One piece of this person's work."""

    def until_answered(self, ask: Callable[[], A]) -> A:
        given_up = time.monotonic() + self.patience
        while True:
            try:
                return ask()
            except NoAnswer:
                self.unanswered += 1
                if time.monotonic() > given_up:
                    raise
                self.browser.port = next(self.next_port)
                time.sleep(0.02)


@dataclass
class Sender(Person):
    """Sends file after file."""

    receipts: dict[str, Receipt] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)

    def do_one(self) -> None:
        name, content = self.site.a_file(self.username)
        self.contents[name] = content
        self.receipts[name] = self.until_answered(lambda: self.browser.upload(name, content))


@dataclass
class Collector(Person):
    """Collects what waits, a few files at a time, and says yes when it is what was sent."""

    sent: Callable[[], Mapping[str, bytes]] = dict
    tried: set[str] = field(default_factory=set)  # yes may have been said
    collected: set[str] = field(default_factory=set)  # yes was said, and heard

    def do_one(self) -> None:
        if not self.until_answered(self.collect_some):
            time.sleep(0.2)

    def collect_some(self) -> bool:
        waiting = dict(list(self.browser.waiting(pages=1).items())[:4])
        if not waiting:
            return False
        files, sent = files_in(self.browser.fetch(*waiting.values()), list(waiting)), self.sent()
        assert files == {name: sent[name] for name in waiting}, "what came out is not what went in"
        self.tried |= waiting.keys()
        self.browser.confirm(*waiting.values())
        self.collected |= waiting.keys()
        return True


@contextmanager
def at_work(people: Sequence[P]) -> Iterator[Sequence[P]]:
    """They work meanwhile; afterwards they finish what they have begun."""
    threads = [threading.Thread(target=person.work, name=person.username) for person in people]
    for thread in threads:
        thread.start()
    try:
        yield people
    finally:
        for person in people:
            person.enough.set()
        for thread in threads:
            thread.join()


def senders(site: Site, *, ports: Sequence[int] = (), patience: float = PATIENCE) -> list[Sender]:
    enough = threading.Event()
    return [Sender(site, username, enough, ports, patience) for username in SENDERS]


@contextmanager
def busy_senders(site: Site) -> Iterator[Sequence[Sender]]:
    with at_work(senders(site)) as people:
        yield people
