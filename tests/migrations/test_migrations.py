"""Migrations go up and down with rows in every table, and end where the models say."""

import json
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Table, inspect, select, text

from portal.cli.schema import METADATA, find_revision, migrate, newest_revision, unmigrate
from portal.db import Database
from tests.rig.rows import fill_every_table

FOLDER = Path(__file__).parents[2] / "migrations"
BOOKKEEPING = "alembic_version"
# A report that was there before gets its row here on the way up, so that its code still opens it.
MADE_FROM_REPORTS = {"return_codes"}
# Tables of older versions that nothing read any more: they went, and come back empty on the way
# down.
GONE = {"allegation_tokens", "record_tokens"}
# Keys that an older program made find nothing any more: the next run makes them all anew.
MADE_ANEW = {"record_keys", "keyed_records"}


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
        known = tables - GONE
        return {name: _rows(session.connection(), METADATA.tables[name]) for name in known}


def _rows(connection: Connection, table: Table) -> list[Any]:
    """The rows, in the columns that the table has at this revision."""
    there = {one["name"] for one in inspect(connection).get_columns(table.name)}
    columns = [column for column in table.columns if column.name in there]
    return [dict(row._mapping) for row in connection.execute(select(*columns))]


def same_where_both_speak(rows: list[Any], kept: list[Any]) -> bool:
    """Whether rows are the kept ones, in the columns that both have and that were not new again."""
    return len(rows) == len(kept) and all(
        {name: old[name] for name in new if name in old}
        == {name: new[name] if new[name] is not None else old[name] for name in new if name in old}
        for new, old in zip(rows, kept, strict=True)
    )


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
        assert left <= set(METADATA.tables) | GONE
        for name, rows in rows_in(empty, left - MADE_ANEW).items():
            assert same_where_both_speak(rows, kept[name]), (below, name)
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
        for name, rows in rows_in(empty, set(left) - MADE_ANEW).items():
            assert same_where_both_speak(rows, kept[name]), (below, name)
        assert tables_in(empty) == set(METADATA.tables)
        fresh = set(METADATA.tables) - set(left) - MADE_FROM_REPORTS
        assert not any(rows_in(empty, fresh).values())


def test_tokens_that_nothing_reads_go_with_their_rows_and_leave_the_records(
    empty: Database,
) -> None:
    migrate(empty)
    fill(empty)
    kept = rows_in(empty, tables_in(empty))
    unmigrate(empty, "0014")
    assert tables_in(empty) >= GONE
    with empty.transaction() as session:
        for table, column, of in (
            ("allegation_tokens", "allegation_id", "allegations"),
            ("record_tokens", "record_id", "crime_records"),
        ):
            token = {"token": b"t" * 16}
            session.execute(
                text(f"INSERT INTO {table} SELECT :token, id, 'reference' FROM {of}"),  # noqa: S608
                token,
            )
            columns = inspect(session.connection()).get_columns(table)
            assert [one["name"] for one in columns] == ["token", column, "kind"]
    migrate(empty)
    assert not tables_in(empty) & GONE
    for name in ("allegations", "crime_records"):
        assert same_where_both_speak(rows_in(empty, {name})[name], kept[name])


def test_after_an_update_nothing_is_looked_for_by_keys_that_an_older_program_made(
    empty: Database,
) -> None:
    migrate(empty)
    fill(empty)
    with empty.transaction() as session:
        session.execute(text("UPDATE allegations SET to_match = false"))
    unmigrate(empty, "0022")
    with empty.transaction() as session:
        session.execute(text("UPDATE allegations SET to_match = false"))
    migrate(empty, "0023")
    assert not any(rows_in(empty, MADE_ANEW).values())
    (supply,) = rows_in(empty, {"supplies"})["supplies"]
    (allegation,) = rows_in(empty, {"allegations"})["allegations"]
    assert supply["taken_at"] is not None
    assert supply["matched_at"] is None
    assert allegation["clock_starts_at"] is not None
    assert allegation["to_match"]


def fill_of_one_version(empty: Database, revision: str) -> None:
    """Every record came once, so that going down to this revision changes nothing of it."""
    migrate(empty)
    fill(empty)
    with empty.transaction() as session:
        session.execute(text("UPDATE crime_record_versions SET number = 1"))
    unmigrate(empty, revision)


@pytest.mark.parametrize(("number", "is_anew"), [(1, False), (2, True)])
def test_after_an_update_a_record_that_came_more_than_once_is_compared_by_all_that_was_said(
    empty: Database, number: int, is_anew: bool
) -> None:
    fill_of_one_version(empty, "0023")
    with empty.transaction() as session:
        session.execute(text("UPDATE crime_record_versions SET number = :one"), {"one": number})
        session.execute(text("UPDATE supplies SET matched_at = taken_at"))
    before = rows_in(empty, MADE_ANEW)
    migrate(empty, "0024")
    (supply,) = rows_in(empty, {"supplies"})["supplies"]
    assert all(before.values())
    assert (rows_in(empty, MADE_ANEW) != before) == is_anew
    assert (supply["matched_at"] is None) == is_anew


