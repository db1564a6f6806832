"""Putting the database at its newest shape, from the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from portal.cli import jobs, ledger, people, records
from portal.cli.schema import (
    METADATA,
    explain_tables,
    find_revision,
    group,
    migrate,
    newest_revision,
    unmigrate,
)
from portal.config import Settings
from portal.db import Database
from portal.errors import Misconfigured
from portal.sealing import Keyring
from portal.site import Site


@pytest.fixture
def empty(empty_database_url: str) -> Iterator[Database]:
    """A database with no tables at all."""
    made = Database(empty_database_url)
    yield made
    made.engine.dispose()


def run(database: Database, *words: str) -> Result:
    return (
        Flask("test")
        .test_cli_runner()
        .invoke(group(database, Keyring({"test": bytes(range(32))})), list(words))
    )


def tables_in(database: Database) -> set[str]:
    with database.reading() as session:
        return set(inspect(session.connection()).get_table_names())


def test_an_operator_makes_the_tables_with_one_command(empty: Database) -> None:
    said = run(empty, "upgrade")
    assert said.exit_code == 0, said.output
    assert said.output == f"The database is at revision {newest_revision()}.\n"
    assert set(METADATA.tables) <= tables_in(empty)


@pytest.fixture
def bare(settings: Settings, empty: Database) -> Iterator[Site]:
    """An installation whose database has no tables."""
    made = Site.from_settings(settings)
    yield replace(made, database=empty)
    made.database.engine.dispose()


@pytest.mark.parametrize(
    ("module", "words", "status"),
    [
        (ledger, ["head"], 1),
        (ledger, ["publish"], 1),
        (ledger, ["guard"], 1),
        (ledger, ["audit"], 2),
        (people, ["list"], 1),
        (records, ["supplies"], 1),
        (jobs, ["run", "--once"], 1),
    ],
)
def test_a_command_without_tables_says_how_to_make_them_and_shows_no_traceback(
    bare: Site, module: ModuleType, words: list[str], status: int
) -> None:
    said = Flask("test").test_cli_runner().invoke(module.group(bare), words)
    assert said.exit_code == status
    assert "There are no tables in this database; run `flask db upgrade`" in said.output
    assert "check ON_RECORD_INSTANCE" in said.output
    assert "Traceback" not in said.output
    assert isinstance(said.exception, SystemExit)


def test_a_fault_of_another_kind_is_not_called_missing_tables(
    empty: Database, tmp_path: Path
) -> None:
    migrate(empty)
    assert explain_tables(empty) == ""
    assert explain_tables(Database(f"sqlite:///{tmp_path}")) == ""


class TooOld(Database):
    """A database whose server is refused on connecting."""

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        raise Misconfigured("The database server is PostgreSQL 14.")
        yield


def test_a_server_that_is_too_old_is_refused_in_words(tmp_path: Path) -> None:
    said = run(TooOld(f"sqlite:///{tmp_path / 'none.sqlite'}"), "upgrade")
    assert said.exit_code == 1
    assert said.output == "Error: The database server is PostgreSQL 14.\n"


def test_running_it_again_changes_nothing(empty: Database) -> None:
    first, again = run(empty, "upgrade"), run(empty, "upgrade")
    assert (again.exit_code, again.output) == (0, first.output)


def test_an_operator_reads_which_revision_the_database_is_at(empty: Database) -> None:
    assert run(empty, "current").output == "The database is empty.\n"
    migrate(empty, "0002")
    assert run(empty, "current").output == "0002\n"


def test_an_operator_goes_back_to_a_revision_and_to_nothing(empty: Database) -> None:
    migrate(empty)
    assert run(empty, "downgrade", "0001").output == "The database is at revision 0001.\n"
    assert "reports" not in tables_in(empty)
    assert run(empty, "downgrade", "base").output == "The database is at revision none.\n"
    assert find_revision(empty) is None


def test_going_back_needs_to_be_told_how_far(empty: Database) -> None:
    migrate(empty)
    assert run(empty, "downgrade").exit_code != 0
    assert find_revision(empty) == newest_revision()


def test_a_revision_that_there_is_not_changes_nothing(empty: Database) -> None:
    migrate(empty)
    with pytest.raises(Exception, match="9999"):
        unmigrate(empty, "9999")
    assert find_revision(empty) == newest_revision()
    assert run(empty, "downgrade", "9999").exit_code != 0


def test_reading_the_revision_makes_no_table(empty: Database) -> None:
    assert find_revision(empty) is None
    assert tables_in(empty) == set()
