"""The worker seals the trail every minute."""

import logging

from procrastinate.contrib.django import app

from s2s.audit import trail

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="seal", pass_context=False)
def seal_audit_trail(timestamp: int) -> None:
    if trail.seal():
        end = trail.head()
        log.info("audit trail sealed up to %s, chain %s", end.number, end.chain.hex())
