"""Words of the national administrator on everybody's Home page, from one day until another (3.9)."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from s2s.accounts.actors import Person
from s2s.administration import fields
from s2s.administration.fields import EntryFault, refuse
from s2s.administration.models import SiteNotice
from s2s.audit.models import Action
from s2s.audit.trail import record

Typed = tuple[str, str, str]  # day, month, year


@transaction.atomic
def publish(*, actor: Person, typed: Mapping[str, str], first: Typed, last: Typed) -> SiteNotice:
    """Show the words, in both languages, from the first day (today, if none is given) to the end of the last, or until they are
    withdrawn. Raises NotSaved.
    """
    values, days = dict[str, str](), dict[str, date | None]()
    fields.together(
        lambda: values.update(fields.checked(typed, fields.SITE_NOTICE)),
        lambda: days.update(first=fields.day("first", first)),
        lambda: days.update(last=fields.day("last", last)),
    )
    today = timezone.localdate()
    begins, ends = days["first"] or today, days["last"]
    if ends and ends < max(begins, today):
        raise refuse("last", EntryFault.ENDS_BEFORE)
    notice = SiteNotice.objects.create(
        begins_at=timezone.now() if begins == today else _start(begins),
        ends_at=_start(ends + timedelta(days=1)) if ends else None,
        written_by=actor.name,
        **values,
    )
    record(Action.NOTICE_PUBLISHED, by=actor, notice=notice.pk, text=notice.text)
    return notice


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@transaction.atomic
def withdraw(*, actor: Person, notice: SiteNotice) -> None:
    """Nobody sees it any more; it stays on record. Withdrawn twice is withdrawn once."""
    now = timezone.now()
    if SiteNotice.objects.filter(pk=notice.pk).exclude(ends_at__lte=now).update(ends_at=now):
        record(Action.NOTICE_WITHDRAWN, by=actor, notice=notice.pk)
