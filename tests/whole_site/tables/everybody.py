"""Pages for everybody, Home and the guides."""

from tests.whole_site.tables.people import ALL

WHO = {
    "front": None,
    "live": None,
    "health": None,
    "language": None,
    "accessibility": None,
    "privacy": None,
    "home": ALL,
    "contacts": ALL,
    "help": None,
    "guide": ALL,
}

OF_ONE_THING = {"guide"}
