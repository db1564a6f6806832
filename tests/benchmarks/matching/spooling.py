"""The generated stream kept in a file, so that it is made once and read often in bounded memory."""

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.benchmarks.matching.generating import Plan, generate
from tests.benchmarks.matching.rows import RawRecord, RawReport, Truth

RECORDS, REPORTS = "records", "reports"


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
    """Both sides of the plan into two files of the folder, for other processes to read."""
    with (folder / RECORDS).open("wb") as records, (folder / REPORTS).open("wb") as reports:
        for batch in generate(plan):
            pickle.dump(batch.records, records, protocol=pickle.HIGHEST_PROTOCOL)
            pickle.dump(batch.reports, reports, protocol=pickle.HIGHEST_PROTOCOL)


def spooled_records(folder: Path) -> Iterator[RawRecord]:
    """The records of a folder that `write_spool` filled, in the order of the stream."""
    yield from _rows(folder / RECORDS)


def spooled_reports(folder: Path) -> Iterator[RawReport]:
    """Its reports."""
    yield from _rows(folder / REPORTS)


def _rows(path: Path) -> Iterator[Any]:
    with path.open("rb") as file:
        while file.peek(1):
            yield from pickle.load(file)  # noqa: S301 - written by a benchmark a moment ago
