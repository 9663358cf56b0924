"""4.2, 5.1 and 5.2: what becomes of a file at its recipient and who hears of it, copied out by hand."""

import pytest

from s2s.rules.lifecycle import AWAITING, STEPS, RejectReason, State, StepName, diagram

#    step       from                    to           by            e-mails
TABLE = [
    ("fetch",   {"waiting", "fetched"}, "fetched",   "fetch_ctf",  ()),
    ("confirm", {"fetched"},            "collected", "fetch_ctf",  ("collected",)),
    ("return",  {"fetched"},            "waiting",   "fetch_ctf",  ()),
    ("reject",  {"waiting", "fetched"}, "rejected",  "reject_ctf", ("rejected",)),
    ("refetch", {"collected"},          "collected", "fetch_ctf",  ()),
]  # fmt: skip


@pytest.mark.parametrize(("name", "start", "end", "by", "notices"), TABLE)
def test_a_step_leads_where_the_table_says(name: str, start: set[str], end: str, by: str, notices: tuple[str, ...]) -> None:
    step = STEPS[StepName(name)]
    assert {str(state) for state in step.start} == start
    assert (str(step.name), str(step.end), str(step.by), step.notices) == (name, end, by, notices)


def test_there_are_no_other_steps() -> None:
    assert [str(name) for name in STEPS] == [row[0] for row in TABLE]


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


def test_the_sender_hears_of_collecting_and_of_rejecting_and_of_nothing_else() -> None:
    assert {str(name): step.notices for name, step in STEPS.items() if step.notices} == {
        "confirm": ("collected",), "reject": ("rejected",),
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
    assert arrows == {"[*] --> waiting: sent"} | {f"{state} --> {end}: {name}" for name, start, end, *_ in TABLE for state in start}


def test_the_page_says_that_an_las_copy_disturbs_nothing() -> None:
    assert "only when the addressee takes the step" in diagram()
