"""How large files that a person adds may be, and how many, as versioned data."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from portal.reference.files import DATA, DataRow, read_rows
from portal.reference.validity import BEGINNING, read_start

FILE = "evidence_limits.csv"
_MOST = 10**12
_COLUMNS = (
    "version",
    "valid_from",
    "largest_file_bytes",
    "largest_report_bytes",
    "most_files",
    "source",
)


@dataclass(frozen=True)
class EvidenceLimits:
    """One version of the limits, for files added from `valid_from` (UTC) on. Sizes are in bytes."""

    version: str
    valid_from: datetime
    largest_file: int
    largest_report: int
    most_files: int


@cache
def all_evidence_limits(directory: Path = DATA) -> tuple[EvidenceLimits, ...]:
    """Every version, oldest first. Raises BadDataFile."""
    rows = read_rows(directory, FILE, _COLUMNS, key="version")
    found = [_limits(row) for row in rows]
    if found[0].valid_from != BEGINNING:
        raise rows[0].bad("the valid_from of the oldest version must be empty")
    for row, older, newer in zip(rows[1:], found, found[1:], strict=False):
        if newer.valid_from <= older.valid_from:
            raise row.bad("valid_from must be later than that of the row above")
    return tuple(found)


def evidence_limits_at(now: datetime, directory: Path = DATA) -> EvidenceLimits:
    """The limits for a file that is added at this instant (aware)."""
    return [each for each in all_evidence_limits(directory) if each.valid_from <= now][-1]


def _limits(row: DataRow) -> EvidenceLimits:
    row.text("source")
    made = EvidenceLimits(
        row.text("version"),
        read_start(row),
        _count(row, "largest_file_bytes"),
        _count(row, "largest_report_bytes"),
        _count(row, "most_files"),
    )
    if made.largest_file > made.largest_report:
        raise row.bad("one file could be larger than all together")
    return made


def _count(row: DataRow, column: str) -> int:
    text = row.text(column)
    if not (text.isascii() and text.isdigit() and 0 < int(text[:13]) <= _MOST):
        raise row.bad(f"{column} must be a whole number")
    return int(text)
