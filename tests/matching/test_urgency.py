"""The gravest, likeliest unrecorded crime is read first, and nobody waits for ever."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.matching.urgency import count_unrecorded, harm_of, urgency

_DAY = timedelta(days=1)
_CHANCE, _HARM = st.floats(0.01, 1), st.floats(1, 8000)
_WAITED = st.timedeltas(timedelta(0), timedelta(days=1000))


def test_a_rape_is_graver_than_a_broken_window_and_not_sure_is_in_between() -> None:
    assert harm_of("raped") > harm_of("not-sure") > 0
    assert harm_of("raped") > harm_of("burglary-home")
    assert harm_of("no such thing") == harm_of("not-sure")


@settings(max_examples=60, deadline=None)
@given(_CHANCE, _HARM, _WAITED)
def test_more_of_any_of_the_three_is_more_urgent(
    chance: float, harm: float, waited: timedelta
) -> None:
    before = urgency(chance, harm, waited)
    assert urgency(chance * 1.5, harm, waited) > before
    assert urgency(chance, harm * 1.5, waited) > before
    assert urgency(chance, harm, waited + _DAY) > before
    assert urgency(chance, harm, -waited) == urgency(chance, harm, timedelta(0))


@pytest.mark.parametrize(
    ("no_record", "candidates", "counted"),
    [
        # One that fits in all but the hour: as likely as not it is another crime.
        (0.0, [(1.0, ["early"])], 0.5),
        (0.4, [(0.6, ["early"])], 0.7),
        (0.0, [(1.0, ["taken"])], 0.5),
        (0.0, [(1.0, ["outdated"])], 0.5),
        # A better one, which nothing speaks against, still lets the case wait.
        (0.1, [(0.8, []), (0.1, ["early", "another"])], 0.15),
        # What closes these is in the chance already.
        (0.1, [(0.9, ["another", "personal"])], 0.1),
        # What does not stand has no part in the chance of no record.
        (1.0, [(0.9, ["early", "removed"])], 1.0),
        (0.3, [(0.9, ["no-crime", "early"]), (None, ["early"])], 0.3),
    ],
)
def test_half_of_what_a_chance_gives_to_a_record_that_it_knows_too_little_of_is_no_record(
    no_record: float, candidates: list[tuple[float | None, list[str]]], counted: float
) -> None:
    assert count_unrecorded(no_record, candidates) == pytest.approx(counted)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(_CHANCE, st.sampled_from([["early"], ["taken"], ["another"], []]))))
def test_a_doubt_never_lets_a_case_wait_longer_and_no_chance_is_above_one(
    candidates: list[tuple[float, list[str]]],
) -> None:
    counted = count_unrecorded(0.2, candidates)
    assert 0.2 <= counted <= 1
    assert count_unrecorded(0.2, [*candidates, (0.5, ["early"])]) >= counted
