"""Promises about the tables of the log: nobody changes or deletes what is on record by accident."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from portal.cli.schema import METADATA, migrate, unmigrate
from portal.db import Database
from portal.ledger.triggers import RULES, TABLES
from tests.rig.rows import fill_every_table
from tests.rig.superuser import tampering, without_triggers


@pytest.fixture
def filled(database: Database) -> Database:
    """A row in every table."""
    with database.transaction() as session:
        fill_every_table(session.connection())
    return database


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Database]:
    made = Database(empty_database_url)
    yield made
    made.engine.dispose()


def run(database: Database, statement: str) -> None:
    with database.transaction() as session:
        session.execute(text(statement))


def refuse(database: Database, statement: str) -> None:
    words = {rule.table: rule.words for rule in RULES}
    table = next(table for table in TABLES if table in statement)
    with pytest.raises(IntegrityError) as refused:
        run(database, statement)
    assert words[table] in str(refused.value)


def triggers_of(database: Database) -> list[str]:
    query = (
        "SELECT sql FROM sqlite_master WHERE type = 'trigger'"
        if database.is_sqlite
        else "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
    )
    with database.reading() as session:
        return sorted(session.scalars(text(query)))


@pytest.mark.parametrize("table", TABLES)
def test_no_row_of_the_log_is_deleted(filled: Database, table: str) -> None:
    refuse(filled, " ".join(["DELETE", "FROM", table]))
    with filled.reading() as session:
        assert session.scalar(select(func.count()).select_from(METADATA.tables[table])) == 1


@pytest.mark.parametrize("table", TABLES)
def test_no_table_of_the_log_is_emptied(filled: Database, table: str) -> None:
    if filled.is_sqlite:
        # SQLite has no TRUNCATE; replacing a row is its way to delete one without saying so.
        refuse(filled, " ".join(["INSERT OR REPLACE INTO", table, "SELECT * FROM", table]))
    else:
        refuse(filled, f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize(
    "change",
    [
        *("ledger_entries SET leaf = leaf", 'ledger_entries SET "index" = "index" + 1'),
        *("ledger_subtrees SET hash = hash", "ledger_cosignatures SET stamp = stamp + 1"),
        *("ledger_publications SET checkpoint = 'x'", "ledger_publications SET size = size + 1"),
        "ledger_publications SET witnessed_at = '2027-01-01 00:00:00+00:00'",
        *("ledger_publications SET witnessed_at = NULL", "ledger_openings SET kind = 'x'"),
        *("ledger_openings SET sequence = 2", "ledger_openings SET sealed = sealed"),
        *("ledger_openings SET entry_index = 7", "ledger_heads SET id = 9"),
        *("ledger_heads SET size = size - 1", "ledger_heads SET start = start + 1"),
        *("ledger_heads SET origin = 'another'", "ledger_heads SET size = size + 1"),
        *("ledger_heads SET closed_at = NULL", "ledger_heads SET closed_because = 'x'"),
        "ledger_heads SET root = frontier",
    ],
)
def test_what_is_on_record_is_not_changed(filled: Database, change: str) -> None:
    refuse(filled, f"UPDATE {change}")


def test_erasing_empties_an_opening_and_changes_nothing_else_of_it(filled: Database) -> None:
    refuse(filled, "UPDATE ledger_openings SET sealed = '', kind = 'x'")
    emptied = "UPDATE ledger_openings SET sealed = "
    for _ in range(2):
        run(filled, emptied + ("x''" if filled.is_sqlite else "''"))


def test_a_publication_is_witnessed_once(filled: Database) -> None:
    run(
        filled,
        "INSERT INTO ledger_publications (log, size, at, checkpoint) "
        "SELECT log + 1, size, at, checkpoint FROM ledger_publications",
    )
    refuse(
        filled,
        "UPDATE ledger_publications SET witnessed_at = '2027-01-01 00:00:00+00:00', size = 2",
    )
    run(
        filled,
        "UPDATE ledger_publications SET witnessed_at = '2027-01-01 00:00:00+00:00' WHERE log = 2",
    )
    refuse(filled, "UPDATE ledger_publications SET witnessed_at = at WHERE log = 2")


def test_a_publication_is_signed_once_and_its_text_stays(filled: Database) -> None:
    run(
        filled,
        "INSERT INTO ledger_publications (log, size, at, checkpoint) "
        "SELECT log + 1, size, at, 'text\n' FROM ledger_publications",
    )
    sign = "UPDATE ledger_publications SET checkpoint = "
    refuse(filled, sign + "'other\n\nline\n' WHERE log = 2")
    refuse(filled, sign + "'text\nmore' WHERE log = 2")
    refuse(filled, sign + "'text\n\nline\n', size = 9 WHERE log = 2")
    refuse(filled, sign + "'text\n\nline\n', witnessed_at = at WHERE log = 2")
    run(filled, sign + "'text\n\nline\n' WHERE log = 2")
    refuse(filled, sign + "'text\n\nline\n\nline\n' WHERE log = 2")


def test_a_head_grows_is_named_once_and_closed_once(filled: Database) -> None:
    run(
        filled,
        "INSERT INTO ledger_heads (id, size, root, frontier, start) "
        "SELECT 2, 5, root, frontier, 0 FROM ledger_heads",
    )
    refuse(filled, "UPDATE ledger_heads SET root = frontier WHERE id = 2")
    run(filled, "UPDATE ledger_heads SET size = 6, root = frontier WHERE id = 2")
    run(filled, "UPDATE ledger_heads SET origin = 'a' WHERE id = 2")
    refuse(filled, "UPDATE ledger_heads SET origin = 'b' WHERE id = 2")
    refuse(filled, "UPDATE ledger_heads SET closed_size = 6 WHERE id = 2")
    closing = "UPDATE ledger_heads SET closed_size = 6, closed_at = '2027-01-01 00:00:00+00:00'"
    run(filled, closing + " WHERE id = 2")
    refuse(filled, "UPDATE ledger_heads SET closed_size = 5 WHERE id = 2")
    refuse(filled, "UPDATE ledger_heads SET size = 7 WHERE id = 2")


def test_the_newest_schema_has_every_trigger_also_when_made_from_the_models(
    empty: Database,
) -> None:
    migrate(empty)
    migrated = triggers_of(empty)
    assert len(migrated) == len(TABLES) * (2 if empty.is_sqlite else 3)
    unmigrate(empty, "base")
    assert triggers_of(empty) == []
    with empty.transaction() as session:
        METADATA.create_all(session.connection())
    assert triggers_of(empty) == migrated


def test_an_owner_can_lift_them_and_they_come_back(filled: Database) -> None:
    before = triggers_of(filled)
    with filled.transaction() as session, without_triggers(session):
        session.execute(text("UPDATE ledger_subtrees SET level = 7"))
    with tampering(filled) as connection:
        connection.execute(text("DELETE FROM ledger_entries"))
    assert triggers_of(filled) == before
    refuse(filled, "DELETE FROM ledger_subtrees")
