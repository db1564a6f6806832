"""Agreement of two readers, against figures worked out elsewhere; none is made up."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.matching.agreement import agreement

_VERDICTS = ("record", "none", "cannot_tell")


def test_the_figures_are_those_of_a_worked_example() -> None:
    # 20, 5, 10 and 15 of 50: observed .70, by chance .50, kappa .40; a bootstrap gives error .129.
    pairs = (
        [("record", "record")] * 20
        + [("record", "none")] * 5
        + [("none", "record")] * 10
        + [("none", "none")] * 15
    )
    found = agreement(pairs)
    assert (found.same.hits, found.same.of) == (35, 50)
    assert found.kappa is not None
    assert found.kappa.value == pytest.approx(0.4)
    assert found.kappa.high - found.kappa.value == pytest.approx(1.96 * 0.1265, abs=0.004)
    assert found.counts["none", "record"] == 10


def test_full_agreement_is_one_and_few_or_uniform_readings_say_nothing() -> None:
    both = [("record", "record")] * 8 + [("none", "none")] * 8
    found = agreement(both).kappa
    assert found is not None
    assert (found.value, found.low, found.high) == (1.0, 1.0, 1.0)
    assert agreement([("none", "none")] * 40).kappa is None
    assert agreement(both[:9]).kappa is None
    assert agreement([]).same.interval == (0.0, 1.0)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(_VERDICTS), st.sampled_from(_VERDICTS)), max_size=60))
def test_the_interval_holds_kappa_and_turning_the_readers_round_changes_nothing(
    pairs: list[tuple[str, str]],
) -> None:
    found = agreement(pairs).kappa
    turned = agreement([(second, first) for first, second in pairs]).kappa
    assert (found is None) == (turned is None)
    if found is not None and turned is not None:
        assert -1 <= found.low <= found.value <= found.high <= 1
        assert found.value == pytest.approx(turned.value)
        assert found.low == pytest.approx(turned.low)
