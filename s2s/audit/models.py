"""The audit trail's two tables; the database refuses UPDATE and DELETE on both (see the first migration)."""

from django.db import models
from django.utils import timezone


class Action(models.TextChoices):
    """Everything that leaves an entry."""

    SIGNED_IN = "signed in"
    SIGN_IN_REFUSED = "sign-in refused"
    SIGN_IN_LOCKED = "sign-in locked"
    LOGGED_OFF = "logged off"
    PASSWORD_CHANGED = "password changed"  # noqa: S105
    FILE_SENT = "file sent"
    FILE_SENT_AGAIN = "file sent again"
    FILE_REFUSED = "file refused"
    FETCHED = "fetched"
    CONFIRMED = "confirmed"
    RETURNED = "returned"
    REJECTED = "rejected"
    REFETCHED = "fetched again"
    SCHOOLS_IMPORTED = "schools imported"
    KEYS_ROTATED = "keys rotated"


class Entry(models.Model):
    """One thing that happened. No foreign keys: it outlives whatever it speaks of.

    `digest` is an HMAC-SHA256 over the other fields with a key that is not in the database.
    """

    at = models.DateTimeField(default=timezone.now)
    action = models.CharField(max_length=40, choices=Action.choices)
    person = models.CharField(max_length=150, blank=True)
    place = models.CharField(max_length=7, blank=True)
    address = models.CharField(max_length=45, blank=True)
    transfer = models.CharField(max_length=20, blank=True)
    facts = models.JSONField(default=dict)
    digest = models.BinaryField(max_length=32)

    class Meta:
        indexes = [models.Index(fields=["transfer"]), models.Index(fields=["person", "at"])]


class Seal(models.Model):
    """An entry's place in the chain: `chain` is SHA-256 of the chain before it and the entry's digest.

    Written by the worker in batches, so that people who act never wait for one another.
    """

    entry = models.BigIntegerField(unique=True)
    chain = models.BinaryField(max_length=32)
