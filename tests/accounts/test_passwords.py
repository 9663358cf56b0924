"""What a stored password costs whoever has stolen it: the parameters of Argon2, which the other tests leave out for speed."""

import re

import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password

from s2s import settings as of_the_site

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
