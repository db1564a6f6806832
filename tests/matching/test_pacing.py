"""A slow disk lets nobody wait for long, and a quick one is not kept from hurrying."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from portal.matching.pacing import FEWEST, FIRST, MOST, STEP, in_steps


class Watch:
    """A clock that a step moves on by what it takes for each record."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def lengths(many: int, seconds_each: float) -> list[int]:
    watch = Watch()
    found = []
    for step in in_steps(range(many), clock=watch):
        found.append(len(step))
        watch.now += seconds_each * len(step)
    return found


def test_on_a_slow_disk_whoever_sends_a_report_soon_waits_for_a_short_step_only() -> None:
    found = lengths(3_000, 2.2 / 500)
    assert found[:4] == [500, 250, 125, 62]
    assert all(many * 2.2 / 500 < STEP * 1.1 for many in found[4:])


def test_on_a_quick_disk_steps_grow_as_far_as_they_may() -> None:
    assert lengths(4_000, 0.0) == [500, 1_000, 1_000, 1_000, 500]


def test_what_takes_as_long_as_it_should_goes_on_as_it_is() -> None:
    assert set(lengths(5_000, STEP / FIRST)) == {FIRST}


@given(some.integers(0, 9_000), some.floats(0, 1))
def test_every_record_comes_once_in_order_however_long_a_step_takes(
    many: int, seconds_each: float
) -> None:
    watch = Watch()
    found = []
    for step in in_steps(range(many), clock=watch):
        found.append(step)
        watch.now += seconds_each * len(step)
    assert [one for step in found for one in step] == list(range(many))
    assert all(FEWEST <= len(step) <= MOST for step in found[:-1])
    assert all(len(later) <= 2 * len(one) for one, later in pairwise(found))
