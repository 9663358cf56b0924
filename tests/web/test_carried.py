"""What a page hands to the next one is good for its person, unaltered, and for a day."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from s2s.web.carried import seal, unsealed
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_what_is_sealed_is_read_by_its_person_alone_and_for_a_day(cast: Cast) -> None:
    mine, other = cast.actor("SCHOOL", "6812061"), cast.actor("SCHOOL", "6812049")
    sealed = seal(mine, "Siân O'Shea")
    assert "Shea" not in sealed
    assert unsealed(mine, sealed) == "Siân O'Shea"
    assert unsealed(other, sealed) is None
    assert unsealed(mine, sealed[:20] + ("A" if sealed[20] != "A" else "B") + sealed[21:]) is None
    assert seal(mine, []) == ""
    assert unsealed(mine, "") is None
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert unsealed(mine, sealed) is None
