"""The worker's part: sending what is queued, with patience when the mail server is away."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from s2s.notices import post

# Waits 1 minute after the first failure, 11 after the second, and so on: some 30 tries over three days.
PATIENCE = RetryStrategy(max_attempts=30, wait=60, linear_wait=600)


@app.task(name=post.SEND, queue="mail", retry=PATIENCE)
def send_email(pk: int) -> None:
    post.send(pk)
