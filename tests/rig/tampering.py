"""What whoever owns the database can do to it: change rows past the triggers that guard the log."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, create_engine
from sqlalchemy.orm import Session

from portal.db import Database
from portal.ledger.triggers import TABLES, drop_triggers, make_triggers


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
    engine = create_engine(url)
    with engine.begin() as connection:
        if database.is_sqlite:
            with _lifted(connection):
                yield connection
        else:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            yield connection
    engine.dispose()


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
