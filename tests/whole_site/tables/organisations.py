"""Pages about schools, for everybody who has signed in."""

from tests.whole_site.tables.people import ALL

WHO = {
    "find-school": ALL,
}

OF_ONE_THING: set[str] = set()
