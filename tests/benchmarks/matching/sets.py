"""The generated sets that a run goes through, and what is found on each."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from portal.matching.model import Model
from tests.benchmarks.matching import figures as own
from tests.benchmarks.matching.febrl import link_febrl
from tests.benchmarks.matching.flattening import flat_records, flat_report
from tests.benchmarks.matching.generating import Plan
from tests.benchmarks.matching.ours import Settled, find, settle
from tests.benchmarks.matching.peers import Point, curve, point
from tests.benchmarks.matching.rivals import PEERS, NotInstalled
from tests.benchmarks.matching.spooling import Spooled, spooled

# The mark asks for 6,000 unrecorded cases. They allow one wrong match, so that chance would decide:
# of 49,000 sexual offences about 12,700 go unrecorded.
SEXUAL_REPORTS, SEXUAL_RECORDS = 49_000, 300_000
# p = .99 as log-odds in bits.
SURE = 6.629


class Peer(NamedTuple):
    """A peer's curve; `sure`: at p = .99, where its scores are chances; and its seconds."""

    points: list[Point]
    sure: Point
    seconds: float


@dataclass
class Run:
    """What a run has found."""

    plan: Plan
    model: Model
    lines: list[own.Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    figures: own.Figures | None = None
    ours: list[Point] = field(default_factory=list)
    peers: dict[str, Peer] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


def main_set(run: Run) -> None:
    """Our own model on the main set."""
    with spooled(run.plan) as made:
        settled = _ours(run, made)
    run.figures = own.figures(settled, made.reports, made.truths)
    run.lines += own.lines(run.figures)
    run.notes += own.beside(run.figures)
    run.ours = curve(own.as_scores(settled), made.truths)
    _tell("The main set", made, settled)


def peer_set(plan: Plan, name: str) -> Peer | None:
    """One peer on the rows of the main set, made again from the same seed."""
    with spooled(plan) as made:
        reports = [flat_report(one) for one in made.reports]
        records = flat_records(made.records())
    begun = time.perf_counter()
    try:
        scores = PEERS[name](reports, records)
    except NotInstalled as missing:
        print(f"{name} is left out: {missing}", flush=True)
        return None
    seconds = time.perf_counter() - begun
    found = Peer(curve(scores, made.truths), point(scores, made.truths, SURE), seconds)
    print(f"{name}: {own.in_short(found.sure)} at its sure point", flush=True)
    return found


def sexual_set(plan: Plan, model: Model, *, reports: int, records: int) -> list[own.Line]:
    """Sexual offences alone, so many that the upper end of the interval says something."""
    more = replace(
        plan,
        seed=plan.seed + 1,
        sexual=1.0,
        reports=reports,
        records=records,
    )
    with spooled(more) as made:
        settled = settle(find(made.reports, made.records(), model), model)
        _tell("Sexual offences alone", made, settled)
        return [own.sexual_line(own.figures(settled, made.reports, made.truths))]


def noisy_set(plan: Plan, model: Model) -> list[own.Line]:
    """Every error twice as frequent."""
    with spooled(replace(plan, seed=plan.seed + 2, noise=2.0)) as made:
        settled = settle(find(made.reports, made.records(), model), model)
        found = own.figures(settled, made.reports, made.truths)
        _tell("Doubled noise", made, settled)
        return [
            replace(line, what=f"Doubled noise: {line.what[0].lower()}{line.what[1:]}")
            for line in own.lines(found, factor=2.0)
        ]


def febrl_set(model: Model) -> list[own.Line]:
    """The outside set; nothing where its library is not installed."""
    try:
        linked = link_febrl(model)
    except ImportError as missing:
        print(f"FEBRL 4 is left out: {missing}", flush=True)
        return []
    words = f"{linked.f1:.4f} (precision {linked.precision:.4f}, recall {linked.recall:.4f})"
    what = "FEBRL 4 without the social-security number, F1"
    return [own.Line(what, "≥ .998", words, linked.f1 >= 0.998)]


def _ours(run: Run, made: Spooled) -> Settled:
    with _timed(run, f"candidates among {made.plan.records:,} records"):
        candidates = find(made.reports, made.records(), run.model)
    with _timed(run, f"scores and assignment of {made.plan.reports:,} reports"):
        return settle(candidates, run.model)


def _tell(title: str, made: Spooled, settled: Settled) -> None:
    wrong = ", ".join(
        f"{count} {why}" for why, count in own.why_hidden(settled, made.truths).most_common()
    )
    print(f"{title}: {len(made.reports):,} reports. Wrong matches: {wrong or 'none'}", flush=True)


@contextmanager
def _timed(run: Run, what: str) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    run.seconds[what] = time.perf_counter() - begun
