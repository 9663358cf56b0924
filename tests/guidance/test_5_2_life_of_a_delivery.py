"""4.2, 5.1 and 5.2: what becomes of a file at its recipient and who hears of it, copied out by hand."""

import pytest

from s2s.rules.kinds import Kind
from s2s.rules.lifecycle import AWAITING, STEPS, Part, RejectReason, State, StepName, diagram
from s2s.rules.roles import Can, right_to

EVERYBODYS = {"addressee", "copy", "lost", "sent"}
#    step       from                    to           holder       right for a CTF  whose copies             trail            e-mails
TABLE = [
    ("send",    set(),                  "waiting",   "sender",    "send_ctf",   EVERYBODYS, "file sent", ("sent",)),
    ("fetch",   {"waiting", "fetched"}, "fetched",   "recipient", "fetch_ctf",  {"addressee", "copy"}, "fetched",       ()),
    ("confirm", {"fetched"},            "collected", "recipient", "fetch_ctf",  {"addressee", "copy"}, "confirmed",     ("collected",)),
    ("return",  {"fetched"},            "waiting",   "recipient", "fetch_ctf",  {"addressee", "copy"}, "returned",      ()),
    ("reject",  {"waiting", "fetched"}, "rejected",  "recipient", "reject_ctf", {"addressee"},         "rejected",      ("rejected",)),
    ("refetch", {"collected"},          "collected", "recipient", "fetch_ctf",  {"addressee", "copy"}, "fetched again", ()),
]  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])
def test_a_step_is_as_the_table_says(row: tuple[object, ...]) -> None:
    step = STEPS[StepName(str(row[0]))]
    parts = {str(part) for part in step.parts}
    right = right_to(step.use, Kind.CTF)
    assert (step.name, {str(state) for state in step.start}, step.end, step.holder, right, parts, step.action, step.notices) == row


def test_there_are_no_other_steps() -> None:
    assert [str(name) for name in STEPS] == [row[0] for row in TABLE]


def test_the_right_is_that_of_the_kind_and_a_copy_takes_watching_the_area_as_well() -> None:
    fetch, reject = STEPS[StepName.FETCH], STEPS[StepName.REJECT]
    assert fetch.needs(Part.ADDRESSEE, Kind.GENERIC) == (Can.FETCH_GENERIC,)
    assert fetch.needs(Part.COPY, Kind.CTF) == (Can.FETCH_CTF, Can.WATCH_AREA)
    assert fetch.needs(Part.LOST, Kind.CTF) is None
    assert reject.needs(Part.COPY, Kind.CTF) is None
    assert reject.needs(Part.ADDRESSEE, Kind.GENERIC) is None


def test_yes_takes_a_fetched_file_off_the_waiting_list_and_tells_the_sender() -> None:
    step = STEPS[StepName.CONFIRM]
    assert step.end not in AWAITING
    assert step.notices == ("collected",)


def test_no_leaves_the_file_waiting_and_tells_nobody() -> None:
    step = STEPS[StepName.RETURN]
    assert step.end in AWAITING
    assert step.notices == ()


def test_a_file_that_was_fetched_but_not_confirmed_still_awaits_download() -> None:
    assert set(AWAITING) == {State.WAITING, State.FETCHED}


def test_fetching_may_be_repeated_before_and_after_confirming() -> None:
    assert State.FETCHED in STEPS[StepName.FETCH].start
    assert STEPS[StepName.REFETCH].start == {STEPS[StepName.REFETCH].end} == {State.COLLECTED}


def test_the_sender_hears_of_uploading_collecting_and_rejecting_and_of_nothing_else() -> None:
    assert {str(name): step.notices for name, step in STEPS.items() if step.notices} == {
        "send": ("sent",), "confirm": ("collected",), "reject": ("rejected",),
    }  # fmt: skip


def test_a_waiting_file_can_be_rejected_and_is_then_not_collected() -> None:
    assert State.WAITING in STEPS[StepName.REJECT].start
    assert STEPS[StepName.REJECT].end == "rejected"
    assert not [name for name, step in STEPS.items() if State.REJECTED in step.start]


def test_a_collected_file_can_no_longer_be_rejected() -> None:
    assert State.COLLECTED not in STEPS[StepName.REJECT].start


def test_a_school_has_six_reasons_to_reject() -> None:
    assert [str(reason) for reason in RejectReason] == ["not_ours", "wrong_pupil", "duplicate", "unreadable", "incomplete", "other"]


def test_the_page_draws_every_arrow_of_the_table() -> None:
    arrows = {line.strip() for line in diagram().splitlines() if "-->" in line}
    assert arrows == {"[*] --> waiting: send"} | {f"{state} --> {end}: {name}" for name, start, end, *_ in TABLE[1:] for state in start}


def test_the_page_says_that_an_las_copy_disturbs_nothing() -> None:
    assert "only when the addressee takes the step" in diagram()
