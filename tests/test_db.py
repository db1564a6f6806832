"""The database: every rule the portal leans on is really in force."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as checks
from hypothesis import strategies as st
from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    MetaData,
    Table,
    delete,
    event,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from portal.accounts.models import SignIn, Throttle
from portal.db import Database, check_postgresql, insert_numbers, rows_by_number
from portal.errors import Misconfigured

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ROOT = Path(__file__).parent.parent
WRITERS = 16
WRITES = """
import sys, threading
from datetime import UTC, datetime
from sqlalchemy import func, select
from portal.accounts.models import Throttle
from portal.db import Database
database, now = Database(sys.argv[1]), datetime.now(UTC)
def work(name):
    for turn in range(5):
        with database.transaction() as session:
            session.scalar(select(func.count()).select_from(Throttle))
            bucket = f"{name}-{turn}".encode()
            session.add(Throttle(bucket=bucket, window_started_at=now, tries=1))
workers = [threading.Thread(target=work, args=(f"{sys.argv[2]}-{n}",)) for n in range(4)]
[one.start() for one in workers]
[one.join() for one in workers]
"""
HOLDS = """
import sys
from portal.db import Database
with Database(sys.argv[1]).only_one(sys.argv[2]) as held:
    print(held, flush=True)
    sys.stdin.readline()
