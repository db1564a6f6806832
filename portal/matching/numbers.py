"""How crime references and incident numbers agree, and what counts as one slip of the hand.

A slip is Damerau-Levenshtein distance 1 between ASCII strings of four characters or more, one
character left out, put in, changed or turned with its neighbour.
"""

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
    runs, held = report.reference_runs | report.incident_runs, record.reference_runs
    if here and held and any_slip(runs, held):
        return "slip"
    if record.incident_runs and any_slip(runs, record.incident_runs):
        return "near-incident"
    tails = tails_of(report.references | report.reference_runs)
    if here and not tails.isdisjoint(tails_of(record.references | record.reference_runs)):
        return "tail"
    # The number of a call, beside a record that has none: nothing was compared.
    return "different" if report.references or record.incident_numbers else MISSING


def any_slip(one: frozenset[Value], other: frozenset[Value]) -> bool:
    """Whether any value of one side is one slip from any of the other."""
    for a in one:
        for b in other:
            if isinstance(a, str) and isinstance(b, str) and one_slip(a, b):
                return True
    return False


def tails_of(values: frozenset[Value]) -> frozenset[str]:
    """The last five figures of each part of a number that has so many: of "52/1526328/25" people
    keep "26328", for that is what seemed to matter.
    """
    return frozenset(
        [
            part[-TAIL:]
            for value in values
            if isinstance(value, str) and value.isascii()
            for part in value.split("/")
            if len(part) >= TAIL and part.isdigit()
        ]
    )


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
