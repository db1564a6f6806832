"""Promises about safe hours: as clocks in London show them, on the days the clocks change too."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.clock import LONDON
from portal.reports.safe_hours import SafeHours

NINE_TO_FIVE = SafeHours((0, 1, 2, 3, 4), 9, 17)
YEAR = datetime(2026, 1, 1, tzinfo=UTC)
NIGHT = SafeHours((4,), 22, 6)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "when", "is_safe"),
    [
        (SafeHours(), "2026-03-02 03:00", True),
        (SafeHours((6,)), "2026-03-01 23:59", True),
        (SafeHours((6,)), "2026-03-02 00:00", False),
        (NINE_TO_FIVE, "2026-03-02 09:00", True),
        (NINE_TO_FIVE, "2026-03-02 16:59", True),
        (NINE_TO_FIVE, "2026-03-02 17:00", False),
        (NINE_TO_FIVE, "2026-03-01 10:00", False),
        (NIGHT, "2026-03-06 22:00", True),
        (NIGHT, "2026-03-07 05:59", True),
        (NIGHT, "2026-03-07 06:00", False),
        (NIGHT, "2026-03-06 05:00", False),
    ],
)
def test_an_hour_is_safe_or_not(hours: SafeHours, when: str, is_safe: bool) -> None:
    assert hours.holds(at(when)) == is_safe


@pytest.mark.parametrize(
    ("when", "then"),
    [
        ("2026-03-02 08:12", "2026-03-02 09:00"),
        ("2026-03-02 12:34", "2026-03-02 12:34"),
        ("2026-03-06 17:00", "2026-03-09 09:00"),
        ("2026-03-27 20:00", "2026-03-30 09:00"),  # the clocks go forward between
        ("2026-10-23 20:00", "2026-10-26 09:00"),  # and back
    ],
)
def test_what_comes_outside_waits_for_the_next_safe_hour(when: str, then: str) -> None:
    assert NINE_TO_FIVE.next_from(at(when)) == at(then)


def test_an_hour_that_the_clocks_skip_is_waited_for_another_week() -> None:
    only = SafeHours((6,), 1, 2)
    assert only.next_from(at("2026-03-28 12:00")) == at("2026-04-05 01:00")


@given(
    st.sets(st.integers(0, 6)),
    st.integers(0, 23),
    st.integers(0, 23),
    st.integers(0, 365 * 24 * 60).map(lambda minutes: YEAR + timedelta(minutes=minutes)),
)
def test_the_next_hour_is_safe_and_nothing_before_it_is(
    days: set[int], start: int, end: int, now: datetime
) -> None:
    hours = SafeHours(tuple(sorted(days)), start, end)
    then = hours.next_from(now)
    assert hours.holds(then)
    between = now
    while then > now and between < then:
        assert not hours.holds(between)
        between += timedelta(minutes=30)
    assert SafeHours.from_data(hours.to_data()) == hours
    assert not hours.is_always or hours.holds(now)