"""


def add(database: Database, bucket: bytes, at: datetime = NOW) -> None:
    with database.transaction() as session:
        session.add(Throttle(bucket=bucket, window_started_at=at, tries=1))


def count(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Throttle)) or 0


def start(program: str, database: Database, *words: str) -> "subprocess.Popen[str]":
    url = database.url.render_as_string(hide_password=False)
    return subprocess.Popen(
        [sys.executable, "-c", program, url, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    )


@pytest.fixture
def holder(database: Database) -> Iterator["subprocess.Popen[str]"]:
    """Another process that holds the lock "sweep" until it reads a line or is killed."""
    process = start(HOLDS, database, "sweep")
    assert process.stdout
    assert process.stdout.readline() == "True\n"
    yield process
    process.kill()
    process.wait()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("way", ["transaction", "reading"])
def test_sqlite_is_set_so_that_a_commit_survives_a_power_cut(database: Database, way: str) -> None:
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 60_000,
    }
    with getattr(database, way)() as session:
        found = {name: session.scalar(text(f"PRAGMA {name}")) for name in wanted}
    assert found == wanted


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_every_connection_is_set_so_and_not_only_the_first(database: Database) -> None:
    with ExitStack() as stack:
        held = [stack.enter_context(database.reading()) for _ in range(4)]
        found = [
            (one.scalar(text("PRAGMA synchronous")), one.scalar(text("PRAGMA foreign_keys")))
            for one in held
        ]
    assert found == [(2, 1)] * 4


def test_a_database_in_memory_is_refused_because_it_could_not_be_kept() -> None:
    for url in ("sqlite://", "sqlite:///:memory:"):
        with pytest.raises(ValueError, match="needs a file"):
            Database(url)


def test_sixteen_writers_in_threads_all_get_their_turn(database: Database) -> None:
    together = threading.Barrier(WRITERS)

    def work(number: int) -> None:
        together.wait(timeout=30)
        for turn in range(5):
            add(database, b"%02d-%02d" % (number, turn))

    with ThreadPoolExecutor(WRITERS) as workers:
        list(workers.map(work, range(WRITERS)))
    assert count(database) == 5 * WRITERS


def test_sixteen_writers_in_four_processes_all_get_their_turn(database: Database) -> None:
    started = [start(WRITES, database, str(number)) for number in range(4)]
    said = [one.communicate(timeout=120)[1] for one in started]
    assert said == [""] * 4
    assert count(database) == 5 * WRITERS


def test_work_that_fails_leaves_nothing_behind(database: Database) -> None:
    add(database, b"before")

    def work() -> None:
        with database.transaction() as session:
            session.add(Throttle(bucket=b"half", window_started_at=NOW, tries=1))
            session.execute(delete(Throttle).where(Throttle.bucket == b"before"))
            session.flush()
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        work()
    with database.reading() as session:
        assert list(session.scalars(select(Throttle.bucket))) == [b"before"]


def test_a_row_that_a_constraint_refuses_takes_the_whole_transaction_with_it(
    database: Database,
) -> None:
    add(database, b"before")
    rows = [
        {"bucket": bucket, "window_started_at": NOW, "tries": 1} for bucket in (b"new", b"before")
    ]
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.execute(insert(Throttle), rows)
    assert count(database) == 1


def test_after_a_failure_the_next_writer_is_not_held_up(database: Database) -> None:
    for _ in range(40):
        with pytest.raises(RuntimeError), database.transaction():
            raise RuntimeError
    add(database, b"after")
    assert count(database) == 1


def test_what_was_not_committed_is_seen_by_nobody_else(database: Database) -> None:
    with database.transaction() as session:
        session.add(Throttle(bucket=b"half", window_started_at=NOW, tries=1))
        session.flush()
        assert count(database) == 0
    assert count(database) == 1


def test_rows_stay_readable_after_the_transaction_closed(database: Database) -> None:
    with database.transaction() as session:
        made = Throttle(bucket=b"kept", window_started_at=NOW, tries=1)
        session.add(made)
    assert (made.bucket, made.tries) == (b"kept", 1)


def test_a_reading_session_refuses_to_write(database: Database) -> None:
    add(database, b"before")
    with database.reading() as session, pytest.raises(DBAPIError):
        session.execute(text("DELETE FROM throttles"))
    assert count(database) == 1


def test_a_page_that_reads_twice_sees_one_state_and_the_next_page_the_newest(
    database: Database,
) -> None:
    add(database, b"before")
    for round_ in range(2):
        with database.reading() as session:
            seen = session.scalar(select(func.count()).select_from(Throttle))
            add(database, b"meanwhile-%d" % round_)
            assert session.scalar(select(func.count()).select_from(Throttle)) == seen
    assert count(database) == 3


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_only_sessions_that_read_ask_for_one_state(database: Database) -> None:
    level = text("SELECT current_setting('transaction_isolation')")
    for _ in range(2):
        with database.reading() as session:
            assert session.scalar(level) == "repeatable read"
        with database.transaction() as session:
            assert session.scalar(level) == "read committed"


class Server:
    """A connection to a PostgreSQL server of some version."""

    def __init__(self, version: int) -> None:
        self.info = SimpleNamespace(server_version=version)
        self.is_open = True

    def close(self) -> None:
        self.is_open = False


@pytest.mark.parametrize(("number", "said"), [(140_011, "14"), (90_624, "9")])
def test_an_older_postgresql_is_refused_in_words(number: int, said: str) -> None:
    server = Server(number)
    with pytest.raises(Misconfigured) as refusal:
        check_postgresql(server)
    assert f"PostgreSQL {said}. The site needs version 15 or newer" in refusal.value.message
    assert not server.is_open


def test_postgresql_15_and_newer_are_taken() -> None:
    for number in (150_000, 150_004, 180_001):
        server = Server(number)
        check_postgresql(server)
        assert server.is_open


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_every_connection_asks_the_server_for_its_version(database: Database) -> None:
    assert event.contains(database.engine, "connect", check_postgresql)
    assert count(database) == 0


def test_a_writer_can_still_write_on_a_connection_that_was_read_from(database: Database) -> None:
    for number in range(5):
        assert count(database) == number
        add(database, b"%d" % number)
    assert count(database) == 5


def test_a_row_must_belong_to_something_that_exists(database: Database) -> None:
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.add(SignIn(token_hash=b"t" * 32, account_id=uuid4(), created_at=NOW, seen_at=NOW))


def test_a_time_without_a_zone_is_refused_and_nothing_is_kept(database: Database) -> None:
    naive = datetime(2026, 3, 2, 9)  # noqa: DTZ001 - the point of the test
    with pytest.raises(StatementError, match="without a zone"):
        add(database, b"naive", naive)
    assert count(database) == 0


@given(
    st.datetimes(
        min_value=datetime(1970, 1, 1),  # noqa: DTZ001 - hypothesis wants bounds without a zone
        max_value=datetime(2100, 1, 1),  # noqa: DTZ001
        timezones=st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m))),
    )
)
@checks(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_instant_comes_back_in_utc_to_the_microsecond(
    database: Database, instant: datetime
) -> None:
    with database.transaction() as session:
        session.execute(delete(Throttle))
        session.add(Throttle(bucket=b"one", window_started_at=instant, tries=1))
    with database.reading() as session:
        kept = session.scalars(select(Throttle.window_started_at)).one()
    assert kept == instant
    assert kept.utcoffset() == timedelta(0)


def test_instants_of_different_zones_are_compared_as_instants(database: Database) -> None:
    east = timezone(timedelta(hours=5))
    add(database, b"east", datetime(2026, 3, 2, 13, 59, tzinfo=east))
    add(database, b"utc", datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    with database.reading() as session:
        query = select(Throttle.bucket).where(
            Throttle.window_started_at < datetime(2026, 3, 2, 14, 0, tzinfo=east)
        )
        assert list(session.scalars(query)) == [b"east"]


def test_a_job_runs_once_at_a_time_across_processes(
    database: Database, holder: "subprocess.Popen[str]"
) -> None:
    with database.only_one("sweep") as held:
        assert held is False
    with database.only_one("publish") as held:
        assert held is True
    holder.communicate("\n", timeout=30)
    assert holder.returncode == 0
    with database.only_one("sweep") as held:
        assert held is True


def test_the_lock_of_a_job_that_was_killed_is_free_again(
    database: Database, holder: "subprocess.Popen[str]"
) -> None:
    holder.kill()
    holder.wait(timeout=30)
    for _ in range(100):
        with database.only_one("sweep") as held:
            if held:
                return
        threading.Event().wait(0.05)
    pytest.fail("the lock is still held by nobody")


def test_a_job_that_fails_frees_its_lock_and_writers_go_on_meanwhile(database: Database) -> None:
    def job() -> None:
        with database.only_one("sweep") as held:
            assert held
            add(database, b"meanwhile")
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        job()
    with database.only_one("sweep") as held:
        assert held
    assert count(database) == 1


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_transaction_inside_another_is_refused_at_once_and_not_waited_for(
    database: Database,
) -> None:
    with database.transaction(), pytest.raises(RuntimeError, match="open in this thread"):  # noqa: SIM117
        with database.transaction():
            pass
    with database.transaction() as session:
        assert session.scalar(text("SELECT 1")) == 1


def test_outside_a_transaction_the_file_can_be_written_anew_and_writers_go_on_after(
    database: Database,
) -> None:
    with database.outside_transaction() as connection:
        connection.execute(text("VACUUM"))
    for _ in range(3):
        with database.transaction() as session:
            session.execute(text("DELETE FROM alembic_version"))
            session.rollback()
        with database.reading() as session:
            assert session.scalar(text("SELECT count(*) FROM alembic_version")) == 1


def test_many_rows_of_numbers_come_in_whole_and_are_found_by_them(database: Database) -> None:
    table = Table("many_numbers", MetaData(), Column("one", BigInteger), Column("other", Integer))
    rows = [(-(2**63), 1), (2**63 - 1, None), *((number, number % 7) for number in range(2_000))]
    table.create(database.engine)
    try:
        with database.transaction() as session:
            insert_numbers(session, table, rows)
            insert_numbers(session, table, [])
        with database.reading() as session:
            assert sorted(tuple(row) for row in session.execute(select(table))) == sorted(rows)
            wanted = [one for one, _ in rows[:1500]] + [3_000]
            found = rows_by_number(session, table, wanted, at_most=5_000)
            assert sorted(map(tuple, found)) == sorted(rows[:1500])
            assert len(rows_by_number(session, table, wanted, at_most=10)) == 10
            assert len(rows_by_number(session, table, [], at_most=10)) == 0
            gone = Table("no_such_numbers", MetaData(), Column("one", BigInteger))
            with pytest.raises(DBAPIError):
                rows_by_number(session, gone, wanted, at_most=10)
    finally:
        table.drop(database.engine)
