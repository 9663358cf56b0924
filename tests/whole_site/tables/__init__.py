"""Who may open which page, copied by hand: one table for each folder of `s2s/web/`, so that a new part brings its own.

`WHO` says the roles, and None is everybody, signed in or not. Pages `OF_ONE_THING` answer 404 to whoever has no such thing, so their own
journeys show the owner getting it.
"""

from tests.whole_site.tables import accounts, administration, demo, everybody, organisations, transfers

TABLES = (everybody, accounts, organisations, transfers, administration, demo)
WHO: dict[str, set[str] | None] = {}
OF_ONE_THING: set[str] = set()
for _table in TABLES:
    assert not WHO.keys() & _table.WHO.keys(), "a page stands in one table"
    WHO |= _table.WHO
    OF_ONE_THING |= _table.OF_ONE_THING
