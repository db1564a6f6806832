"""What people type into boxes for a day, a month, a year and a time, read without guessing.

Nothing here knows what day it is: `reports.dates` turns what was typed into instants.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, time

from portal.languages.translating import _, lazy

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
MONTH_NAMES = (
    lazy("January"),
    lazy("February"),
    lazy("March"),
    lazy("April"),
    lazy("May"),
    lazy("June"),
    lazy("July"),
    lazy("August"),
    lazy("September"),
    lazy("October"),
    lazy("November"),
    lazy("December"),
)
"""The same in the language of the request."""
_WELSH_MONTHS = (
    "Ionawr",
    "Chwefror",
    "Mawrth",
    "Ebrill",
    "Mai",
    "Mehefin",
    "Gorffennaf",
    "Awst",
    "Medi",
    "Hydref",
    "Tachwedd",
    "Rhagfyr",
)
_TYPE_THE = {
    "day": lazy("Type the day."),
    "month": lazy("Type the month."),
    "year": lazy("Type the year."),
}
FIRST_YEAR = 1900
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th|af|il|ydd|f?ed|eg)?", re.ASCII)
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?([ap]m)?", re.ASCII)
# "y bore", "y prynhawn", "yr hwyr", as they are shortened.
_WELSH_HALF = re.compile(r"(?<=\d)y\.?([bph])\.?$")
_TIME_WITHOUT_MARK = re.compile(r"(\d{2})(\d{2})", re.ASCII)
_SHORTEST_MONTH = 3
_NAMED_TIMES = {
    "noon": time(12),
    "midday": time(12),
    "midnight": time(0),
    "canoldydd": time(12),
    "hannernos": time(0),
}


@dataclass(frozen=True)
class Problem:
    """One thing to put right: `part` names the box (day, month, year, time, part, to_day ...)."""

    part: str
    message: str


@dataclass(frozen=True)
class TypedDate:
    """A date as far as it was given. `day`, or `day` and `month`, may be None.

    `short_year` tells that the year was typed with two figures.
    """

    year: int
    month: int | None = None
    day: int | None = None
    short_year: bool = False

    def first(self) -> date:
        """The first calendar day that this date can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    def after(self) -> date:
        """The calendar day after the last one that this date can mean."""
        if self.month is None:
            return date(self.year + 1, 1, 1)
        if self.day is None:
            step = self.month % 12
            return date(self.year + (step == 0), step + 1, 1)
        return date.fromordinal(self.first().toordinal() + 1)


def read_date(
    day: str, month: str, year: str, *, prefix: str = "", whole: bool = True
) -> TypedDate | list[Problem]:
    """The date in three typed boxes, or everything wrong with it.

    `prefix` goes before each part's name ("to_"). Without `whole`, the day, or the day and the
    month, may be left empty.
    """
    typed = {"day": _tidy(day), "month": _tidy(month), "year": _tidy(year)}
    problems = _missing(typed, prefix, whole=whole)
    day_number = _read_day(typed["day"])
    month_number = _read_month(typed["month"])
    year_number = _read_year(typed["year"])
    if typed["day"] and day_number is None:
        problems.append(Problem(f"{prefix}day", _("The day must be a number from 1 to 31.")))
    if typed["month"] and month_number is None:
        problems.append(
            Problem(f"{prefix}month", _("The month must be a number from 1 to 12, or its name."))
        )
    if typed["year"] and year_number is None:
        problems.append(
            Problem(
                f"{prefix}year",
                _("The year must be a number like 2024, from %(first)s on.", first=FIRST_YEAR),
            )
        )
    if problems or year_number is None:
        return problems
    found = TypedDate(year_number, month_number, day_number, len(typed["year"]) == 2)
    return found if _in_calendar(found) else [_no_such_day(found, prefix)]


def full_year(text: str) -> str:
    """The year with four figures as it is understood, "2026" for "26"; else what was typed."""
    year = _read_year(_tidy(text))
    return str(year) if year is not None else text


def read_time(text: str) -> time | None:
    """A time of day such as "7pm", "19:30", "7.30 pm", "noon" or "midnight" (as the day begins).

    None when it is not a time, or when it could be morning or evening ("7").
    """
    typed = _tidy(text).replace(" ", "").replace("a.m.", "am").replace("p.m.", "pm")
    typed = _WELSH_HALF.sub(lambda found: "am" if found[1] == "b" else "pm", typed)
    named = _NAMED_TIMES.get(typed.removeprefix("12"))
    if named is not None:
        return named
    without_mark = _TIME_WITHOUT_MARK.fullmatch(typed)
    if without_mark:
        return _clock(int(without_mark[1]), int(without_mark[2]))
    found = _TIME.fullmatch(typed)
    if not found or not (found[2] or found[3]):
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half is None:
        return _clock(hour, minute)
    if not 1 <= hour <= 12:
        return None
    return _clock(hour % 12 + (12 if half == "pm" else 0), minute)


def say_time(at: time) -> str:
    """A time of day in words: "9:40pm", "7pm", "noon", "midnight"."""
    if (at.hour, at.minute) in ((0, 0), (12, 0)):
        return _("noon") if at.hour else _("midnight")
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{(at.hour - 1) % 12 + 1}{minutes}{'pm' if at.hour >= 12 else 'am'}"


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _missing(typed: dict[str, str], prefix: str, *, whole: bool) -> list[Problem]:
    if not any(typed.values()):
        if whole:
            return [Problem(f"{prefix}day", _("Type the day, the month and the year."))]
        return [
            Problem(f"{prefix}year", _("Type the year. Add the month and day if you know them."))
        ]
    needed = ["day", "month", "year"] if whole or typed["day"] else ["year"]
    return [Problem(f"{prefix}{part}", _TYPE_THE[part]) for part in needed if not typed[part]]


def _read_day(text: str) -> int | None:
    found = _DAY.fullmatch(text)
    day = int(found[1]) if found else 0
    return day if 1 <= day <= 31 else None


def _read_month(text: str) -> int | None:
    if re.fullmatch(r"\d{1,2}", text, re.ASCII):
        return int(text) if 1 <= int(text) <= 12 else None
    name = text.rstrip(".")
    if len(name) < _SHORTEST_MONTH:
        return None
    if name == "sept":
        return 9
    for months in (MONTHS, _WELSH_MONTHS):
        for number, month in enumerate(months, start=1):
            if month.casefold().startswith(name):
                return number
    return None


def _read_year(text: str) -> int | None:
    """Two figures mean 20xx; three or more than four mean nothing."""
    if re.fullmatch(r"\d{2}", text, re.ASCII):
        return 2000 + int(text)
    if re.fullmatch(r"\d{4}", text, re.ASCII) and FIRST_YEAR <= int(text) < 9999:
        return int(text)
    return None


def _in_calendar(found: TypedDate) -> bool:
    try:
        found.first()
    except ValueError:
        return False
    return True


def _no_such_day(found: TypedDate, prefix: str) -> Problem:
    words = _(
        "%(month)s %(year)s has no day %(day)s. Check the day.",
        month=MONTH_NAMES[(found.month or 1) - 1],
        year=found.year,
        day=found.day,
    )
    return Problem(f"{prefix}day", words)


def _clock(hour: int, minute: int) -> time | None:
    return time(hour, minute) if hour < 24 and minute < 60 else None
