"""The clock: one timezone, no guesses."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.clock import LONDON, timestamp, to_london, utc_now

instants = st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001 - hypothesis wants bounds without a zone
    max_value=datetime(2090, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, LONDON]),
)


def test_the_present_is_in_utc() -> None:
    assert utc_now().utcoffset() == timedelta(0)
    assert utc_now() - datetime.now(UTC) < timedelta(minutes=1)


@given(instants)
def test_london_shows_the_same_instant(instant: datetime) -> None:
    assert to_london(instant).astimezone(UTC) == instant.astimezone(UTC)


@pytest.mark.parametrize(
    ("utc", "shown"),
    [
        (datetime(2026, 1, 2, 12, tzinfo=UTC), "12:00"),
        (datetime(2026, 7, 2, 12, tzinfo=UTC), "13:00"),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "00:59"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "02:00"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "01:30"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "01:30"),
    ],
)
def test_summer_and_winter_are_shown_as_a_clock_on_the_wall_shows_them(
    utc: datetime, shown: str
) -> None:
    assert to_london(utc).strftime("%H:%M") == shown


@given(instants)
def test_a_written_time_reads_back_to_the_microsecond(instant: datetime) -> None:
    written = timestamp(instant)
    assert written.endswith("Z")
    assert datetime.fromisoformat(written) == instant.astimezone(UTC)


@given(instants, instants)
def test_written_times_sort_as_the_instants_do(first: datetime, second: datetime) -> None:
    earlier = first.astimezone(UTC) < second.astimezone(UTC)
    assert (timestamp(first) < timestamp(second)) == earlier


def test_a_time_without_a_zone_is_neither_shown_nor_written() -> None:
    naive = datetime(2026, 3, 2, 9)  # noqa: DTZ001 - the point of the test
    with pytest.raises(ValueError, match="without a zone"):
        to_london(naive)
    with pytest.raises(ValueError, match="without a zone"):
        timestamp(naive)
