"""What the worker does by the clock for the whole site."""

import logging

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Status

from s2s.upkeep import sweep

log = logging.getLogger(__name__)
JOBS_KEPT = 7 * 24  # hours


@app.periodic(cron="20 * * * *")
@app.task(name="sweep", queueing_lock="sweep", pass_context=False)
def hourly_sweep(timestamp: int) -> None:
    sweep.sweep()


@app.periodic(cron="40 3 * * *")
@app.task(name="remove old jobs", queueing_lock="remove old jobs", pass_context=True)
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:
    """Delete jobs that are done; failed ones stay for the operator to see."""
    await context.app.job_manager.delete_old_jobs(nb_hours=JOBS_KEPT)


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
