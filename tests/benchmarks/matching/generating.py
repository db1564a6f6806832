"""Synthetic reports and crime records with known truth: a stream, the same for the same seed.

Frozen on 26 November 2026, before any weight of the matching model was fitted to it: whoever
changes what it draws makes every figure in docs/matching.md void, and has to say so there. Names,
places' sizes and all rates (`rates.py`) are our own assumptions. It knows nothing of the product.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random

from tests.benchmarks.matching.places import region_for
from tests.benchmarks.matching.rates import Rates
from tests.benchmarks.matching.rows import Batch, RawRecord
from tests.benchmarks.matching.stories import Teller

RECORDS = 1_000_000
REPORTS = 10_000
SEED = 20261126
_STORIES_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Plan:
    """What to generate. `noise` multiplies every error; `sexual` is the share of such reports."""

    seed: int = SEED
    records: int = RECORDS
    reports: int = REPORTS
    noise: float = 1.0
    sexual: float | None = None
    rates: Rates = field(default_factory=Rates)

    @property
    def effective(self) -> Rates:
        """The rates with noise and share applied."""
        rates = self.rates.noisier(self.noise)
        return rates if self.sexual is None else replace(rates, sexual=self.sexual)


def smaller(plan: Plan, records: int) -> Plan:
    """The same plan with fewer records and reports in the same ratio."""
    return replace(plan, records=records, reports=max(1, plan.reports * records // plan.records))


def generate(plan: Plan) -> Iterator[Batch]:
    """Batches until there are as many reports and records as planned (a few more of each).

    Holds one batch and the register's counters in memory. Background and stories come mixed, in
    the same ratio from the first batch to the last, and each batch has a random source of its own.
    """
    teller = Teller(region_for(plan.records), plan.effective)
    reports = records = index = 0
    while reports < plan.reports or records < plan.records:
        # Random(text) hashes with SHA-512: the same on every machine and version.
        random = Random(f"{plan.seed}/{index}")
        index += 1
        batch = Batch([], [], [])
        if reports < plan.reports:
            for _ in range(min(_STORIES_AT_ONCE, plan.reports - reports)):
                told = teller.tell(random)
                for whole, part in zip(batch, told, strict=True):
                    whole.extend(part)  # type: ignore[arg-type]
        reports += len(batch.reports)
        share = min(1.0, reports / plan.reports)
        _fill(teller, random, batch.records, int(plan.records * share) - records)
        records += len(batch.records)
        yield batch


def _fill(teller: Teller, random: Random, rows: list[RawRecord], wanted: int) -> None:
    while len(rows) < wanted:
        rows.extend(teller.tell_background(random))
    # Otherwise the true record would stand before the noise, in every batch.
    random.shuffle(rows)
