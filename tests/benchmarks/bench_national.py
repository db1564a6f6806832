"""A year of the whole country from plain rows: all at once beside Splink, on request.

    BENCH_REPORTS=100000 BENCH_RECORDS=6800000 PYTHONPATH=. .venv-bench/bin/python \\
        tests/benchmarks/bench_national.py

Reports and records are made once, into a spool. Then each has a process of its own, one after the
other, on the same rows and cores: Splink in the settings of `peer_splink`, and what
`flask matching rerun` does once it has opened what is sealed. Both read raw rows from the spool and
clean them their own way, and all of it counts: ours reads and cleans a lot while DuckDB is at the
one before, so that there is nothing to say apart. Splink is trained one way, in one pass, and
writes its pairs into a table of its own; ours come out as they are stored. Splink may take 6 GB
and spill beyond; ours takes what BENCH_MEMORY says and must not.

With BENCH_SPOOL=folder the spool stays there, and is not made again. Where Splink is not installed
ours runs alone.
"""

import logging
import os
import resource
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any, NamedTuple

from portal.matching.bulk import Bulk, Pair, Ready
from portal.matching.collecting import IN_LOTS, rare_collections
from portal.matching.model import load_model
from portal.matching.one_behind import one_behind
from tests.benchmarks.matching.flattening import Flat, flat_record, flat_report
from tests.benchmarks.matching.generating import Plan
from tests.benchmarks.matching.ours import columns_of, side_of_record, side_of_report
from tests.benchmarks.matching.rows import RawRecord
from tests.benchmarks.matching.spooling import spooled_records, spooled_reports, write_spool

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

REPORTS = int(os.environ.get("BENCH_REPORTS", "1500"))
RECORDS = int(os.environ.get("BENCH_RECORDS", "100000"))
MEMORY = os.environ.get("BENCH_MEMORY", "4GB")
SPOOL = os.environ.get("BENCH_SPOOL")
_LOT = 100_000
_SPLINK_MEMORY = "6GB"


class Spent(NamedTuple):
    """Seconds by the wall, and of processor."""

    wall: float = 0
    processor: float = 0


class Clock:
    """Adds up what is spent on each of several things that take turns."""

    def __init__(self) -> None:
        """Everything at zero."""
        self.spent: dict[str, Spent] = {}

    @contextmanager
    def on(self, what: str) -> Iterator[None]:
        """While this is going on."""
        wall, processor = perf_counter(), process_time()
        yield
        before = self.spent.get(what, Spent())
        self.spent[what] = Spent(
            before.wall + perf_counter() - wall, before.processor + process_time() - processor
        )


class Side(NamedTuple):
    """What a run of one of the two took. `pairs`: looked at; `left`: worth keeping for it."""

    spent: dict[str, Spent]
    peak: float
    pairs: int
    left: int

    def total(self, *but: str) -> Spent:
        """Of all but these parts."""
        some = [spent for what, spent in self.spent.items() if what not in but]
        return Spent(sum(one.wall for one in some), sum(one.processor for one in some))


def main() -> None:
    """Say the figures."""
    with _spool() as folder:
        print(f"{REPORTS:,} reports against {RECORDS:,} records, cores: {_cores()}", flush=True)
        ours = _apart(run_ours, folder)
        _say("ours", ours)
        if find_spec("splink") is None:
            print("Splink is not installed: ours ran alone")
            return
        splink = _apart(run_splink, folder)
        _say("Splink", splink)
    for what, mine, theirs in (
        ("time, s", ours.total().wall, splink.total().wall),
        ("seconds of processor", ours.total().processor, splink.total().processor),
        ("time, Splink trained already, s", ours.total().wall, splink.total("training").wall),
        ("peak memory, MiB", ours.peak, splink.peak),
    ):
        is_met = "MET" if mine <= theirs else "MISSED"
        print(f"{what}: ours {mine:.0f}, Splink {theirs:.0f}: {mine / theirs:.2f} times: {is_met}")


def run_ours(folder: Path) -> Side:
    """All reports in memory, records in lots."""
    clock, kept = Clock(), Counter[int]()
    bulk = Bulk(load_model(), memory_limit=MEMORY)
    with clock.on("reports"):
        for rows in _lots(spooled_reports(folder)):
            bulk.add_reports({one.number: side_of_report(one) for one in rows})
    with clock.on("records"):
        for found in one_behind(_to_compare(folder, bulk)):
            kept.update(pair.report for pair in found)
    bulk.close()
    print(f"ours: reports set aside, with too many candidates: {len(bulk.crowded):,}", flush=True)
    left = sum(many for report, many in kept.items() if report not in bulk.crowded)
    return Side(clock.spent, _peak(), bulk.found.total(), left)


