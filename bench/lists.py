"""Every list, view, order and count of one authority with a million deliveries, against a look-up by primary key.

    python -m bench.lists [deliveries]

A database of its own with invented rows: one authority, 400 of its schools, 400 elsewhere. Each list is asked as a page asks it, through
`transfers.lists` and `transfers.queries`: its first page, one from its middle, the one before that; in each order, both ways and both
languages. What counts is the time in the database: the statements that Django made are run again by themselves, prepared and with their
rows fetched, in turns with a look-up by primary key on the same connection. Ends with 1 when the 95th percentile of one takes longer than
10 ms, or than five look-ups; a search, which looks through a school's own files, only by the first.
"""

import random
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from bench import database

TURNS = 12
MOST_MS, MOST_LOOKUPS = 10.0, 5.0

FILL = """
INSERT INTO organisations_organisation (number, kind, name, name_cy, authority_id, region, language, email, opening_times, telephone, street, town,
    postcode, school_type, listed_in, copies, version)
SELECT number, 'school', name || ' ' || number, 'Ysgol ' || name || ' ' || number,
    (SELECT id FROM organisations_organisation WHERE number = left(schools.number, 3)), 'Wales', '', '', '', '', '', '', '', '', '', true, 0
FROM (SELECT CASE WHEN n <= 400 THEN '681' ELSE '680' END || (2000 + n % 400)::text AS number,
      (ARRAY['Greenway','Hafod','Llanishen','Radyr','Rumney','Fitzalan','Cathays','Whitchurch'])[1 + n % 8] AS name
      FROM generate_series(1, 800) n) schools;
CREATE TEMP TABLE places AS SELECT row_number() OVER (ORDER BY number) - 1 AS n, id, number, name, name_cy FROM organisations_organisation WHERE kind = 'school';
CREATE TEMP TABLE files AS
SELECT f.n, s.id AS source, s.number AS source_number, s.name AS source_name, s.name_cy AS source_cy, d.id AS destination, d.number AS destination_number,
    d.name AS destination_name, d.name_cy AS destination_cy, now() - (random() * 700)::int * interval '1 day' - random() * interval '1 day' AS sent_at,
    lpad(to_hex(f.n), 14, 'R') AS receipt, s.number || '_CTF_' || d.number || '_' || lpad((f.n % 1000)::text, 3, '0') || '.xml' AS name,
    CASE WHEN random() < .9 THEN 'collected' WHEN random() < .5 THEN 'waiting' WHEN random() < .8 THEN 'fetched' ELSE 'rejected' END AS outcome,
    CASE WHEN random() < .3 THEN 'collected' WHEN random() < .1 THEN 'fetched' ELSE 'waiting' END AS own,
    CASE WHEN left(s.number, 3) = left(d.number, 3) THEN 'within' WHEN left(d.number, 3) = '681' THEN 'incoming' ELSE 'leaving' END AS view
FROM generate_series(1, {number}) AS f (n)
JOIN places s ON s.n = (hashint4(f.n) & 2147483647) % 800
JOIN places d ON d.n = CASE WHEN left(s.number, 3) = '680' THEN 400 + (hashint4(f.n + 7) & 2147483647) % 400 ELSE (hashint4(f.n + 7) & 2147483647) % 800 END;
INSERT INTO transfers_transfer (id, receipt, kind, name, source_id, source_address, destination_id, destination_address, sent_by, sent_at, size, digest,
    version, pupil_count, warnings, state, state_at)
SELECT n, receipt, 'ctf', name, source, source_number, destination, destination_number, source_number, sent_at, 7000, decode(md5(n::text), 'hex'), '', 1,
    '[]', outcome, sent_at FROM files;
INSERT INTO transfers_delivery (key, transfer_id, organisation_id, address, kind, part, view, state, state_at, outcome, outcome_at, reason, note, receipt,
    name, sent_at, source_address, source_name, source_name_cy, destination_address, destination_name, destination_name_cy)
SELECT gen_random_uuid(), n, (SELECT id FROM organisations_organisation WHERE number = '681'), '681LLLL', 'ctf',
    CASE WHEN n % 500 = 0 THEN 'addressee' ELSE 'copy' END, view, own, sent_at, outcome, sent_at, '', '', receipt, name, sent_at, source_number, source_name,
    source_cy, destination_number, destination_name, destination_cy FROM files;
INSERT INTO transfers_delivery (key, transfer_id, organisation_id, address, kind, part, view, state, state_at, outcome, outcome_at, reason, note, receipt,
    name, sent_at, source_address, source_name, source_name_cy, destination_address, destination_name, destination_name_cy)
SELECT gen_random_uuid(), n, destination, destination_number, 'ctf', 'addressee', '', outcome, sent_at, outcome, sent_at, '', '', receipt, name, sent_at,
    source_number, source_name, source_cy, destination_number, destination_name, destination_cy FROM files WHERE n % 500 <> 0;
INSERT INTO transfers_pupil (transfer_id, upn, former_upn, uln, surname, forename, middle_names, former_surname, former_forename,
    preferred_surname, preferred_forename, date_of_birth, sex, town, postcode)
SELECT n, 'A' || lpad(n::text, 12, '0'), '', '', (ARRAY['Jones','Williams','Hughes','O''Shea','Ŵyn','Ahmed'])[1 + n % 6] || n % 97, 'Siân', '', '', '', '', '',
    '2015-01-01', 'F', '', '' FROM files;
"""  # noqa: E501


