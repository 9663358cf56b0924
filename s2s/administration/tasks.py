"""The worker's part: reminders of the yearly audit (it closes none: that is for a person), setting up many users, sweeping."""

from procrastinate.contrib.django import app

from s2s.administration import set_up_many, sweep, yearly_audit
from s2s.notices import errands


@app.periodic(cron="10 5 * * *")
@app.task(name="yearly audit of users", queueing_lock="yearly audit of users", pass_context=False)
def yearly_audit_of_users(timestamp: int) -> None:
    yearly_audit.remind()


errands.DOERS |= {set_up_many.SET_UP: set_up_many.work}


@app.periodic(cron="25 * * * *")
@app.task(name="sweep administration", queueing_lock="sweep administration", pass_context=False)
def hourly_sweep(timestamp: int) -> None:
    sweep.sweep()
