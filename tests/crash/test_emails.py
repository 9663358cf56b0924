"""No e-mail is lost, and none is sent twice but where nobody can know: the mail server took it and its answer never came."""

import random
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.crash.browser import Browser
from tests.crash.mail_server import MailServer
from tests.crash.site import RECIPIENT, SENDERS, Site, until
from tests.crash.whole import assert_whole

pytestmark = pytest.mark.crash

ONE_FILE = 4  # e-mails: sender, addressee and both authorities
LINES = 4  # conversations of one worker with the mail server
TAKE_UP_AGAIN = """
INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('default', 'retry stalled jobs', '{"timestamp": 0}')
"""
DUE_NOW = "UPDATE notices_email SET due_at = now() WHERE state = 'waiting'"


@pytest.fixture(autouse=True)
def _nothing_is_left_of_other_tests(site: Site) -> Iterator[None]:
    site.tell("DELETE FROM procrastinate_jobs")
    site.tell("UPDATE notices_email SET state = 'sent'")
    yield
    site.tell("DELETE FROM notices_deadaddress")
    site.tell("UPDATE notices_email SET state = 'sent'")


@pytest.fixture
def send(site: Site) -> "Send":
    return Send(site)


class Send:
    def __init__(self, site: Site) -> None:
        self.site, self.browser = site, site.browser(SENDERS[0])
        self.earlier = self.emails()

    def emails(self) -> set[str]:
        return {str(key) for [key] in self.site.ask("SELECT key FROM notices_email")}

    @property
    def queued(self) -> set[str]:
        """The keys of the e-mails of these files."""
        return self.emails() - self.earlier

    def __call__(self, files: int = 1) -> None:
        for _ in range(files):
            self.browser.upload(*self.site.a_file())


def unsent(site: Site) -> int:
    return site.count("SELECT count(*) FROM notices_email WHERE state = 'waiting'")


def assert_each_came_once(site: Site, send: Send, post: MailServer) -> None:
    until(lambda: unsent(site) == 0, "every e-mail counts as sent")
    assert Counter(letter.number for letter in post.letters) == Counter(send.queued)
    assert_whole(site)


def test_emails_of_files_sent_while_the_mail_server_is_away_come_once_it_is_back(site: Site, send: Send, post: MailServer) -> None:
    post.stop()
    before = len(site.log("worker"))
    site.start_worker()
    send(files=2)
    until(lambda: "the mail server is away" in site.log("worker")[before:], "it has been tried in vain")
    assert unsent(site) == 2 * ONE_FILE
    post.start()
    assert_each_came_once(site, send, post)


def test_two_workers_send_each_email_once(site: Site, send: Send, post: MailServer) -> None:
    send(files=8)
    for _ in range(2):
        site.start_worker("postman")
    assert_each_came_once(site, send, post)


def test_what_a_worker_had_not_sent_when_it_was_killed_the_next_one_sends_at_once(site: Site, send: Send, post: MailServer) -> None:
    post.slow_before.shut()
    worker = site.start_worker("postman")
    send()
    until(post.slow_before.reached.is_set, "the worker is talking to the mail server")
    site.kill_worker(worker)
    post.slow_before.open()
    assert unsent(site) == ONE_FILE
    assert post.letters == []

    site.start_worker("postman")
    assert_each_came_once(site, send, post)


def test_what_the_mail_server_took_from_a_worker_that_was_killed_comes_again_under_the_same_number(
    site: Site, send: Send, post: MailServer
) -> None:
    post.slow_after.shut()
    worker = site.start_worker("postman")
    send()
    until(post.slow_after.reached.is_set, "the mail server has a letter and the worker does not know")
    site.kill_worker(worker)
    post.slow_after.open()
    in_doubt = {letter.number for letter in post.letters}
    assert in_doubt

    site.start_worker("postman")
    until(lambda: unsent(site) == 0, "every e-mail counts as sent")
    came = Counter(letter.number for letter in post.letters)
    assert came.keys() == send.queued
    assert {number for number, times in came.items() if times > 1} == in_doubt


