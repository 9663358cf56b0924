"""What an upload asks of the database: each statement costs every sender, so a new one should be somebody's decision."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.journeys import doors
from tests.samples import ctf, name_for

SENDER, RECIPIENT = "6812045", "6812061"


def test_an_upload_asks_seven_times(cast: Cast) -> None:
    """Session, person, who collects there, destination; then the file with all that comes of it, its result, the session."""
    cast.person("SCHOOL", RECIPIENT)
    client = cast.client(cast.person("SCHOOL", SENDER))
    content = ctf(source=SENDER, destination=RECIPIENT)
    for number in ("001", "002"):
        with CaptureQueriesContext(connection) as asked:
            answer = client.post("/upload/ctf", {"files": doors.Named(name_for(SENDER, RECIPIENT, number), content), "at_once": "on"})
        assert answer.status_code == 302
    statements = [query["sql"][:80] for query in asked.captured_queries if "SAVEPOINT" not in query["sql"]]
    assert len(statements) == 7, statements
