"""What the introduction presupposes: help for everybody, one site for schools and authorities, nothing taken back or lost."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from s2s.rules.lifecycle import Part, State
from s2s.transfers import store
from s2s.transfers.models import Delivery
from s2s.upkeep import sweep
from tests.cast import Cast
from tests.journeys.doors import fetch, keys, say, text, upload
from tests.samples import ctf, name_for

pytestmark = pytest.mark.django_db


@pytest.mark.guidance("0-01", "1.3-25")
def test_schools_and_authorities_find_their_own_guidance_and_the_questions(cast: Cast) -> None:
    notes = {"SCHOOL": "CTS and s2s Guidance Notes for Schools", "LEA_USER": "CTS and s2s User Notes for Local Authority Users"}
    for role, at in (("SCHOOL", "6812045"), ("LEA_USER", "681")):
        client = cast.client(cast.person(role, at))
        assert 'href="/help"' in client.get("/home").content.decode()
        page = text(client.get("/help"))
        assert [note for note in notes.values() if note in page] == [notes[role]]
        assert "Frequent questions" in page
        assert "Lost Pupil Database" in page


@pytest.mark.guidance("1-09")
def test_the_guidances_lea_words_stand_beside_local_authority(cast: Cast) -> None:
    help_page = text(Client().get("/help"))
    assert "Sending LEA" in help_page
    assert "local authority" in help_page
    assert "LEA Administrator" in text(Client().get("/sign-in"))


@pytest.mark.guidance("1.3-13")
def test_a_school_finds_whom_to_ask_at_its_authority(cast: Cast) -> None:
    cast.person("LEA_DBA", "681", "681dba", name="Dilys Bowen")
    page = text(cast.client(cast.person("SCHOOL", "6812045")).get("/contacts"))
    assert "data@681.example.org" in page
    assert "Dilys Bowen" in page


@pytest.mark.guidance("1.3-12")
def test_no_clock_deletes_a_lost_pupils_file(cast: Cast) -> None:
    transfer = cast.sent(destination="XXXXXXX")
    with time_machine.travel(timezone.now() + timedelta(days=731), tick=False):
        sweep.sweep()
        [delivery] = Delivery.objects.filter(part=Part.LOST)
        assert delivery.state == State.WAITING
        assert store.open_content(transfer) == ctf(destination="XXXXXXX")
        assert transfer.pupils.count() == 1


@pytest.mark.guidance("4.2-16")
def test_a_duplicate_to_a_school_leaves_the_lost_pupils_file_where_it_is(cast: Cast) -> None:
    lost = cast.sent(destination="XXXXXXX")
    cast.sent(destination="6812061")
    llanishen = cast.client(cast.person("SCHOOL", "6812061"))
    for key in keys(llanishen).values():
        fetch(llanishen, key)
        say(llanishen, "yes", key)
    assert lost.addressee.state == State.WAITING


@pytest.mark.guidance("1.5-07")
def test_the_school_first_chosen_keeps_what_it_collected(cast: Cast) -> None:
    cast.sent(destination="6812061")
    first = cast.client(cast.person("SCHOOL", "6812061"))
    [key] = keys(first).values()
    fetch(first, key)
    say(first, "yes", key)
    cast.sent(destination="6812049")
    assert name_for() in keys(first, "/download/ctf/previous")
    assert fetch(first, key) == ctf()


@pytest.mark.guidance("5.3-16", "4.2-01")
def test_an_authority_fetches_renames_and_forwards_a_file_sent_to_it(cast: Cast) -> None:
    cast.sent("6812045", "675LLLL")
    cast.school("6752001")
    for role in ("LEA_USER", "LEA_LOST_PUPIL_TRANSFER"):
        merthyr = cast.client(cast.person(role, "675"))
        content = fetch(merthyr, keys(merthyr, "/download/ctf?view=incoming")[name_for("6812045", "675LLLL")])
        number = "001" if role == "LEA_USER" else "002"
        assert "is safe" in upload(merthyr, (name_for("675LLLL", "6752001", number), content))
    waiting = keys(cast.client(cast.person("SCHOOL", "6752001")))
    assert set(waiting) == {name_for("675LLLL", "6752001", number) for number in ("001", "002")}


@pytest.mark.guidance("1.3-21")
def test_no_page_offers_a_upn(cast: Cast) -> None:
    from s2s.web.urls import PAGES

    assert not [row.path for row in PAGES if "upn" in row.path.lower() or "upn" in row.name.lower()]
