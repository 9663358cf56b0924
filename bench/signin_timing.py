"""Does the door tell by its pace who exists? Failure class 21: 200 tries each, means less than 5 ms apart.

    python -m bench.signin_timing [tries]

Through the real pages, with the real hasher and a database of its own; the kinds take turns in random order, so that whatever else the
machine does falls on all of them alike. Ends with 1 when two kinds that must look alike differ by 5 ms or more.
"""

import gc
import random
import statistics
import sys
import time
from collections.abc import Callable

from bench import database

LIMIT = 5.0  # milliseconds
WARM_UP = 10
IP = "192.0.2.7"


def main(tries: int) -> int:
    """Both tables, and whether they hold."""
    _prepare()
    with database.empty():
        _people()
        gc.freeze()
        fine = [_compare(title, doors, tries) for title, doors in _tables()]
    return 0 if all(fine) else 1


def _tables() -> list[tuple[str, dict[str, Callable[[], float]]]]:
    names = {
        "unknown": "681nobody",
        "wrong password": "681bjones",
        "disabled": "681disabled",
        "expired": "681expired",
        "invited": "681invited",
    }
    return [
        ("Signing in", {kind: lambda name=name: _sign_in(name) for kind, name in names.items()}),
        ("Signing in while locked", {kind: lambda name=name: _sign_in(name, locked=True) for kind, name in names.items()}),
        ("The failure that locks", {kind: lambda name=name: _sign_in(name, fifth=True) for kind, name in names.items()}),
        ("Forgotten password", {kind: lambda name=name: _forgotten(name) for kind, name in names.items()}),
    ]


def _compare(title: str, doors: dict[str, Callable[[], float]], tries: int) -> bool:
    taken = {kind: list[float]() for kind in doors}
    for turn in range(-WARM_UP, tries):
        for kind in random.sample(list(doors), len(doors)):
            took = doors[kind]()
            if turn >= 0:
                taken[kind].append(took)
    print(f"\n{title}: {tries} tries each, milliseconds")
    means = [_undisturbed(times) for times in taken.values()]
    for (kind, times), (mean, error) in zip(taken.items(), means, strict=True):
        print(
            f"  {kind:16} mean {mean:7.2f} ± {error:4.2f}  from the first {mean - means[0][0]:+6.2f}"
            f"  (of all tries: mean {statistics.mean(times):7.2f}, median {statistics.median(times):7.2f})"
        )
    apart = max(mean for mean, _ in means) - min(mean for mean, _ in means)
    print(f"  most apart: {apart:.2f} ms: {'fine' if apart < LIMIT else 'TOO MUCH'}")
    return apart < LIMIT


def _undisturbed(times: list[float]) -> tuple[float, float]:
    """Mean and standard error of the faster half: what made the others slower was some other program."""
    half = sorted(times)[: max(2, len(times) // 2)]
    return statistics.mean(half), statistics.stdev(half) / len(half) ** 0.5


def _sign_in(name: str, *, locked: bool = False, fifth: bool = False) -> float:
    from s2s.accounts.models import FailedSignIn

    FailedSignIn.objects.all().delete()
    before = 5 if locked else 4 if fifth else 0
    FailedSignIn.objects.bulk_create(FailedSignIn(username=name, network=IP) for _ in range(before))
    return _post("/sign-in", {"username": name, "password": "a wrong password"}, 400)


def _forgotten(name: str) -> float:
    from django.core.cache import cache

    cache.clear()
    return _post("/forgotten-password", {"username": name}, 200)


def _post(path: str, form: dict[str, str], expected: int) -> float:
    from django.test import Client

    client = Client(REMOTE_ADDR=IP)
    gc.collect()
    begun = time.perf_counter()
    answer = client.post(path, form)
    took = (time.perf_counter() - begun) * 1000
    assert answer.status_code == expected, answer.status_code
    return took


def _people() -> None:
    from datetime import timedelta

    from django.utils import timezone

    from s2s.accounts.models import User
    from s2s.organisations.models import Organisation

    place = Organisation.objects.create(number="681", kind="authority", name="Cardiff", region="Wales")
    kinds = {
        "681bjones": {},
        "681disabled": {"is_active": False},
        "681expired": {"password_expires_at": timezone.now() - timedelta(days=1)},
        "681invited": {"password": "!"},
    }
    for username, details in kinds.items():
        person = User(username=username, role="LEA_USER", organisation=place, email=f"{username}@example.org")
        person.set_password("a right password")
        for field, value in details.items():
            setattr(person, field, value)
        person.save()


def _prepare() -> None:
    database.prepare(durable=False)
    from django.conf import settings

    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    settings.LOGGING_CONFIG = None
    import logging

    logging.disable(logging.WARNING)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
