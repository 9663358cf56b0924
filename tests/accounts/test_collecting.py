"""Whether anybody can collect what is sent to a place, and what the sender is told when nobody can."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import override

from s2s import words
from s2s.accounts.collecting import CollectWarning, Doubt, people_at, who_collects
from s2s.accounts.models import User
from s2s.organisations.models import Organisation
from s2s.rules.roles import Can
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def doubts(place: Organisation, address: str, right: Can = Can.FETCH_CTF) -> list[Doubt]:
    return who_collects(place, address, people_at([address], right)[address])


def codes(cast: Cast, address: str, right: Can = Can.FETCH_CTF) -> list[CollectWarning]:
    place = cast.place(address if address.isdecimal() else address[:3])
    place.refresh_from_db()
    return [doubt.code for doubt in doubts(place, address, right)]


def test_a_school_with_a_user_and_an_address_collects(cast: Cast) -> None:
    cast.person("SCHOOL", "6812045")
    assert codes(cast, "6812045") == []


def test_a_school_without_a_user_or_with_one_who_cannot_sign_in_does_not(cast: Cast) -> None:
    cast.school("6812045")
    assert codes(cast, "6812045") == [CollectWarning.NO_USER]
    cast.person("SCHOOL", "6812045", is_active=False)
    assert codes(cast, "6812045") == [CollectWarning.INACTIVE]


def test_a_school_without_an_address_is_told_nothing(cast: Cast) -> None:
    cast.person("SCHOOL", "6812045")
    cast.school("6812045", email="")
    assert codes(cast, "6812045") == [CollectWarning.NO_EMAIL]


def test_a_school_that_will_close_collects_until_then(cast: Cast) -> None:
    cast.person("SCHOOL", "6812045")
    cast.school("6812045", closed_on=timezone.localdate() + timedelta(days=10))
    assert codes(cast, "6812045") == [CollectWarning.CLOSING]


def test_another_desk_of_the_authority_does_not_collect_for_this_one(cast: Cast) -> None:
    cast.person("LEA_PLASC", "681")
    assert codes(cast, "681PLAS") == []
    assert codes(cast, "681LLLL") == [CollectWarning.NO_USER]
    cast.person("LEA_LOST_PUPIL", "681")
    assert codes(cast, "681LLLL") == [CollectWarning.NO_USER], "this role fetches no CTF"
    assert codes(cast, "681LLLL", Can.FETCH_GENERIC) == []
    cast.person("LEA_USER", "681")
    assert codes(cast, "681LLLL") == []
    User.objects.filter(username="681leauser").update(is_active=False)
    assert codes(cast, "681LLLL") == [CollectWarning.INACTIVE]


@pytest.mark.parametrize("language", ["en", "cy"])
def test_what_is_kept_with_a_transfer_is_said_in_both_languages(cast: Cast, language: str) -> None:
    after = cast.school("6812061", name_cy="Ysgol Llanisien")
    school = cast.school("6812045", name_cy="Ysgol Lôn Las", email="", successor=after, closed_on=timezone.localdate() + timedelta(days=10))
    with override(language):
        said = words.uploads.findings([doubt.as_json() for doubt in doubts(school, "6812045")])
    assert len(said) == 3
    assert all(("Ysgol Lôn Las" if language == "cy" else "Greenway Primary School") in one.text for one in said)
    assert "6812061" in said[2].text + said[2].fix
    assert not any("%(" in one.whole for one in said)


def test_one_question_is_asked_for_all_the_addresses_of_an_upload(cast: Cast, django_assert_num_queries: object) -> None:
    cast.person("SCHOOL", "6812045")
    cast.person("LEA_USER", "681", is_active=False)
    cast.school("6812061")
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = people_at(["6812045", "6812061", "681LLLL", "XXXXXXX"])
    assert found == {"6812045": (1, 1), "6812061": (0, 0), "681LLLL": (1, 0), "XXXXXXX": (0, 0)}
