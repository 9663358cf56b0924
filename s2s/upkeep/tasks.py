"""What the worker does by the clock for the whole site."""

import logging

from procrastinate import JobContext
from procrastinate.contrib.django import app

from s2s.upkeep import remind, sweep

log = logging.getLogger(__name__)
JOBS_KEPT = 7 * 24  # hours


@app.periodic(cron="0 7 * * 1")
@app.task(name="weekly reminder", queueing_lock="weekly reminder", pass_context=False)
def weekly_reminder(timestamp: int) -> None:
    log.info("weekly reminder: %s e-mails queued", remind.remind())


@app.periodic(cron="20 * * * *")
@app.task(name="sweep", queueing_lock="sweep", pass_context=False)
def hourly_sweep(timestamp: int) -> None:
    sweep.sweep()


@app.periodic(cron="40 3 * * *")
@app.task(name="remove old jobs", queueing_lock="remove old jobs", pass_context=True)
async def remove_old_jobs(context: JobContext, timestamp: int) -> None:
    """Jobs that are done; failed ones stay for the operator to see."""
    await context.app.job_manager.delete_old_jobs(nb_hours=JOBS_KEPT)
