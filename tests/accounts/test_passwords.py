"""What a stored password costs whoever has stolen it (the parameters of Argon2, which the other tests leave out for speed), and which are
too easy to guess to be taken."""

import re

import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from s2s import settings as of_the_site
from tests.cast import Cast

# OWASP's Password Storage Cheat Sheet: any of these is enough, with one lane. KiB of memory -> passes.
OWASP = {47_104: 1, 19_456: 2, 12_288: 3, 9_216: 4, 7_168: 5}
PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _as_on_the_site(_quick_passwords: None, settings: object) -> None:
    settings.PASSWORD_HASHERS = of_the_site.PASSWORD_HASHERS  # type: ignore[attr-defined]


def test_a_password_is_kept_as_argon2id_with_what_owasp_asks_for_at_least() -> None:
    kept = make_password(PASSWORD)
    found = re.fullmatch(r"argon2\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)", kept)
    assert found, kept
    memory, passes, lanes = map(int, found.groups()[:3])
    assert any(memory >= least and passes >= times for least, times in OWASP.items()), (memory, passes)
    assert lanes == 1
    assert len(found[4]) >= 22, "a salt of 16 bytes"
    assert check_password(PASSWORD, kept)
    assert not check_password(PASSWORD + " ", kept)


def test_two_people_with_one_password_are_kept_differently() -> None:
    assert make_password(PASSWORD) != make_password(PASSWORD)


def test_no_weaker_way_of_keeping_a_password_is_accepted() -> None:
    with pytest.raises(ValueError, match="Unknown password hashing algorithm"):
        identify_hasher("md5$salt$0123456789abcdef0123456789abcdef")


def refused(password: str, cast: Cast, **school: str) -> str:
    """What is said to the user of a school; '' when the password is taken."""
    cast.school("6812045", **school)
    person = cast.person("SCHOOL", "6812045", name="Bethan Jones", email="office@example.org")
    person.refresh_from_db()
    try:
        validate_password(password, person)
    except ValidationError as refusal:
        return " ".join(refusal.messages)
    return ""


@pytest.mark.parametrize(
    ("password", "because"),
    [
        ("aaaaaaaaaaaa", "repeats the same characters"),
        ("abcabcabcabc", "repeats the same characters"),
        ("abcdefghijkl", "a row of letters, figures or keys"),
        ("Password123!", "a common one"),
        ("P@ssw0rd2026", "a common one"),
        ("ManchesterUnited", "a common one"),
        ("Qwerty123456!", "a common one"),
        ("Summer2026!!", "a common one"),
    ],
)
def test_a_password_that_many_people_have_is_refused_and_told_why(cast: Cast, password: str, because: str) -> None:
    said = refused(password, cast)
    assert because in said
    assert "Choose three or four words" in said


@pytest.mark.parametrize(
    ("password", "own"),
    [
        ("Cardiff12345", "cardiff"),
        ("C@rd1ff-2026", "cardiff"),
        ("Caerdydd-77-x", "caerdydd"),
        ("Herons Wharf", "herons"),
        ("heron’s wharf!", "herons"),
        ("HERONSWHARF99", "herons"),
        ("Tŷ-Crëyr 1234", "creyr"),
        ("Llan-Penarth", "penarth"),
        ("68120456812045", "6812045"),
        ("xx6812045xxzz", "6812045"),
        ("681-6812045-681", "6812045"),
        ("s2s-S2S-s2s-S2S", "s2s"),
        ("bethan jones 7", "bethan"),
        ("office.example", "office"),
    ],
)
def test_a_password_of_words_that_belong_to_the_person_is_refused_and_names_them(cast: Cast, password: str, own: str) -> None:
    said = refused(password, cast, name="Heron's Wharf Primary School", name_cy="Ysgol Gynradd Tŷ Crëyr", town="Llan Penarth")
    assert "words that belong to you" in said
    assert own in said
    assert "Choose three or four words" in said


@pytest.mark.parametrize(
    "password",
    [PASSWORD, "tawel bws glas", "Coffee-train-fish", "kJ8#mQ2x!vZ4", "cardiff coffee train fish", "é" * 3 + " mynydd coch afon"],
)
def test_words_that_do_not_belong_together_are_taken(cast: Cast, password: str) -> None:
    assert refused(password, cast) == ""


def test_a_very_long_password_is_looked_at_quickly_and_taken(cast: Cast) -> None:
    assert refused("four entirely unrelated words " * 100, cast) == ""


def test_whose_words_do_not_matter_keeps_them(cast: Cast) -> None:
    """The same password, at another school: the words have to be the own ones."""
    assert "heron" in refused("Heron Wharfside", cast, name="Heron Wharfside School")
    cast.school("6812045", name="Greenway Primary School")
    assert refused("Heron Wharfside", cast) == ""
