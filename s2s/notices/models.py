"""The e-mails queued and sent. They hold no pupil's name, number or date of birth."""

import uuid

from django.db import models
from django.utils import timezone


class Email(models.Model):
    notice = models.CharField(max_length=40)
    key = models.UUIDField(default=uuid.uuid4, unique=True, help_text="the Message-ID: a mail server that gets it twice can tell")
    to = models.EmailField()
    subject = models.CharField(max_length=300)
    text = models.TextField()
    about = models.CharField(max_length=40, blank=True, help_text="the receipt number or user name it speaks of")
    queued_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["-queued_at"]),
            models.Index(fields=["about"]),
            models.Index(fields=["queued_at"], condition=models.Q(sent_at=None), name="emails_to_send"),
        ]

    def __str__(self) -> str:
        return f"{self.notice} {self.key}"
