"""The worker's process for e-mails: lines to the mail server beside one another, and one that does errands.

A stalled mail server holds up these lines and nothing else: what the clock asks for is done in the other process of the worker.
"""

import logging
import signal
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from threading import Event, Thread

from django.conf import settings
from django.db import connection

from s2s.notices import errands, outbox
from s2s.upkeep import watch
from s2s.words import emails

log = logging.getLogger(__name__)

POLL, LONGEST_PAUSE = 1.0, 60.0  # seconds
CONNECTING = 5.0  # seconds
GRACE = 6.0  # seconds in which a line may finish the e-mail that is going out


def work() -> None:
    """Send e-mails and do errands until SIGTERM or Ctrl-C. Raises Trouble when the database is of another version or kind."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    _check(stop)
    rounds: list[Callable[[], object]] = [errands.do_next]
    rounds += [partial(outbox.Line(emails.write).send_due, enough=stop.is_set) for _ in range(settings.MAIL_LINES)]
    threads = [Thread(target=go_on, args=(one, stop), daemon=True) for one in rounds]
    for thread in threads:
        thread.start()
    while not stop.wait(POLL):
        pass
    for thread in threads:
        thread.join(GRACE / len(threads))


def _check(stop: Event) -> None:
    """Wait for the database, if it is away, and see that it is the right one."""
    while not stop.is_set():
        with suppress(*watch.AWAY):
            watch.check(CONNECTING)
            return
        stop.wait(POLL)


def go_on(a_round: Callable[[], object], stop: Event) -> None:
    """Do one round after another; a pause when there was nothing to do, and a growing one while mail server or database are away."""
    pause = POLL
    while not stop.is_set():
        try:
            busy, pause = a_round(), POLL
        except outbox.Away as away:
            busy, pause = False, min(pause * 2, LONGEST_PAUSE)
            log.warning("the mail server is away (%s); e-mails wait, next try in %.0f s", away, pause)
        except Exception:
            busy, pause = False, min(pause * 2, LONGEST_PAUSE)
            log.exception("the postman stumbled; next try in %.0f s", pause)
        finally:
            connection.close()
        if not busy:
            stop.wait(pause)
