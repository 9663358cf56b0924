"""Whether database, worker and keys are in order, for whoever watches the site."""

from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from s2s.accounts import second_factor
from s2s.audit import chain, keys
from s2s.audit.noted import NoHead
from s2s.kept import KeyMissing
from s2s.notices import post
from s2s.transfers import store

PATIENCE = timedelta(minutes=15)
QUIET = 60  # seconds; a worker says every ten seconds that it is alive


def health(request: HttpRequest) -> HttpResponse:
    """200 and "ok" for each part, or 503 with what is wrong."""
    parts = {"database": _database(), "worker": _worker(), "keys": _keys()}
    well = all(said == "ok" for said in parts.values())
    return JsonResponse(parts | {"mail": _mail(), "trail": _trail()}, status=200 if well else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM audit_entry WHERE false")
    except DatabaseError:
        return "does not answer, or is not migrated: s2s migrate"
    return "ok"


def _worker() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)", [QUIET])
            row = cursor.fetchone()
    except DatabaseError:
        return "not known: the database does not answer"
    return "ok" if row and row[0] else "no worker has been heard of for a minute: s2s worker"


def _mail() -> str:
    """A mail server that is away is said, but the site works on: what is queued is sent when it is back."""
    try:
        late = post.late(PATIENCE)
    except DatabaseError:
        return "not known: the database does not answer"
    return f"{late} e-mails have been waiting for more than 15 minutes: is the mail server there?" if late else "ok"


def _trail() -> str:
    """An audit trail that was cut off is said, but the site works on."""
    try:
        cut = chain.is_cut()
    except DatabaseError:
        return "not known: the database does not answer"
    except (OSError, NoHead):
        return "audit.head, beside the keys, cannot be read"
    return "it no longer contains what is noted beside the keys: s2s audit verify" if cut else "ok"


def _keys() -> str:
    try:
        store.check_keys()
        keys.check_key()
        second_factor.check_key()
    except DatabaseError:
        return "not known: the database does not answer"
    except (OSError, KeyMissing, store.Damaged):
        return f"the keys in {settings.KEYS.name}/ cannot be read or do not open what is stored"
    return "ok"
