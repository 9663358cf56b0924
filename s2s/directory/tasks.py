"""The worker's part: e-mails whose making must not show at the door whether somebody exists, and the days of the yearly audit of users."""

from procrastinate.contrib.django import app

from s2s.directory import forgotten, sign_in, yearly_audit


@app.task(name=forgotten.SEND, queue="mail")
def send_password_link(username: str, address: str) -> None:
    forgotten.send_link(username, address)


@app.task(name=sign_in.TELL_OF_LOCK, queue="mail")
def tell_of_lock(username: str, address: str) -> None:
    sign_in.tell_of_lock(username, address)


@app.periodic(cron="10 5 * * *")
@app.task(queueing_lock="yearly audit of users", pass_context=False)
def yearly_audit_of_users(timestamp: int) -> None:
    yearly_audit.remind()
    yearly_audit.close_due()
