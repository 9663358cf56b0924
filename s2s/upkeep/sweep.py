"""Sweeping: what has served its purpose and nobody will ask for."""

from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from s2s.accounts.models import FailedSignIn, Intervention, OneTimeLink
from s2s.notices import outbox
from s2s.transfers import check_first, remind, results

FAILURES_KEPT = timedelta(days=1)  # they count for 15 minutes
LINKS_KEPT = timedelta(days=30)  # dead long before
INTERVENTIONS_KEPT = timedelta(days=30)  # they count for a day


def sweep() -> None:
    """Ended sessions, dead sign-ins and one-time links, old e-mails, results of uploads, and what waited too
    long to be sent. The audit trail keeps what happened."""
    SessionStore.clear_expired()
    FailedSignIn.objects.filter(at__lt=timezone.now() - FAILURES_KEPT).delete()
    OneTimeLink.objects.filter(expires_at__lt=timezone.now() - LINKS_KEPT).delete()
    outbox.forget()
    remind.forget()
    results.forget()
    check_first.forget()
    Intervention.objects.filter(at__lt=timezone.now() - INTERVENTIONS_KEPT).delete()
