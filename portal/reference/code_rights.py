"""The rights of the Victims' Code that give a number of working days, as versioned data.

They are not the recording limit and are never mixed with it (DESIGN section 4).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal, cast, get_args

from portal.reference.categories import find_category
from portal.reference.files import DATA, DataRow, read_rows
from portal.reference.validity import read_day

Starts = Literal["told", "charge", "end"]
"""What the days count from: police were told; somebody was charged; it ended without a charge."""
_COLUMNS = (
    "id",
    "version",
    "valid_from",
    "valid_to",
    "starts",
    "days",
    "enhanced_days",
    "source",
)
_MOST_DAYS = 100


@dataclass(frozen=True)
class CodeRight:
    """One version of one right, for what began from `valid_from` to `valid_to` (London days)."""

    id: str
    version: str
    valid_from: date
    valid_to: date | None
    starts: Starts
    days: int
    enhanced_days: int
    source: str

    def holds_on(self, day: date) -> bool:
        """Whether this version was in force on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@cache
def all_rights(directory: Path = DATA) -> tuple[CodeRight, ...]:
    """Every version of every right, in the order of the file. Raises BadDataFile."""
    rows = read_rows(directory, "code_rights.csv", _COLUMNS)
    found = [_right(row) for row in rows]
    for row, one in zip(rows, found, strict=True):
        others = [each for each in found if each.id == one.id and each is not one]
        if any(each.holds_on(one.valid_from) for each in others):
            raise row.bad(f"two versions of {one.id} hold on one day")
    return tuple(found)


@cache
def enhanced_categories(directory: Path = DATA) -> Mapping[str, str]:
    """The categories whose victims surely have Enhanced Rights, and why. Raises BadDataFile."""
    rows = read_rows(directory, "enhanced_rights.csv", ("category", "why"), key="category")
    for row in rows:
        if find_category(row.text("category"), directory) is None:
            raise row.bad(f"no such category: {row.text('category')}")
    return {row.text("category"): row.text("why") for row in rows}


def _right(row: DataRow) -> CodeRight:
    starts = row.text("starts")
    if starts not in get_args(Starts):
        raise row.bad("starts must be told, charge or end")
    first, last = read_day(row, "valid_from"), read_day(row, "valid_to")
    if first is None:
        raise row.bad("valid_from is empty")
    if last and last < first:
        raise row.bad("valid_to comes before valid_from")
    return CodeRight(
        row.text("id"),
        row.text("version"),
        first,
        last,
        cast(Starts, starts),
        _days(row, "days"),
        _days(row, "enhanced_days"),
        row.text("source"),
    )


def _days(row: DataRow, column: str) -> int:
    text = row.text(column)
    if not (text.isascii() and text.isdigit() and 0 < int(text[:4]) <= _MOST_DAYS):
        raise row.bad(f"{column} must be whole days from 1 to {_MOST_DAYS}")
    return int(text)
