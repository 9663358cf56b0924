"""The worker's part: the days of the yearly audit of users."""

from procrastinate.contrib.django import app

from s2s.administration import yearly_audit


@app.periodic(cron="10 5 * * *")
@app.task(name="yearly audit of users", queueing_lock="yearly audit of users", pass_context=False)
def yearly_audit_of_users(timestamp: int) -> None:
    yearly_audit.remind()
    yearly_audit.close_due()
