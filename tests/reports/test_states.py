import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.errors import Refused
from portal.reports.states import (
    WAYS_IN,
    Move,
    State,
    Viewer,
    after,
    can,
    is_final,
    is_followed,
    may_contact,
    may_see,
    viewers,
)

states = st.sampled_from(list(State))
moves = st.sampled_from(list(Move))


@pytest.mark.parametrize(("way_in", "state"), [("told", "told"), ("pass", "passed")])
def test_a_kept_report_can_be_told_or_passed_later(way_in: str, state: str) -> None:
    assert after("draft", way_in) == state
    assert after("kept", way_in) == state


def test_a_draft_can_be_kept_and_told_to_nobody() -> None:
    assert after("draft", "keep") == "kept"
    assert not is_followed("kept")
    assert viewers("kept") == {Viewer.REPORTER, Viewer.ADVOCATE}


def test_what_was_told_cannot_be_made_untold() -> None:
    for state in (State.TOLD, State.PASSED):
        assert not any(can(state, way) for way in WAYS_IN)
        with pytest.raises(Refused, match="Nothing was changed"):
            after(state, Move.KEEP)


def test_withdrawing_stops_contact_and_looks_but_never_a_clock() -> None:
    for state in (State.TOLD, State.PASSED):
        assert after(state, Move.WITHDRAW) == state
        assert is_followed(after(state, Move.WITHDRAW))
        assert may_contact(state)
        assert not may_contact(state, withdrawn=True)
        assert viewers(state, withdrawn=True) == {Viewer.REPORTER}


def test_a_withdrawn_report_can_only_be_taken_up_again_or_erased() -> None:
    for state in (State.KEPT, State.TOLD, State.PASSED):
        lawful = {move for move in Move if can(state, move, withdrawn=True)}
        assert lawful == {Move.ERASE, Move.TAKE_UP}
        assert not can(state, Move.TAKE_UP)


def test_adding_and_correcting_never_change_where_a_report_stands() -> None:
    for state in (State.KEPT, State.TOLD, State.PASSED):
        for move in (Move.ADD, Move.CORRECT):
            assert after(state, move) == state
    assert not any(can("draft", move) for move in (Move.ADD, Move.CORRECT))


def test_a_force_sees_only_what_was_passed_to_it() -> None:
    assert [state for state in State if may_see("force", state)] == [State.PASSED]


def test_oversight_never_sees_a_draft_or_a_kept_report() -> None:
    assert [state for state in State if may_see("oversight", state)] == [State.TOLD, State.PASSED]


def test_a_draft_is_nobody_elses() -> None:
    assert viewers("draft") == {Viewer.REPORTER}
    assert not may_contact("draft")
    assert not is_final("draft")


@given(states, moves, st.booleans())
def test_a_move_is_either_lawful_or_refused(state: State, move: Move, withdrawn: bool) -> None:
    if can(state, move, withdrawn=withdrawn):
        assert after(state, move, withdrawn=withdrawn) in State
    else:
        with pytest.raises(Refused):
            after(state, move, withdrawn=withdrawn)


@given(states, st.lists(moves))
def test_no_moves_lead_back_to_a_draft_or_out_of_erasure(state: State, path: list[Move]) -> None:
    reached = state
    for move in path:
        if can(reached, move):
            reached = after(reached, move)
            assert is_final(reached)
    assert state != State.ERASED or reached == State.ERASED


@given(states)
def test_withdrawing_never_shows_more(state: State) -> None:
    assert viewers(state, withdrawn=True) <= viewers(state)


@given(st.text(max_size=8), st.text(max_size=8))
def test_an_unknown_state_or_move_is_refused(state: str, move: str) -> None:
    if state not in set(State) or move not in set(Move):
        assert not can(state, move)
        with pytest.raises(Refused):
            after(state, move)
