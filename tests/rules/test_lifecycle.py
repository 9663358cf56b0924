from s2s.rules.lifecycle import AWAITING, SHELVES, STATE_WORDS, STEP_WORDS, STEPS, Shelf, State, StepName, diagram


def test_every_state_and_every_step_has_words() -> None:
    assert set(STATE_WORDS) == set(State)
    assert set(STEP_WORDS) == set(STEPS) == set(StepName)


def test_every_state_can_be_reached() -> None:
    assert {step.end for step in STEPS.values()} | {State.OURS} == set(State)


def test_every_state_lies_on_a_shelf_and_two_await_download() -> None:
    assert set(SHELVES) == set(State)
    assert {state for state, shelf in SHELVES.items() if shelf is Shelf.AWAITING} == AWAITING
    assert all(shelf == state for state, shelf in SHELVES.items() if state not in AWAITING)


def test_a_file_leaves_the_waiting_list_only_with_a_notice_to_its_sender() -> None:
    leaving = [step for step in STEPS.values() if step.start & AWAITING and step.end not in AWAITING]
    assert leaving
    assert all(step.notices for step in leaving)


def test_the_page_is_markdown_that_ends_with_a_line() -> None:
    assert diagram().startswith("# ")
    assert diagram().endswith(".\n")
    assert diagram().count("```") == 2