def main(number: int) -> int:
    database.prepare(durable=False)
    with database.empty():
        _fill(number)
        return _measure()


def _fill(number: int) -> None:
    from django.db import connection

    from s2s.organisations.models import Organisation

    begun = time.monotonic()
    for authority, name in (("681", "Cardiff"), ("680", "Newport")):
        Organisation.objects.create(number=authority, kind="authority", name=name, region="Wales")
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'transfers_delivery' AND indexdef NOT LIKE '%UNIQUE%'")
        indexes = cursor.fetchall()  # made anew afterwards: much quicker than row by row
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        for statement in FILL.format(number=number).split(";\n"):
            if statement.strip():
                cursor.execute(statement)
        for _, made in indexes:
            cursor.execute(made)
        cursor.execute("VACUUM (ANALYZE) transfers_pupil, transfers_delivery, transfers_transfer, organisations_organisation")
    print(f"{number} deliveries of one authority, made in {time.monotonic() - begun:.0f} s")


def _questions() -> dict[str, list[tuple[str, tuple[object, ...]]]]:
    """What is asked -> the statements that answer it, one list of them for each page."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from s2s.accounts.actors import Machine
    from s2s.organisations.models import Organisation
    from s2s.rules.kinds import Kind
    from s2s.rules.lifecycle import Shelf, View
    from s2s.rules.roles import Can, RoleCode
    from s2s.transfers import find, lists, queries

    authority = Machine("bench", Organisation.objects.get(number="681"), RoleCode.LEA_USER, frozenset(Can))
    rows = {"to fetch": queries.waiting_for(authority, Kind.CTF), "previously": queries.previously_downloaded(authority, Kind.CTF)}
    rows |= {f"area {shelf}": queries.in_area(authority, Kind.CTF, shelf) for shelf in (Shelf.AWAITING, Shelf.COLLECTED, Shelf.REJECTED)}
    asked: dict[str, list[str]] = defaultdict(list)

    def note(name: str, ask: Callable[[], Any]) -> Any:
        with CaptureQueriesContext(connection) as captured:
            answer = ask()
        asked[name] += [query["sql"] for query in captured.captured_queries]
        return answer

    for name, of in rows.items():
        for view in View:
            these = of.filter(view=view)
            note(f"{name}: count", lambda these=these: queries.counted(these))
            for column in lists.SORTS:
                for descending in (False, True):
                    for language in ("en", "cy") if column in {"source", "destination"} else ("en",):
                        order = lists.Order(column, descending, language)
                        key = str(these.order_by("pk")[(these.count() * 2) // 3].key)
                        what = f"{name}: by {column}"
                        note(what, lambda these=these, order=order: lists.page(these, order))
                        middle = note(what, lambda these=these, order=order, key=key: lists.page(these, order, after=key))
                        note(what, lambda these=these, order=order, page=middle: lists.page(these, order, before=page.before))
    note("sent to us: count", lambda: queries.counted(queries.sent_to(authority, Kind.CTF)))
    note("sent to us: by date", lambda: lists.page(queries.sent_to(authority, Kind.CTF), lists.Order("date")))
    within = rows["area collected"].filter(view=View.WITHIN)
    for words in ("6812045", "6812046_CTF_68120", "0000-0000-0000"):
        for order in (lists.Order("destination"), lists.Order("date", descending=True)):
            note("search of an authority", lambda words=words, order=order: lists.page(find.in_received(authority, within, words), order))
    _ask_of_a_school(note)
    return asked  # type: ignore[return-value]


def _ask_of_a_school(note: Callable[[str, Callable[[], Any]], Any]) -> None:
    """What a school's Home and lists ask; each goes through `note`."""
    from s2s.accounts.actors import Machine
    from s2s.organisations.models import Organisation
    from s2s.rules.kinds import Kind
    from s2s.rules.roles import Can, RoleCode
    from s2s.transfers import find, lists, queries

    school = Machine("bench", Organisation.objects.get(number="6812045"), RoleCode.SCHOOL, frozenset(Can))
    sent, mine = tuple(queries.Followed), (queries.waiting_for, queries.unconfirmed, queries.late)
    note(
        "Home of a school: sent",
        lambda: queries.counted_at_once({part: queries.followed(school, Kind.CTF, part).order_by() for part in sent}),
    )
    note("Home of a school: waiting", lambda: queries.counted_at_once({part: part(school, Kind.CTF) for part in mine}))
    note("Home of a school: rejected", lambda: queries.lately_rejected(school, Kind.CTF))
    note("sent by a school", lambda: lists.sent(queries.sent_by(school, Kind.CTF)))
    had = queries.previously_downloaded(school, Kind.CTF)
    note("pupils of a page", lambda: find.pupils_of(school, [one.transfer_id for one in lists.page(had, lists.Order("date")).rows]))
    for words in ("jones7 sian", "nobody of this name", "A000000000042"):  # nothing found: looked through to the end
        for column in ("date", "name"):
            order = lists.Order(column)
            note("search of a school", lambda words=words, order=order: lists.page(find.in_received(school, had, words), order))
        note("search of a school: sent", lambda words=words: lists.sent(find.in_sent(school, queries.sent_by(school, Kind.CTF), words)))


