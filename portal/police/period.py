"""The period that a supply covers, as a person writes it: days or times, in London. Pure."""

from datetime import UTC, datetime, timedelta

from portal.clock import LONDON, to_london
from portal.errors import Refused
from portal.police.cells import Moment, RefusedCell, moment


def read_start(text: str) -> datetime:
    """The beginning of a period, in UTC; of a day its first instant. Raises Refused."""
    return _read(text).at


def read_end(text: str) -> datetime:
    """The end of a period, in UTC and not part of it; of a day the midnight after it.

    Raises Refused.
    """
    end = _read(text)
    if not end.day_only:
        return end.at
    day = to_london(end.at).date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)


def _read(text: str) -> Moment:
    try:
        return moment("period", text.strip(), lambda field, reason: None)
    except RefusedCell:
        raise Refused(
            "Write a day like 2026-01-31 or 31/01/2026, or a day and time like 2026-01-31 14:30."
        ) from None
