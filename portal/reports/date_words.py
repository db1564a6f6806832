"""Days, times and answers to "when", said in plain words as London shows them."""

from datetime import date, datetime, timedelta

from portal.clock import LONDON, to_london
from portal.languages.translating import _, lazy
from portal.reports.dates import PARTS, Kind, When
from portal.reports.typed_dates import MONTH_NAMES, TypedDate, read_date, read_time, say_time

DAYS = (
    lazy("Monday"),
    lazy("Tuesday"),
    lazy("Wednesday"),
    lazy("Thursday"),
    lazy("Friday"),
    lazy("Saturday"),
    lazy("Sunday"),
)
_NO_DATE = lazy("a date that we could not read")


def say_date(day: date) -> str:
    """ "3 November 2026"."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


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
        return _("midnight at %(moment)s", moment=say_until(instant))
    clock = say_time(shown.time()) + _which_hour(shown)
    return _("%(clock)s on %(day)s", clock=clock, day=say_day(shown.date()))


def say_until(instant: datetime) -> str:
    """Where a stretch of time ends: "the end of Wednesday 11 November 2026" at a London midnight.

    Any other moment as `say_moment`. Raises ValueError for a time without a zone.
    """
    shown = to_london(instant)
    if _is_midnight(shown):
        return _("the end of %(day)s", day=say_day(shown.date() - timedelta(days=1)))
    return say_moment(instant)


def _is_midnight(shown: datetime) -> bool:
    return (shown.hour, shown.minute, shown.second, shown.microsecond) == (0, 0, 0, 0)


def describe(answer: When) -> str:
    """The answer in plain words, for a page on which the person checks it."""
    if answer.kind == Kind.UNKNOWN:
        return _("I don’t know when")
    if answer.kind == Kind.NOT_SAID:
        return _("I would rather not say when")
    if answer.kind == Kind.RANGE:
        start = _side(answer.day, answer.month, answer.year, answer.time)
        end = _side(answer.to_day, answer.to_month, answer.to_year, answer.to_time)
        return _("from %(start)s to %(end)s", start=start, end=end)
    if answer.kind == Kind.APPROXIMATE:
        return _approximate(answer)
    return _side(answer.day, answer.month, answer.year, answer.time)


def _which_hour(shown: datetime) -> str:
    naive = shown.replace(tzinfo=None)
    first, second = (naive.replace(tzinfo=LONDON, fold=fold).utcoffset() for fold in (0, 1))
    if first == second:
        return ""
    which = _("after the clocks went back") if shown.fold else _("before the clocks went back")
    return f" ({which})"


def _side(day: str, month: str, year: str, clock: str) -> str:
    found = read_date(day, month, year, whole=False)
    if not isinstance(found, TypedDate):
        return str(_NO_DATE)
    at = read_time(clock)
    if at is None or found.day is None:
        return _as_far_as_given(found)
    day = say_day(found.first())
    if (at.hour, at.minute) == (0, 0):
        return _("midnight, as %(day)s began", day=day)
    return _("%(clock)s on %(day)s", clock=say_time(at), day=day)


def _as_far_as_given(found: TypedDate) -> str:
    return say_day(found.first()) if found.day else say_as_far_as_given(found)


def say_as_far_as_given(found: TypedDate) -> str:
    """A date of which the day, or the day and the month, may be missing: "November 2026"."""
    if found.day:
        return say_date(found.first())
    return f"{MONTH_NAMES[found.month - 1]} {found.year}" if found.month else str(found.year)


def _approximate(answer: When) -> str:
    found = read_date(answer.day, answer.month, answer.year, whole=False)
    if not isinstance(found, TypedDate):
        return str(_NO_DATE)
    if not found.day:
        return _("some time in %(when)s", when=say_as_far_as_given(found))
    day = found.first()
    if answer.part not in PARTS:
        return _("about %(day)s (up to 3 days before or after)", day=say_date(day))
    if answer.part == "night":
        return _(
            "the night of %(day)s, into %(next)s (about)",
            day=say_date(day),
            next=say_date(day + timedelta(days=1)),
        )
    return _(PARTS[answer.part].words, day=say_date(day))
