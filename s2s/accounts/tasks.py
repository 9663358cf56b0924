"""The worker's part: e-mails whose making must not show at the door whether somebody exists."""

from procrastinate.contrib.django import app

from s2s.accounts import forgotten, sign_in


@app.task(name=forgotten.SEND, queue="mail")
def send_password_link(username: str, ip: str) -> None:
    forgotten.send_link(username, ip)


@app.task(name=sign_in.TELL_OF_LOCK, queue="mail")
def tell_of_lock(username: str, ip: str) -> None:
    sign_in.tell_of_lock(username, ip)
