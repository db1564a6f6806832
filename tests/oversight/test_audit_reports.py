"""Promises about a report and its entries: what was changed is named by the row."""

from sqlalchemy import Connection, text

from portal.site import Site
from tests.rig.audited import found_after


def said_after(site: Site, statement: str) -> str:
    def change(connection: Connection) -> None:
        connection.execute(text(statement))

    return "\n".join(map(str, found_after(site, change)))


def test_a_report_that_is_gone_leaves_its_entries_without_a_row(lived: Site) -> None:
    said = said_after(lived, "DELETE FROM reports WHERE state = 'told'")
    assert "“submitted” belongs to is not there" in said


def test_a_clock_that_was_set_later_is_named(lived: Site) -> None:
    said = said_after(lived, "UPDATE allegations SET clock_starts_at = '2026-04-01 00:00:00+00:00'")
    assert "the start of its clock is not what was put on record" in said


def test_a_report_turned_back_into_a_draft_is_named(lived: Site) -> None:
    said = said_after(lived, "UPDATE reports SET state = 'draft', filed_at = NULL")
    assert "says that it was never sent, and it is on record" in said


def test_a_withdrawal_that_was_made_up_is_named(lived: Site) -> None:
    said = said_after(lived, "UPDATE reports SET withdrawn_at = '2026-04-01 00:00:00+00:00'")
    assert "whether and when it was withdrawn" in said
