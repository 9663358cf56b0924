"""Names in the language of the page, and in the order of its alphabet."""

from types import SimpleNamespace

import pytest
from django.utils.translation import override

from s2s.organisations.models import Organisation
from s2s.web.forms import options
from s2s.words.formats import by_local_name, local_name
from s2s.words.organisations import place_choices

CARDIFF = Organisation(number="681", kind="authority", name="Cardiff Council", name_cy="Cyngor Caerdydd")
BRIDGEND = Organisation(number="672", kind="authority", name="Bridgend Council", name_cy="Pen-y-bont ar Ogwr")
NEWPORT = Organisation(number="680", kind="authority", name="Newport", name_cy="")


@pytest.mark.parametrize(("language", "numbers"), [("en", ["672", "681", "680"]), ("cy", ["681", "680", "672"])])
def test_drop_down_lists_are_sorted_by_the_name_that_they_show(language: str, numbers: list[str]) -> None:
    with override(language):
        assert [number for number, _ in options([NEWPORT, CARDIFF, BRIDGEND])] == ["", *numbers]
        assert [number for number, _ in place_choices([NEWPORT, CARDIFF, BRIDGEND])] == numbers


def test_accents_and_capitals_do_not_change_the_order() -> None:
    names = ["Ŵyl", "Ysgol Y", "waun", "Âber", "Abad", "zebra"]
    assert [one.local_name for one in by_local_name(SimpleNamespace(local_name=name) for name in names)] == [
        "Abad",
        "Âber",
        "waun",
        "Ŵyl",
        "Ysgol Y",
        "zebra",
    ]


def test_what_was_typed_is_named_in_the_language_of_the_page() -> None:
    typed = {"name": "Cardiff Council", "name_cy": "Cyngor Caerdydd"}
    said = {}
    for language in ("en", "cy"):
        with override(language):
            said[language] = (local_name(typed), local_name(typed | {"name_cy": " "}))
    assert said == {"en": ("Cardiff Council", "Cardiff Council"), "cy": ("Cyngor Caerdydd", "Cardiff Council")}
