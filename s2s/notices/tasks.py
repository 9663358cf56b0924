"""The worker's part: sending what is queued, with patience when the mail server is away, and taking up what a dead worker left."""

import logging

from procrastinate import JobContext, RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from s2s.notices import post

log = logging.getLogger(__name__)

# Waits 1 minute after the first failure, 11 after the second, and so on: some 30 tries over three days.
PATIENCE = RetryStrategy(max_attempts=30, wait=60, linear_wait=600)


@app.task(name=post.SEND, queue="mail", retry=PATIENCE)
def send_email(pk: int) -> None:
    try:
        post.send(pk)
    except OSError as away:  # SMTP's errors are among them
        log.warning("the mail server did not take an e-mail (%s); it is tried again later", type(away).__name__)
        raise


@app.periodic(cron="* * * * *")
@app.task(name="retry stalled jobs", queueing_lock="retry stalled jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Queue again, of whatever kind, what workers were doing that have not been heard of for half a minute; procrastinate leaves it to us.

    A worker may be alive after all, so every job must bear being done twice.
    """
    jobs = context.app.job_manager
    stalled = list(await jobs.get_stalled_jobs())
    for job in stalled:
        try:
            await jobs.retry_job(job)
        except UniqueViolation:  # a job of which one is enough, and one is queued
            await jobs.finish_job(job, Status.ABORTED, delete_job=True)
    if stalled:
        log.warning("a worker died: %s of its jobs are tried again", len(stalled))
