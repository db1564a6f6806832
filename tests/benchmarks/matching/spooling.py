"""The generated stream kept in a file, so that it is made once and read often in bounded memory."""

import pickle
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.matching.generating import Plan, generate
from tests.benchmarks.matching.rows import RawRecord, RawReport, Truth

RECORDS, REPORTS, PLACES = "records", "reports", "places"


@dataclass(frozen=True)
class Spooled:
    """Reports and truths in memory, records in a file."""

    plan: Plan
    reports: list[RawReport]
    truths: list[Truth]
    path: Path

    def records(self) -> Iterator[RawRecord]:
        """Every record, in the order of the stream."""
        yield from _rows(self.path)


@contextmanager
def spooled(plan: Plan) -> Iterator[Spooled]:
    """Generate the plan into a temporary file that goes away afterwards."""
    reports: list[RawReport] = []
    truths: list[Truth] = []
    with TemporaryDirectory() as folder:
        path = Path(folder) / "records"
        with path.open("wb") as file:
            for batch in generate(plan):
                pickle.dump(batch.records, file, protocol=pickle.HIGHEST_PROTOCOL)
                reports += batch.reports
                truths += batch.truths
        yield Spooled(plan, reports, truths, path)


def write_spool(plan: Plan, folder: Path) -> None:
    """Both sides of the plan into files of the folder, for other processes to read."""
    places: list[tuple[int, int]] = []
    with (folder / RECORDS).open("wb") as records, (folder / REPORTS).open("wb") as reports:
        for batch in generate(plan):
            places.append((records.tell(), len(batch.records)))
            pickle.dump(batch.records, records, protocol=pickle.HIGHEST_PROTOCOL)
            pickle.dump(batch.reports, reports, protocol=pickle.HIGHEST_PROTOCOL)
    (folder / PLACES).write_bytes(pickle.dumps(places))


def spooled_records(folder: Path) -> Iterator[RawRecord]:
    """The records of a folder that `write_spool` filled, in the order of the stream."""
    yield from _rows(folder / RECORDS)


def spooled_reports(folder: Path) -> Iterator[RawReport]:
    """Its reports."""
    yield from _rows(folder / REPORTS)


def record_lots(folder: Path, at_once: int) -> list[list[int]]:
    """Its records in lots of so many and a few more: where the parts of each begin."""
    lots: list[list[int]] = []
    room = 0
    for place, many in pickle.loads((folder / PLACES).read_bytes()):  # noqa: S301 - as below
        if room <= 0:
            lots.append([])
            room = at_once
        lots[-1].append(place)
        room -= many
    return lots


def records_of(folder: Path, lot: Iterable[int]) -> list[RawRecord]:
    """The records of such a lot."""
    found: list[RawRecord] = []
    with (folder / RECORDS).open("rb") as file:
        for place in lot:
            file.seek(place)
            found += pickle.load(file)  # noqa: S301 - as below
    return found


def _rows(path: Path) -> Iterator[Any]:
    with path.open("rb") as file:
        while file.peek(1):
            yield from pickle.load(file)  # noqa: S301 - written by a benchmark a moment ago
