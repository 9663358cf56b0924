"""The worker's part: the weekly reminder."""

import logging

from procrastinate.contrib.django import app

from s2s.transfers import remind

log = logging.getLogger(__name__)


@app.periodic(cron="5 * * * *")
@app.task(name="weekly reminder", queueing_lock="weekly reminder", pass_context=False)
def weekly_reminder(timestamp: int) -> None:
    """Looked for each hour, so that a Monday on which no worker ran is caught up; done once a week."""
    if written := remind.remind():
        log.info("weekly reminder: %s places reminded", written)
