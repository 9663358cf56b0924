"""Words of the national administrator on everybody's Home page, from one day until another (3.9)."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from s2s.accounts.actors import Actor
from s2s.administration import fields
from s2s.administration.fields import EntryFault, refuse
from s2s.administration.models import SiteNotice
from s2s.administration.rights import needs
from s2s.audit.models import Action
from s2s.audit.trail import record
from s2s.rules.roles import Can


@needs(Can.SITE_NOTICES)
@transaction.atomic
def publish(*, actor: Actor, typed: Mapping[str, str], first: date | None, last: date | None) -> SiteNotice:
    """Show the words, in both languages, from the first day (today, if none is given) to the end of the last, or until they are
    withdrawn. Raises NotSaved.
    """
    values, today = dict[str, str](), timezone.localdate()
    begins = first or today
    fields.together(
        lambda: values.update(fields.checked(typed, fields.SITE_NOTICE)),
        lambda: _check_end(last, max(begins, today)),
    )
    notice = SiteNotice.objects.create(
        begins_at=timezone.now() if begins == today else _start(begins),
        ends_at=_start(last + timedelta(days=1)) if last else None,
        written_by=actor.name,
        **values,
    )
    record(Action.NOTICE_PUBLISHED, by=actor, notice=notice.pk, text=notice.text)
    return notice


def _check_end(last: date | None, earliest: date) -> None:
    if last and last < earliest:
        raise refuse("last", EntryFault.ENDS_BEFORE)


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@needs(Can.SITE_NOTICES)
@transaction.atomic
def withdraw(*, actor: Actor, notice: SiteNotice) -> None:
    """Nobody sees it any more; it stays on record. Withdrawn twice is withdrawn once."""
    now = timezone.now()
    if SiteNotice.objects.filter(pk=notice.pk).exclude(ends_at__lte=now).update(ends_at=now):
        record(Action.NOTICE_WITHDRAWN, by=actor, notice=notice.pk)
