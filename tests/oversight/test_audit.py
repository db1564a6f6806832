"""Promises about the audit: an honest site is clean, and nothing done to a row goes unseen."""

from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.site import Site
from tests.rig.audited import (
    audit,
    cells,
    count,
    found_after,
    missed,
    missed_when_deleted,
)
from tests.rig.superuser import change_cell, insert_copy

# What no entry commits to: docs/audit.md says why of each.
NOT_ON_RECORD = {
    "reports": {"code_hash", "code_kept_at", "filed_by", "unfinished", "created_at", "changed_at"},
    "supplies": {"loaded_by", "matched_at", "swept_at", "unopened_at"},
    "matches": {
        *("claim", "victim", "event", "duplicate_of", "checks", "proposed_at"),
        *("levels", "total", "kind", "log_odds", "chance", "gates", "is_early"),
    },
    "allegations": {"id", "to_match", "to_sweep"},
    "clocks": {"next_look_at", "met_at"},
    "alert_actions": {"id"},
}
TABLES = (
    *("ledger_entries", "ledger_openings", "ledger_heads", "ledger_publications"),
    *("ledger_cosignatures", "ledger_subtrees", "reports", "report_keys", "allegations"),
    *("handovers", "force_answers", "looks", "supplies", "matches", "alerts", "alert_actions"),
    "clocks",
)


def test_an_honest_site_is_clean(lived: Site) -> None:
    assert all(count(lived, table) for table in TABLES)
    assert audit(lived) == []


@pytest.mark.parametrize("table", [name for name in TABLES if not name.startswith("ledger_")])
def test_every_change_and_deletion_of_a_row_that_is_on_record_is_named(
    lived: Site, table: str
) -> None:
    columns = cells(table, apart_from=NOT_ON_RECORD.get(table, ()))
    assert missed(lived, table, columns) == []
    # A clock that the next sweep looks at is made again by it.
    if table != "clocks":
        assert missed_when_deleted(lived, table) == []


@pytest.mark.parametrize(
    "table",
    ["allegations", "handovers", "force_answers", "looks", "supplies", "alerts", "alert_actions"],
)
def test_a_row_put_in_past_the_log_is_named(lived: Site, table: str) -> None:
    assert found_after(lived, partial(insert_copy, table=table))


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_no_cell_of_any_row_can_be_changed_unseen(lived: Site, data: st.DataObject) -> None:
    table = data.draw(st.sampled_from(TABLES))
    column = data.draw(st.sampled_from(cells(table, apart_from=NOT_ON_RECORD.get(table, ()))))
    row = data.draw(st.integers(0, count(lived, table) - 1))
    assert found_after(lived, partial(change_cell, table=table, column=column, row=row))
