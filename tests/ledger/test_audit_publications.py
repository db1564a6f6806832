"""Promises about what was published: each note, time and witness's line is looked at."""

from functools import partial

from sqlalchemy import Connection, text

from portal.site import Site
from tests.rig.audited import audit_in, found_after
from tests.rig.superuser import delete_row


def test_a_deleted_publication_is_missed_where_the_log_was_filled_up_for_it(lived: Site) -> None:
    found = found_after(lived, partial(delete_row, table="ledger_publications", row=1))
    assert [str(one) for one in found] == [
        "publication of 256 entries of log 1: the log was filled up for it, and it is missing"
    ]


def test_a_publication_marked_as_witnessed_that_no_witness_saw_is_told(lived: Site) -> None:
    def mark(connection: Connection) -> None:
        connection.execute(
            text("UPDATE ledger_publications SET witnessed_at = at WHERE witnessed_at IS NULL")
        )

    assert any("no witness" in str(one) for one in found_after(lived, mark))


def test_a_line_of_a_witness_that_nobody_named_is_told(lived: Site) -> None:
    def rename(connection: Connection) -> None:
        connection.execute(text("UPDATE ledger_cosignatures SET witness = 'other+00000000'"))

    found = [str(one) for one in found_after(lived, rename)]
    assert any("by another witness" in line for line in found)
    with lived.database.reading() as session:
        assert audit_in(lived, session) == []
