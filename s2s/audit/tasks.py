"""The worker seals the trail every minute."""

import logging

from procrastinate.contrib.django import app

from s2s.audit import chain

log = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(name="seal audit trail", queueing_lock="seal audit trail", pass_context=False)
def seal_audit_trail(timestamp: int) -> None:
    if chain.seal():
        log.info("audit trail sealed up to %s", chain.head())


@app.periodic(cron="20 4 * * *")
@app.task(name="seal what came late", queueing_lock="seal what came late", pass_context=False)
def seal_what_came_late(timestamp: int) -> None:
    """Seal, once a day, the entries that sealing from the head on has passed by: this goes through the whole trail."""
    if sealed := chain.seal(late=True):
        log.info("audit trail sealed up to %s, entries that came late: %s", chain.head(), sealed)
