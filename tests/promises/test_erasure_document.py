"""docs/erasure.md says of every column whether erasing a report destroys it."""

import re

from portal.cli.schema import METADATA
from tests.promises.source import ROOT

TEXT = (ROOT / "docs" / "erasure.md").read_text()
NOT_TOUCHED = TEXT[TEXT.index("Not touched by erasing") : TEXT.index("## The last bytes")]


def columns_said() -> dict[str, set[str]]:
    """The columns named in the table, by table; a row without a table goes on with the last."""
    found: dict[str, set[str]] = {}
    table = ""
    for line in TEXT.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|") or len(cells) != 4:
            continue
        table = cells[0].strip("`") or table
        found.setdefault(table, set()).update(re.findall(r"`(\w+)`", cells[1]))
    return found


def test_every_column_that_can_hold_something_of_a_report_is_said_to_go_or_to_stay() -> None:
    said = columns_said()
    missing = {
        f"{table.name}.{column.name}"
        for table in METADATA.tables.values()
        if f"`{table.name}`" not in NOT_TOUCHED
        for column in table.columns
        if column.name not in said.get(table.name, set())
    }
    assert not missing


def test_no_column_is_named_that_there_is_not() -> None:
    gone = {
        f"{name}.{column}"
        for name, columns in columns_said().items()
        if name in METADATA.tables
        for column in columns
        if column not in METADATA.tables[name].columns
    }
    assert not gone


def test_a_table_that_points_at_a_report_is_never_said_to_be_untouched() -> None:
    pointing = {
        table.name
        for table in METADATA.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in ("reports", "allegations", "handovers", "alerts")
    }
    assert not {name for name in pointing if f"`{name}`" in NOT_TOUCHED}
