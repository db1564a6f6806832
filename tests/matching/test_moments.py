"""What a force writes of times is taken for a time where it is one, and for a day where not."""

from datetime import UTC, date, datetime, timedelta, timezone

from portal.matching.moments import days_in, earliest, moments_of

NOON = datetime(2026, 10, 25, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 10, 25, tzinfo=UTC)


def test_a_stretch_that_ends_before_it_begins_is_none() -> None:
    assert days_in((NOON, NOON - timedelta(days=1))) is None
    assert days_in(None) is None
    assert days_in((MIDNIGHT, NOON)) == (MIDNIGHT.toordinal(),) * 2


def test_the_earliest_is_that_of_the_world_and_not_of_the_clocks_hand() -> None:
    # An hour later on the clock, and an hour earlier in the world.
    summer = NOON.replace(hour=13, tzinfo=timezone(timedelta(hours=2)))
    assert earliest(NOON, summer) == NOON - timedelta(hours=1)


def test_midnight_and_a_day_alone_are_no_time_of_day() -> None:
    assert earliest(MIDNIGHT, date(2026, 10, 25), None) is None
    assert earliest(MIDNIGHT, NOON) == NOON
    assert moments_of((MIDNIGHT, NOON), NOON) == ()
    assert moments_of((NOON, NOON), None) == ()
    assert moments_of((NOON, NOON), NOON) == (NOON, NOON, NOON)
