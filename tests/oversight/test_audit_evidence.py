"""Whoever changes, removes or puts in a file past the log leaves a finding."""

import pytest
from sqlalchemy import Connection, text

from portal.evidence.copies import make_copies
from portal.site import Site
from tests.rig.audited import audit, found_after
from tests.rig.drafts import kept_report, new_draft
from tests.rig.uploads import add, jpeg

LONG = jpeg() + bytes(1_500_000)


@pytest.fixture
def added(site: Site) -> Site:
    """A report with two files, and a draft with one."""
    report, draft = kept_report(site), new_draft(site)
    for data in (jpeg(), LONG):
        add(site, report.id, data)
    add(site, draft.id, jpeg())
    make_copies(site.database, keyring=site.keyring, now=site.now())
    return site


def test_what_was_really_added_is_found_to_be_so(added: Site) -> None:
    assert audit(added) == []


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM evidence_files WHERE entry_index IS NOT NULL AND number = 1",
        "UPDATE evidence_files SET number = 9 WHERE number = 2",
        "UPDATE evidence_files SET size = size + 1 WHERE number = 2",
        "UPDATE evidence_files SET entry_index = NULL WHERE number = 2",
        "UPDATE evidence_files SET entry_index = 0 WHERE number = 2",
        "UPDATE evidence_files SET entry_index = 0 WHERE entry_index IS NULL",
        "UPDATE evidence_files SET sealed = (SELECT sealed FROM evidence_files WHERE number = 2)"
        " WHERE number = 1 AND entry_index IS NOT NULL",
        "UPDATE evidence_files SET parts = 1 WHERE number = 2",
        "UPDATE evidence_files SET added_at = NULL, number = NULL, mark = NULL WHERE number = 2",
        "DELETE FROM evidence_parts WHERE number = 2",
        "DELETE FROM evidence_parts WHERE is_copy",
        "DELETE FROM evidence_files",
    ],
)
def test_no_row_is_changed_without_a_finding(added: Site, statement: str) -> None:
    def change(connection: Connection) -> None:
        connection.execute(text(statement))

    assert found_after(added, change)


def test_a_file_that_outlives_an_erasure_is_a_finding(added: Site) -> None:
    def change(connection: Connection) -> None:
        connection.execute(
            text(
                "UPDATE reports SET erased_at = filed_at WHERE id ="
                " (SELECT report_id FROM evidence_files WHERE number = 2)"
            )
        )

    assert any("a file of it is left" in str(each) for each in found_after(added, change))
