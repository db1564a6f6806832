"""The hours in which somebody can be reached safely, as clocks in London show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from portal.clock import to_london

_HOUR = timedelta(hours=1)
# The only hour of a week is skipped where the clocks go forward, so more than one week is tried.
_HOURS_AHEAD = 15 * 24


@dataclass(frozen=True)
class SafeHours:
    """Days of the week (0 is Monday; none means every day), from one full hour to another.

    `start` and `end` are from 0 to 23; equal ones mean the whole day. A stretch over midnight
    belongs to the day on which it begins.
    """

    days: tuple[int, ...] = ()
    start: int = 0
    end: int = 0

    @property
    def is_always(self) -> bool:
        """Whether every hour is safe."""
        return self.start == self.end and len(set(self.days) or range(7)) == 7

    def holds(self, instant: datetime) -> bool:
        """Whether this instant is in a safe hour."""
        there = to_london(instant)
        today, before = self._is_day(there.weekday()), self._is_day((there.weekday() - 1) % 7)
        if self.start == self.end:
            return today
        if self.start < self.end:
            return today and self.start <= there.hour < self.end
        return (today and there.hour >= self.start) or (before and there.hour < self.end)

    def next_from(self, instant: datetime) -> datetime:
        """This instant if it is in a safe hour, or else when the next one begins."""
        if self.holds(instant):
            return instant
        # London is whole hours from UTC, so a full hour there is one here.
        full = instant.replace(minute=0, second=0, microsecond=0)
        for ahead in range(1, _HOURS_AHEAD):
            if self.holds(full + ahead * _HOUR):
                return full + ahead * _HOUR
        raise ValueError("there is no such hour in two weeks")

    def to_data(self) -> dict[str, Any]:
        """As JSON values."""
        return {"days": list(self.days), "start": self.start, "end": self.end}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """From JSON values."""
        return cls(tuple(data["days"]), data["start"], data["end"])

    def _is_day(self, day: int) -> bool:
        return not self.days or day in self.days
