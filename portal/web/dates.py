"""A date as people write it: three boxes, anything typed, told which box is wrong and how."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol, Unpack

from wtforms import ValidationError
from wtforms.utils import unset_value

from portal.web import widgets
from portal.web.fields import PlainField, Settings, clean_text

PARTS = ("day", "month", "year")
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
_KEPT_PER_PART = 20


class Sent(Protocol):
    """A posted form: every value under a name."""

    def getlist(self, key: str, /) -> list[Any]:
        """The values under a name, none if it was not sent."""
        ...


Bound = date | Callable[[], date] | None


class WrongDate(ValueError):
    """The words for the person, and the part (`day`, `month` or `year`) to look at first."""

    def __init__(self, message: str, part: str) -> None:
        super().__init__(message)
        self.message = message
        self.part = part


def read_date(typed: Mapping[str, str]) -> date:
    """The date that `day`, `month` and `year` stand for. A month may be a name.

    Raises WrongDate, with words and the first part at fault.
    """
    missing = [part for part in PARTS if not typed[part]]
    if missing:
        raise WrongDate(f"The date needs a {' and a '.join(missing)}", missing[0])
    day = _read_day(typed["day"])
    month = _read_month(typed["month"])
    year = _read_year(typed["year"])
    try:
        return date(year, month, day)
    except ValueError:
        message = f"There is no {day} {MONTHS[month - 1]} in {year}. Check the day and the month"
        raise WrongDate(message, "day") from None


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= len("9999") else 0


def _read_day(text: str) -> int:
    day = _number(text)
    if not 1 <= day <= 31:
        raise WrongDate("The day must be a number from 1 to 31", "day")
    return day


def _read_month(text: str) -> int:
    word = text.casefold().rstrip(".")
    named = [at for at, name in enumerate(MONTHS, 1) if name.casefold().startswith(word)]
    # Three letters tell any two months apart; "sept" is longer than its short form.
    month = named[0] if len(word) >= 3 and len(named) == 1 else _number(text)
    if not 1 <= month <= 12:
        raise WrongDate("The month must be a number from 1 to 12, or its name", "month")
    return month


def _read_year(text: str) -> int:
    year = _number(text)
    if year < 1000:
        raise WrongDate("Write the year with 4 numbers, like 2026", "year")
    return year


def say_date(day: date) -> str:
    """A date in words: "3 November 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


class DateParts(PlainField):
    """A date in three boxes.

    `data` is a date, or None when it is empty or wrong. `typed` is what the boxes hold, unchanged
    when wrong: keep that in a draft, and give it or a date back as the field's data.
    """

    widget = widgets.DateInputs()

    def __init__(
        self,
        label: str,
        *,
        earliest: Bound = date(1900, 1, 1),
        latest: Bound = None,
        too_late: str = "",
        autocomplete: str = "",
        **rest: Unpack[Settings],
    ) -> None:
        """Bounds are London dates and count as allowed; a callable is asked at each check.

        `too_late` replaces the words for a date after `latest`. `autocomplete` is "bday" or "".
        """
        super().__init__(label, **rest)
        self.earliest = earliest
        self.latest = latest
        self.too_late = too_late
        self.autocomplete = autocomplete
        self.typed = dict.fromkeys(PARTS, "")
        self.wrong_part = "day"
        self._problem: WrongDate | None = None

    @property
    def first_wrong_id(self) -> str:
        """The id of the first box at fault."""
        return f"{self.id}-{self.wrong_part}"

    def is_empty(self) -> bool:
        """Whether all three boxes are empty."""
        return not any(self.typed.values())

    def process(
        self,
        formdata: Sent | None,
        data: object = unset_value,
        extra_filters: Sequence[Callable[[Any], Any]] | None = None,
    ) -> None:
        """Read the three boxes; any number of values under each name is accepted."""
        super().process(None, data, extra_filters)
        if formdata is not None:
            self._take({part: _first(formdata, f"{self.name}-{part}") for part in PARTS})

    def process_data(self, value: object) -> None:
        """Take a date, or what was typed before as a mapping of parts; None is no answer."""
        if isinstance(value, date):
            value = {"day": value.day, "month": value.month, "year": value.year}
        kept = value if isinstance(value, Mapping) else {}
        self._take({part: clean_text(str(kept.get(part) or "")) for part in PARTS})

    def _take(self, typed: dict[str, str]) -> None:
        self.typed = typed
        self.data = None
        self._problem = None
        self.wrong_part = "day"
        if self.is_empty():
            return
        try:
            self.data = read_date(typed)
        except WrongDate as problem:
            self._problem = problem

    def check(self) -> None:
        """Raises ValidationError, in words, for a date that is wrong or out of bounds."""
        if self._problem is not None:
            self.wrong_part = self._problem.part
            raise ValidationError(self._problem.message)
        earliest, latest = _bound(self.earliest), _bound(self.latest)
        if earliest and self.data < earliest:
            self.wrong_part = "year"
            raise ValidationError(f"The date must be {say_date(earliest)} or later")
        if latest and self.data > latest:
            message = self.too_late or f"The date must be {say_date(latest)} or earlier"
            raise ValidationError(message)


def _first(formdata: Sent, name: str) -> str:
    values = formdata.getlist(name)
    return clean_text(values[0] if values else "")[:_KEPT_PER_PART]


def _bound(bound: Bound) -> date | None:
    return bound() if callable(bound) else bound
