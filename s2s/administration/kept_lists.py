"""An official list of schools between the look at what would change and the taking in: exactly the file that was looked at (3.8)."""

import zlib
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from s2s.accounts.actors import Actor
from s2s.administration.models import KeptList
from s2s.administration.rights import needs
from s2s.organisations import import_schools
from s2s.organisations.import_schools import Preview, Summary
from s2s.rules.roles import Can

MOST_NAMED = 200  # letters of a file's name


@needs(Can.IMPORT_SCHOOLS)
@transaction.atomic
def look(*, actor: Actor, name: str, content: bytes) -> tuple[KeptList, Preview]:
    """What taking in the list would do; it is kept for a day, in the place of the one the same person had. Raises ListRefused."""
    found = import_schools.preview(content)
    KeptList.objects.filter(person=actor.name).delete()
    return KeptList.objects.create(person=actor.name, name=name[:MOST_NAMED], packed=zlib.compress(content, 1)), found


def find(actor: Actor, key: UUID) -> KeptList | None:
    """The list, for whoever has chosen it; nobody else takes it in."""
    return KeptList.objects.filter(key=key, person=actor.name, at__gt=timezone.now() - KeptList.KEPT).first()


def preview(kept: KeptList) -> Preview:
    """What taking in the list would do now. Raises ListRefused."""
    return import_schools.preview(zlib.decompress(bytes(kept.packed)))


@needs(Can.IMPORT_SCHOOLS)
@transaction.atomic
def take_in(*, actor: Actor, kept: KeptList, close_many: bool) -> Summary:
    """Take in the list as it was looked at; it is then no longer kept. Raises ListRefused."""
    summary = import_schools.import_schools(by=actor, content=zlib.decompress(bytes(kept.packed)), close_many=close_many)
    kept.delete()
    return summary
