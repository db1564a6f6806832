"""How crime references and incident numbers agree, and what counts as one slip of the hand.

A slip is Damerau-Levenshtein distance 1 between ASCII strings of four characters or more, one
character left out, put in, changed or turned with its neighbour.
"""

from rapidfuzz.distance import OSA

from portal.matching.numbering import TAIL
from portal.matching.sides import RecordSide, ReportSide, Value
from portal.reference.crime_references import may_be_of_call

MISSING = "missing"
_SHORTEST_SLIP = 4
WHOLE = 9
"""A number of so many figures says whose it is, whichever force was picked beside it."""


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
    runs, held = report.reference_runs | report.incident_runs, record.reference_runs
    if any_slip(runs, held if here else whole(held)):
        return "slip"
    if record.incident_runs and any_slip(runs, record.incident_runs):
        return "near-incident"
    tails = tails_of(report.references, report.reference_runs)
    if here and not tails.isdisjoint(tails_of(record.references, record.reference_runs)):
        return "tail"
    return "different" if _are_compared(report, record) else MISSING


def _are_compared(report: ReportSide, record: RecordSide) -> bool:
    """Whether a number stood beside another of its kind, in whatever box: that of a call beside a
    record that has none says nothing, nor does a part of the record's own.
    """
    if record.incident_numbers:
        typed = report.references | report.incident_numbers
        return not typed <= parts_of(record.incident_numbers)
    return not are_of_calls(report)


def are_of_calls(report: ReportSide) -> bool:
    """Whether each number that a report gives as a crime reference may be a call's."""
    return all(isinstance(one, str) and may_be_of_call(one) for one in report.references)


def whole(runs: frozenset[Value]) -> frozenset[Value]:
    """Of the figures of numbers those that are long enough to say which force's they are."""
    return frozenset(one for one in runs if isinstance(one, str) and len(one) >= WHOLE)


def parts_of(calls: frozenset[Value]) -> frozenset[str]:
    """What people keep of the number of a call, "585-010125": the log's, the day's, or its end."""
    parted = [one for one in calls if isinstance(one, str) and "/" in one]
    return frozenset([part for one in parted for part in one.split("/")]) | tails_of(calls)


def any_slip(one: frozenset[Value], other: frozenset[Value]) -> bool:
    """Whether any value of one side is one slip from any of the other."""
    for a in one:
        for b in other:
            if isinstance(a, str) and isinstance(b, str) and one_slip(a, b):
                return True
    return False


def tails_of(numbers: frozenset[Value], runs: frozenset[Value] = frozenset()) -> frozenset[str]:
    """The last five figures of each part of a number that has so many: of "52/1526328/25" people
    keep "26328", for that is what seemed to matter. Of `runs` those that are such an end: the last
    figures of a whole run are mostly its year, which a thousand records of a force share.
    """
    ends = [
        part[-TAIL:]
        for value in numbers
        if isinstance(value, str) and value.isascii()
        for part in value.split("/")
        if len(part) >= TAIL and part.isdigit()
    ]
    return frozenset([*ends, *(one for one in runs if isinstance(one, str) and len(one) == TAIL)])


def one_slip(one: str, other: str) -> bool:
    """Whether two strings are one slip apart, or equal."""
    shorter = min(len(one), len(other))
    if shorter < _SHORTEST_SLIP or abs(len(one) - len(other)) > 1:
        return False
    # A single slip leaves the first half or the last half as it was: most pairs end here, and
    # most of these at their first and last letters.
    if one[0] != other[0] and one[-1] != other[-1]:
        return False
    half = (shorter - 1) // 2
    if one[:half] != other[:half] and one[-half:] != other[-half:]:
        return False
    return one.isascii() and other.isascii() and OSA.distance(one, other, score_cutoff=1) <= 1