def _measure() -> int:
    from django.db import connection

    asked = _questions()
    keys = "SELECT * FROM transfers_delivery WHERE id = %d"
    most = max(pk for [pk] in _rows("SELECT max(id) FROM transfers_delivery"))
    lookups, times = list[float](), defaultdict[str, list[float]](list)
    questions = [(name, sql) for name, statements in asked.items() for sql in statements]
    connection.ensure_connection()
    for turn in range(-2, TURNS):
        random.shuffle(questions)
        for name, sql in questions:
            lookup, took = _timed(keys % random.randint(1, most)), _timed(sql)
            if turn >= 0:
                lookups.append(lookup)
                times[name].append(took)
    return _told(lookups, times)


def _timed(sql: str) -> float:
    begun = time.perf_counter()
    _rows(sql)
    return (time.perf_counter() - begun) * 1000


def _rows(sql: str) -> list[tuple[object, ...]]:
    from django.db import connection

    cursor = connection.connection.cursor()
    with cursor:
        return cursor.execute(sql, prepare=True).fetchall()


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _told(lookups: list[float], times: dict[str, list[float]]) -> int:
    floor, middle = _p95(lookups), statistics.median(lookups)
    print(f"a look-up by primary key: median {middle:.2f} ms, p95 {floor:.2f} ms")
    missed = False
    for name, taken in sorted(times.items()):
        p95 = _p95(taken)
        many = not name.startswith("search") and (statistics.median(taken) > MOST_LOOKUPS * middle or p95 > MOST_LOOKUPS * floor)
        late = p95 > MOST_MS or many
        missed |= late
        print(f"  {name:28} median {statistics.median(taken):5.2f} p95 {p95:5.2f} ms = {p95 / floor:4.1f} look-ups", "TOO SLOW" * late)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