def _to_compare(folder: Path, bulk: Bulk) -> Iterator[Callable[[], list[Pair]]]:
    for rows in _lots(spooled_records(folder)):
        ready = bulk.ready(columns_of(rows))
        yield partial(_compare, bulk, ready, {one.row: one for one in rows})


def _compare(bulk: Bulk, ready: Ready, raw: dict[int, RawRecord]) -> list[Pair]:
    return bulk.take_columns(ready, lambda one: side_of_record(raw[one]))


def run_splink(folder: Path) -> Side:
    """Its tables filled lot by lot, so that the memory is Splink's own and not that of our rows."""
    import duckdb

    # It warns of every level that no pair reached.
    logging.getLogger("splink").setLevel(logging.ERROR)
    clock = Clock()
    with TemporaryDirectory() as spilled, duckdb.connect() as duck:
        duck.execute(f"SET memory_limit = '{_SPLINK_MEMORY}'")
        duck.execute(f"SET temp_directory = '{spilled}'")
        duck.execute(f"SET threads = {_cores()}")
        _fill_splink(duck, "reports", spooled_reports(folder), flat_report, clock)
        _fill_splink(duck, "records", spooled_records(folder), flat_record, clock)
        return _link(duck, clock)


def _fill_splink(
    duck: "DuckDBPyConnection",
    name: str,
    stream: Iterator[Any],
    flat: Callable[[Any], Flat],
    clock: Clock,
) -> None:
    from tests.benchmarks.matching.peer_splink import table

    how = f"CREATE TABLE {name} AS"
    lots = _lots(stream)
    while True:
        with clock.on("reading"):
            rows = next(lots, None)
        if rows is None:
            return
        with clock.on("cleaning"):
            duck.register("lot", table([flat(one) for one in rows]))
            duck.execute(f"{how} FROM lot")
            duck.unregister("lot")
        how = f"INSERT INTO {name}"


def _link(duck: "DuckDBPyConnection", clock: Clock) -> Side:
    from splink import DuckDBAPI, Linker, block_on

    from tests.benchmarks.matching.peer_splink import settings

    with clock.on("training"):
        api = DuckDBAPI(duck)
        tables = [api.register(name) for name in ("reports", "records")]
        linker = Linker(tables, settings(), log_level=None)
        training = linker.training
        training.estimate_probability_two_random_records_match(
            [block_on("reference"), block_on("telephone", "born")], recall=0.6
        )
        training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
        training.estimate_parameters_using_expectation_maximisation(block_on("reference"))
    with clock.on("finding"):
        found = linker.inference.compute_blocked_pairs_for_predict()
    with clock.on("weighing"):
        kept = linker.inference.predict(threshold_match_weight=-8)
    pairs, left = (_count(duck, one.physical_name) for one in (found, kept))
    return Side(clock.spent, _peak(), pairs, left)


def _count(duck: "DuckDBPyConnection", name: str) -> int:
    row = duck.execute(f"SELECT count(*) FROM {name}").fetchone()  # noqa: S608 - Splink's own name
    return int(row[0]) if row else 0


def _lots(stream: Iterator[Any]) -> Iterator[list[Any]]:
    while lot := list(islice(stream, _LOT)):
        yield lot


@contextmanager
def _spool() -> Iterator[Path]:
    with TemporaryDirectory() as name:
        folder = Path(SPOOL or name)
        if not (folder / "done").exists():
            started = perf_counter()
            folder.mkdir(parents=True, exist_ok=True)
            _apart(_fill, folder)
            print(f"rows made once, for both, s: {perf_counter() - started:.0f}", flush=True)
        yield folder


def _fill(folder: Path) -> None:
    write_spool(Plan(reports=REPORTS, records=RECORDS), folder)
    (folder / "done").touch()


def _apart(run: Callable[[Path], Any], folder: Path) -> Any:  # noqa: ANN401 - what it returns
    """In a process of its own, so that neither has what the other left in memory."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_with_rare_collections, (run, folder))


def _with_rare_collections(run: Callable[[Path], Any], folder: Path) -> Any:  # noqa: ANN401 - as above
    # As the product does; cleaning for Splink makes as many plain values.
    with rare_collections(IN_LOTS):
        return run(folder)


def _peak() -> float:
    """Of this process and the greatest of its children, in MiB."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(resource.getrusage(one).ru_maxrss for one in who) / 1024


def _cores() -> int:
    return len(os.sched_getaffinity(0))


def _say(name: str, side: Side) -> None:
    print(f"{name}: pairs {side.pairs:,}, kept {side.left:,}; peak memory, MiB: {side.peak:.0f}")
    for what, spent in side.spent.items():
        print(f"  {what}, s: {spent.wall:.1f}, of processor {spent.processor:.1f}")
    total = side.total()
    print(f"  all, s: {total.wall:.1f}, of processor {total.processor:.1f}", flush=True)


if __name__ == "__main__":
    main()
