"""Whether the site is alive, and whether database, worker and keys are in order, for whoever watches it."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from s2s.accounts import second_factor
from s2s.audit import chain, keys
from s2s.audit.noted import NoHead
from s2s.kept import KeyMissing, open_to_others
from s2s.notices import errands, outbox
from s2s.transfers import keys as transfer_keys
from s2s.upkeep import watch

NEEDED = ("database", "worker", "keys")  # without the others the site works on
PATIENCE = timedelta(minutes=15)
MOST_NAMED = 3
QUIET = 60  # seconds; a worker says every ten seconds that it is alive
AT_ONCE = 0.7  # seconds for a database to answer
NOT_KNOWN = "not known: the database does not answer"


def live(request: HttpRequest) -> HttpResponse:
    """200: this process takes requests and answers them. Asks nobody else, so a database that is away is no reason to start it again."""
    return HttpResponse("alive\n", content_type="text/plain")


def health(request: HttpRequest) -> HttpResponse:
    """200 and "ok" for each part, or 503 with what is wrong; within a second."""
    database = _database()
    others = {"worker": _worker, "keys": _keys, "mail": _mail, "trail": _trail, "key files": _key_files}
    parts = {"database": database} | {name: ask() if database == "ok" else NOT_KNOWN for name, ask in others.items()}
    well = all(parts[name] == "ok" for name in NEEDED)
    return JsonResponse(parts, status=200 if well else 503)


def _database() -> str:
    try:
        return watch.look(AT_ONCE).value or "ok"
    except watch.AWAY:
        return "does not answer"


def _worker() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)", [QUIET])
            row = cursor.fetchone()
    except DatabaseError:
        return NOT_KNOWN
    return "ok" if row and row[0] else "no worker has been heard of for a minute: s2s worker"


def _mail() -> str:
    """A mail server that is away is said, but the site works on: what is queued is sent when it is back."""
    try:
        late, unwritten, undone = outbox.late(PATIENCE), outbox.unwritten(), errands.late(PATIENCE)
    except DatabaseError:
        return NOT_KNOWN
    wrong = [f"e-mails that have waited for more than 15 minutes: {late}. Is the mail server there? s2s mail says more"] if late else []
    wrong += [f"e-mails that could not be written: {unwritten}. The log says why; afterwards: s2s mail retry"] if unwritten else []
    wrong += [f"errands that could not be done: {undone}. The log says why"] if undone else []
    return " ".join(wrong) or "ok"


def _trail() -> str:
    """An audit trail that was cut off is said, but the site works on."""
    try:
        cut = chain.is_cut()
    except DatabaseError:
        return NOT_KNOWN
    except (OSError, NoHead):
        return "audit.head, beside the keys, cannot be read"
    return "it no longer contains what is noted beside the keys: s2s audit verify" if cut else "ok"


def _keys() -> str:
    """Without these nobody sends, collects or signs in."""
    try:
        transfer_keys.check()
        keys.check_key()
        second_factor.check_key()
    except DatabaseError:
        return NOT_KNOWN
    except (OSError, KeyMissing, NoHead):
        return f"the keys in {settings.KEYS.name}/ cannot be read or do not open what is stored"
    return "ok"


def _key_files() -> str:
    """What somebody has to put right, while the site works: at most some older files cannot be opened."""
    try:
        return "; ".join(filter(None, _odd_key_files())) or "ok"
    except DatabaseError:
        return NOT_KNOWN
    except (OSError, KeyMissing):
        return "the folder of keys cannot be read"


def _odd_key_files() -> Iterator[str]:
    yield _listed("keys of stored files are missing, and those files cannot be opened", transfer_keys.missing())
    yield _listed("keys cannot be read", transfer_keys.ring().unreadable)
    yield _listed("are not named as keys are and are left alone", transfer_keys.misnamed())
    yield _listed("are open to others than their owner, or are not ours", open_to_others(settings.KEYS) if settings.KEYS.is_dir() else ())


def _listed(what: str, names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return f"{what}: {', '.join(names[:MOST_NAMED])}{more}" if names else ""
