"""No e-mail is lost, and none is sent twice but where nobody can know: the mail server took it and its answer never came."""

from collections import Counter

import pytest

from tests.crash.mail_server import MailServer
from tests.crash.site import SENDERS, Site, until
from tests.crash.whole import assert_whole

pytestmark = pytest.mark.crash

ONE_FILE = 4  # e-mails: sender, addressee and both authorities
TRIED_ONCE = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'send e-mail' AND status = 'todo' AND attempts = 1"
DUE_NOW = "UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo'"
SILENT = "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'"  # nobody waits half a minute in a test
TAKE_UP_AGAIN = """
INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('default', 'retry stalled jobs', '{"timestamp": 0}')
"""


@pytest.fixture(autouse=True)
def _nothing_is_left_of_other_tests(site: Site) -> None:
    site.tell("DELETE FROM procrastinate_jobs")
    site.tell("DELETE FROM procrastinate_workers")
    site.tell("UPDATE notices_email SET sent_at = now() WHERE sent_at IS NULL")


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
    return site.count("SELECT count(*) FROM notices_email WHERE sent_at IS NULL")


def assert_each_came_once(site: Site, send: Send, post: MailServer) -> None:
    until(lambda: unsent(site) == 0, "every e-mail counts as sent")
    assert Counter(letter.number for letter in post.letters) == Counter(send.queued)
    assert_whole(site)


def test_emails_of_files_sent_while_the_mail_server_is_away_come_once_it_is_back(site: Site, send: Send, post: MailServer) -> None:
    post.stop()
    site.start_worker()
    send(files=2)
    until(lambda: site.count(TRIED_ONCE) == 2 * ONE_FILE, "each has been tried in vain and waits for the next try")
    assert unsent(site) == 2 * ONE_FILE

    post.start()
    site.tell(DUE_NOW)
    assert_each_came_once(site, send, post)


def test_two_workers_with_every_job_queued_twice_send_each_email_once(site: Site, send: Send, post: MailServer) -> None:
    for _ in range(2):
        site.start_worker()
    until(lambda: site.count("SELECT count(*) FROM procrastinate_workers") == 2, "both workers are there")
    post.slow_before.shut()
    send()
    twins = "INSERT INTO procrastinate_jobs (queue_name, task_name, args) SELECT queue_name, task_name, args FROM procrastinate_jobs"
    assert site.tell(f"{twins} WHERE task_name = 'send e-mail'") == ONE_FILE
    until(lambda: site.count(TRIED_ONCE) == ONE_FILE, "of each pair one is at it, and the other waits to see what comes of it")
    post.slow_before.open()
    until(lambda: unsent(site) == 0, "every e-mail counts as sent")
    site.tell(DUE_NOW)
    until(lambda: site.count("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'send e-mail'") == 0, "the twins are done too")
    assert_each_came_once(site, send, post)


def test_what_a_worker_had_not_sent_when_it_was_killed_the_next_one_sends(site: Site, send: Send, post: MailServer) -> None:
    post.slow_before.shut()
    worker = site.start_worker()
    send()
    until(post.slow_before.reached.is_set, "the worker is talking to the mail server")
    site.kill_worker(worker)
    post.slow_before.open()
    assert unsent(site) == ONE_FILE
    assert post.letters == []

    site.tell(SILENT)
    site.start_worker()
    site.tell(TAKE_UP_AGAIN)
    assert_each_came_once(site, send, post)


def test_what_the_mail_server_took_from_a_worker_that_was_killed_comes_again_under_the_same_number(
    site: Site, send: Send, post: MailServer
) -> None:
    post.slow_after.shut()
    worker = site.start_worker()
    send()
    until(post.slow_after.reached.is_set, "the mail server has a letter and the worker does not know")
    site.kill_worker(worker)
    post.slow_after.open()
    in_doubt = {letter.number for letter in post.letters}
    assert in_doubt

    site.tell(SILENT)
    site.start_worker()
    site.tell(TAKE_UP_AGAIN)
    until(lambda: unsent(site) == 0, "every e-mail counts as sent")
    came = Counter(letter.number for letter in post.letters)
    assert came.keys() == send.queued
    assert {number for number, times in came.items() if times > 1} == in_doubt


def test_emails_on_their_way_while_the_database_dies_are_not_lost(site: Site, send: Send, post: MailServer) -> None:
    post.slow_before.shut()
    worker = site.start_worker()
    send()
    until(post.slow_before.reached.is_set, "an e-mail is on its way")
    site.kill_database()
    post.slow_before.open()
    site.start_database()
    until(lambda: worker.poll() is not None, "the worker notices and ends, so that it is started anew")

    site.start_worker()
    site.tell(TAKE_UP_AGAIN)
    site.tell(DUE_NOW)
    until(lambda: unsent(site) == 0, "every e-mail counts as sent")
    assert {letter.number for letter in post.letters} == send.queued
    assert_whole(site)


def test_of_a_stalled_job_that_is_queued_again_already_nothing_is_left(site: Site, post: MailServer) -> None:
    """Sealing is queued every minute, once: the one that died need not be done again."""
    seal = "INSERT INTO procrastinate_jobs (queue_name, task_name, args, queueing_lock, status) VALUES"
    row = "('default', 's2s.audit.tasks.seal_audit_trail', '{\"timestamp\": 0}', 'seal', %s)"
    site.tell(f"{seal} {row}", "doing")
    site.tell("UPDATE procrastinate_jobs SET worker_id = NULL")
    site.tell(f"{seal} {row}", "todo")
    site.tell("UPDATE procrastinate_jobs SET scheduled_at = now() + interval '1 hour' WHERE status = 'todo'")
    site.start_worker()
    site.tell(TAKE_UP_AGAIN)
    until(lambda: site.count("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'") == 0, "nothing is stalled any more")
