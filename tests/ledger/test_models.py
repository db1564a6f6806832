"""The tables of the ledger refuse the wrong row, on both databases."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from portal.db import Database
from portal.ledger.models import (
    LedgerCosignature,
    LedgerEntry,
    LedgerHead,
    LedgerOpening,
    LedgerPublication,
    LedgerSubtree,
)
from tests.rig.rows import add, can_be_left_out, can_point_nowhere, fill_every_table, refuse
from tests.rig.superuser import without_triggers

MODELS = (
    LedgerEntry,
    LedgerSubtree,
    LedgerHead,
    LedgerOpening,
    LedgerPublication,
    LedgerCosignature,
)


@pytest.fixture
def filled(database: Database) -> Database:
    with database.transaction() as session:
        fill_every_table(session.connection())
    return database


def add_entry(filled: Database, index: int) -> int:
    add(filled, LedgerEntry, index=index)
    return index


def test_what_a_row_needs_cannot_be_left_out(filled: Database) -> None:
    assert can_be_left_out(filled, *MODELS) == []


def test_an_opening_belongs_to_an_entry_that_is_there(filled: Database) -> None:
    assert can_point_nowhere(filled, *MODELS) == []


def test_one_place_in_the_log_holds_one_entry(filled: Database) -> None:
    add_entry(filled, 7)
    refuse(filled, LedgerEntry, index=7)


def test_one_place_in_the_tree_holds_one_hash(filled: Database) -> None:
    add(filled, LedgerSubtree, log=1, level=1, index=3)
    add(filled, LedgerSubtree, log=1, level=2, index=3)
    add(filled, LedgerSubtree, log=2, level=1, index=3)
    refuse(filled, LedgerSubtree, log=1, level=1, index=3)


def test_an_entry_is_opened_in_one_way(filled: Database) -> None:
    refuse(filled, LedgerOpening, subject=uuid4(), sequence=1)


def test_one_entry_of_a_subject_has_one_number(filled: Database) -> None:
    subject = uuid4()

    def opening(index: int, of: UUID, sequence: int) -> dict[str, object]:
        return {"entry_index": add_entry(filled, index), "subject": of, "sequence": sequence}

    add(filled, LedgerOpening, **opening(11, subject, 1))
    refuse(filled, LedgerOpening, **opening(12, subject, 1))
    add(filled, LedgerOpening, **opening(13, subject, 2))
    add(filled, LedgerOpening, **opening(14, uuid4(), 1))


def test_one_size_of_a_log_is_published_once(filled: Database) -> None:
    add(filled, LedgerPublication, log=1, size=64)
    add(filled, LedgerPublication, log=2, size=64)
    refuse(filled, LedgerPublication, log=1, size=64)


def test_an_entry_that_opens_cannot_be_taken_out_of_the_log(filled: Database) -> None:
    with (
        pytest.raises(IntegrityError, match=r"(?i)foreign key"),
        filled.transaction() as session,
        without_triggers(session),
    ):
        session.execute(delete(LedgerEntry))
    with filled.reading() as session:
        assert session.scalar(select(func.count()).select_from(LedgerEntry)) == 1


def test_the_log_can_grow_past_what_a_small_number_holds(filled: Database) -> None:
    add_entry(filled, 2**40)
    with filled.reading() as session:
        assert session.scalar(select(func.max(LedgerEntry.index))) == 2**40
