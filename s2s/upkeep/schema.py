"""Whether this code and the tables of this database belong together; neither older nor newer tables are worked on."""

from collections.abc import Iterable
from enum import StrEnum
from functools import cache

from django.db.migrations.loader import MigrationLoader

Migration = tuple[str, str]  # app and name
APPLIED = "SELECT app, name FROM django_migrations"


class Misfit(StrEnum):
    NONE = ""
    OLDER = "the tables are older than this version of s2s: s2s migrate"
    NEWER = "the tables are newer than this version of s2s: start the version that they were made for"


def misfit(applied: Iterable[Migration]) -> Misfit:
    """What is wrong between the code and a database in which these migrations were applied."""
    there, known = set(applied), _known()
    if any(one not in there and not (replaced and replaced <= there) for one, replaced in known.items()):
        return Misfit.OLDER
    apps = {app for app, _ in known}
    ours = set(known).union(*known.values())
    return Misfit.NEWER if any(one[0] in apps and one not in ours for one in there) else Misfit.NONE


@cache
def _known() -> dict[Migration, frozenset[Migration]]:
    """Every migration of this code, with those it replaces."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return {key: frozenset(one.replaces) for key, one in loader.disk_migrations.items()}
