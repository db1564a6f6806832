import pytest

from portal.matching.fairness import DIMENSIONS, Cell, fairness_table
from portal.matching.measuring import Outcome, Share

HIDDEN = Outcome(False, False, "automatic", (False,))
ALERTED = Outcome(False, False, "alert")
MISSED = Outcome(True, False, "alert")
FOUND = Outcome(True, False, "automatic", (True,))


def cells(cases: list[tuple[str, Outcome]], dimension: str = "sex") -> dict[str, Cell]:
    table = fairness_table([({dimension: group}, one) for group, one in cases])
    return {cell.group: cell for cell in table if cell.dimension == dimension}


def test_errors_are_counted_for_each_group() -> None:
    cases = [("women", HIDDEN)] + [("women", ALERTED)] * 99 + [("women", FOUND)] * 60
    cases += [("men", ALERTED)] * 80 + [("men", MISSED)] * 2 + [("men", FOUND)] * 98
    found = cells(cases)
    assert found["women"].hidden == Share(1, 100)
    assert found["men"].hidden == Share(0, 80)
    assert found["men"].missed == Share(2, 100)


def test_a_small_group_is_not_published_nor_the_one_that_would_give_it_away() -> None:
    cases = [("a", ALERTED)] * 500 + [("b", ALERTED)] * 60 + [("c", HIDDEN)] * 3
    found = cells(cases)
    assert found["c"].hidden is None
    assert found["b"].hidden is None
    assert found["a"].hidden == Share(0, 500)


def test_two_small_groups_hide_each_other() -> None:
    cases = [("a", ALERTED)] * 500 + [("b", ALERTED)] * 6 + [("c", HIDDEN)] * 3
    found = cells(cases)
    assert (found["b"].hidden, found["c"].hidden) == (None, None)
    assert found["a"].hidden is not None


def test_a_group_without_unrecorded_crimes_says_nothing_about_them() -> None:
    assert cells([("a", FOUND)] * 99)["a"].hidden is None


def test_who_is_not_known_is_a_group_too() -> None:
    table = fairness_table([({}, ALERTED)] * 60)
    assert {(cell.dimension, cell.group) for cell in table} == {
        (dimension, "not known") for dimension in DIMENSIONS
    }


def test_cells_that_could_point_at_somebody_cannot_be_asked_for() -> None:
    with pytest.raises(ValueError, match="fewer than 10"):
        fairness_table([], fewest=3)
