"""Days and hours of reference data: London days, and a wrong cell refused by its column."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.reference.files import BadDataFile, DataRow
from portal.reference.validity import BEGINNING, read_day, read_hours, read_period


def row(**cells: str) -> DataRow:
    return DataRow("times.csv", 2, {"valid_from": "", "valid_to": "", **cells})


def test_a_rule_holds_until_the_end_of_its_last_day_in_london() -> None:
    assert read_period(row(valid_from="2015-04-01", valid_to="2015-04-30")) == (
        datetime(2015, 3, 31, 23, tzinfo=UTC),
        datetime(2015, 4, 30, 23, tzinfo=UTC),
    )


def test_a_rule_without_days_always_held_and_still_does() -> None:
    assert read_period(row()) == (BEGINNING, None)


def test_a_rule_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(BadDataFile, match="valid_to comes before valid_from"):
        read_period(row(valid_from="2015-04-02", valid_to="2015-04-01"))


@pytest.mark.parametrize("cell", ["1 April 2015", "2015-04-31", "２０１５-04-01"])
def test_what_is_no_day_is_refused_by_its_column(cell: str) -> None:
    with pytest.raises(BadDataFile, match="valid_from is not a date"):
        read_day(row(valid_from=cell), "valid_from")


@pytest.mark.parametrize("cell", ["0", "1001", "-1", "1.5", "٢٤", "24 hours"])
def test_what_are_no_whole_hours_are_refused_by_their_column(cell: str) -> None:
    with pytest.raises(BadDataFile, match="wait must be whole hours"):
        read_hours(row(wait=cell), "wait")
    assert read_hours(row(wait="72"), "wait") == timedelta(days=3)
