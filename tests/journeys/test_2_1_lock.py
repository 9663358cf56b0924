"""The door that locks (2.1): its numbers to the very try, whom it shuts out and whom never, and what a flood of tries leaves behind."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from s2s.accounts import links
from s2s.accounts.lock import network
from s2s.accounts.models import FailedSignIn, User
from s2s.audit.models import Action, Entry
from tests.cast import PASSWORD, Cast
from tests.journeys.test_2_1_second_factor import at_second_step, set_up
from tests.journeys.test_2_1_sign_in import enter
from tests.phone import code

pytestmark = pytest.mark.django_db

EGRESS = "192.0.2.7"  # what a whole local authority is seen as
FRESH = "four entirely unrelated words"


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 23, 12, 0, 10, tzinfo=UTC), tick=False) as clock:
        yield clock


def fail(name: str, times: int, ip: str = EGRESS) -> None:
    for _ in range(times):
        assert enter(name, "wrong", address=ip).status_code == 400


def is_in(name: str, ip: str = EGRESS, password: str = PASSWORD) -> bool:
    return enter(name, password, address=ip).status_code == 302


@pytest.mark.parametrize(("failures", "enters"), [(4, True), (5, False)])
def test_a_name_at_one_address_locks_at_the_fifth_failure(cast: Cast, failures: int, enters: bool) -> None:
    cast.person("LEA_USER", "681", "681bjones")
    fail("681bjones", failures)
    assert is_in("681bjones") is enters


@pytest.mark.parametrize(("failures", "enters"), [(29, True), (30, False)])
def test_an_address_locks_at_the_thirtieth_failure(cast: Cast, failures: int, enters: bool) -> None:
    cast.person("LEA_USER", "681", "681bjones")
    for number in range(failures):
        fail(f"681guess{number}", 1)
    assert is_in("681bjones") is enters


@pytest.mark.parametrize(("failures", "enters"), [(19, True), (20, False)])
def test_a_name_locks_at_the_twentieth_failure_from_anywhere(cast: Cast, failures: int, enters: bool) -> None:
    cast.person("LEA_USER", "681", "681bjones")
    for number in range(failures):
        fail("681bjones", 1, f"198.51.100.{number}")
    assert is_in("681bjones") is enters


def test_one_person_behind_a_shared_address_locks_out_nobody_who_has_been_there(cast: Cast) -> None:
    for name in ("681bjones", "681new"):
        cast.person("LEA_USER", "681", name)
    assert is_in("681bjones")
    for number in range(31):
        fail(f"681guess{number}", 1)
    assert not is_in("681new"), "whoever was never here waits"
    assert is_in("681bjones"), "whoever was does not"
    fail("681bjones", 5)
    assert not is_in("681bjones"), "their own failures lock them as ever"


def test_wrong_codes_of_one_person_keep_nobody_else_behind_that_address_from_the_second_step(
    cast: Cast, noon: time_machine.Traveller
) -> None:
    hafod, others = cast.person("SCHOOL", "6812049"), [cast.person("LEA_USER", "681", f"681user{number}") for number in range(7)]
    secret, _ = set_up(cast.client(hafod))
    for other in others:
        set_up(cast.client(other))
    noon.shift(60)
    for other in others:
        client = at_second_step(other)
        for number in range(5):
            client.post("/sign-in/second-step", {"code": f"{number:06}"})
    assert at_second_step(hafod).post("/sign-in/second-step", {"code": code(secret)}).status_code == 302


def test_an_ipv6_visitor_is_a_network_of_64_bits(cast: Cast) -> None:
    cast.person("LEA_USER", "681", "681bjones")
    for number in range(5):
        fail("681bjones", 1, f"2001:db8:1:2::{number}")
    assert not is_in("681bjones", "2001:db8:1:2:ffff::1")
    assert is_in("681bjones", "2001:db8:1:3::1")
    for number in range(25):
        fail("681bjones", 1, f"198.51.100.{number}")
    assert is_in("681bjones", "2001:db8:1:3::2"), "and has been there before"


@pytest.mark.parametrize(
    ("ip", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("::1", "::"),
        ("", ""),
        ("no address", ""),
    ],
)
def test_what_counts_as_one_visitor(ip: str, counted: str) -> None:
    assert network(ip) == counted


def test_a_flood_of_tries_on_a_locked_name_leaves_one_entry_and_no_row(cast: Cast) -> None:
    cast.person("LEA_USER", "681", "681bjones")
    fail("681bjones", 5)
    rows, entries = FailedSignIn.objects.count(), Entry.objects.count()
    fail("681bjones", 60)
    assert FailedSignIn.objects.count() == rows
    assert Entry.objects.count() == entries + 1
    assert Entry.objects.filter(action=Action.SIGN_IN_LOCKED, person="681bjones", ip=EGRESS).count() == 1
    with time_machine.travel(timezone.now() + timedelta(minutes=16), tick=False):
        fail("681bjones", 7)
    assert Entry.objects.filter(action=Action.SIGN_IN_LOCKED).count() == 2, "the next lock is told again"


def test_a_flood_of_names_from_a_locked_address_leaves_one_entry(cast: Cast) -> None:
    for number in range(30):
        fail(f"681guess{number}", 1)
    entries = Entry.objects.count()
    for number in range(60):
        fail(f"681more{number}", 1)
    assert Entry.objects.count() == entries + 1


def use_link(person: User) -> None:
    Client(REMOTE_ADDR=EGRESS).post(links.make(person, valid=timedelta(hours=1)), {"new": FRESH, "again": FRESH})


def test_a_link_used_clears_the_lock(cast: Cast) -> None:
    person = cast.person("SCHOOL", "6812045")
    fail("6812045", 6)
    use_link(person)
    assert is_in("6812045", password=FRESH)


def test_where_a_link_was_used_strangers_do_not_lock_its_owner_out(cast: Cast) -> None:
    person = cast.person("SCHOOL", "6812045")
    for number in range(20):
        fail("6812045", 1, f"198.51.100.{number}")
    assert not is_in("6812045")
    use_link(person)
    assert is_in("6812045", password=FRESH)
    assert not is_in("6812045", "203.0.113.9", FRESH), "elsewhere the lock holds"