@pytest.mark.parametrize(
    ("number", "code", "taken", "is_anew"),
    [(2, "C2", 1, True), (1, "C2", 1, False), (2, None, 1, False), (2, "C2", None, False)],
)
@pytest.mark.parametrize(("before_it", "step"), [("0025", "0026"), ("0026", "0027")])
def test_after_an_update_a_removed_record_is_compared_by_whom_it_named_before(
    empty: Database,
    before_it: str,
    step: str,
    number: int,
    code: str | None,
    taken: int | None,
    is_anew: bool,
) -> None:
    fill_of_one_version(empty, before_it)
    with empty.transaction() as session:
        session.execute(
            text(
                "UPDATE crime_record_versions "
                "SET number = :number, removal_code = :code, is_incident = false"
            ),
            {"number": number, "code": code},
        )
        session.execute(text("UPDATE supplies SET matched_at = taken_at"))
        if taken is None:
            session.execute(text("UPDATE supplies SET taken_at = NULL"))
    before = rows_in(empty, MADE_ANEW)
    migrate(empty, step)
    (supply,) = rows_in(empty, {"supplies"})["supplies"]
    assert (rows_in(empty, MADE_ANEW) != before) == is_anew
    assert (supply["matched_at"] is None) == is_anew


@pytest.mark.parametrize(("keyed", "is_again"), [(True, False), (False, True)])
def test_after_an_update_what_a_missing_key_left_out_is_compared(
    empty: Database, keyed: bool, is_again: bool
) -> None:
    fill_of_one_version(empty, "0026")
    with empty.transaction() as session:
        session.execute(text("UPDATE allegations SET to_match = false"))
        session.execute(text("UPDATE supplies SET matched_at = taken_at"))
        if not keyed:
            session.execute(text("DELETE FROM keyed_records"))
    migrate(empty)
    (supply,) = rows_in(empty, {"supplies"})["supplies"]
    (allegation,) = rows_in(empty, {"allegations"})["allegations"]
    assert (supply["matched_at"] is None) == is_again
    assert allegation["to_match"]
    with empty.transaction() as session:
        session.execute(text("UPDATE supplies SET matched_at = taken_at, unopened_at = taken_at"))
    unmigrate(empty, "0026")
    (supply,) = rows_in(empty, {"supplies"})["supplies"]
    assert supply["matched_at"] is None


@pytest.mark.parametrize(
    ("state", "code"), [("accepted", "C2"), ("accepted", None), ("kept", "C2")]
)
def test_after_an_update_a_confirmed_record_that_was_removed_counts_as_none(
    empty: Database, state: str, code: str | None
) -> None:
    fill_of_one_version(empty, "0028")
    with empty.transaction() as session:
        session.execute(text("UPDATE allegations SET to_sweep = false"))
        session.execute(text("UPDATE matches SET state = :state"), {"state": state})
        session.execute(
            text("UPDATE crime_record_versions SET removal_code = :code"), {"code": code}
        )
    migrate(empty, "0029")
    (allegation,) = rows_in(empty, {"allegations"})["allegations"]
    assert allegation["to_sweep"] == ((state, code) == ("accepted", "C2"))


def test_after_an_update_no_match_stands_by_days_where_hours_say_otherwise(
    empty: Database,
) -> None:
    migrate(empty)
    fill(empty)
    unmigrate(empty, "0024")
    with empty.transaction() as session:
        session.execute(text("UPDATE allegations SET to_match = false"))
    migrate(empty, "0025")
    (match,) = rows_in(empty, {"matches"})["matches"]
    (allegation,) = rows_in(empty, {"allegations"})["allegations"]
    assert (match["kind"], match["is_early"]) == (None, None)
    assert allegation["clock_starts_at"] is not None
    assert allegation["to_match"]


@pytest.mark.parametrize(
    ("below", "above", "again"),
    [
        (None, None, None),
        ("hurt", "hurt", "hurt"),
        (None, "raped hurt", "hurt"),
        (None, "hurt raped", None),
    ],
)
def test_what_a_report_was_corrected_to_is_the_same_on_the_way_up_and_the_last_on_the_way_down(
    empty: Database, below: str | None, above: str | None, again: str | None
) -> None:
    def put(column: str, value: str | None) -> None:
        with empty.transaction() as session:
            statement = f"UPDATE allegations SET category = 'raped', {column} = :value"  # noqa: S608
            session.execute(text(statement), {"value": value})

    def read(column: str) -> object:
        with empty.reading() as session:
            return session.scalar(text(f"SELECT {column} FROM allegations"))  # noqa: S608

    migrate(empty)
    fill(empty)
    unmigrate(empty, "0019")
    put("corrected_category", below)
    migrate(empty, "0020")
    assert read("corrected_categories") == below
    put("corrected_categories", above)
    unmigrate(empty, "0019")
    assert read("corrected_category") == again


def test_going_down_and_up_gives_the_very_same_shape(empty: Database) -> None:
    migrate(empty)
    first = shape_of(empty)
    unmigrate(empty, "base")
    migrate(empty)
    assert shape_of(empty) == first


def test_a_migration_that_cannot_finish_changes_nothing(empty: Database) -> None:
    before, step, in_the_way = newest_step_with_a_table(empty)
    with empty.transaction() as session:
        session.execute(text(f"CREATE TABLE {in_the_way} (id INTEGER PRIMARY KEY)"))
    shape = shape_of(empty)
    with pytest.raises(Exception, match="already exists"):
        migrate(empty, step)
    assert find_revision(empty) == before
    assert shape_of(empty) == shape


def newest_step_with_a_table(empty: Database) -> tuple[str, str, str]:
    """Go to just before the newest revision that makes a table: (before, revision, the table)."""
    migrate(empty)
    for step, before in pairwise(revisions()[::-1]):
        there = tables_in(empty)
        unmigrate(empty, before)
        if made := sorted(there - tables_in(empty)):
            return before, step, made[0]
    raise AssertionError("no revision makes a table")
