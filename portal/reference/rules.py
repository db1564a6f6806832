"""The recording limit, as versioned data: how long police have, and what we add before an alert."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from portal.reference.files import DATA, DataRow, NotInReference, read_rows
from portal.reference.validity import BEGINNING, read_hours, read_period

RECORDING_LIMIT = "recording-limit"
_LONGEST_ALLOWANCE = timedelta(hours=24)
_COLUMNS = (
    "id",
    "version",
    "valid_from",
    "valid_to",
    "limit_hours",
    "supply_allowance_hours",
    "awaiting_review_hours",
    "source",
)


@dataclass(frozen=True)
class RecordingRule:
    """One version of the recording limit, for reports received from `valid_from` (UTC) on.

    `limit` runs in clock hours from when the force received the report. `supply_allowance` is
    for its crime records to arrive, `awaiting_review` for a person to look at candidates.
    """

    id: str
    version: str
    valid_from: datetime
    valid_to: datetime | None
    limit: timedelta
    supply_allowance: timedelta
    awaiting_review: timedelta
    source: str


@cache
def all_rules(directory: Path = DATA) -> tuple[RecordingRule, ...]:
    """Every version, oldest first, without gap or overlap. Raises BadDataFile."""
    rows = read_rows(directory, "recording_rules.csv", _COLUMNS, key="version")
    rules = [_rule(row) for row in rows]
    end: datetime | None = BEGINNING
    for row, rule in zip(rows, rules, strict=True):
        if rule.valid_from != end:
            raise row.bad("valid_from must be the day after the valid_to of the row above")
        end = rule.valid_to
    if end is not None:
        raise rows[-1].bad("the valid_to of the newest version must be empty")
    return tuple(rules)


def rule_at(received_at: datetime, directory: Path = DATA) -> RecordingRule:
    """The version for a report that the force received at this instant (aware).

    Raises ValueError for a time without a zone.
    """
    if received_at.tzinfo is None:
        raise ValueError("a time without a zone has no rule")
    return max(
        (rule for rule in all_rules(directory) if rule.valid_from <= received_at),
        key=lambda rule: rule.valid_from,
    )


def get_rule(version: str, directory: Path = DATA) -> RecordingRule:
    """The version that a stored deadline names. Raises NotInReference."""
    for rule in all_rules(directory):
        if rule.version == version:
            return rule
    raise NotInReference("The recording rules have no such version.")


def _rule(row: DataRow) -> RecordingRule:
    if row.text("id") != RECORDING_LIMIT:
        raise row.bad(f"the id must be {RECORDING_LIMIT}")
    allowance = read_hours(row, "supply_allowance_hours")
    if allowance > _LONGEST_ALLOWANCE:
        raise row.bad("supply_allowance_hours may be at most 24")
    valid_from, valid_to = read_period(row)
    return RecordingRule(
        row.text("id"),
        row.text("version"),
        valid_from,
        valid_to,
        read_hours(row, "limit_hours"),
        allowance,
        read_hours(row, "awaiting_review_hours"),
        row.text("source"),
    )
