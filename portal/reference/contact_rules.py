"""How often somebody may be written to, and when they are asked whether it is still safe: data."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from portal.reference.files import DATA, DataRow, read_rows

_FILE = "contact_rules.csv"
_COLUMNS = ("rule", "value", "unit", "source")
_UNITS = {"days": timedelta(days=1), "hours": timedelta(hours=1)}


@dataclass(frozen=True)
class ContactRules:
    """`ask_again_after`: when a safe way is asked about anew; `between_notices`: the least time
    between two notices to one person.
    """

    ask_again_after: timedelta
    between_notices: timedelta


@cache
def contact_rules(directory: Path = DATA) -> ContactRules:
    """The rules of the data file. Raises BadDataFile."""
    rows = read_rows(directory, _FILE, _COLUMNS, key="rule")
    found = {row.text("rule"): _time(row) for row in rows}
    names = {"ask-again-after", "between-notices"}
    if set(found) != names:
        raise rows[-1].bad(f"the rules must be {', '.join(sorted(names))}")
    return ContactRules(found["ask-again-after"], found["between-notices"])


def _time(row: DataRow) -> timedelta:
    unit, value = _UNITS.get(row.text("unit")), row.text("value")
    row.text("source")
    if unit is None:
        raise row.bad("unit is neither days nor hours")
    if not (value.isascii() and value.isdecimal() and 0 < int(value) < 10_000):
        raise row.bad("value is not a whole number from 1 to 9999")
    return int(value) * unit
