"""Promises about the tables of files: what must be there is, and nothing points nowhere."""

import pytest

from portal.db import Database
from portal.evidence.models import EvidenceFile, EvidencePart
from tests.rig.rows import add, can_be_left_out, can_point_nowhere, fill_every_table, refuse


@pytest.fixture
def filled(database: Database) -> Database:
    with database.transaction() as session:
        fill_every_table(session.connection())
    return database


def test_no_column_that_is_needed_can_be_left_out(filled: Database) -> None:
    assert can_be_left_out(filled, EvidenceFile, EvidencePart) == []


def test_no_file_or_piece_points_at_what_is_not_there(filled: Database) -> None:
    assert can_point_nowhere(filled, EvidenceFile, EvidencePart) == []


def test_a_file_is_numbered_and_marked_when_it_was_added_and_not_before(filled: Database) -> None:
    add(filled, EvidenceFile)
    add(filled, EvidenceFile, added_at=None, number=None, mark=None)
    add(filled, EvidenceFile, added_at=None, number=None, mark=None)
    refuse(filled, EvidenceFile, number=None)
    refuse(filled, EvidenceFile, mark=None)
    refuse(filled, EvidenceFile, added_at=None)


def test_a_report_holds_one_file_of_each_number_and_content(filled: Database) -> None:
    add(filled, EvidenceFile, number=7, mark=bytes(32))
    refuse(filled, EvidenceFile, number=7)
    refuse(filled, EvidenceFile, mark=bytes(32))


def test_no_other_state_of_a_copy_is_known(filled: Database) -> None:
    for state in ("none", "waiting", "made", "locked", "failed"):
        add(filled, EvidenceFile, copy_state=state)
    refuse(filled, EvidenceFile, copy_state="shown")
