"""A period is meant in London days, with its last day inside it."""

from datetime import UTC, datetime

import pytest

from portal.errors import Refused
from portal.police.period import read_end, read_start


def test_a_day_begins_and_ends_at_midnight_in_london() -> None:
    assert read_start("2026-01-01") == datetime(2026, 1, 1, tzinfo=UTC)
    assert read_end("2026-01-31") == datetime(2026, 2, 1, tzinfo=UTC)
    assert read_start("01/07/2026") == datetime(2026, 6, 30, 23, tzinfo=UTC)
    assert read_end("01/07/2026") == datetime(2026, 7, 1, 23, tzinfo=UTC)


def test_the_day_the_clocks_change_is_covered_to_its_own_end() -> None:
    assert read_end("2026-03-29") - read_start("2026-03-29") == datetime(
        2026, 1, 1, 23, tzinfo=UTC
    ) - datetime(2026, 1, 1, tzinfo=UTC)


def test_a_time_is_taken_as_it_is() -> None:
    assert read_end(" 2026-07-01 14:30 ") == datetime(2026, 7, 1, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "soon", "2026-02-30", "31-01-2026"])
def test_what_is_no_day_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Refused, match="2026-01-31 14:30"):
        read_start(text)
