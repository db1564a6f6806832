"""One row in every table, and copies of it that are right or wrong in one thing only."""

import itertools
import secrets
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import cast
from uuid import uuid4

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    CursorResult,
    Double,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    Uuid,
    null,
    select,
)
from sqlalchemy.exc import IntegrityError

from portal.cli.schema import METADATA
from portal.db import Base, Database, UtcDateTime
from tests.rig.superuser import without_triggers

NOW = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
_NUMBERS = itertools.count(1)
_FITTING = {
    "accounts.role": "liaison",
    "accounts.force_id": "wiltshire",
    "reports.state": "kept",
    "matches.zone": "automatic",
    "matches.state": "accepted",
    "judgements.state": "review",
    "readings.verdict": "record",
    "questions.asks": "victim",
    "messages.correspondent": "advocate",
    "questions.answer": "yes",
    "statements.kind": "not_mine",
    "survey_counts.milestone": "sent",
    "survey_counts.item": "informed",
    "survey_counts.answer": 3,
    "alerts.kind": "unrecorded",
    "alerts.stage": "full",
    "alerts.state": "open",
    "evidence_files.copy_state": "made",
}
# What older tables cannot say is what they all held: the first log.
_FIRST = {
    "ledger_heads.id": 1,
    "ledger_heads.start": 0,
    "ledger_subtrees.log": 1,
    "ledger_publications.log": 1,
}


def fill_every_table(connection: Connection) -> None:
    """Put one row into each table, with no column left empty."""
    known: dict[Column[object], object] = {}
    for table in METADATA.sorted_tables:
        values = {column.name: _value(column, known) for column in table.columns}
        known |= {column: values[column.name] for column in table.columns}
        connection.execute(table.insert().values(values))


def add(database: Database, model: type[Base], **changes: object) -> None:
    """Add a copy of the table's row: its own keys are fresh, and then `changes` is applied."""
    table = Base.metadata.tables[model.__tablename__]
    with database.transaction() as session:
        row = session.execute(select(table).limit(1)).one()
        values = dict(row._mapping)
        values |= {column.name: _suitable(column) for column in _own_keys(table)}
        session.execute(table.insert().values(values | changes))


def refuse(database: Database, model: type[Base], **changes: object) -> None:
    """The same, and the database must refuse it. Say with `add` that no more than this is wrong."""
    with pytest.raises(IntegrityError):
        add(database, model, **changes)


def can_be_left_out(database: Database, *models: type[Base]) -> list[str]:
    """The columns that should never be empty, and that the database lets be empty all the same."""
    wanted = [column for model in models for column in _columns(model) if not column.nullable]
    return [str(column) for column in wanted if _accepts(database, column, null())]


def can_point_nowhere(database: Database, *models: type[Base]) -> list[str]:
    """The columns that should point at a row, and that may point at none that exists."""
    wanted = [column for model in models for column in _columns(model) if column.foreign_keys]
    return [str(column) for column in wanted if _accepts(database, column, _fresh(column))]


def _columns(model: type[Base]) -> list[Column[object]]:
    return list(Base.metadata.tables[model.__tablename__].columns)


def _accepts(database: Database, column: Column[object], value: object) -> bool:
    # Changing the row that is there works for every table, and leaves only this one thing wrong.
    try:
        with database.transaction() as session, without_triggers(session):
            changed = session.execute(column.table.update().values({column.name: value}))
            assert cast("CursorResult[object]", changed).rowcount == 1
    except IntegrityError:
        return False
    return True


def _value(column: Column[object], known: Mapping[Column[object], object]) -> object:
    for key in column.foreign_keys:
        return known[key.column]
    return _FIRST[str(column)] if str(column) in _FIRST else _suitable(column)


def _suitable(column: Column[object]) -> object:
    return _FITTING.get(str(column)) or _fresh(column)


def _own_keys(table: Table) -> Iterator[Column[object]]:
    unique = (PrimaryKeyConstraint, UniqueConstraint)
    names = {
        column.name
        for one in table.constraints
        if isinstance(one, unique)
        for column in one.columns
    }
    for column in table.columns:
        if column.name in names and not column.foreign_keys:
            yield column


def _fresh(column: Column[object]) -> object:
    kind = column.type
    if isinstance(kind, Uuid):
        return uuid4()
    if isinstance(kind, LargeBinary):
        return secrets.token_bytes(kind.length or 40)
    if isinstance(kind, UtcDateTime):
        return NOW
    if isinstance(kind, JSON):
        return {"words": "some", "list": [1, None, "ü"]}
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, Double):
        return 0.5
    # Beyond any number that a sequence of PostgreSQL gives while a test runs.
    return 1000 + next(_NUMBERS) if isinstance(kind, Integer) else f"x{next(_NUMBERS)}"
