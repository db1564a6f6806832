"""A year of the whole country from plain rows: all at once beside Splink, on request.

    BENCH_REPORTS=100000 BENCH_RECORDS=6800000 PYTHONPATH=. .venv-bench/bin/python \\
        tests/benchmarks/bench_national.py

Reports and records are made once, into a spool. Then each has a process of its own, one after the
other, on the same rows and cores: Splink in the settings of `peer_splink`, and what
`flask matching rerun` does once it has opened what is sealed. Both read raw rows from the spool and
clean them their own way, and all of it counts. Ours shares the records out among processes, as the
product does, each of which has all reports; the start of each counts too, and their memory counts
together. Splink is trained one way, in one pass, and writes its pairs into a table of its own;
ours come out as they are stored. Splink may take 6 GB and spill beyond; ours takes what
BENCH_MEMORY says and must not.

With BENCH_SPOOL=folder the spool stays there, and is not made again. Where Splink is not installed
ours runs alone.
"""

import logging
import os
import resource
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from portal.matching.bulk import Bulk
from portal.matching.bulk_database import part_of
from portal.matching.collecting import IN_LOTS, rare_collections
from portal.matching.in_processes import cores_for_each, in_processes, usable_cores
from portal.matching.lots import RECORDS_AT_ONCE
from portal.matching.model import load_model
from portal.matching.rerunning import usual_processes
from tests.benchmarks.matching.flattening import Flat, flat_record, flat_report
from tests.benchmarks.matching.generating import Plan
from tests.benchmarks.matching.ours import columns_of, side_of_record, side_of_report
from tests.benchmarks.matching.spooling import (
    record_lots,
    records_of,
    spooled_records,
    spooled_reports,
    write_spool,
)

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
        wall, processor = perf_counter(), _processor()
        yield
        before = self.spent.get(what, Spent())
        self.spent[what] = Spent(
            before.wall + perf_counter() - wall, before.processor + _processor() - processor
        )


class Side(NamedTuple):
    """What a run of one of the two took. `peak`: MiB, of all its processes together, each at its
    own highest; `pairs`: looked at; `left`: worth keeping for it.
    """

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
        print(
            f"{REPORTS:,} reports against {RECORDS:,} records, cores: {usable_cores()}", flush=True
        )
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


class OurLot(NamedTuple):
    """What came of a lot: pairs worth keeping of each report, its candidates; and the process."""

    kept: Counter[int]
    found: Mapping[int, int]
    process: int
    peak: float


@dataclass(frozen=True)
class OurWork:
    """As `rerunning_lots.LotWork`, with rows of the spool in place of sealed ones."""

    folder: Path
    memory_limit: str
    threads: int

    @contextmanager
    def begin(self) -> Iterator[Callable[[list[int]], OurLot]]:
        """All reports in memory."""
        bulk = Bulk(load_model(), memory_limit=self.memory_limit, threads=self.threads)
        try:
            with rare_collections(IN_LOTS):
                for rows in _lots(spooled_reports(self.folder)):
                    bulk.add_reports({one.number: side_of_report(one) for one in rows})
                yield partial(self._compare, bulk)
        finally:
            bulk.close()

    def _compare(self, bulk: Bulk, lot: list[int]) -> OurLot:
        raw = {one.row: one for one in records_of(self.folder, lot)}
        columns = columns_of(list(raw.values()))
        pairs = bulk.take_columns(columns, lambda one: side_of_record(raw[one]))
        kept = Counter(pair.report for pair in pairs)
        return OurLot(kept, bulk.found_since(), os.getpid(), _peak())


def run_ours(folder: Path) -> Side:
    """All reports in memory, records in lots, in as many processes as `flask matching rerun`."""
    clock, kept, found = Clock(), Counter[int](), Counter[int]()
    peaks: dict[int, float] = {}
    with clock.on("reports and records"):
        lots = record_lots(folder, RECORDS_AT_ONCE)
        processes = min(usual_processes(MEMORY), len(lots))
        work = OurWork(folder, part_of(MEMORY, processes), cores_for_each(processes))
        for lot in in_processes(work.begin, lots, processes=processes):
            kept.update(lot.kept)
            found.update(lot.found)
            peaks[lot.process] = lot.peak
    peaks[os.getpid()] = _peak()
    crowded = {one for one, many in found.items() if many > load_model().bounds.most_found}
    print(f"ours: processes: {processes}; reports set aside: {len(crowded):,}", flush=True)
    left = sum(many for report, many in kept.items() if report not in crowded)
    return Side(clock.spent, sum(peaks.values()), found.total(), left)


def run_splink(folder: Path) -> Side:
    """Its tables filled lot by lot, so that the memory is Splink's own and not that of our rows."""
    import duckdb

    # It warns of every level that no pair reached.
    logging.getLogger("splink").setLevel(logging.ERROR)
    clock = Clock()
    with TemporaryDirectory() as spilled, duckdb.connect() as duck:
        duck.execute(f"SET memory_limit = '{_SPLINK_MEMORY}'")
        duck.execute(f"SET temp_directory = '{spilled}'")
        duck.execute(f"SET threads = {usable_cores()}")
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
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_with_rare_collections, run, folder).result()


def _with_rare_collections(run: Callable[[Path], Any], folder: Path) -> Any:  # noqa: ANN401 - as above
    # As the product does; cleaning for Splink makes as many plain values.
    with rare_collections(IN_LOTS):
        return run(folder)


def _processor() -> float:
    """Seconds of this process and of its children that ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _peak() -> float:
    """Of this process, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _say(name: str, side: Side) -> None:
    print(f"{name}: pairs {side.pairs:,}, kept {side.left:,}; peak memory, MiB: {side.peak:.0f}")
    for what, spent in side.spent.items():
        print(f"  {what}, s: {spent.wall:.1f}, of processor {spent.processor:.1f}")
    total = side.total()
    print(f"  all, s: {total.wall:.1f}, of processor {total.processor:.1f}", flush=True)


if __name__ == "__main__":
    main()
