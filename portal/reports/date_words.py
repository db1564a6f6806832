"""Days, times and answers to "when", said in plain words as London shows them."""

from datetime import date, datetime, timedelta

from portal.clock import LONDON, to_london
from portal.reports.dates import PARTS, Kind, When
from portal.reports.typed_dates import MONTHS, TypedDate, read_date, read_time, say_time

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NO_DATE = "a date that we could not read"


def say_date(day: date) -> str:
    """ "3 November 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def say_day(day: date) -> str:
    """ "Tuesday 3 November 2026"."""
    return f"{DAYS[day.weekday()]} {say_date(day)}"


def say_moment(instant: datetime) -> str:
    """ "9:40pm on Saturday 24 October 2026", in London; says which, if the clocks show it twice.

    Midnight says of which day it is the end, because "midnight on Saturday" is read both ways.
    Seconds are left out. Raises ValueError for a time without a zone.
    """
    shown = to_london(instant)
    if _is_midnight(shown):
        return f"midnight at {say_until(instant)}"
    return f"{say_time(shown.time())}{_which_hour(shown)} on {say_day(shown.date())}"


def say_until(instant: datetime) -> str:
    """Where a stretch of time ends: "the end of Wednesday 11 November 2026" at a London midnight.

    Any other moment as `say_moment`. Raises ValueError for a time without a zone.
    """
    shown = to_london(instant)
    if _is_midnight(shown):
        return f"the end of {say_day(shown.date() - timedelta(days=1))}"
    return say_moment(instant)


def _is_midnight(shown: datetime) -> bool:
    return (shown.hour, shown.minute, shown.second, shown.microsecond) == (0, 0, 0, 0)


def describe(answer: When) -> str:
    """The answer in plain words, for a page on which the person checks it."""
    if answer.kind == Kind.UNKNOWN:
        return "I don’t know when"
    if answer.kind == Kind.NOT_SAID:
        return "I would rather not say when"
    if answer.kind == Kind.RANGE:
        start = _side(answer.day, answer.month, answer.year, answer.time)
        end = _side(answer.to_day, answer.to_month, answer.to_year, answer.to_time)
        return f"from {start} to {end}"
    if answer.kind == Kind.APPROXIMATE:
        return _approximate(answer)
    return _side(answer.day, answer.month, answer.year, answer.time)


def _which_hour(shown: datetime) -> str:
    naive = shown.replace(tzinfo=None)
    first, second = (naive.replace(tzinfo=LONDON, fold=fold).utcoffset() for fold in (0, 1))
    if first == second:
        return ""
    return f" ({'after' if shown.fold else 'before'} the clocks went back)"


def _side(day: str, month: str, year: str, clock: str) -> str:
    found = read_date(day, month, year, whole=False)
    if not isinstance(found, TypedDate):
        return _NO_DATE
    at = read_time(clock)
    if at is None or found.day is None:
        return _as_far_as_given(found)
    if say_time(at) == "midnight":
        return f"midnight, as {say_day(found.first())} began"
    return f"{say_time(at)} on {say_day(found.first())}"


def _as_far_as_given(found: TypedDate) -> str:
    if found.day:
        return say_day(found.first())
    return f"{MONTHS[found.month - 1]} {found.year}" if found.month else str(found.year)


def _approximate(answer: When) -> str:
    found = read_date(answer.day, answer.month, answer.year, whole=False)
    if not isinstance(found, TypedDate):
        return _NO_DATE
    if not found.day:
        return f"some time in {_as_far_as_given(found)}"
    day = found.first()
    if answer.part not in PARTS:
        return f"about {say_date(day)} (up to 3 days before or after)"
    if answer.part == "night":
        return f"the night of {say_date(day)}, into {say_date(day + timedelta(days=1))} (about)"
    return f"{PARTS[answer.part].words} {say_date(day)} (about)"
