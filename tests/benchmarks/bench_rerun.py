"""A day's supply against the open reports, three ways.

    BENCH_REPORTS=50000 BENCH_RECORDS=18000 PYTHONPATH=. .venv/bin/python \\
        tests/benchmarks/bench_rerun.py

"Step by step" is how the matching job works: keyed tokens into a table of SQLite, candidates by its
index, each pair compared and weighed in Python. "All at once" is `flask matching rerun`. "DuckDB
alone" is the model as SQL on tables that are filled already. All start from sides that are made:
opening what is sealed, and writing matches, costs each way the same and is measured elsewhere.

The last two take turns, `BENCH_ROUNDS` (3) times, so that what else the machine does falls on both;
medians are said, with the ratio of each round's two. DuckDB is timed twice: from the day's records,
like step by step, whose keys and rows it has to be given; and from tables that are filled. It stays
in memory; step by step keeps what it makes, and waits for the disk. So the seconds of processor of
both are said too.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import NamedTuple
from uuid import UUID

from duckdb import DuckDBPyConnection
from sqlalchemy import create_engine, event, insert
from sqlalchemy.orm import Session

from portal.clock import utc_now
from portal.db import Base
from portal.matching import pacing
from portal.matching.bulk import Bulk
from portal.matching.bulk_database import insert as insert_rows
from portal.matching.bulk_rows import record_row
from portal.matching.bulk_sql import TABLES
from portal.matching.collecting import rare_collections
from portal.matching.comparing import Comparer, compare_record
from portal.matching.finding import pairs_with
from portal.matching.keying import (
    days_of,
    record_key_rows,
    report_key_rows,
    write_record_keys,
)
from portal.matching.levels import Levels
from portal.matching.model import load_model
from portal.matching.models import AllegationKey, KeyedRecord, RecordKey
from portal.matching.opening import OpenedRecord, Supplies
from portal.matching.settling import unpack
from portal.matching.sides import RecordSide, ReportSide
from portal.sealing import Keyring, Tokens
from tests.benchmarks.matching.generating import SEED, Plan
from tests.benchmarks.matching.on_spark import filled_duckdb, on_duckdb, rows_of_sides
from tests.benchmarks.matching.ours import side_of_record, side_of_report
from tests.benchmarks.matching.places import region_for
from tests.benchmarks.matching.rows import RawRecord
from tests.benchmarks.matching.stories import Teller

REPORTS = int(os.environ.get("BENCH_REPORTS", "50000"))
RECORDS = int(os.environ.get("BENCH_RECORDS", "18000"))
MEMORY = os.environ.get("BENCH_MEMORY", "4GB")
COUNTRY = 6_800_000
"""Records of a year: how many people and streets there are, and so how many nearly fit."""
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
_MARK, _MARK_TIMES = 2, 5
_BULK_LOT = 20_000
_TOKENS = Tokens(b"bench-rerun-key!" * 2)
_MODEL = load_model()
_COMPARER = Comparer(_MODEL, Supplies(Keyring({"bench": bytes(32)})), _TOKENS, utc_now())

Kept = dict[tuple[int, int], tuple[Levels, float]]


class Spent(NamedTuple):
    """Seconds by the wall, and of processor on all cores together."""

    wall: float
    processor: float


def main() -> None:
    """Say the figures."""
    reports, records = day()
    print(f"a day: {len(records):,} records against {len(reports):,} open reports")
    at_once, seconds, many = all_at_once(reports, records)
    print(f"candidates: {many:,}")
    print(f"all at once, s: {seconds:.2f}", flush=True)
    filling, alone, in_steps, kept = in_turns(reports, records)
    whole = [
        Spent(*map(sum, zip(one, other, strict=True)))
        for one, other in zip(filling, alone, strict=True)
    ]
    print(f"DuckDB alone, from the day's records, s: {_said(whole)}")
    print(f"DuckDB alone, on tables that are filled, s: {_said(alone)}")
    print(f"step by step, s: {_said(in_steps)} (mark: {_MARK} s, or {_MARK_TIMES} times DuckDB)")
    is_met = median(one.wall for one in in_steps) <= _MARK
    for name, others in (("the day's records", whole), ("filled tables", alone)):
        times = [one.wall / other.wall for one, other in zip(in_steps, others, strict=True)]
        verdict = "" if is_met or median(times) <= _MARK_TIMES else "  MISSED"
        print(
            f"step by step against DuckDB from {name}, times: {median(times):.2f} "
            f"({', '.join(f'{one:.2f}' for one in times)}){verdict}"
        )
    print(f"pairs kept: {len(kept):,}; the same both ways: {kept == at_once}")
    if kept != at_once:
        raise SystemExit("the two ways differ")


def _said(rounds: list[Spent]) -> str:
    wall, processor = (median(one) for one in zip(*rounds, strict=True))
    return f"{wall:.2f}, of processor {processor:.2f}"


def day() -> tuple[dict[int, ReportSide], dict[int, RecordSide]]:
    """Open reports of the whole country, and a day's records: one in nine of their stories."""
    random = Random(SEED)
    teller = Teller(region_for(COUNTRY), Plan().effective)
    reports: dict[int, ReportSide] = {}
    theirs: dict[int, RawRecord] = {}
    while len(reports) < REPORTS:
        told = teller.tell(random)
        reports |= {one.number: side_of_report(one) for one in told.reports}
        theirs |= {one.row: one for one in told.records}
    day = [theirs[one] for one in random.sample(sorted(theirs), min(len(theirs), RECORDS // 9))]
    while len(day) < RECORDS:
        day += teller.tell_background(random)
    return reports, {one.row: side_of_record(one) for one in day[:RECORDS]}


def all_at_once(
    reports: Mapping[int, ReportSide], records: Mapping[int, RecordSide]
) -> tuple[Kept, float, int]:
    """As `flask matching rerun`, from the first record on: reports stand there already."""
    bulk = Bulk(_MODEL, memory_limit=MEMORY)
    bulk.add_reports(reports)
    started = perf_counter()
    pairs = [
        pair
        for some in lots(records, _BULK_LOT)
        for pair in bulk.take_records({one: records[one] for one in some})
    ]
    seconds = perf_counter() - started
    bulk.close()
    kept = {(one.report, one.record): (one.levels, one.total) for one in pairs}
    return kept, seconds, bulk.found.total()


def in_turns(
    reports: Mapping[int, ReportSide], records: Mapping[int, RecordSide]
) -> tuple[list[Spent], list[Spent], list[Spent], Kept]:
    """What filling DuckDB with the day's records takes, then DuckDB alone, then step by step, by
    turns; and what is kept step by step.
    """
    filling: list[Spent] = []
    alone: list[Spent] = []
    in_steps: list[Spent] = []
    duck = filled_duckdb(rows_of_sides(reports, records, _MODEL, _TOKENS))
    with TemporaryDirectory() as name:
        filled = Path(name) / "filled.db"
        write_reports(filled, reports)
        for _ in range(ROUNDS):
            with rare_collections():
                filling.append(_spent(lambda: _fill_again(duck, records)))
            alone.append(_spent(lambda: on_duckdb(duck)))
            kept: Kept = {}
            copy = Path(shutil.copy(filled, Path(name) / "round.db"))
            with _session(copy) as session, rare_collections():
                in_steps.append(_spent(lambda: step_by_step(session, reports, records, kept)))  # noqa: B023 - called at once
    duck.close()
    return filling, alone, in_steps, kept


def _fill_again(duck: DuckDBPyConnection, records: Mapping[int, RecordSide]) -> None:
    for name in ("records", "record_keys"):
        duck.execute(f"TRUNCATE {name}")
    made = (record_row(one, side) for one, side in records.items())
    rows = [[row[name] for name in TABLES["records"]] for row in made]
    insert_rows(duck, "records", rows)
    keys = [
        (one, [row["token"] for row in record_key_rows(side, _TOKENS)], *days_of(side))
        for one, side in records.items()
    ]
    insert_rows(duck, "record_keys", keys, spread="token")


def _spent(run: Callable[[], object]) -> Spent:
    wall, processor = perf_counter(), process_time()
    run()
    return Spent(perf_counter() - wall, process_time() - processor)


def write_reports(path: Path, reports: Mapping[int, ReportSide]) -> None:
    """The keys of all reports, as they stand there before a supply comes."""
    with _session(path) as session:
        tables = [one.__table__ for one in (AllegationKey, RecordKey, KeyedRecord)]
        Base.metadata.create_all(session.connection(), tables=tables)  # type: ignore[arg-type]
        for some in lots(reports, 1000):
            rows = [
                {"allegation_id": UUID(int=one), **row}
                for one in some
                for row in report_key_rows([reports[one]], _MODEL, _TOKENS)
            ]
            session.execute(insert(AllegationKey), rows)
        session.commit()


def step_by_step(
    session: Session,
    reports: Mapping[int, ReportSide],
    records: Mapping[int, RecordSide],
    kept: Kept,
) -> None:
    """As the matching job, in its lots, from the first record on."""
    for some in pacing.in_steps(sorted(records)):
        _step(session, reports, {one: records[one] for one in some}, kept)
        session.commit()


def _step(
    session: Session,
    reports: Mapping[int, ReportSide],
    records: Mapping[int, RecordSide],
    kept: Kept,
) -> None:
    opened = {one: OpenedRecord(one, side) for one, side in records.items()}
    keys = write_record_keys(session, opened, tokens=_TOKENS)
    for allegation_id, record in pairs_with(session, keys, at_most=10**7) or ():
        compared = compare_record(reports[allegation_id.int], opened[record], _COMPARER)
        if compared.levels is not None and compared.total is not None:
            kept[allegation_id.int, record] = unpack(compared.levels), compared.total


@contextmanager
def _session(path: Path) -> Iterator[Session]:
    engine = create_engine(f"sqlite:///{path}")
    event.listen(engine, "connect", _as_the_site)
    with Session(engine) as session:
        yield session
    engine.dispose()


def _as_the_site(connection: object, _record: object) -> None:
    """As `portal.db`, but for the tables that are not here."""
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "cache_size=-32768"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def lots(values: Mapping[int, object], size: int) -> Iterator[list[int]]:
    """The keys in lists of this many, in order."""
    left = iter(sorted(values))
    while some := list(islice(left, size)):
        yield some


if __name__ == "__main__":
    main()
