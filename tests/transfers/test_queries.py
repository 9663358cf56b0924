"""Whose a file is, desk by desk: sent, rejected lately, waiting; whose copies are seen, and what a story tells whom."""

from datetime import timedelta

import pytest
from django.utils import timezone

from s2s.rules.kinds import Kind
from s2s.rules.lifecycle import Part, StepName
from s2s.transfers import queries
from s2s.transfers.models import Transfer
from s2s.transfers.queries import Followed
from s2s.transfers.story import story_of
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def rejected(cast: Cast, *, days_ago: int, number: str, source: str = "6812045") -> Transfer:
    transfer = cast.sent(source, "6812061", number)
    transfer.addressee.take(StepName.REJECT, by=cast.actor("SCHOOL", "6812061"), reason="duplicate")
    Transfer.objects.filter(pk=transfer.pk).update(state_at=timezone.now() - timedelta(days=days_ago))
    return transfer


def test_a_desk_has_sent_its_own_files_and_not_those_of_the_next_desk_or_school(cast: Cast) -> None:
    mine, next_desk, school = cast.sent("681LLLL", "6812061"), cast.sent("681LLLL", "6812061", "002"), cast.sent("6812045", "6812061")
    Transfer.objects.filter(pk=next_desk.pk).update(source_address="681PLAS")
    assert list(queries.sent_by(cast.actor("LEA_USER", "681"), Kind.CTF)) == [mine]
    assert list(queries.sent_by(cast.actor("LEA_PLASC", "681"), Kind.CTF)) == [next_desk]
    assert list(queries.sent_by(cast.actor("SCHOOL", "6812045"), Kind.CTF)) == [school]
    assert not queries.sent_by(cast.actor("SCHOOL", "6812061"), Kind.CTF).exists()
    assert not queries.sent_by(cast.actor("SCHOOL", "6812045"), Kind.CENSUS).exists()
    assert not queries.sent_by(cast.actor("LEA_LOST_PUPIL", "681"), Kind.CTF).exists()


def test_what_was_rejected_lately_is_of_the_last_30_days_and_of_this_desk(cast: Cast) -> None:
    new = rejected(cast, days_ago=29, number="001")
    newest = rejected(cast, days_ago=1, number="002")
    rejected(cast, days_ago=31, number="003")
    cast.sent(number="004")
    others = rejected(cast, days_ago=1, number="005", source="681LLLL")
    assert queries.lately_rejected(cast.actor("SCHOOL", "6812045"), Kind.CTF) == [newest, new]
    assert queries.lately_rejected(cast.actor("LEA_USER", "681"), Kind.CTF) == [others]
    assert queries.lately_rejected(cast.actor("LEA_PLASC", "681"), Kind.CTF) == []


def test_what_a_sender_waits_for_is_neither_collected_nor_rejected_nor_in_the_lost_pupil_database(cast: Cast) -> None:
    waits, fetched, collected = (cast.sent(number=f"00{number}") for number in (1, 2, 3))
    rejected(cast, days_ago=1, number="004")
    cast.sent("6812045", "XXXXXXX", "005")
    cast.sent("6812049", "6812061", "006")
    llanishen = cast.actor("SCHOOL", "6812061")
    for transfer in (fetched, collected):
        transfer.addressee.take(StepName.FETCH, by=llanishen)
    Transfer.objects.get(pk=collected.pk).addressee.take(StepName.CONFIRM, by=llanishen)
    assert set(queries.followed(cast.actor("SCHOOL", "6812045"), Kind.CTF, Followed.UNCOLLECTED)) == {waits, fetched}


def test_what_waits_is_counted_with_what_was_fetched_and_what_is_to_be_confirmed_is_fetched(cast: Cast) -> None:
    waits, fetched, collected = (cast.sent(number=f"00{number}") for number in (1, 2, 3))
    cast.sent("6812045", "6812049", "004")
    actor = cast.actor("SCHOOL", "6812061")
    for transfer in (fetched, collected):
        transfer.addressee.take(StepName.FETCH, by=actor)
    Transfer.objects.get(pk=collected.pk).addressee.take(StepName.CONFIRM, by=actor)
    assert {one.transfer for one in queries.waiting_for(actor, Kind.CTF)} == {waits, fetched}
    assert [one.transfer for one in queries.unconfirmed(actor, Kind.CTF)] == [fetched]
    assert [one.transfer for one in queries.previously_downloaded(actor, Kind.CTF)] == [collected]


@pytest.mark.parametrize("role", ["LEA_USER", "LEA_DBA", "LEA_SCHOOL", "LEA_LOST_PUPIL_TRANSFER"])
def test_copies_are_for_those_who_watch_the_area(cast: Cast, role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from s2s.accounts.actors import Person
    from s2s.rules.roles import Can

    transfer = cast.sent("6812045", "6812061")
    cast.sent("6812045", "681LLLL")
    actor, may = cast.actor(role, "681"), Person.may
    assert {one.part for one in queries.deliveries_of(actor, Kind.CTF)} == {Part.COPY, Part.ADDRESSEE}
    monkeypatch.setattr(Person, "may", lambda self, right: right is not Can.WATCH_AREA and may(self, right))
    assert {one.part for one in queries.deliveries_of(actor, Kind.CTF)} == {Part.ADDRESSEE}
    assert queries.deliveries_by_key(actor, Kind.CTF, [one.key for one in transfer.deliveries.all()]) == []
    assert queries.deliveries_by_number(actor, Kind.CTF, [one.pk for one in transfer.deliveries.all()]) == []
    assert queries.transfer_of(actor, transfer.receipt) is None


def test_a_story_tells_an_authority_what_became_of_its_own_copy_and_nobody_else(cast: Cast) -> None:
    transfer = cast.sent("6792303", "6812061")
    for number in ("681", "679"):
        transfer.deliveries.get(organisation__number=number).take(StepName.FETCH, by=cast.actor("LEA_USER", number))
    transfer.addressee.take(StepName.FETCH, by=cast.actor("SCHOOL", "6812061"))

    def told(role: str, at: str) -> list[tuple[StepName, str]]:
        return [(line.step, line.delivery.address) for line in story_of(transfer, cast.actor(role, at)).lines]

    both = [(StepName.SEND, "6812061"), (StepName.FETCH, "6812061")]
    for at in ("6792303", "6812061"):
        assert told("SCHOOL", at) == both
    for number in ("681", "679"):
        assert told("LEA_USER", number) == [both[0], (StepName.FETCH, f"{number}LLLL"), both[1]]
