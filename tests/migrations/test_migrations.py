"""Migrations go up and down with rows in every table, and end where the models say."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Table, inspect, select

from portal.cli.schema import METADATA, find_revision, migrate, newest_revision, unmigrate
from portal.db import Database
from tests.rig.rows import fill_every_table

FOLDER = Path(__file__).parents[2] / "migrations"
BOOKKEEPING = "alembic_version"


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Database]:
    """A database with no tables at all."""
    made = Database(empty_database_url)
    yield made
    made.engine.dispose()


def script() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def revisions() -> list[str]:
    """Every revision, the first one first."""
    return [one.revision for one in script().walk_revisions()][::-1]


def tables_in(database: Database) -> set[str]:
    with database.reading() as session:
        return set(inspect(session.connection()).get_table_names()) - {BOOKKEEPING}


def rows_in(database: Database, tables: set[str]) -> dict[str, list[Any]]:
    with database.reading() as session:
        return {name: _rows(session.connection(), METADATA.tables[name]) for name in tables}


def _rows(connection: Connection, table: Table) -> list[Any]:
    there = [one["name"] for one in inspect(connection).get_columns(table.name)]
    return [dict(row._mapping) for row in connection.execute(select(*map(table.c.get, there)))]


def kept_in(kept: dict[str, list[Any]], left: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """What was kept, of the columns alone that are left: a later revision may have added some."""
    return {
        name: [{column: row[column] for column in rows[0]} for row in kept[name]]
        for name, rows in left.items()
    }


def shape_of(database: Database) -> dict[str, object]:
    """Everything that says what may stand in the tables: columns, keys, checks, indexes."""
    with database.reading() as session:
        seen = inspect(session.connection())
        return {
            name: {
                "columns": sorted(
                    (one["name"], str(one["type"]), one["nullable"])
                    for one in seen.get_columns(name)
                ),
                "key": seen.get_pk_constraint(name)["constrained_columns"],
                "points at": _written(seen.get_foreign_keys(name)),
                "unique": _written(seen.get_unique_constraints(name)),
                "checks": _written(seen.get_check_constraints(name)),
                "indexes": _written(seen.get_indexes(name)),
            }
            for name in tables_in(database)
        }


def _written(parts: Iterable[object]) -> list[str]:
    return sorted(json.dumps(one, default=str, sort_keys=True) for one in parts)


def fill(database: Database) -> None:
    with database.transaction() as session:
        fill_every_table(session.connection())


def test_the_revisions_are_one_line_in_the_order_of_their_files() -> None:
    assert len(script().get_heads()) == 1
    assert revisions() == sorted(revisions())
    files = sorted(path.name[:4] for path in (FOLDER / "versions").glob("0*.py"))
    assert revisions() == files
    assert newest_revision() == files[-1]


def test_a_new_installation_ends_with_every_table_of_the_models_and_no_other(
    empty: Database,
) -> None:
    assert find_revision(empty) is None
    migrate(empty)
    assert find_revision(empty) == newest_revision()
    assert tables_in(empty) == set(METADATA.tables)


def test_the_migrated_tables_are_the_models_to_the_type(empty: Database) -> None:
    migrate(empty)
    with empty.reading() as session:
        context = MigrationContext.configure(
            session.connection(), opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, METADATA) == []


def test_checks_and_partial_indexes_are_the_models_too(empty: Database) -> None:
    migrate(empty)
    migrated = shape_of(empty)
    unmigrate(empty, "base")
    with empty.transaction() as session:
        METADATA.create_all(session.connection())
    assert shape_of(empty) == migrated


def test_each_step_down_and_up_again_leaves_the_other_tables_rows_alone(empty: Database) -> None:
    migrate(empty)
    fill(empty)
    kept = rows_in(empty, tables_in(empty))
    assert all(len(rows) == 1 for rows in kept.values())
    for below in [*revisions()[-2::-1], "base"]:
        unmigrate(empty, below)
        left = tables_in(empty)
        assert left < set(METADATA.tables)
        rows = rows_in(empty, left)
        assert rows == kept_in(kept, rows)
    assert tables_in(empty) == set()
    for revision in revisions():
        migrate(empty, revision)
        assert find_revision(empty) == revision
    fill(empty)
    assert all(len(rows) == 1 for rows in rows_in(empty, tables_in(empty)).values())


def test_each_step_up_leaves_the_rows_that_are_there_alone(empty: Database) -> None:
    migrate(empty)
    fill(empty)
    kept = rows_in(empty, tables_in(empty))
    for below in revisions()[-2::-1]:
        unmigrate(empty, below)
        left = rows_in(empty, tables_in(empty))
        migrate(empty)
        assert kept_in(rows_in(empty, set(left)), left) == kept_in(kept, left)
        assert tables_in(empty) == set(METADATA.tables)
        assert not any(rows_in(empty, set(METADATA.tables) - set(left)).values())


def test_going_down_and_up_gives_the_very_same_shape(empty: Database) -> None:
    migrate(empty)
    first = shape_of(empty)
    unmigrate(empty, "base")
    migrate(empty)
    assert shape_of(empty) == first


def test_a_migration_that_cannot_finish_changes_nothing(empty: Database) -> None:
    *_, before, last = revisions()
    migrate(empty, before)
    in_the_way = next(iter(set(METADATA.tables) - tables_in(empty)))
    with empty.transaction() as session:
        METADATA.tables[in_the_way].create(session.connection(), checkfirst=False)
    shape = shape_of(empty)
    with pytest.raises(Exception, match="already exists"):
        migrate(empty, last)
    assert find_revision(empty) == before
    assert shape_of(empty) == shape
