"""The lock of the door: repeated failures close it for a while, and nobody can close it for others (2.1).

Locked is: 5 failures for a name from one network, 30 from one network, or 20 for a name from anywhere, in 15 minutes. The last two do not
hold for somebody who has signed in from that network before, so neither a stranger nor a colleague behind the same address can lock them
out. Failures while locked are not counted: the door opens again 15 minutes after the last counted one. See
docs/decisions/0007-a-lock-out-strangers-cannot-abuse.md.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Network, ip_address

from django.core.cache import caches
from django.db.models import Count, Q
from django.utils import timezone

from s2s.accounts.models import FailedSignIn, KnownNetwork, User

WINDOW = timedelta(minutes=15)
MINUTES = int(WINDOW.total_seconds() // 60)
FAILURES_BY_BOTH = 5
FAILURES_BY_NETWORK = 30
FAILURES_BY_NAME = 20
SITE_PREFIX = 64  # whoever has one IPv6 address has the 2^64 beside it as well


class Locked(Exception):
    """Too many failures. `is_news` is true once for each lock: what is said of the tries after that adds nothing."""

    def __init__(self, is_news: bool) -> None:
        super().__init__()
        self.is_news = is_news


@dataclass(frozen=True)
class _Failures:
    """How many of late: for this name from this network, from this network, for this name."""

    both: int
    of_network: int
    of_name: int


def network(ip: str) -> str:
    """What counts as one visitor: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        parsed = ip_address(ip)
    except ValueError:
        return ""
    if isinstance(parsed, IPv4Address):
        return str(parsed)
    return str(parsed.ipv4_mapped or IPv6Network((parsed, SITE_PREFIX), strict=False).network_address)


def begin(username: str, ip: str) -> FailedSignIn:
    """This try, which counts as a failure unless it is deleted. Raises Locked.

    It is written down before the password is looked at, so that of many tries at one moment no more get through than one after the other.
    The questions are the same whoever is asked about.
    """
    here = network(ip)
    known = KnownNetwork.objects.filter(user__username=username, network=here).exists()
    _check(_failures(username, here), 1, known, username, here)
    attempt = FailedSignIn.objects.create(username=username, network=here)
    try:
        _check(_failures(username, here), 0, known, username, here)
    except Locked:
        attempt.delete()
        raise
    return attempt


def has_just_locked(username: str, ip: str) -> bool:
    """Whether the failure that was just counted has closed the door for this name."""
    failures = _failures(username, network(ip))
    return failures.both >= FAILURES_BY_BOTH or failures.of_name == FAILURES_BY_NAME


def open_for(user: User, ip: str) -> None:
    """The person has shown who they are: their failures here are forgotten, and from now on only their own failures lock them out here."""
    here = network(ip)
    KnownNetwork.objects.update_or_create(user=user, network=here, defaults={"at": timezone.now()})
    FailedSignIn.objects.filter(username=user.username, network=here).delete()


def _check(failures: _Failures, coming: int, known: bool, username: str, here: str) -> None:
    """Raise Locked if there are too many, with `coming` more to be counted."""
    if failures.of_network + coming > FAILURES_BY_NETWORK and not known:
        raise Locked(_is_news(here))
    if failures.both + coming > FAILURES_BY_BOTH or (failures.of_name + coming > FAILURES_BY_NAME and not known):
        raise Locked(_is_news(username, here))


def _is_news(*lock: str) -> bool:
    key = hashlib.sha256("\0".join(lock).encode()).hexdigest()
    return bool(caches["default"].add(f"s2s:locked:{key}", 1, WINDOW.total_seconds()))


def _failures(username: str, here: str) -> _Failures:
    recent = FailedSignIn.objects.filter(Q(username=username) | Q(network=here), at__gt=timezone.now() - WINDOW)
    counted = recent.aggregate(
        both=Count("pk", filter=Q(username=username, network=here)),
        of_network=Count("pk", filter=Q(network=here)),
        of_name=Count("pk", filter=Q(username=username)),
    )
    return _Failures(**counted)
