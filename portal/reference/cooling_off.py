"""Cooling-off times, as versioned data: how long something that was asked for can still be stopped.

Whoever holds the return code may not be the person it belongs to. What cannot be undone therefore
waits, and what can be undone is shown for a while each time that the report is opened.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from portal.reference.files import DATA, DataRow, NotInReference, read_rows
from portal.reference.validity import BEGINNING, read_hours, read_period

ERASE = "erase"
"""From asking to have a sent report erased until it is erased."""
SHOWN = "shown"
"""How long a change made with the return code is shown at the top of the report."""

_COLUMNS = ("id", "version", "valid_from", "valid_to", "hours", "source")


@dataclass(frozen=True)
class CoolingOff:
    """One version of one time, for what is asked for from `valid_from` (UTC) on.

    `wait` runs in clock hours from the asking.
    """

    id: str
    version: str
    valid_from: datetime
    valid_to: datetime | None
    wait: timedelta
    source: str


@cache
def all_times(directory: Path = DATA) -> tuple[CoolingOff, ...]:
    """Every version of every time, those of one id together. Raises BadDataFile for a gap."""
    rows = read_rows(directory, "cooling_off.csv", _COLUMNS, key="version")
    ends: dict[str, datetime | None] = {}
    times: list[CoolingOff] = []
    for row in rows:
        made = _time(row)
        if made.valid_from != ends.get(made.id, BEGINNING):
            raise row.bad("valid_from must be the day after the valid_to of the version before")
        ends[made.id] = made.valid_to
        times.append(made)
    for row in rows:
        if ends[row.text("id")] is not None:
            raise row.bad("the valid_to of the newest version must be empty")
    return tuple(times)


def cooling_off(what: str, *, asked_at: datetime, directory: Path = DATA) -> CoolingOff:
    """The version for what was asked for at this instant (aware). Raises NotInReference."""
    found = [
        each for each in all_times(directory) if each.id == what and each.valid_from <= asked_at
    ]
    if not found:
        raise NotInReference("There is no cooling-off time of that name.")
    return found[-1]


def _time(row: DataRow) -> CoolingOff:
    valid_from, valid_to = read_period(row)
    return CoolingOff(
        row.text("id"),
        row.text("version"),
        valid_from,
        valid_to,
        read_hours(row, "hours"),
        row.text("source"),
    )
