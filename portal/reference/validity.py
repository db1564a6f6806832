"""From when until when a row of reference data holds, and its cells that are days or hours."""

from datetime import UTC, date, datetime, timedelta

from portal.clock import LONDON
from portal.reference.files import DataRow

BEGINNING = datetime(1, 1, 1, tzinfo=UTC)
"""Where a row that names no first day begins."""


def read_period(row: DataRow) -> tuple[datetime, datetime | None]:
    """From `valid_from` until the end of `valid_to`, London days as instants in UTC.

    An empty `valid_from` is the beginning of time, an empty `valid_to` None. Raises BadDataFile.
    """
    first, last = read_day(row, "valid_from"), read_day(row, "valid_to")
    if first and last and last < first:
        raise row.bad("valid_to comes before valid_from")
    return read_start(row), midnight(last + timedelta(days=1)) if last else None


def read_start(row: DataRow) -> datetime:
    """The first instant of `valid_from` in London, as UTC. Raises BadDataFile."""
    first = read_day(row, "valid_from")
    return midnight(first) if first else BEGINNING


def midnight(day: date) -> datetime:
    """The first instant of a London day, as UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)


def read_day(row: DataRow, column: str) -> date | None:
    """A day, or None for an empty cell. Raises BadDataFile."""
    if not row.optional(column):
        return None
    try:
        return date.fromisoformat(row.text(column))
    except ValueError:
        raise row.bad(f"{column} is not a date like 2015-04-01") from None


def read_hours(row: DataRow, column: str) -> timedelta:
    """Whole hours from 1 to 1000. Raises BadDataFile."""
    text = row.text(column)
    if not (text.isascii() and text.isdigit() and 0 < int(text[:4]) <= 1000):
        raise row.bad(f"{column} must be whole hours from 1 to 1000")
    return timedelta(hours=int(text))
