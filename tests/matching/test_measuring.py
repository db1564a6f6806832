import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.matching.measuring import Outcome, Share, measure, wilson


def test_the_interval_is_that_of_the_published_inspections() -> None:
    low, high = wilson(74, 81)
    assert (round(low, 3), round(high, 3)) == (0.832, 0.958)
    low, high = wilson(260, 314)
    assert (round(low, 3), round(high, 3)) == (0.782, 0.866)


def test_none_of_six_thousand_still_leaves_a_little_possible() -> None:
    low, high = wilson(0, 6000)
    assert low == 0
    assert 0.0006 < high < 0.0007


@given(st.integers(0, 500), st.integers(0, 500))
def test_the_interval_holds_the_share(hits: int, more: int) -> None:
    share = Share(hits, hits + more)
    low, high = share.interval
    assert 0 <= low <= share.value <= high <= 1 or share.of == 0


@pytest.mark.parametrize(("hits", "of"), [(2, 1), (-1, 5)])
def test_more_hits_than_cases_are_refused(hits: int, of: int) -> None:
    with pytest.raises(ValueError, match="between"):
        wilson(hits, of)


def test_the_figures_count_what_their_names_say() -> None:
    figures = measure(
        [
            Outcome(True, False, "automatic", (True,), ((7.0, True), (-2.0, False)), True),
            Outcome(True, False, "alert"),
            Outcome(True, True, "review", weighed=((1.0, True),)),
            Outcome(False, True, "automatic", (False,), ((5.0, False),)),
            Outcome(False, False, "alert"),
            Outcome(False, False, "ask"),
        ]
    )
    assert figures.reports == 6
    assert figures.hidden == Share(1, 3)
    assert figures.hidden_sexual == Share(1, 1)
    assert figures.right == Share(1, 2)
    assert figures.automatic == Share(2, 6)
    assert figures.alerts == Share(1, 2)
    assert figures.missed == Share(1, 3)
    assert figures.to_a_person == Share(2, 6)
    assert figures.to_a_person_full == Share(0, 1)
    bands = {(row.low, row.high): row for row in figures.calibration}
    assert bands[6.0, 8.0].seen == Share(1, 1)
    assert bands[6.0, 8.0].stated == pytest.approx(128 / 129)
    assert bands[-3.0, 0.0].seen == Share(0, 1)


def test_a_share_says_of_how_many_it_is() -> None:
    assert str(Share(1, 200)) == "0.50 % (1 of 200; 95 %: 0.09 % to 2.78 %)"
    assert measure([]).hidden.interval == (0.0, 1.0)
