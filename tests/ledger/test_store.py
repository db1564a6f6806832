"""Promises about the tree in the database: whoever appends at once, it has no gap and no fork."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.db import Database
from portal.ledger.merkle import (
    EMPTY_ROOT,
    Frontier,
    inclusion_proof,
    leaf_hash,
    root,
    verify_inclusion,
)
from portal.ledger.models import LedgerEntry, LedgerHead, LedgerOpening, LedgerSubtree
from portal.ledger.service import NewEntry, append
from portal.ledger.store import (
    Head,
    LockedHead,
    add_leaves,
    find_head,
    lock_head,
    read_leaves,
    stored_tree,
)
from tests.rig.superuser import without_triggers

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def _unsealed(raw: bytes, _context: str) -> bytes:
    return raw


def put_many(url: str, subject: UUID, count: int) -> list[int]:
    database = Database(url)
    indices: list[int] = []
    for number in range(count):
        with database.transaction() as session:
            entry = NewEntry("submitted", subject, {"n": number}, _unsealed)
            indices += append(session, [entry, entry], now=NOW)
    database.engine.dispose()
    return indices


def check_whole(database: Database, size: int) -> None:
    with database.reading() as session:
        rows = session.execute(
            select(LedgerEntry.index, LedgerEntry.leaf).order_by(LedgerEntry.index)
        ).all()
        head = find_head(session)
        openings = session.scalars(
            select(LedgerOpening.entry_index).order_by(LedgerOpening.entry_index)
        ).all()
    assert [index for index, _ in rows] == list(range(size))
    assert openings == list(range(size))
    assert head[:2] == (size, root(leaf_hash(leaf) for _, leaf in rows))


def test_an_empty_log_has_the_root_of_nothing(database: Database) -> None:
    with database.reading() as session:
        assert find_head(session) == Head(0, EMPTY_ROOT)


def test_eight_threads_at_once_leave_no_gap_no_double_and_no_fork(
    database: Database, database_url: str
) -> None:
    subjects = [uuid4() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda subject: put_many(database_url, subject, 6), subjects))
    assert sorted(index for indices in done for index in indices) == list(range(96))
    check_whole(database, 96)


def test_two_processes_at_once_leave_no_gap_no_double_and_no_fork(
    database: Database, database_url: str
) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Pool(2) as pool:
        done = pool.starmap(put_many, [(database_url, uuid4(), 10) for _ in range(2)])
    assert sorted(index for indices in done for index in indices) == list(range(40))
    check_whole(database, 40)


def test_two_at_once_on_one_report_keep_one_chain(database: Database, database_url: str) -> None:
    subject = uuid4()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: put_many(database_url, subject, 4), range(4)))
    with database.reading() as session:
        numbers = session.scalars(
            select(LedgerOpening.sequence)
            .where(LedgerOpening.subject == subject)
            .order_by(LedgerOpening.entry_index)
        ).all()
    assert numbers == list(range(1, 33))


def test_a_second_leaf_at_one_place_is_refused_by_the_table_itself(database: Database) -> None:
    with database.transaction() as session:
        add_leaves(session, lock_head(session), [b"a" * 33])
    with pytest.raises(IntegrityError), database.transaction() as session:
        add_leaves(session, LockedHead(Head(0, EMPTY_ROOT), Frontier()), [b"b" * 33])


@pytest.mark.parametrize("size", [1, 255, 256, 257, 700])
def test_every_entry_can_be_proved_from_what_is_stored(database: Database, size: int) -> None:
    leaves = [number.to_bytes(33, "big") for number in range(size)]
    with database.transaction() as session:
        add_leaves(session, lock_head(session), leaves)
    with database.reading() as session:
        head = find_head(session)
        assert head[:2] == (size, root(map(leaf_hash, leaves)))
        stored = session.execute(select(LedgerSubtree.level, LedgerSubtree.index)).all()
        assert sorted(tuple(row) for row in stored) == [(1, n) for n in range(size // 256)]
        node = stored_tree(session).node
        for index in {0, size // 2, size - 1}:
            proof = inclusion_proof(index, size, node)
            verify_inclusion(leaf_hash(leaves[index]), index, size, proof, head.root)


def test_leaves_are_read_in_their_order_and_only_as_far_as_they_go(database: Database) -> None:
    leaves = [bytes([number]) * 33 for number in range(5)]
    with database.transaction() as session:
        add_leaves(session, lock_head(session), leaves)
    with database.reading() as session:
        assert read_leaves(session, 1, 4) == leaves[1:4]
        assert read_leaves(session, 3, 99) == leaves[3:]


def test_a_head_that_was_cut_short_is_noticed_before_anything_is_added(
    database: Database,
) -> None:
    with database.transaction() as session:
        add_leaves(session, lock_head(session), [b"a" * 33] * 3)
    with database.transaction() as session, without_triggers(session):
        session.execute(update(LedgerHead).values(frontier=b"\0" * 20))
    with pytest.raises(Exception, match="frontier"), database.transaction() as session:
        lock_head(session)
