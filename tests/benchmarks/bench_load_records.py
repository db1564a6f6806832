"""How fast a supply is taken on SQLite, and whether memory stays flat however long the file is.

`python tests/benchmarks/bench_load_records.py [ROWS]`; 1,000,000 rows unless told otherwise. The
bare insert, of the same columns in the same run, is what SQLite can do with no work around it:
one executemany for each 2,000 rows, nothing parsed, sealed, looked up or kept on the ledger.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from portal.cli.schema import migrate
from portal.config import Settings
from portal.db import Database
from portal.police.feed import COLUMNS
from portal.police.models import CrimeRecord, CrimeRecordVersion
from portal.police.service import Declaration, take_supply
from portal.site import Site

_ROWS = 1_000_000
_MARK = 100_000
_BATCH = 2_000
_START = datetime(2024, 1, 1, tzinfo=UTC)
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_CODES = ("58A", "28E", "8N", "105A", "45", "49", "10D", "37.2", "48", "126")
_MOST_GROWTH = 1.25


@dataclass
class _Memory:
    """The most memory in use, in MiB, when each mark was passed."""

    rows: int = 0
    at: dict[int, float] = field(default_factory=dict)
    marks: tuple[int, ...] = ()

    def progress(self, rows: int) -> None:
        """Count rows and note the peak at each mark."""
        self.rows += rows
        for mark in self.marks:
            if self.rows >= mark and mark not in self.at:
                self.at[mark] = _peak()


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _lines(rows: int) -> Iterator[str]:
    yield ",".join(COLUMNS) + "\n"
    for number in range(rows):
        at = _START + timedelta(minutes=number)
        recorded = f"{at:%Y-%m-%d %H:%M}"
        yield (
            f"wiltshire,54/{number:07d}/25,INC{number},{recorded},{recorded},{recorded},,"
            f"{_CODES[number % 10]},SN1 1AA,{number % 90} High Street,Ann Person{number},"
            f"1980-01-{1 + number % 28:02d},14,,\n"
        )


def _take(site: Site, path: Path, rows: int, progress: Callable[[int], None]) -> float:
    started = time.perf_counter()
    outcome = take_supply(
        site.database,
        lambda: path.open("rb"),
        force_id="wiltshire",
        declaration=Declaration(_START, _NOW, is_full=True, rows=rows),
        loaded_by=None,
        keyring=site.keyring,
        tokens=site.tokens,
        now=_NOW + timedelta(days=365),
        progress=progress,
    )
    assert outcome.new_records == rows
    return time.perf_counter() - started


def _bare(database: Database, source: Database) -> tuple[int, float]:
    """Copy every record and version by bare inserts; rows and seconds."""
    rows, seconds = 0, 0.0
    for model in (CrimeRecord, CrimeRecordVersion):
        table, names = model.__tablename__, model.__table__.columns.keys()
        query = f"SELECT {', '.join(names)} FROM {table}"  # noqa: S608 - our own names
        marks = ", ".join("?" * len(names))
        order = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608
        with (
            closing(source.engine.raw_connection()) as reading,
            closing(database.engine.raw_connection()) as writing,
        ):
            cursor = writing.cursor()
            cursor.execute("PRAGMA foreign_keys=OFF")
            read = reading.cursor().execute(query)
            while batch := list(islice(read, _BATCH)):
                started = time.perf_counter()
                cursor.execute("BEGIN IMMEDIATE")
                cursor.executemany(order, batch)
                cursor.execute("COMMIT")
                seconds += time.perf_counter() - started
                rows += len(batch) if model is CrimeRecord else 0
    return rows, seconds


def _bench(rows: int, folder: Path) -> None:
    path = folder / "records.csv"
    with path.open("w") as file:
        file.writelines(_lines(rows))
    site = Site.from_settings(Settings.for_demonstration(folder / "one"))
    migrate(site.database)
    # Each row passes twice; the marks lie in the second passage, where rows are written.
    memory = _Memory(marks=(rows + min(_MARK, rows // 10), 2 * rows))
    seconds = _take(site, path, rows, memory.progress)
    early, late = (memory.at[mark] for mark in memory.marks)
    other = Site.from_settings(Settings.for_demonstration(folder / "two"))
    migrate(other.database)
    copied, bare = _bare(other.database, site.database)
    print(f"taken: {rows:,} rows in {seconds:.1f} s, {rows / seconds:,.0f} rows a second")
    print(f"bare insert: {copied / bare:,.0f} rows a second; ours is 1/{seconds / bare:.1f} of it")
    print(f"peak memory: {early:.0f} MiB at {memory.marks[0] - rows:,} rows, {late:.0f} MiB at all")
    growth = late / early
    print(f"growth: {growth:.2f} (mark: at most {_MOST_GROWTH})")
    if growth > _MOST_GROWTH:
        sys.exit("Memory grew with the file.")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        _bench(int(sys.argv[1]) if len(sys.argv) > 1 else _ROWS, Path(made))
