"""The worker's process: `python -m s2s.upkeep.worker JOBS GRACE`. It ends with status 0 only when it was asked to end."""

import asyncio
import logging
import os
import signal
import sys
from contextlib import suppress

import django

from s2s.machine.trouble import Trouble

log = logging.getLogger(__name__)

CONNECTING = 5.0  # seconds
NOT_ASKED = 75  # the status of a temporary failure (sysexits.h): its database went away


async def work(jobs: int, grace: float) -> bool:
    """Do what is due, so many jobs at once, until SIGTERM or Ctrl-C (then True), or until the queue cannot be listened to (False)."""
    from procrastinate.contrib.django import app

    async with app.open_async():
        return await _work(jobs, grace)


async def _work(jobs: int, grace: float) -> bool:
    from procrastinate.contrib.django import app

    asked = asyncio.Event()
    working = asyncio.ensure_future(
        app.run_worker_async(
            concurrency=jobs,
            fetch_job_polling_interval=1,  # seconds: of what has become due nobody notifies it, nor of anything through PgBouncer
            shutdown_graceful_timeout=grace,
            delete_jobs="successful",
            install_signal_handlers=False,
        )
    )

    def stop() -> None:
        if not asked.is_set():
            asked.set()
            working.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    with suppress(asyncio.CancelledError):
        await working
    return asked.is_set()


def main(jobs: int, grace: float) -> int:
    os.environ.setdefault("S2S_STATEMENT_TIMEOUT", "600")  # what comes round by the clock may take longer than a page
    django.setup()
    from procrastinate.contrib.django import app

    from s2s.upkeep import watch

    try:
        watch.check(CONNECTING)
    except Trouble as trouble:
        log.critical("%s", trouble)
        return trouble.status
    except watch.AWAY:
        return NOT_ASKED
    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
        return 0 if asyncio.run(work(jobs, grace)) else NOT_ASKED


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), float(sys.argv[2])))
