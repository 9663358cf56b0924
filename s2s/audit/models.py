"""The audit trail's two tables; the database refuses UPDATE and DELETE on both (see the first migration)."""

from django.db import models
from django.db.models.functions import Upper
from django.utils import timezone

from s2s.audit.identity import new_id


class Action(models.TextChoices):
    """Everything that leaves an entry."""

    SIGNED_IN = "signed in"
    SIGN_IN_REFUSED = "sign-in refused"
    SIGN_IN_LOCKED = "sign-in locked"
    LOGGED_OFF = "logged off"
    PASSWORD_CHANGED = "password changed"  # noqa: S105
    PASSWORD_SET_BY_LINK = "password set by link"  # noqa: S105
    PASSWORD_LINK_SENT = "password link sent"  # noqa: S105
    ACCOUNT_LOCKED = "account locked"
    SECOND_FACTOR_ADDED = "second factor added"
    SECOND_FACTOR_REMOVED = "second factor removed"
    SECOND_FACTOR_REFUSED = "second factor refused"
    RECOVERY_CODES_MADE = "recovery codes made"
    OUTSIDE_SIGN_IN_CONNECTED = "outside sign-in connected"
    OUTSIDE_SIGN_IN_DISCONNECTED = "outside sign-in disconnected"
    OUTSIDE_SIGN_IN_REFUSED = "outside sign-in refused"
    SESSION_ENDED = "session ended"
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
    TRAIL_ACKNOWLEDGED = "end of the trail acknowledged"
    USER_ADDED = "user added"
    USER_ROLE_CHANGED = "role of a user changed"
    USER_DELETED = "user deleted"
    USER_SWITCHED_OFF = "user switched off"
    USER_SWITCHED_ON = "user switched on"
    PASSWORD_RESET = "password reset by an administrator"  # noqa: S105
    USER_AUDIT_STARTED = "yearly audit of users started"
    USERS_CONFIRMED = "users confirmed"
    USERS_SUSPENDED = "users suspended"
    USER_AUDIT_EXTENDED = "yearly audit of users extended"
    USER_AUDIT_CANCELLED = "yearly audit of users cancelled"
    USER_AUDIT_CLOSED = "yearly audit of users closed"
    USER_RENAMED = "user renamed"
    SET_UP_BEGUN = "users of many schools set up"
    CORRECTION_ASKED = "details of a user corrected"
    CORRECTION_CONFIRMED = "corrected details confirmed by the user"
    SCHOOL_ADDED = "school added"
    SCHOOL_CHANGED = "school changed"
    SCHOOL_DELETED = "school deleted"
    AUTHORITY_CHANGED = "local authority changed"
    CATEGORY_ADDED = "category added"
    CATEGORY_CHANGED = "category changed"
    CATEGORY_REMOVED = "category removed"
    NOTICE_PUBLISHED = "notice published"
    NOTICE_WITHDRAWN = "notice withdrawn"


class Entry(models.Model):
    """One thing that happened. No foreign keys: it outlives whatever it speaks of.

    `digest` is an HMAC-SHA256 over the other fields, the number included, with a key that is not in the database.
    """

    id = models.UUIDField(primary_key=True, default=new_id)
    at = models.DateTimeField(default=timezone.now)
    action = models.CharField(max_length=40, help_text="one of Action; no choices here, so that a new one takes no migration")
    person = models.CharField(max_length=150, blank=True)
    place = models.CharField(max_length=7, blank=True)
    ip = models.CharField(max_length=45, blank=True)
    transfer = models.CharField(max_length=20, blank=True)
    facts = models.JSONField(default=dict)
    digest = models.BinaryField(max_length=32)

    class Meta:
        indexes = [
            models.Index(fields=["transfer"]),
            models.Index(fields=["person", "at"]),
            models.Index(Upper("person"), condition=models.Q(action=Action.SIGNED_IN), name="who_ever_signed_in"),
        ]


class Seal(models.Model):
    """An entry's place in the chain: `chain` is an HMAC over the chain before it, the position, the entry's number and its digest.

    Written by the worker in batches, so that people who act never wait for one another. Positions have no gaps.
    """

    position = models.BigIntegerField(primary_key=True)
    entry = models.UUIDField(unique=True)
    chain = models.BinaryField(max_length=32)
