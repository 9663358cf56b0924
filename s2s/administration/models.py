"""What administrators begin and finish later: audits of users, corrections, lists to take in, schools to set up; and notices on Home."""

import uuid
from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language

from s2s.accounts.models import User
from s2s.organisations.models import Organisation


class UserAudit(models.Model):
    """One year's audit, with the day by which each LEA Administrator has to answer."""

    due_on = models.DateField()
    started_at = models.DateTimeField(default=timezone.now)
    started_by = models.CharField(max_length=40)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=40, blank=True)
    cancelled = models.BooleanField(default=False, help_text="closed before its end: nobody was suspended")
    reminded = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="the last reminder sent: so many days before the day; 0: it has passed, and the office was told",
    )

    class Meta:
        ordering = ["-started_at"]
        constraints = [models.UniqueConstraint(fields=["closed_at"], nulls_distinct=False, name="one_audit_of_users_at_a_time")]

    def __str__(self) -> str:
        return f"{self.due_on}"

    @property
    def is_over(self) -> bool:
        """The day itself still counts."""
        return self.due_on < timezone.localdate()

    @property
    def awaits_closing(self) -> bool:
        """The day has passed, and the national administrator has still to say what becomes of those without an answer."""
        return self.closed_at is None and self.is_over

    @classmethod
    def running(cls) -> "UserAudit | None":
        return cls.objects.filter(closed_at=None).first()

    @classmethod
    def latest(cls) -> "UserAudit | None":
        return cls.objects.order_by("-pk").first()


class Confirmation(models.Model):
    """What was said of one person in one audit. Name and role stand here as they were: the record outlives the person."""

    class Answer(models.TextChoices):
        WAITING = "waiting"
        CONFIRMED = "confirmed"
        REMOVED = "removed"
        SUSPENDED = "suspended"  # nobody answered by the day
        UNANSWERED = "unanswered"  # nor for these, whom silence does not suspend (`rules/yearly_audit.py`)

    OPEN: ClassVar = (Answer.WAITING, Answer.SUSPENDED, Answer.UNANSWERED)  # may still be answered

    audit = models.ForeignKey(UserAudit, models.CASCADE, related_name="confirmations")
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    user = models.ForeignKey(User, models.SET_NULL, null=True)
    username = models.CharField(max_length=40)
    role = models.CharField(max_length=30)
    answer = models.CharField(max_length=12, default=Answer.WAITING)
    answered_by = models.CharField(max_length=40, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["username"]
        indexes = [models.Index(fields=["audit", "answer"])]
        constraints = [models.UniqueConstraint(fields=["audit", "username"], name="one_answer_for_a_person")]

    def __str__(self) -> str:
        return f"{self.username}: {self.answer}"


class SiteNotice(models.Model):
    """Words of the national administrator for everybody's Home page, between two moments."""

    text = models.CharField(max_length=1000)
    text_cy = models.CharField(max_length=1000)
    begins_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)
    written_by = models.CharField(max_length=40)

    class Meta:
        ordering = ["-begins_at"]

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def is_over(self) -> bool:
        return self.ends_at is not None and self.ends_at <= timezone.now()

    @property
    def local_text(self) -> str:
        return self.text_cy if get_language() == "cy" else self.text


class Correction(models.Model):
    """Another e-mail address or full name for a user, until they say by a link that it is right. Of the link only a digest is kept."""

    LASTS: ClassVar = timedelta(days=7)

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    digest = models.BinaryField(max_length=32)
    user = models.ForeignKey(User, models.CASCADE, related_name="corrections")
    name = models.CharField(max_length=150)
    email = models.EmailField()
    version = models.PositiveIntegerField(help_text="the user's when it was asked: any change since then makes it void")
    asked_by = models.CharField(max_length=40)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return f"{self.key}"

    @property
    def is_open(self) -> bool:
        fresh = self.asked_at > timezone.now() - self.LASTS
        return fresh and self.confirmed_at is None and self.version == self.user.version and self.user.is_active


class KeptList(models.Model):
    """An official list of schools that somebody has looked at and may take in; swept after a day."""

    KEPT: ClassVar = timedelta(days=1)

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    person = models.CharField(max_length=40, help_text="who has chosen it, and may take it in")
    name = models.CharField(max_length=200)
    packed = models.BinaryField(help_text="the file, compressed (zlib)")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class SetUp(models.Model):
    """Schools to be given their user account at one go; a line for each."""

    key = models.UUIDField(default=uuid.uuid4, unique=True)
    begun_by = models.ForeignKey(User, models.SET_NULL, null=True)
    person = models.CharField(max_length=40)
    ip = models.CharField(max_length=45)
    begun_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.key}"


class SetUpLine(models.Model):
    class Outcome(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        HAS_USER = "has a user already"
        NO_EMAIL = "has no e-mail address"
        CLOSED = "is closed"
        NAME_TAKEN = "its number is somebody's user name"
        NOT_ALLOWED = "whoever asked may no longer do it"

    run = models.ForeignKey(SetUp, models.CASCADE, related_name="lines")
    school = models.ForeignKey(Organisation, models.CASCADE)
    outcome = models.CharField(max_length=40, default=Outcome.WAITING)

    class Meta:
        indexes = [models.Index(fields=["run", "outcome"])]
        constraints = [models.UniqueConstraint(fields=["run", "school"], name="a_school_is_set_up_once")]

    def __str__(self) -> str:
        return f"{self.school_id}: {self.outcome}"
