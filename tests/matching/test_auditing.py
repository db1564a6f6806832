from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.matching.auditing import Checked, audit_sample, clean_needed, stated_error


def test_the_lowest_accepted_scores_are_checked_most() -> None:
    matches = [(f"match {number}", 5 + number / 100) for number in range(1000)]
    drawn = audit_sample(matches, 200, seed=1)
    assert 195 <= len(drawn) <= 205
    lowest = {f"match {number}" for number in range(100)}
    assert len([one for one in drawn if one.match in lowest]) > 60
    assert len([one for one in drawn if one.match not in lowest]) > 20


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(5, 40), min_size=1, max_size=200), st.integers(1, 250), st.integers(0, 9))
def test_a_sample_holds_nobody_twice_and_about_as_many_as_asked(
    scores: list[float], size: int, seed: int
) -> None:
    matches = [(str(number), bits) for number, bits in enumerate(scores)]
    drawn = audit_sample(matches, size, seed=seed)
    assert len({one.match for one in drawn}) == len(drawn)
    assert all(0 < one.chance <= 1 + 1e-9 for one in drawn)
    assert abs(len(drawn) - min(size, len(scores))) <= 1
    assert drawn == audit_sample(matches[::-1], size, seed=seed)


def test_the_error_is_estimated_without_leaning_to_what_was_checked_most() -> None:
    """Errors sit where the scores are low; the weights have to take that out again."""
    random = Random(4)
    matches = [(number, random.uniform(5, 15)) for number in range(4000)]
    wrong = {number for number, bits in matches if random.random() < 4 / 2**bits}
    estimates = []
    for seed in range(30):
        drawn = audit_sample(matches, 400, seed=seed)
        checked = [Checked(one.chance, one.match not in wrong) for one in drawn]
        estimates.append(stated_error(checked, automatic=4000, unrecorded=800).error)
    assert sum(estimates) / 30 == pytest.approx(len(wrong) / 4000, rel=0.15)


def test_hidden_crimes_are_errors_times_matches_per_unrecorded_report() -> None:
    checked = [Checked(0.5, True)] * 990 + [Checked(0.5, False)] * 10
    found = stated_error(checked, automatic=70_000, unrecorded=14_000)
    assert found.error == pytest.approx(0.01)
    assert found.hidden == pytest.approx(0.05)
    assert found.hidden_limits[1] == pytest.approx(5 * found.error_limits[1])
    assert (found.checked, found.wrong, found.counts_as) == (1000, 10, pytest.approx(1000))


def test_an_uneven_draw_is_worth_less_than_it_counts() -> None:
    checked = [Checked(1.0, True)] * 100 + [Checked(0.1, True)] * 100
    assert stated_error(checked, automatic=1000, unrecorded=100).counts_as < 130


def test_about_three_thousand_clean_ones_state_half_a_percent() -> None:
    assert clean_needed(0.005, automatic=70, unrecorded=14) == 2995


@pytest.mark.parametrize("bad", [[], [Checked(0.0, True)], [Checked(1.5, True)]])
def test_an_audit_of_nothing_states_nothing(bad: list[Checked]) -> None:
    with pytest.raises(ValueError, match=r"checked|chance"):
        stated_error(bad, automatic=10, unrecorded=2)
    with pytest.raises(ValueError, match="at least one"):
        audit_sample([], 0, seed=1)
    with pytest.raises(ValueError, match="above 0"):
        clean_needed(0.0, automatic=10, unrecorded=2)
