"""What administrators have begun and nobody will finish any more."""

from django.utils import timezone

from s2s.administration.models import Correction, KeptList


def sweep() -> None:
    """Lists that were looked at and not taken in, and corrections whose link is dead. The audit trail keeps what was asked."""
    now = timezone.now()
    KeptList.objects.filter(at__lte=now - KeptList.KEPT).delete()
    Correction.objects.filter(asked_at__lte=now - Correction.LASTS).delete()
