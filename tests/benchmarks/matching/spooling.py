"""The generated stream kept in a file, so that it is made once and read often in bounded memory."""

import pickle
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.matching.generating import Plan, generate
from tests.benchmarks.matching.rows import RawRecord, RawReport, Truth


@dataclass(frozen=True)
class Spooled:
    """Reports and truths in memory, records in a file."""

    plan: Plan
    reports: list[RawReport]
    truths: list[Truth]
    path: Path
    many: int

    def records(self) -> Iterator[RawRecord]:
        """Every record, in the order of the stream."""
        with self.path.open("rb") as file:
            for _ in range(self.many):
                yield from pickle.load(file)  # noqa: S301 - written by this process a moment ago


@contextmanager
def spooled(plan: Plan) -> Iterator[Spooled]:
    """Generate the plan into a temporary file that goes away afterwards."""
    reports: list[RawReport] = []
    truths: list[Truth] = []
    many = 0
    with TemporaryDirectory() as folder:
        path = Path(folder) / "records"
        with path.open("wb") as file:
            for batch in generate(plan):
                pickle.dump(batch.records, file, protocol=pickle.HIGHEST_PROTOCOL)
                reports += batch.reports
                truths += batch.truths
                many += 1
        yield Spooled(plan, reports, truths, path, many)
