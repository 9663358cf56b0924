"""The sentences of the administration of schools and LAs: every code has its words in both languages."""

from enum import StrEnum

import pytest
from django.utils.translation import override

from s2s import words
from s2s.administration.fields import EntryFault, EntryRefused, SaveFault, SaveRefused
from s2s.administration.school_maintenance import SCHOOL_TYPES
from s2s.organisations.models import Language, Organisation
from s2s.organisations.school_lists import LineFault, ListFault, ListRefused
from s2s.rules.refusals import Refused

FACTS: dict[StrEnum, dict[str, object]] = {
    EntryFault.TOO_LONG: {"length": 201, "longest": 200},
    EntryFault.NUMBER_TAKEN: {"number": "6812045", "name": "Greenway", "name_cy": "Lôn Las"},
    EntryFault.OTHER_AUTHORITY: {"authority": "681"},
    EntryFault.NO_SCHOOL: {"number": "6812099"},
    EntryFault.SUCCESSOR: {"number": "6812099"},
    EntryFault.NAME_TAKEN: {"name": "Pilot"},
    SaveFault.HAS_HISTORY: {"name": "Greenway", "name_cy": "Lôn Las"},
    SaveFault.CLOSED_AUTHORITY: {"name": "Avon", "name_cy": ""},
    ListFault.UNKNOWN_LIST: {"headings": ["a", "b"]},
    ListFault.NO_SCHOOLS: {"skipped": 12},
    ListFault.CLOSES_MANY: {"closing": 8, "open": 13, "most": 20},
}
REFUSALS: list[Refused] = [
    *(EntryRefused(code, "name", **FACTS.get(code, {})) for code in EntryFault),
    *(SaveRefused(code, **FACTS.get(code, {})) for code in SaveFault),
    *(ListRefused(code, **FACTS.get(code, {})) for code in ListFault),
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: repr(refusal.code))
def test_every_refusal_says_what_is_wrong_and_the_fix_in_both_languages(refusal: Refused) -> None:
    said = {}
    for language in ("en", "cy"):
        with override(language):
            said[language] = words.say(refusal)
        assert said[language].fix
        assert "%(" not in said[language].whole
        shown = refusal.facts | ({"name": refusal.facts["name_cy"]} if language == "cy" and refusal.facts.get("name_cy") else {})
        missing = [fact for fact, value in shown.items() if fact not in {"name_cy", "headings"} and str(value) not in said[language].whole]
        assert missing == []
    assert said["en"].text != said["cy"].text
    assert said["en"].fix != said["cy"].fix


@pytest.mark.parametrize(
    ("label", "codes"),
    [
        (words.organisations.skipped, list(LineFault)),
        (words.organisations.school_type, list(SCHOOL_TYPES)),
        (words.organisations.region, list(Organisation.Region)),
        (words.organisations.language, list(Language)),
        (words.organisations.part_of_import, ["created", "updated", "closed", "reopened", "unchanged", "skipped"]),
        (words.organisations.column, ["name", "street", "town", "postcode", "school_type", "listed_in", "telephone", "closed_on"]),
    ],
)
def test_every_label_is_there_in_both_languages(label: object, codes: list[str]) -> None:
    for code in codes:
        said = []
        for language in ("en", "cy"):
            with override(language):
                said.append(label(code))  # type: ignore[operator]
        assert all(said)
        assert said[0] != said[1]


def test_a_sort_that_only_a_list_knows_stands_as_it_does_there() -> None:
    assert words.organisations.school_type("Academy converter") == "Academy converter"
