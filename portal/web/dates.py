"""A date as people write it: three boxes, anything typed, told which box is wrong and how."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Protocol, Unpack

from wtforms import ValidationError
from wtforms.utils import unset_value

from portal.languages.translating import _
from portal.reports.date_words import say_date
from portal.reports.typed_dates import Problem, read_date
from portal.web import widgets
from portal.web.fields import PlainField, Settings, clean_text

PARTS = ("day", "month", "year")
_KEPT_PER_PART = 20


class Sent(Protocol):
    """A posted form: every value under a name."""

    def getlist(self, key: str, /) -> list[Any]:
        """The values under a name, none if it was not sent."""
        ...


Bound = date | Callable[[], date] | None


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
        self._problem: Problem | None = None

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
        found = read_date(typed["day"], typed["month"], typed["year"])
        if isinstance(found, list):
            self._problem = found[0]
        elif found.short_year:
            self._problem = Problem("year", _("Type the year with 4 numbers, like 1985 or 2026"))
        else:
            self.data = found.first()

    def check(self) -> None:
        """Raises ValidationError, in words, for a date that is wrong or out of bounds."""
        if self._problem is not None:
            self.wrong_part = self._problem.part
            raise ValidationError(self._problem.message)
        earliest, latest = _bound(self.earliest), _bound(self.latest)
        if earliest and self.data < earliest:
            self.wrong_part = "year"
            raise ValidationError(_("The date must be %(date)s or later", date=say_date(earliest)))
        if latest and self.data > latest:
            message = self.too_late or _(
                "The date must be %(date)s or earlier", date=say_date(latest)
            )
            raise ValidationError(message)


def _first(formdata: Sent, name: str) -> str:
    values = formdata.getlist(name)
    return clean_text(values[0] if values else "")[:_KEPT_PER_PART]


def _bound(bound: Bound) -> date | None:
    return bound() if callable(bound) else bound
