"""The gravest, likeliest unrecorded crime is read first, and nobody waits for ever."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.matching.urgency import harm_of, urgency

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
