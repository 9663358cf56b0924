"""A demonstration, whose passwords are published, and a site in earnest never serve one another's database."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.crash.site import PATIENCE, PROJECT, Site, until

pytestmark = pytest.mark.crash

SET_UP_WRONGLY = 78
OF_A_DEMONSTRATION = "the database is a demonstration's"
IN_EARNEST = "the database is no demonstration's"
COMMANDS = (
    ("-m", "s2s", "web"),
    ("-m", "s2s", "worker"),
    ("-m", "s2s", "postman"),
    ("-m", "s2s.upkeep.worker", "1", "1"),
    ("-m", "s2s", "audit", "verify"),
    ("-m", "s2s", "manage", "procrastinate", "worker"),
)


@contextmanager
def marked(site: Site) -> Iterator[None]:
    site.tell("INSERT INTO organisations_demonstration (id, made_at) VALUES (1, now())")
    try:
        yield
    finally:
        site.tell("DELETE FROM organisations_demonstration")


def start(site: Site, *words: str, demo: str) -> subprocess.CompletedProcess[str]:
    own = site.environment | {"S2S_DEMO": demo, "PORT": str(site.mail_port)}
    return subprocess.run([sys.executable, *words], env=own, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=PATIENCE)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_what_is_told_to_be_a_demonstration_leaves_a_real_database_alone(settled_site: Site, words: tuple[str, ...]) -> None:
    settled_site.start_database()
    done = start(settled_site, *words, demo="1")
    assert (done.returncode, IN_EARNEST in done.stderr) == (SET_UP_WRONGLY, True), done.stderr


@pytest.mark.parametrize("words", [*COMMANDS, ("-m", "s2s", "up"), ("-m", "s2s", "migrate")], ids=" ".join)
def test_the_database_of_a_demonstration_is_not_served_in_earnest(settled_site: Site, words: tuple[str, ...]) -> None:
    settled_site.start_database()
    with marked(settled_site):
        done = start(settled_site, *words, demo="")
    assert (done.returncode, OF_A_DEMONSTRATION in done.stderr) == (SET_UP_WRONGLY, True), done.stderr


def test_starting_everything_makes_no_demonstration_of_a_site_that_has_people(settled_site: Site) -> None:
    settled_site.start_database()
    done = start(settled_site, "-m", "s2s", "up", demo="1")
    assert (done.returncode, "people of its own" in done.stderr) == (SET_UP_WRONGLY, True), done.stderr
    assert not settled_site.count("SELECT count(*) FROM organisations_demonstration")


def test_a_running_site_shuts_when_its_database_turns_out_to_be_another(site: Site) -> None:
    with marked(site):
        until(lambda: OF_A_DEMONSTRATION in site.health()["database"], "a web process has looked")
        until(lambda: not site.answers(), "pages are shut")
    site.start_web()
