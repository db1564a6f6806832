"""The trees in the database: reading leaves and subtrees, the heads and their lock."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Row, Table, bindparam, insert, select, text, update
from sqlalchemy.orm import Session

from portal.errors import NotFound, Refused
from portal.languages.translating import _
from portal.ledger.merkle import EMPTY_ROOT, Frontier, leaf_hash
from portal.ledger.models import LedgerEntry, LedgerHead, LedgerSubtree
from portal.ledger.tiles import StoredTree

_FIRST = 1
_HEAD_LOCK = 0x6F6E_7265_6373
LEDGER = "ledger"
"""Under this name a session carries what must agree before anything is appended (`site`)."""

# Every receipt waits for these, so they are built once and sent without the session's own work.
_HEADS = cast(Table, LedgerHead.__table__)
_LOCK = text("SELECT pg_advisory_xact_lock(:key)")
_READ_HEADS = select(
    _HEADS.c.id,
    _HEADS.c.size,
    _HEADS.c.root,
    _HEADS.c.start,
    _HEADS.c.origin,
    _HEADS.c.closed_at,
    _HEADS.c.frontier,
).order_by(_HEADS.c.id.desc())
_READ_NEWEST = _READ_HEADS.limit(1)
_ENTRIES = cast(Table, LedgerEntry.__table__)
_SUBTREES = cast(Table, LedgerSubtree.__table__)
_ADD_ENTRIES = insert(_ENTRIES)
_ADD_SUBTREES = insert(_SUBTREES)
_READ_LEAVES = (
    select(_ENTRIES.c.leaf)
    .where(_ENTRIES.c.index >= bindparam("start"), _ENTRIES.c.index < bindparam("end"))
    .order_by(_ENTRIES.c.index)
)
_READ_SUBTREES = (
    select(_SUBTREES.c.hash)
    .where(
        _SUBTREES.c.log == bindparam("log"),
        _SUBTREES.c.level == bindparam("level"),
        _SUBTREES.c.index >= bindparam("start"),
        _SUBTREES.c.index < bindparam("end"),
    )
    .order_by(_SUBTREES.c.index)
)
_MOVE_HEAD = (
    update(_HEADS)
    .where(_HEADS.c.id == bindparam("log"))
    .values(size=bindparam("size"), root=bindparam("root"), frontier=bindparam("frontier"))
)


class Head(NamedTuple):
    """How far a log goes: its size and root (32 bytes), the log's number (from 1), and the index
    of its first entry among all entries. `origin` is its name once it was published.
    """

    size: int
    root: bytes
    log: int = _FIRST
    start: int = 0
    origin: str | None = None
    is_closed: bool = False


class LockedHead(NamedTuple):
    """The head that this transaction alone may append to, with the hashes needed to do so."""

    head: Head
    frontier: Frontier

    @property
    def next_index(self) -> int:
        """The index that the next entry gets."""
        return self.head.start + self.frontier.size


def find_head(session: Session) -> Head:
    """The head of the open log; size 0 and the empty root while there are no entries."""
    row = session.execute(_READ_NEWEST).one_or_none()
    return _head(row) if row else Head(0, EMPTY_ROOT)


def list_heads(session: Session) -> list[Head]:
    """The head of every log, the open one first; empty while there are no entries."""
    return [_head(row) for row in session.execute(_READ_HEADS)]


def get_head(session: Session, log: int) -> Head:
    """The head of the log with this number. Raises NotFound."""
    row = session.execute(_READ_HEADS.where(_HEADS.c.id == log)).one_or_none()
    if row is None:
        raise NotFound("There is no log of that number here.")
    return _head(row)


def get_head_of(session: Session, index: int) -> Head:
    """The head of the log that holds this entry. Raises NotFound when none does."""
    row = session.execute(_READ_HEADS.where(_HEADS.c.start <= index).limit(1)).one_or_none()
    if row is None or index >= row.start + row.size:
        raise NotFound(_("There is no such entry in the log."))
    return _head(row)


def sees_only_committed(session: Session) -> bool:
    """Whether the session can hold nothing of its own that might still be rolled back."""
    return bool(session.connection().get_execution_options().get("read_only", False))


@contextmanager
def look_afresh(session: Session) -> Iterator[Session]:
    """A second session that only reads, and sees what was committed up to now."""
    engine = session.connection().engine
    with (
        engine.connect().execution_options(read_only=True) as connection,
        Session(connection) as fresh,
    ):
        yield fresh


def lock_head(session: Session) -> LockedHead:
    """Make this transaction the only one that appends, until it ends; the open log as it stands.

    PostgreSQL: a transaction advisory lock. SQLite: the transaction holds the only write lock
    already. Take it last in a transaction, so that nobody waits for anything but the append.
    Raises NotSigning when the database cannot be the one that was signed last (`ledger.guard`).
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"key": _HEAD_LOCK})
    row = connection.execute(_READ_NEWEST).one_or_none()
    if row is None:
        open_log(session, Head(0, EMPTY_ROOT))
        locked = LockedHead(Head(0, EMPTY_ROOT), Frontier())
    else:
        locked = LockedHead(_head(row), Frontier.from_bytes(row.frontier))
    if (keeper := session.info.get(LEDGER)) is not None:
        keeper.check_head(locked.head)
    return locked


