"""What whoever owns the database can do to it: change rows past the triggers that guard the log."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Row,
    Table,
    UniqueConstraint,
    Uuid,
    and_,
    select,
)
from sqlalchemy.orm import Session

from portal.db import Base, Database, UtcDateTime
from portal.ledger.triggers import TABLES, drop_triggers, make_triggers
from tests.rig.compiled import make_engine

_SOME_DAY = datetime(2026, 5, 1, tzinfo=UTC)
# What the tables' own checks let through.
_WORDS = {
    "statements.kind": ("not_mine", "stands_by"),
    "reports.state": ("told", "passed"),
    "matches.zone": ("possible", "automatic"),
    "matches.state": ("accepted", "refused", "ended"),
    "alerts.kind": ("vanished", "cancelled"),
    "alerts.stage": ("lead", "full"),
    "alerts.state": ("open", "resolved"),
}


@contextmanager
def without_triggers(session: Session) -> Iterator[None]:
    """Inside the block nothing refuses a change of the log's tables; afterwards all is as before.

    Foreign keys hold all the same.
    """
    session.flush()
    with _lifted(session.connection()):
        yield
        session.flush()


@contextmanager
def tampering(database: Database) -> Iterator[Connection]:
    """A connection on which nothing is refused: no trigger, no foreign key. It commits."""
    url = database.url
    if not database.is_sqlite:
        url = url.set(drivername="postgresql+psycopg")
    # An engine of its own: SQLite asks for foreign keys on each connection, and this one does not.
    engine = make_engine(url)
    try:
        with engine.begin() as connection:
            if database.is_sqlite:
                # The driver would begin only at the first change, after the triggers were gone.
                connection.exec_driver_sql("BEGIN")
                with _lifted(connection):
                    yield connection
            else:
                connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
                yield connection
    finally:
        engine.dispose()


def change_cell(connection: Connection, *, table: str, column: str, row: int = 0) -> None:
    """Put another value of its kind into one cell; `row` counts in the order of the key."""
    found, here = _find(connection, table, row)
    value = _other(getattr(found, column), here.c[column])
    connection.execute(here.update().where(_is(found, here)).values({column: value}))


def delete_row(connection: Connection, *, table: str, row: int = 0) -> None:
    """Delete one row; `row` counts in the order of the key."""
    found, here = _find(connection, table, row)
    connection.execute(here.delete().where(_is(found, here)))


def insert_copy(connection: Connection, *, table: str, row: int = 0) -> None:
    """Put a copy of a row in, with another key and other unique values."""
    found, here = _find(connection, table, row)
    values = dict(found._mapping)
    unique = {
        column.name
        for one in here.constraints
        if isinstance(one, PrimaryKeyConstraint | UniqueConstraint)
        for column in one.columns
    }
    values |= {name: _other(values[name], here.c[name]) for name in unique}
    connection.execute(here.insert().values(values))


def swap_cells(connection: Connection, *, table: str, column: str, rows: tuple[int, int]) -> None:
    """Let two rows have each other's value."""
    (one, here), (other, _) = (_find(connection, table, row) for row in rows)
    for row, value in ((one, getattr(other, column)), (other, getattr(one, column))):
        connection.execute(here.update().where(_is(row, here)).values({column: value}))


def _find(connection: Connection, table: str, row: int) -> tuple[Row[*tuple[Any, ...]], Table]:
    here = Base.metadata.tables[table]
    query = select(here).order_by(*here.primary_key.columns).offset(row).limit(1)
    return connection.execute(query).one(), here


def _is(row: Row[*tuple[Any, ...]], table: Table) -> ColumnElement[bool]:
    return and_(*(column == row._mapping[column.name] for column in table.primary_key.columns))


def _other(value: object, column: Column[Any]) -> object:
    words = next((words for name, words in _WORDS.items() if str(column) == name), None)
    if words is not None:
        return next(word for word in words if word != value)
    kind = column.type
    if isinstance(kind, UtcDateTime):
        return (value if isinstance(value, datetime) else _SOME_DAY) - timedelta(days=2)
    if isinstance(kind, Uuid):
        return uuid4()
    if isinstance(kind, Boolean):
        return not value
    if isinstance(kind, Integer):
        return (value if isinstance(value, int) else 0) + 1000
    if isinstance(kind, LargeBinary):
        raw = value if isinstance(value, bytes) else b"x" * 32
        return raw[:-1] + bytes([raw[-1] ^ 1]) if raw else b"x"
    if isinstance(kind, JSON):
        return {"limit_at": "never"}
    return f"{value}x"


@contextmanager
def _lifted(connection: Connection) -> Iterator[None]:
    on_sqlite = connection.dialect.name == "sqlite"
    off = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in TABLES]
    for statement in drop_triggers("sqlite") if on_sqlite else off:
        connection.exec_driver_sql(statement)
    yield
    on = [statement.replace("DISABLE", "ENABLE") for statement in off]
    for statement in make_triggers("sqlite") if on_sqlite else on:
        connection.exec_driver_sql(statement)
