"""The tree in the database: reading leaves and subtrees, the head and its lock."""

from collections.abc import Sequence
from typing import NamedTuple, cast

from sqlalchemy import Table, bindparam, insert, select, text, update
from sqlalchemy.orm import Session

from portal.ledger.merkle import EMPTY_ROOT, Frontier, leaf_hash
from portal.ledger.models import LedgerEntry, LedgerHead, LedgerSubtree
from portal.ledger.tiles import StoredTree

_HEAD = 1
_HEAD_LOCK = 0x6F6E_7265_6373

# Every receipt waits for these, so they are built once and sent without the session's own work.
_HEADS = cast(Table, LedgerHead.__table__)
_LOCK = text("SELECT pg_advisory_xact_lock(:key)")
_READ_FRONTIER = select(_HEADS.c.frontier).where(_HEADS.c.id == _HEAD)
_ADD_ENTRIES = insert(cast(Table, LedgerEntry.__table__))
_ADD_SUBTREES = insert(cast(Table, LedgerSubtree.__table__))
_MOVE_HEAD = (
    update(_HEADS)
    .where(_HEADS.c.id == _HEAD)
    .values(size=bindparam("size"), root=bindparam("root"), frontier=bindparam("frontier"))
)


class Head(NamedTuple):
    """How far the log goes: the number of entries and the root (32 bytes)."""

    size: int
    root: bytes


def find_head(session: Session) -> Head:
    """The newest head; size 0 and the empty root for a log without entries."""
    row = session.execute(
        select(LedgerHead.size, LedgerHead.root).where(LedgerHead.id == _HEAD)
    ).one_or_none()
    return Head(row.size, row.root) if row else Head(0, EMPTY_ROOT)


def sees_only_committed(session: Session) -> bool:
    """Whether the session can hold nothing of its own that might still be rolled back."""
    return bool(session.connection().get_execution_options().get("read_only", False))


def lock_head(session: Session) -> Frontier:
    """Make this transaction the only one that appends, until it ends; the tree as it stands.

    PostgreSQL: a transaction advisory lock. SQLite: the transaction holds the only write lock
    already. Take it last in a transaction, so that nobody waits for anything but the append.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"key": _HEAD_LOCK})
    frontier = connection.scalar(_READ_FRONTIER)
    if frontier is None:
        empty = Frontier()
        connection.execute(
            insert(_HEADS).values(id=_HEAD, size=0, root=EMPTY_ROOT, frontier=empty.to_bytes())
        )
        return empty
    return Frontier.from_bytes(frontier)


def add_leaves(session: Session, frontier: Frontier, leaves: Sequence[bytes]) -> None:
    """Append leaves (33 bytes each) to the tree whose head this transaction has locked."""
    grown, complete = frontier.extend(leaf_hash(leaf) for leaf in leaves)
    connection = session.connection()
    connection.execute(
        _ADD_ENTRIES, [{"index": frontier.size + n, "leaf": leaf} for n, leaf in enumerate(leaves)]
    )
    if complete:
        connection.execute(
            _ADD_SUBTREES,
            [{"level": s.tile_level, "index": s.number, "hash": s.hash} for s in complete],
        )
    connection.execute(
        _MOVE_HEAD, {"size": grown.size, "root": grown.root(), "frontier": grown.to_bytes()}
    )


def read_leaves(session: Session, start: int, end: int) -> Sequence[bytes]:
    """The entries from `start` up to `end`, as far as the log holds them."""
    return session.scalars(
        select(LedgerEntry.leaf)
        .where(LedgerEntry.index >= start, LedgerEntry.index < end)
        .order_by(LedgerEntry.index)
    ).all()


def stored_tree(session: Session) -> StoredTree:
    """The tree as the session sees it, for proofs and tiles."""

    def leaves(start: int, end: int) -> Sequence[bytes]:
        return read_leaves(session, start, end)

    def subtrees(level: int, start: int, end: int) -> Sequence[bytes]:
        return session.scalars(
            select(LedgerSubtree.hash)
            .where(
                LedgerSubtree.level == level,
                LedgerSubtree.index >= start,
                LedgerSubtree.index < end,
            )
            .order_by(LedgerSubtree.index)
        ).all()

    return StoredTree(leaves, subtrees)
