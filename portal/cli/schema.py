"""The schema: `flask db upgrade`, `flask db downgrade REVISION`, `flask db current`."""

from pathlib import Path

import click
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask.cli import AppGroup
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

import portal.accounts.models
import portal.alerts.models
import portal.evidence.models
import portal.ledger.models
import portal.ledger.triggers
import portal.matching.models
import portal.notifications.models
import portal.police.models
import portal.reference.models
import portal.reports.contact_models
import portal.reports.erasure_models
import portal.reports.models
import portal.reports.survey_models  # noqa: F401 - importing a models module fills the metadata
from portal.db import Base, Database
from portal.errors import Misconfigured, Unavailable
from portal.reports.binding import bind_rows
from portal.reports.models import Allegation, ReturnCode
from portal.reports.refolding import fold_rows
from portal.sealing import Keyring

METADATA = Base.metadata
_FOLDER = Path(__file__).parents[2] / "migrations"
_BOUND = (ReturnCode.__tablename__, "bound")
_CORRECTED = (Allegation.__tablename__, "corrected_categories")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("path_separator", "os")
    return config


def migrate(database: Database, revision: str = "head", *, keyring: Keyring | None = None) -> None:
    """Bring the schema up to a revision, in one transaction.

    With the keys, codes and visits of before they were bound to their reports are bound in the same
    step, when their column is made and never again; so is every answer that was ever corrected to
    laid beside its allegation. Raises Misconfigured, before anything is
    changed, for a server that is too old; Unavailable when a key is missing.
    """
    with database.transaction() as session:
        config = _config()
        config.attributes["connection"] = session.connection()
        before = _columns(session)
        command.upgrade(config, revision)
        made = _columns(session) - before
        if keyring is not None and _BOUND in made:
            bind_rows(session, keyring=keyring)
        if keyring is not None and _CORRECTED in made:
            fold_rows(session, keyring=keyring)


def _columns(session: Session) -> set[tuple[str, str]]:
    """Those that there are of the columns that are filled with the keys, by table."""
    seen = inspect(session.connection())
    return {
        (table, column)
        for table, column in (_BOUND, _CORRECTED)
        if seen.has_table(table) and column in {one["name"] for one in seen.get_columns(table)}
    }


def unmigrate(database: Database, revision: str) -> None:
    """Take the schema back to an earlier revision, in one transaction."""
    with database.transaction() as session:
        config = _config()
        config.attributes["connection"] = session.connection()
        command.downgrade(config, revision)


def find_revision(database: Database) -> str | None:
    """The revision the database is at, or None when it is empty."""
    with database.reading() as session:
        return MigrationContext.configure(session.connection()).get_current_revision()


def newest_revision() -> str:
    """The newest revision in `migrations/`."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None  # noqa: S101 - the repository always holds a migration
    return head


def explain_tables(database: Database) -> str:
    """What to do when there are no tables, in words; "" when there are, or nobody can tell."""
    try:
        revision = find_revision(database)
    except SQLAlchemyError:
        return ""
    if revision is None:
        return (
            "There are no tables in this database; run `flask db upgrade`, or check "
            "ON_RECORD_INSTANCE and ON_RECORD_DATABASE_URL."
        )
    return ""


class TableCommands(AppGroup):
    """Commands that need the tables: without them they end with one sentence, not a traceback."""

    def __init__(self, database: Database, name: str, help: str) -> None:  # noqa: A002
        super().__init__(name, help=help)
        self._database = database

    def invoke(self, ctx: click.Context) -> object:
        """Run the command. Raises click.ClickException when there are no tables."""
        try:
            return super().invoke(ctx)
        except DBAPIError:
            if words := explain_tables(self._database):
                raise click.ClickException(words) from None
            raise


def group(database: Database, keyring: Keyring) -> AppGroup:
    """The `flask db` commands for one database and the keys that seal it."""
    commands = AppGroup("db", help="Make and change the tables.")

    @commands.command("upgrade")
    def upgrade() -> None:
        """Bring the tables up to the newest revision."""
        try:
            migrate(database, keyring=keyring)
        except (Misconfigured, Unavailable) as error:
            raise click.ClickException(error.message) from error
        click.echo(f"The database is at revision {find_revision(database)}.")

    @commands.command("downgrade")
    @click.argument("revision")
    def downgrade(revision: str) -> None:
        """Take the tables back to REVISION."""
        unmigrate(database, revision)
        click.echo(f"The database is at revision {find_revision(database) or 'none'}.")

    @commands.command("current")
    def current() -> None:
        """Say which revision the database is at."""
        click.echo(find_revision(database) or "The database is empty.")

    return commands