def open_log(session: Session, head: Head) -> None:
    """Begin a log without entries."""
    session.connection().execute(
        insert(_HEADS).values(
            id=head.log,
            size=0,
            root=EMPTY_ROOT,
            frontier=Frontier().to_bytes(),
            start=head.start,
            origin=head.origin,
        )
    )


def close_log(
    session: Session, head: Head, *, because: str, size: int, root: bytes, at: datetime
) -> None:
    """End a log for good. `size` and `root` are those of the newest head that was ever signed."""
    session.connection().execute(
        update(_HEADS)
        .where(_HEADS.c.id == head.log)
        .values(closed_at=at, closed_because=because, closed_size=size, closed_root=root)
    )


def add_leaves(session: Session, locked: LockedHead, leaves: Sequence[bytes]) -> None:
    """Append leaves (33 bytes each) to the tree whose head this transaction has locked."""
    head, frontier = locked
    if head.is_closed:
        raise Refused(_("This log is closed. Nothing can be put on record in it."))
    grown, complete = frontier.extend(leaf_hash(leaf) for leaf in leaves)
    connection, first = session.connection(), locked.next_index
    connection.execute(
        _ADD_ENTRIES, [{"index": first + n, "leaf": leaf} for n, leaf in enumerate(leaves)]
    )
    if complete:
        connection.execute(
            _ADD_SUBTREES,
            [
                {"log": head.log, "level": s.tile_level, "index": s.number, "hash": s.hash}
                for s in complete
            ],
        )
    connection.execute(
        _MOVE_HEAD,
        {
            "log": head.log,
            "size": grown.size,
            "root": grown.root(),
            "frontier": grown.to_bytes(),
        },
    )


def read_leaves(session: Session, start: int, end: int) -> Sequence[bytes]:
    """The entries from index `start` up to `end`, as far as they are held."""
    found = session.connection().execute(_READ_LEAVES, {"start": start, "end": end})
    return found.scalars().all()


def stored_tree(session: Session, head: Head | None = None) -> StoredTree:
    """The tree of one log as the session sees it, for proofs and tiles; without `head` the open
    log's.
    """
    found = head or find_head(session)
    log, first = found.log, found.start

    def leaves(start: int, end: int) -> Sequence[bytes]:
        return read_leaves(session, first + start, first + end)

    def subtrees(level: int, start: int, end: int) -> Sequence[bytes]:
        wanted = {"log": log, "level": level, "start": start, "end": end}
        return session.connection().execute(_READ_SUBTREES, wanted).scalars().all()

    return StoredTree(leaves, subtrees, found.size)


def _head(row: Row[*tuple[Any, ...]]) -> Head:
    closed = row.closed_at is not None
    return Head(row.size, row.root, row.id, row.start, row.origin, closed)
