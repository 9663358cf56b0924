"""The yearly audit of users, in which each authority confirms in writing who its users are (1.6), and the notices on Home."""

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
    reminded = models.PositiveSmallIntegerField(null=True, blank=True, help_text="the last reminder sent: so many days before the day")

    class Meta:
        ordering = ["-started_at"]
        constraints = [models.UniqueConstraint(fields=["closed_at"], nulls_distinct=False, name="one_audit_of_users_at_a_time")]

    def __str__(self) -> str:
        return f"{self.due_on}"

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

    OPEN: ClassVar = (Answer.WAITING, Answer.SUSPENDED)  # may still be answered

    audit = models.ForeignKey(UserAudit, models.CASCADE, related_name="confirmations")
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    user = models.ForeignKey(User, models.SET_NULL, null=True)
    username = models.CharField(max_length=40)
    role = models.CharField(max_length=30)
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.WAITING)
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
