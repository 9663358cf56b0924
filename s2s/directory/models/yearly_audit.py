"""The yearly audit of users: each authority confirms in writing who its users are (1.6)."""

from django.db import models
from django.utils import timezone

from s2s.directory.models.organisations import Organisation
from s2s.directory.models.people import User


class UserAudit(models.Model):
    """One year's audit, with the day by which each LEA Administrator has to answer."""

    due_on = models.DateField()
    started_at = models.DateTimeField(default=timezone.now)
    started_by = models.CharField(max_length=40)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"{self.due_on}"


class Confirmation(models.Model):
    """What was said of one person in one audit. Name and role stand here as they were: the record outlives the person."""

    class Answer(models.TextChoices):
        WAITING = "waiting"
        CONFIRMED = "confirmed"
        REMOVED = "removed"
        SUSPENDED = "suspended"  # nobody answered by the day

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
        constraints = [models.UniqueConstraint(fields=["audit", "username"], name="one_answer_for_a_person")]

    def __str__(self) -> str:
        return f"{self.username}: {self.answer}"
