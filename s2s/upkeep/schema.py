"""Whether this code and this database belong together: neither older nor newer tables are worked on, and a demonstration only as such."""

from collections.abc import Iterable
from enum import StrEnum
from functools import cache

from django.db.migrations.loader import MigrationLoader

Migration = tuple[str, str]  # app and name
APPLIED = "SELECT app, name FROM django_migrations"
IS_DEMONSTRATION = "SELECT EXISTS (SELECT FROM organisations_demonstration)"


class Misfit(StrEnum):
    NONE = ""
    OLDER = "the tables are older than this version of s2s: s2s migrate"
    NEWER = "the tables are newer than this version of s2s: start the version that they were made for"
    DEMONSTRATION = "the database is a demonstration's, whose passwords are published: set S2S_DEMO=1, or give the site another database"
    IN_EARNEST = "S2S_DEMO is set, and the database is no demonstration's: set S2S_DEMO=0. Only s2s up makes one, of an empty database"

    @property
    def is_of_purpose(self) -> bool:
        """Whether no migration will mend it: the settings are wrong."""
        return self in {Misfit.DEMONSTRATION, Misfit.IN_EARNEST}


def misfit(applied: Iterable[Migration]) -> Misfit:
    """What is wrong between the code and a database in which these migrations were applied."""
    there, known = set(applied), _known()
    if any(one not in there and not (replaced and replaced <= there) for one, replaced in known.items()):
        return Misfit.OLDER
    apps = {app for app, _ in known}
    ours = set(known).union(*known.values())
    return Misfit.NEWER if any(one[0] in apps and one not in ours for one in there) else Misfit.NONE


def mistaken(*, is_demonstration: bool, wanted: bool) -> Misfit:
    """What is wrong between a database that is a demonstration's or not, and what this process was told to serve."""
    if is_demonstration == wanted:
        return Misfit.NONE
    return Misfit.DEMONSTRATION if is_demonstration else Misfit.IN_EARNEST


@cache
def _known() -> dict[Migration, frozenset[Migration]]:
    """Every migration of this code, with those it replaces."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return {key: frozenset(one.replaces) for key, one in loader.disk_migrations.items()}
