"""How times, lengths of time and numbers are written on a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from flask import Flask

from portal.clock import LONDON, to_london
from portal.languages.translating import _, ngettext
from portal.reports.code_words import spoken
from portal.reports.date_words import say_date
from portal.reports.typed_dates import say_time

_IN_HOURS_UP_TO = timedelta(hours=72)  # recording limits are spoken of in hours


def install(app: Flask) -> None:
    """Give the templates every filter of this module, under its own name."""
    app.jinja_env.filters.update(
        london=london,
        london_by=london_by,
        london_date=london_date,
        plain_duration=plain_duration,
        number=number,
        aloud=aloud,
    )


def london(moment: datetime, *, zone: bool = False) -> str:
    """A moment in London time: "3 November 2026, 2:05pm".

    GMT or BST follows when `zone` asks for it, and always within the hour that comes twice when
    the clocks go back. Raises ValueError for a moment without a time zone.
    """
    local = to_london(moment)
    text = f"{say_date(local.date())}, {_clock(local)}"
    return f"{text} {local.tzname()}" if zone or _comes_twice(local) else text


def london_by(moment: datetime) -> str:
    """Where a stretch of time ends: "the end of 11 November 2026" at a London midnight.

    Any other moment as `london`. Raises ValueError for a moment without a time zone.
    """
    local = to_london(moment)
    if (local.hour, local.minute, local.second, local.microsecond) != (0, 0, 0, 0):
        return london(moment)
    return _("the end of %(day)s", day=say_date(local.date() - timedelta(days=1)))


def london_date(moment: datetime | date) -> str:
    """The London day of a moment, or a plain date: "3 November 2026".

    Raises ValueError for a moment without a time zone.
    """
    day = to_london(moment).date() if isinstance(moment, datetime) else moment
    return say_date(day)


def plain_duration(length: timedelta) -> str:
    """A length of time, to the minute: "24 hours", "2 hours 5 minutes", "4 days 3 hours".

    Hours up to 72, then days. Rounded down. A negative length begins with "minus".
    """
    if length < timedelta(0):
        return _("minus %(length)s", length=plain_duration(-length))
    minutes = int(length.total_seconds()) // 60
    if minutes == 0:
        return _("less than a minute")
    if length <= _IN_HOURS_UP_TO:
        return _join(_hours(minutes // 60), _minutes(minutes % 60))
    return _join(_days(minutes // 1440), _hours(minutes % 1440 // 60))


def number(count: int) -> str:
    """A whole number with a comma between thousands: "12,345"."""
    return f"{count:,}"


def aloud(groups: Sequence[str]) -> list[str]:
    """Each group of a return code in words: "seven, Kilo, Quebec, two, Mike"."""
    return [", ".join(spoken(group)) for group in groups]


def _clock(local: datetime) -> str:
    said = say_time(local.time())
    # "3 November, midnight" could be either end of the day.
    return _("12am (midnight)") if local.time().replace(second=0, microsecond=0) == time() else said


def _comes_twice(local: datetime) -> bool:
    first, second = (local.replace(tzinfo=LONDON, fold=fold).utcoffset() for fold in (0, 1))
    return first != second


def _days(count: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count} if count else ""


def _hours(count: int) -> str:
    return ngettext("%(count)s hour", "%(count)s hours", count) % {"count": count} if count else ""


def _minutes(count: int) -> str:
    said = ngettext("%(count)s minute", "%(count)s minutes", count)
    return said % {"count": count} if count else ""


def _join(*amounts: str) -> str:
    return " ".join(filter(None, amounts))
