"""How crime references and incident numbers agree, and what counts as one slip of the hand.

A slip is Damerau-Levenshtein distance 1 between ASCII strings of four characters or more, one
character left out, put in, changed or turned with its neighbour.
"""

from functools import lru_cache
from itertools import chain, product

from rapidfuzz.distance import OSA

from portal.matching.sides import RecordSide, ReportSide, Value

MISSING = "missing"
_SHORTEST_SLIP = 4
TAIL = 5
"""So many of its last figures stand for a number that was cut short."""


def number_level(report: ReportSide, record: RecordSide) -> str:
    """How the crime references and incident numbers agree: the level before its condition."""
    given, held = report.references, record.references
    if not given.isdisjoint(held):
        return "same"
    numbers = record.incident_numbers
    calls = report.incident_numbers
    # People put a number in the wrong box; across boxes it counts as an incident number.
    if not (given.isdisjoint(numbers) and calls.isdisjoint(numbers) and calls.isdisjoint(held)):
        return "incident"
    if not (given or calls) or not (held or numbers):
        return MISSING
    runs = report.reference_runs | report.incident_runs
    if not runs.isdisjoint(record.reference_runs):
        return "run"
    if not runs.isdisjoint(record.incident_runs):
        return "incident"
    return _nearly(report, record)


def _nearly(report: ReportSide, record: RecordSide) -> str:
    """Of numbers that are not the same: one slip apart, or the same at the end."""
    here = not report.force_id or report.force_id == record.force_id
    runs = report.reference_runs | report.incident_runs
    if here and _any_slip(runs, record.reference_runs):
        return "slip"
    if _any_slip(runs, record.incident_runs):
        return "near-incident"
    tails = tails_of(report.references | report.reference_runs)
    if here and not tails.isdisjoint(tails_of(record.references | record.reference_runs)):
        return "tail"
    # The number of a call, beside a record that has none: nothing was compared.
    return "different" if report.references or record.incident_numbers else MISSING


def tails_of(values: frozenset[Value]) -> frozenset[Value]:
    """The last five figures of each part of a number that has so many: of "52/1526328/25" people
    keep "26328", for that is what seemed to matter.
    """
    return frozenset(chain.from_iterable(map(_tails, values)))


@lru_cache(1 << 17)
def _tails(value: Value) -> tuple[str, ...]:
    if isinstance(value, bytes):
        return ()
    parts = value.split("/") if value.isascii() else []
    return tuple(part[-TAIL:] for part in parts if len(part) >= TAIL and part.isdigit())


def _any_slip(one: frozenset[Value], other: frozenset[Value]) -> bool:
    return any(
        isinstance(a, str) and isinstance(b, str) and one_slip(a, b) for a, b in product(one, other)
    )


@lru_cache(1 << 17)
def one_slip(one: str, other: str) -> bool:
    """Whether two strings are one slip apart, or equal."""
    if len(one) < _SHORTEST_SLIP or len(other) < _SHORTEST_SLIP or abs(len(one) - len(other)) > 1:
        return False
    if not (one.isascii() and other.isascii()):
        return False
    return OSA.distance(one, other, score_cutoff=1) <= 1
