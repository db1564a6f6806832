"""Working days in England and Wales: not Saturdays, Sundays or bank holidays.

The recording limit has nothing to do with them: it runs in clock hours (`reference.rules`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from portal.reference.files import DATA, DataRow, read_rows

_SATURDAY = 5
_MOST_DAYS = 100


@dataclass(frozen=True)
class Count:
    """Working days counted from the day after `first`: the days that counted, the last of them
    `last`, and the bank holidays that were passed over, by name."""

    first: date
    last: date
    counted: tuple[date, ...]
    holidays: tuple[tuple[date, str], ...]


@cache
def bank_holidays(directory: Path = DATA) -> Mapping[date, str]:
    """Every bank holiday that is known, by day. Raises BadDataFile."""
    rows = read_rows(directory, "bank_holidays.csv", ("day", "name"), key="day")
    return {_day(row): row.text("name") for row in rows}


def count_on(first: date, days: int, holidays: Mapping[date, str]) -> Count | None:
    """The working days after `first`; None where the bank holidays are not known so far.

    `first` itself does not count, whatever day it is. Raises ValueError for fewer than 1 or more
    than 100 days.
    """
    if not 0 < days <= _MOST_DAYS:
        raise ValueError("working days are counted from 1 to 100")
    years = {one.year for one in holidays}
    day, counted, passed = first, list[date](), list[tuple[date, str]]()
    while len(counted) < days:
        day += timedelta(days=1)
        if day.year not in years:
            return None
        if day in holidays:
            passed.append((day, holidays[day]))
        elif day.weekday() < _SATURDAY:
            counted.append(day)
    return Count(first, day, tuple(counted), tuple(passed))


def _day(row: DataRow) -> date:
    try:
        return date.fromisoformat(row.text("day"))
    except ValueError:
        raise row.bad("day is not a date like 2026-12-25") from None
