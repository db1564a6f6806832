"""The database: types, the engine, and the one place that commits.

SQLite (WAL, synchronous=FULL, writers queue on a file lock before BEGIN IMMEDIATE) and
PostgreSQL 15 or newer, which every new connection checks. Correctness rests on unique constraints
and locks, never on an isolation level; sessions that read ask for one so that a page's lists agree.
"""

import fcntl
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import local
from typing import Any
from zlib import crc32

from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    FromClause,
    Integer,
    MetaData,
    TypeDecorator,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Session

from portal.errors import Misconfigured

_BUSY_MILLISECONDS = 60_000
_CACHE_KIB = 32 * 1024
_OLDEST_POSTGRESQL = 15
_NO_BEGIN = "outside_transaction"

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

BigId = BigInteger().with_variant(Integer, "sqlite")
"""A growing whole-number key: SQLite only numbers rows by itself when the type is INTEGER."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Stored in UTC; a value without a zone is refused, because SQLite drops zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database, in UTC. Raises ValueError for a naive value."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database, aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The root of every table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: UtcDateTime()}  # noqa: RUF012 - SQLAlchemy's own idiom


class Database:
    """An engine and the two ways to use it: `transaction()` to write, `reading()` to read."""

    def __init__(
        self,
        url: str,
        *,
        carried: Mapping[str, Any] | None = None,
        make_engine: Callable[..., Engine] = create_engine,
    ) -> None:
        """`carried` goes into every session's `info`: what the packages above must ask there."""
        self.url = make_url(url)
        self._carried = dict(carried or {})
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._lock_path = self._find_lock_path()
        self._mine = local()
        self.engine = self._make_engine(make_engine)

    def _find_lock_path(self) -> Path | None:
        if not self.is_sqlite:
            return None
        if not self.url.database or self.url.database == ":memory:":
            raise ValueError("SQLite needs a file: a database in memory cannot be shared or kept")
        path = Path(self.url.database)
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def _make_engine(self, make: Callable[..., Engine]) -> Engine:
        if not self.is_sqlite:
            url = self.url.set(drivername="postgresql+psycopg")
            engine = make(url, pool_pre_ping=True, pool_size=10, max_overflow=20)
            event.listen(engine, "connect", check_postgresql)
            return engine
        engine = make(
            self.url,
            connect_args={"timeout": _BUSY_MILLISECONDS / 1000, "check_same_thread": False},
            pool_size=20,
            max_overflow=40,
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A session whose work commits as one when the block ends, or not at all when it raises."""
        with self._writers_turn(), self._session(read_only=False) as session:
            yield session
            session.commit()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that cannot write, and is rolled back.

        From its first read on it sees one state of the database, whatever is committed meanwhile.
        """
        with self._session(read_only=True) as session:
            yield session

    @contextmanager
    def only_one(self, name: str) -> Iterator[bool]:
        """True in the block for one holder at a time per name; False at once for the others."""
        if self.is_sqlite:
            with _try_file_lock(self._lock_file(f"-{name}.lock")) as held:
                yield held
            return
        with self.engine.connect() as connection:
            key = {"key": crc32(name.encode())}
            held = connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), key)
            connection.rollback()
            try:
                yield bool(held)
            finally:
                if held:
                    connection.execute(text("SELECT pg_advisory_unlock(:key)"), key)
                connection.rollback()

    @contextmanager
    def outside_transaction(self) -> Iterator[Connection]:
        """A connection for what cannot run in a transaction, such as VACUUM.

        On SQLite its holder is the only writer.
        """
        options = {_NO_BEGIN: True} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"}
        with self._writers_turn(), self.engine.connect() as connection:
            yield connection.execution_options(**options)

    def gather_statistics(self) -> None:
        """Have PostgreSQL look at what is in its tables, by which it plans its queries.

        It does so by itself, but only some minutes after a backup was restored; until then it may
        read a whole table for each few hundred rows. SQLite needs none.
        """
        if not self.is_sqlite:
            with self.outside_transaction() as connection:
                connection.execute(text("ANALYZE"))

    @contextmanager
    def _session(self, *, read_only: bool) -> Iterator[Session]:
        options: dict[str, bool | str] = {"read_only": read_only}
        if not self.is_sqlite and read_only:
            options |= {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
        with (
            self.engine.connect().execution_options(**options) as connection,
            Session(connection, expire_on_commit=False, info=self._carried) as session,
        ):
            yield session

    @contextmanager
    def _writers_turn(self) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        if getattr(self._mine, "writing", False):
            # The lock would wait for this very thread, for ever.
            raise RuntimeError("a transaction is open in this thread already")
        with self._lock_file("-write.lock").open("wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self._mine.writing = True
            try:
                yield
            finally:
                self._mine.writing = False

    def _lock_file(self, suffix: str) -> Path:
        if self._lock_path is None:
            raise ValueError("only SQLite uses file locks")
        return self._lock_path.with_name(self._lock_path.name + suffix)


@contextmanager
def _try_file_lock(path: Path) -> Iterator[bool]:
    with path.open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def insert_numbers(
    session: Session, table: FromClause, rows: Sequence[tuple[int | None, ...]]
) -> None:
    """Insert rows of whole numbers, in the order of the table's columns: many thousands at once.

    Past SQLAlchemy, whose handling of each value costs more than the insert itself.
    """
    if not rows:
        return
    connection = session.connection()
    into = f"{table.description} ({', '.join(one.name for one in table.columns)})"
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(table.columns))
        statement = f"INSERT INTO {into} VALUES ({marks})"  # noqa: S608 - names of our own
        connection.exec_driver_sql(statement, list(rows))
        return
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def rows_by_number(
    session: Session, table: FromClause, numbers: Sequence[int], *, at_most: int
) -> list[tuple[Any, ...]]:
    """Up to `at_most` rows whose first column is one of thousands of numbers, as the driver has
    them: SQLAlchemy would name each number in the statement. Raises its errors all the same.
    """
    connection = session.connection()
    columns = [one.name for one in table.columns]
    query = f"SELECT {', '.join(columns)} FROM {table.description} WHERE {columns[0]} "  # noqa: S608 - names of our own
    if connection.dialect.name == "sqlite":
        query += "IN (SELECT value FROM json_each(?)) LIMIT ?"
        found = connection.exec_driver_sql(query, (json.dumps(numbers), at_most))
    else:
        found = connection.exec_driver_sql(query + "= ANY(%s) LIMIT %s", (list(numbers), at_most))
    # Its own rows would cost an eighth more.
    cursor: Any = found.cursor
    rows: list[tuple[Any, ...]] = cursor.fetchall()
    found.close()
    return rows


def check_postgresql(connection: Any, _record: object = None) -> None:  # noqa: ANN401 - DB-API
    """Refuse a server that the site was never tried on. Raises Misconfigured, with its version."""
    version: int = connection.info.server_version  # 150004 is 15.4
    if version // 10_000 < _OLDEST_POSTGRESQL:
        connection.close()
        raise Misconfigured(
            f"The database server is PostgreSQL {version // 10_000}. The site needs version "
            f"{_OLDEST_POSTGRESQL} or newer. Nothing was changed. Upgrade the server, then start "
            "again."
        )


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - DB-API connection
    # SQLAlchemy must issue BEGIN itself, or the driver would start a deferred transaction.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        # Without it, replacing a row deletes it past the triggers that guard the log.
        "recursive_triggers=ON",
        f"busy_timeout={_BUSY_MILLISECONDS}",
        f"cache_size=-{_CACHE_KIB}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    read_only = options.get("read_only", False)
    # A connection goes back and forth between readers and writers, so each says what it is.
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if read_only else 'OFF'}")
    if not options.get(_NO_BEGIN, False):
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
