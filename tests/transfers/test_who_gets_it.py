"""Who may be sent a file, how large it may be from whom, and who has a copy of it."""

import pytest

from s2s.audit.models import Action, Entry
from s2s.notices.models import Email
from s2s.organisations.models import Organisation
from s2s.rules.filenames import parse
from s2s.rules.kinds import Kind
from s2s.transfers import download, queries, upload
from s2s.transfers.refusals import NotAccepted, SendFault
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def test_a_closed_authority_is_no_destination(cast: Cast) -> None:
    cast.sent("6812045", "679LLLL", "001")
    Organisation.objects.filter(number="679").update(closed_on="2020-08-31")
    with pytest.raises(NotAccepted) as refusal:
        cast.sent("6812045", "679LLLL", "002")
    assert [problem.code for problem in refusal.value.problems] == [SendFault.CLOSED_SCHOOL]


def test_an_authority_has_no_copy_of_what_it_sends_itself(cast: Cast) -> None:
    sent = cast.sent("681LLLL", "6792303")
    assert {(one.address, one.part) for one in sent.deliveries.all()} == {
        ("6792303", "addressee"),
        ("679LLLL", "copy"),
        ("681LLLL", "sent"),
    }


def test_schools_and_authorities_have_each_their_limit(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload, "limit", lambda kind, from_school: 4 if from_school else 10)
    for actor, most in ((cast.actor("SCHOOL", "6812045"), 4), (cast.actor("LEA_SCHOOL", "681"), 10)):
        name = parse("6812045_CTF_6812061_001.xml")
        upload._check_size(actor, name, b"x" * most)
        with pytest.raises(upload.SendRefused):
            upload._check_size(actor, name, b"x" * (most + 1))


def test_the_trail_says_whose_copy_a_step_was_taken_on(cast: Cast) -> None:
    sent = cast.sent("6812045", "6792303")
    for role, at, address in (("SCHOOL", "6792303", "6792303"), ("LEA_USER", "681", "681LLLL")):
        download.fetch(actor=cast.actor(role, at), deliveries=list(sent.deliveries.filter(address=address)))
    fetched = Entry.objects.filter(action=Action.FETCHED).order_by("pk")
    assert [(entry.facts["delivery"], entry.facts["part"]) for entry in fetched] == [("6792303", "addressee"), ("681LLLL", "copy")]


def test_what_lies_in_the_lost_pupil_database_is_late_for_nobody(cast: Cast) -> None:
    """Nobody collects it as a school does, so its sender is not told that it has not been collected."""
    cast.sent("6812045", "XXXXXXX", "001")
    cast.sent("6812045", "6792303", "002")
    sender = cast.actor("SCHOOL", "6812045")
    assert [one.name for one in queries.followed(sender, Kind.CTF, queries.Followed.UNCOLLECTED)] == ["6812045_CTF_6792303_002.xml"]


def test_where_the_place_has_no_address_the_person_hears_that_it_was_sent(cast: Cast) -> None:
    cast.authority("681")
    Organisation.objects.filter(number="681").update(email="")
    cast.sent("681LLLL", "6792303")
    assert Email.objects.get(notice="sent").to == "681leaschool@example.org"
