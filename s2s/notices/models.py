"""The outbox: e-mails as code and facts, written in the transaction that is their reason.

They hold no pupil's name, number or date of birth.
"""

import uuid
from enum import StrEnum

from django.db import models
from django.utils import timezone


class State(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"  # by the mail server for good, or not taken for three days
    UNWRITTEN = "unwritten"  # its text could not be made: a fault of ours


class Email(models.Model):
    """One e-mail. The worker renders it when it sends it, in the language of the recipient, or in both when it is not known."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, help_text="the Message-ID: a mail server that gets it twice can tell")
    notice = models.CharField(max_length=40)
    to = models.EmailField()
    language = models.CharField(max_length=2, blank=True)
    about = models.CharField(max_length=40, blank=True, help_text="the receipt number or user name it speaks of")
    facts = models.JSONField(default=dict, help_text="what it says: codes, numbers, names of places, moments as ISO 8601")
    state = models.CharField(max_length=10, default=State.WAITING, db_default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="how often it was handed to the mail server in vain")
    fault = models.CharField(max_length=40, blank=True, default="", db_default="", help_text="why the last try failed: a code, never words")
    queued_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now, help_text="not to be tried before")
    done_at = models.DateTimeField(null=True, blank=True, help_text="when it was no longer waiting")

    class Meta:
        indexes = [
            models.Index(fields=["-queued_at"]),
            models.Index(fields=["about"]),
            models.Index(fields=["tries", "due_at"], condition=models.Q(state="waiting"), name="emails_to_send"),
            models.Index(fields=["done_at"], condition=models.Q(state__in=["refused", "unwritten"]), name="emails_given_up"),
        ]

    def __str__(self) -> str:
        return f"{self.notice} {self.key}"


class DeadAddress(models.Model):
    """An e-mail address that the mail server refuses. It goes when an e-mail arrives there after all."""

    email = models.EmailField(unique=True)
    fault = models.CharField(max_length=40, help_text="the mail server's code")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "dead addresses"

    def __str__(self) -> str:
        return self.email


class Errand(models.Model):
    """A word left for the worker, so that the page that left it takes the same time whatever comes of it; gone when it is done."""

    name = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    tries = models.PositiveSmallIntegerField(default=0)
    queued_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now, help_text="not to be tried before")

    class Meta:
        indexes = [models.Index(fields=["tries", "due_at"])]

    def __str__(self) -> str:
        return self.name
