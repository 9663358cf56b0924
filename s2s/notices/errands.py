"""A word left for the worker: a page leaves it in one statement, always the same, and shows nobody what comes of it.

An errand is a row, done and deleted in one transaction: none is lost, and none is done twice.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from s2s.notices.models import Errand

log = logging.getLogger(__name__)

FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(hours=1)
DOERS: dict[str, Callable[..., object]] = {}  # by the name of the errand: the parts above put theirs in


def leave(name: str, **facts: str) -> None:
    Errand.objects.create(name=name, facts=facts)


@transaction.atomic
def do_next() -> bool:
    """Do one errand that is due; False when there is none.

    One that fails is tried again, later each time, and others do not wait for it.
    """
    due = Errand.objects.select_for_update(skip_locked=True).filter(due_at__lte=timezone.now())
    errand = due.order_by("tries", "due_at", "pk").first()
    if errand is None:
        return False
    try:
        with transaction.atomic():
            DOERS[errand.name](**errand.facts)
    except Exception:
        log.exception("the errand “%s” failed; it is tried again later", errand.name)
        errand.due_at = timezone.now() + min(FIRST_WAIT * 2 ** min(errand.tries, 20), LONGEST_WAIT)
        errand.tries += 1
        errand.save(update_fields=["due_at", "tries"])
    else:
        errand.delete()
    return True


def late(after: timedelta) -> int:
    return Errand.objects.filter(queued_at__lt=timezone.now() - after).count()
