"""What sending, fetching and confirming a file cost the processor, below the doors; and how often they ask the database.

    python -m bench.journeys [times]

Each journey is asked as a door asks it, with an actor and the file of three pupils: every check, the bytes encrypted, the pupils indexed,
audit entry and e-mails written, all committed with fsync. Counted is the time on the processor of this process and of its PostgreSQL
backend, and the round trips: the statements, BEGIN and COMMIT among them. The baseline in the same run is one INSERT of one row of the
same size, committed. Ends with 1 when a goal is missed.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench import database

PUPILS = 3
BLOCK = 50  # journeys between two looks at the clocks, which tick a hundred times a second
GOALS = {"send": (3.0, 5), "fetch": (1.0, 8), "confirm": (1.0, 8)}  # milliseconds of processor, round trips


def main(times: int) -> int:
    database.prepare(durable=True)
    with database.empty():
        return _measure(times)


def _measure(times: int) -> int:
    from django.db import connection

    from s2s.rules.kinds import Kind
    from s2s.transfers import download, queries
    from s2s.transfers.upload import send
    from tests.cast import Cast
    from tests.samples import ctf, name_for

    cast = Cast()
    source, destination = "6812045", "6792303"  # of another authority: three deliveries, four e-mails
    sender, receiver = cast.actor("SCHOOL", source), cast.actor("SCHOOL", destination)
    content = ctf(PUPILS, source=source, destination=destination)
    files = [(name_for(source, destination, f"{n:03}"), content) for n in range(times)]
    waiting = iter(files)

    def one_send() -> None:
        name, content = next(waiting)
        send(actor=sender, name=name, content=content, kind=Kind.CTF)

    rows = {"send": _timed(one_send, times)}
    keys = [[delivery.key] for delivery in queries.waiting_for(receiver, Kind.CTF).order_by("pk")]
    again = iter(keys)
    rows["look up"] = _timed(lambda: queries.deliveries_by_key(receiver, Kind.CTF, next(again)), len(keys))
    for name, journey in (("fetch", download.fetch), ("confirm", download.confirm)):
        left = iter([queries.deliveries_by_key(receiver, Kind.CTF, key) for key in keys])
        rows[name] = _timed(lambda: journey(actor=receiver, deliveries=next(left)), len(keys))  # noqa: B023
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE plain (id bigserial PRIMARY KEY, content bytea)")
        rows["one row"] = _timed(lambda: cursor.execute("INSERT INTO plain (content) VALUES (%s)", [files[0][1]]), times)
    return _told(rows)


def _timed(ask: Callable[[], object], times: int) -> tuple[float, float, int]:
    """Milliseconds of this process and of PostgreSQL for each, and the round trips of one."""
    from django.db import connection

    for _ in range(10):
        ask()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does: plans made without statistics cost more than what they do
    for _ in range(10):
        ask()
    trips = _trips(ask)
    ours, theirs = list[float](), list[float]()
    backend = connection.connection.info.backend_pid
    for _ in range((times - 21) // BLOCK):
        begun, there = time.process_time(), _processor(backend)
        for _ in range(BLOCK):
            ask()
        ours.append((time.process_time() - begun) * 1000 / BLOCK)
        theirs.append((_processor(backend) - there) * 1000 / BLOCK)
    return statistics.median(ours), statistics.mean(theirs), trips


def _trips(ask: Callable[[], object]) -> int:
    """As PostgreSQL counts them: a statement each, whoever made it."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        ask()
    return len(asked.captured_queries)


def _processor(pid: int) -> float:
    """Seconds that a process has had of the processor."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _told(rows: dict[str, tuple[float, float, int]]) -> int:
    floor = sum(rows["one row"][:2])
    missed = False
    for name, (ours, theirs, trips) in rows.items():
        most, most_trips = GOALS.get(name, (99.0, 99))
        late = ours + theirs > most or trips > most_trips
        missed |= late
        both, parts = ours + theirs, f"{ours:.2f} here, {theirs:.2f} in PostgreSQL"
        print(f"{name:8} {both:5.2f} ms of processor ({parts}) = {both / floor:4.1f} plain rows, {trips} statements", "MISSED" * late)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 611))
