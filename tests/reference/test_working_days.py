"""Working days of England and Wales: weekends and bank holidays never count."""

from datetime import date
from pathlib import Path

import pytest

from portal.reference.files import BadDataFile
from portal.reference.working_days import bank_holidays, count_on


def test_a_weekend_is_passed_over() -> None:
    found = count_on(date(2026, 3, 6), 2, bank_holidays())
    assert found is not None
    assert found.counted == (date(2026, 3, 9), date(2026, 3, 10))
    assert found.last == date(2026, 3, 10)
    assert found.holidays == ()


def test_easter_is_passed_over_and_named() -> None:
    found = count_on(date(2026, 4, 2), 1, bank_holidays())
    assert found is not None
    assert found.last == date(2026, 4, 7)
    assert [name for _, name in found.holidays] == ["Good Friday", "Easter Monday"]


def test_boxing_day_of_2026_is_kept_on_the_monday() -> None:
    found = count_on(date(2026, 12, 24), 1, bank_holidays())
    assert found is not None
    assert found.last == date(2026, 12, 29)


def test_the_day_itself_never_counts_even_at_a_weekend() -> None:
    found = count_on(date(2026, 3, 7), 1, bank_holidays())
    assert found is not None
    assert found.last == date(2026, 3, 9)


def test_beyond_the_years_that_are_known_nothing_is_worked_out() -> None:
    assert count_on(date(2027, 12, 31), 1, bank_holidays()) is None


@pytest.mark.parametrize("days", [0, -1, 101])
def test_no_other_number_of_days_is_counted(days: int) -> None:
    with pytest.raises(ValueError, match="1 to 100"):
        count_on(date(2026, 3, 6), days, bank_holidays())


def test_every_year_has_its_holidays_on_weekdays() -> None:
    years = [day.year for day in bank_holidays()]
    assert all(day.weekday() < 5 for day in bank_holidays())
    assert all(years.count(year) >= 8 for year in set(years))


def test_a_file_with_a_day_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bank_holidays.csv").write_text("day,name\nEaster,Easter\n")
    with pytest.raises(BadDataFile, match="not a date"):
        bank_holidays(tmp_path)
