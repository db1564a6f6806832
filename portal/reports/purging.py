"""Physical destruction: after an erasure the database still holds bytes that no query shows.

SQLite keeps them in its write-ahead log, and copies of cells in the gaps of pages that were split.
PostgreSQL keeps them in dead rows, in dead entries of indexes, and in its statistics. `purge`
writes the tables anew, so that nothing is left of them; it can be cut short and repeated.
"""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, select, text, update
from sqlalchemy.exc import DBAPIError

from portal.db import Database
from portal.errors import Unavailable
from portal.reports.erasure_models import Erasure

_LOG = logging.getLogger(__name__)

# What makes all else unreadable goes first: the keys, and what stood in clear.
TABLES = (
    "report_keys",
    "visits",
    "return_codes",
    "code_changes",
    "safe_contacts",
    "lost_codes",
    "messages",
    "outbox_messages",
    "evidence_files",
    "evidence_parts",
    "allegations",
    "clocks",
    "matches",
    "readings",
    "questions",
    "statements",
    "survey_states",
    "judgements",
    "allegation_keys",
    "alerts",
    "alert_actions",
    "looks",
    "force_answers",
    "reports",
    "ledger_openings",
)
"""Every table in which an erasure changes or deletes rows."""

LARGEST_REWRITTEN = 4_000_000_000
"""Bytes of a table of files that is still written anew: a larger one would stand still too long."""
_OF_FILES = frozenset({"evidence_parts"})
_STATISTICS = "pg_statistic"
_LOCK_TIMEOUT = "5s"
_PATIENCE = 5.0
_PAUSE = 0.05  # seconds
_HELD_UP = (
    "Something still reads the state of the database from before the erasure, so its last bytes "
    "cannot be destroyed yet. It is tried again."
)
_NOT_OWNER = (
    "The last bytes of what was erased cannot be destroyed, because the site's database role does "
    "not own the database. Make it the owner (docs/erasure.md); it is tried again."
)
# The oldest transaction or snapshot that can still see dead rows, as an age in transactions.
_OLDEST = text(
    "SELECT greatest("
    " (SELECT max(greatest(age(backend_xid), age(backend_xmin))) FROM pg_stat_activity"
    "  WHERE pid <> pg_backend_pid() AND (datname = current_database() OR datname IS NULL)),"
    " (SELECT max(age(transaction)) FROM pg_prepared_xacts WHERE database = current_database()),"
    " (SELECT max(age(xmin)) FROM pg_replication_slots))"
)


def purge(database: Database, *, clock: Callable[[], datetime], patience: float = _PATIENCE) -> int:
    """Destroy the last bytes of whatever was erased so far; how many erasures that finishes.

    Raises Unavailable while somebody reads an older state for longer than `patience`, in seconds;
    nothing is marked then, and the next run does it all again.
    """
    with database.reading() as session:
        waiting = session.scalars(select(Erasure.id).where(Erasure.purged_at.is_(None))).all()
    if not waiting:
        return 0
    with database.outside_transaction() as connection:
        if database.is_sqlite:
            _write_file_anew(connection, patience)
        else:
            _write_tables_anew(connection, waiting, patience)
    with database.transaction() as session:
        session.execute(update(Erasure).where(Erasure.id.in_(waiting)).values(purged_at=clock()))
    return len(waiting)


def how_to_vacuum(table: str, size: int) -> str:
    """How PostgreSQL is to clear a table of `size` bytes of its dead rows.

    Every table is written anew. Of files there can be so many that nobody could reach theirs for an
    hour: then their space is only given back to be used again. What stands there until then is
    sealed, and its key was destroyed before.
    """
    return "ANALYZE" if table in _OF_FILES and size > LARGEST_REWRITTEN else "FULL, ANALYZE"


def _write_file_anew(connection: Connection, patience: float) -> None:
    """Write the file without gaps and old cells, then cut the write-ahead log to nothing."""
    waits = connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
    connection.exec_driver_sql("VACUUM")
    try:
        # Nobody else can write meanwhile, so this does not wait as long as a writer would.
        connection.exec_driver_sql(f"PRAGMA busy_timeout={int(patience * 1000)}")
        busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={waits}")
    if busy:
        raise Unavailable(_HELD_UP)


def _write_tables_anew(connection: Connection, waiting: Sequence[UUID], patience: float) -> None:
    if not connection.scalar(
        text(
            "SELECT pg_has_role(datdba, 'USAGE') FROM pg_database"
            " WHERE datname = current_database()"
        )
    ):
        raise Unavailable(_NOT_OWNER)
    # A busy table is left for the next run, rather than that everybody queues behind this.
    connection.exec_driver_sql(f"SET lock_timeout = '{_LOCK_TIMEOUT}'")
    try:
        _wait_for_readers(connection, lambda: _age_of(connection, waiting), patience)
        for table in TABLES:
            size = connection.scalar(text("SELECT pg_total_relation_size(:t)"), {"t": table})
            connection.exec_driver_sql(f"VACUUM ({how_to_vacuum(table, size)}) {table}")
        since = connection.scalar(text("SELECT pg_current_xact_id()::xid::text"))
        _wait_for_readers(
            connection,
            lambda: connection.scalar(text("SELECT age(CAST(:x AS xid))"), {"x": since}),
            patience,
        )
        # The statistics held values from the tables, and their older rows still do.
        connection.exec_driver_sql(f"VACUUM (FULL) {_STATISTICS}")
        _check_point(connection)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") == "55P03":  # lock_not_available
            raise Unavailable(_HELD_UP) from error
        raise
    finally:
        connection.exec_driver_sql("RESET lock_timeout")


def _wait_for_readers(
    connection: Connection, age: Callable[[], int | None], patience: float
) -> None:
    """Wait until nobody can see rows that died `age` transactions ago: else they are copied too."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        oldest = connection.scalar(_OLDEST)
        if oldest is None or oldest < (age() or 0):
            return
        time.sleep(_PAUSE)
    raise Unavailable(_HELD_UP)


def _age_of(connection: Connection, waiting: Sequence[UUID]) -> int | None:
    """How many transactions ago the newest of these erasures was committed."""
    query = text("SELECT min(age(xmin)) FROM erasures WHERE id = ANY(:ids)")
    age: int | None = connection.scalar(query, {"ids": list(waiting)})
    return age


def _check_point(connection: Connection) -> None:
    """Have the old files removed from disk now, where the role may ask for it."""
    try:
        connection.exec_driver_sql("CHECKPOINT")
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", "") != "42501":  # insufficient_privilege
            raise
        _LOG.info("no checkpoint", extra={"facts": {"why": "the role may not ask for one"}})