def test_a_worker_killed_again_and_again_sends_each_once_but_for_the_one_in_flight(site: Site, send: Send, post: MailServer) -> None:
    """Two workers with four lines each; each kill leaves at most one e-mail of each line in doubt."""
    send(files=25)
    chance, kills = random.Random(6812045), 0
    workers = [site.start_worker("postman") for _ in range(2)]
    while unsent(site):
        goal = len(post.letters) + chance.randint(1, 20)
        until(lambda goal=goal: len(post.letters) >= goal or not unsent(site), "some more have come")
        if unsent(site):
            kills += 1
            site.kill_worker(workers.pop(0))
            workers.append(site.start_worker("postman"))
    came = Counter(letter.number for letter in post.letters)
    assert kills > 0, "nobody was killed: the test has shown nothing"
    assert came.keys() == send.queued
    assert sum(came.values()) - len(came) <= kills * LINES
    assert_whole(site)


def test_a_letter_taken_by_a_mail_server_that_hangs_up_comes_again_under_the_same_number(site: Site, send: Send, post: MailServer) -> None:
    post.drops = 1
    site.start_worker("postman")
    send()
    until(lambda: unsent(site) == 1, "the others have gone out")
    site.tell(DUE_NOW)
    until(lambda: unsent(site) == 0, "every e-mail counts as sent")
    assert sorted(Counter(letter.number for letter in post.letters).values()) == [1] * (ONE_FILE - 1) + [2]


def test_what_is_refused_for_good_is_given_up_at_once_and_holds_up_nothing(site: Site, send: Send, post: MailServer) -> None:
    post.refused = {f"office@{RECIPIENT}.example.org"}
    site.start_worker("postman")
    send(files=2)
    until(lambda: unsent(site) == 0, "nothing waits")
    assert len(post.letters) == 2 * (ONE_FILE - 1)
    assert site.ask("SELECT DISTINCT fault FROM notices_email WHERE state = 'refused'") == [("550 5.1.1",)]
    assert site.ask("SELECT email FROM notices_deadaddress") == [(f"office@{RECIPIENT}.example.org",)]
    assert "e-mails" not in site.health()["mail"]


def test_a_mail_server_that_stalls_holds_up_nothing_but_e_mails(site: Site, send: Send, post: MailServer) -> None:
    post.slow_after.shut()
    site.start_worker()
    send(files=6)
    until(lambda: len(post.letters) == LINES, "each line has a letter at the mail server, which thinks about it")
    site.tell("INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('default', 'seal audit trail', '{\"timestamp\": 0}')")
    Browser(site.port).submit("/forgotten-password", {"username": SENDERS[0]})
    until(lambda: site.count("SELECT count(*) FROM notices_errand") == 0, "the errand is done")
    until(lambda: site.count("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'seal audit trail'") == 0, "the trail is sealed")
    assert len(post.letters) == LINES, "nobody has hung up"
    post.slow_after.open()
    assert_each_came_once(site, send, post)


def test_emails_on_their_way_while_the_database_dies_are_not_lost(site: Site, send: Send, post: MailServer) -> None:
    post.slow_before.shut()
    site.start_worker()
    send()
    until(post.slow_before.reached.is_set, "an e-mail is on its way")
    site.kill_database()
    post.slow_before.open()
    site.start_database()
    until(lambda: unsent(site) == 0, "every e-mail counts as sent")
    assert {letter.number for letter in post.letters} == send.queued
    assert_whole(site)


def test_of_a_stalled_job_that_is_queued_again_already_nothing_is_left(site: Site, post: MailServer) -> None:
    """Sealing is queued every minute, once: the one that died need not be done again."""
    seal = "INSERT INTO procrastinate_jobs (queue_name, task_name, args, queueing_lock, status) VALUES"
    row = "('default', 'seal audit trail', '{\"timestamp\": 0}', 'seal audit trail', %s)"
    site.tell(f"{seal} {row}", "doing")
    site.tell("UPDATE procrastinate_jobs SET worker_id = NULL")
    site.tell(f"{seal} {row}", "todo")
    site.tell("UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour' WHERE status = 'todo'")
    site.start_worker()
    site.tell(TAKE_UP_AGAIN)
    until(lambda: site.count("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'") == 0, "nothing is stalled any more")
