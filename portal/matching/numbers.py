"""How crime references and incident numbers agree, and what counts as one slip of the hand.

A slip is Damerau-Levenshtein distance 1 between ASCII strings of four characters or more, one
character left out, put in, changed or turned with its neighbour.
"""

from rapidfuzz.distance import OSA

from portal.matching.numbering import TAIL
from portal.matching.sides import RecordSide, ReportSide, Value
from portal.reference.crime_references import may_be_of_call, without_words

MISSING = "missing"
_SHORTEST_SLIP = 4
WHOLE, OWNER = 9, 2
"""A number of nine figures or more says whose it is, by its first two, whichever force was picked
beside it."""


def number_level(report: ReportSide, record: RecordSide) -> str:
    """How the crime references and incident numbers agree: the level before its condition."""
    given, held = report.references, record.references
    calls, numbers = report.incident_numbers, record.incident_numbers
    # People put a number in the wrong box. What has not the shape of a call's is a crime reference
    # in either; what has counts as an incident number across boxes.
    if not crimes_of(report).isdisjoint(held):
        return "same"
    if not crime_runs_of(report).isdisjoint(record.reference_runs):
        return "run"
    if not (given.isdisjoint(numbers) and calls.isdisjoint(numbers) and calls.isdisjoint(held)):
        return "incident"
    if not (given or calls) or not (held or numbers):
        return MISSING
    if not report.incident_runs.isdisjoint(record.reference_runs):
        return "run"
    if not (report.reference_runs | report.incident_runs).isdisjoint(record.incident_runs):
        return "incident"
    return _nearly(report, record)


def _nearly(report: ReportSide, record: RecordSide) -> str:
    """Of numbers that are not the same: one slip apart, or the same at the end."""
    here = not report.force_id or report.force_id == record.force_id
    runs, held = report.reference_runs | report.incident_runs, record.reference_runs
    if any_slip(runs, held, of_one_owner=not here):
        return "slip"
    if record.incident_runs and any_slip(runs, record.incident_runs):
        return "near-incident"
    if here and not tails_of(report.references).isdisjoint(tails_of(record.references)):
        return "tail"
    return "different" if _are_compared(report, record) else MISSING


def _are_compared(report: ReportSide, record: RecordSide) -> bool:
    """Whether a number stood beside another of its kind, in whatever box: that of a call beside a
    record that has none says nothing, nor does a part of the record's own.
    """
    if record.incident_numbers:
        return not bare_numbers(report) <= parts_of(record.incident_numbers)
    return not are_of_calls(report)


def are_of_calls(report: ReportSide) -> bool:
    """Whether all that a report gives may be numbers of calls. In their own box any is taken for
    one, unless the other box is used too: people swap them.
    """
    return not report.references or not of_no_call(report.references | report.incident_numbers)


def crimes_of(report: ReportSide) -> frozenset[Value]:
    """What a report gives as crime references, in whichever box."""
    calls = report.incident_numbers
    return report.references | of_no_call(calls) if calls else report.references


def crime_runs_of(report: ReportSide) -> frozenset[Value]:
    """The figures of the same."""
    calls = report.incident_runs
    return report.reference_runs | of_no_call(calls) if calls else report.reference_runs


def of_no_call(numbers: frozenset[Value]) -> frozenset[Value]:
    """Those that have not the shape of a call's number."""
    return frozenset(one for one in numbers if not (isinstance(one, str) and may_be_of_call(one)))


def bare_numbers(report: ReportSide) -> frozenset[Value]:
    """All numbers that a report gives, without "log" or "CAD" before them."""
    return frozenset(
        without_words(one) if isinstance(one, str) else one
        for one in report.references | report.incident_numbers
    )


def parts_of(calls: frozenset[Value]) -> frozenset[str]:
    """What people keep of the number of a call, "585-010125": the log's, the day's, or its end."""
    parted = [one for one in calls if isinstance(one, str) and "/" in one]
    return frozenset([part for one in parted for part in one.split("/")]) | tails_of(calls)


def any_slip(one: frozenset[Value], other: frozenset[Value], *, of_one_owner: bool = False) -> bool:
    """Whether any value of one side is one slip from any of the other; with `of_one_owner` of
    those alone that say whose they are, and say the same.
    """
    for a in one:
        for b in other:
            if isinstance(a, str) and isinstance(b, str) and one_slip(a, b):
                # Of unlike length one may have lost a zero in front, and then begins with the year.
                is_of_one = len(a) == len(b) >= WHOLE and a[:OWNER] == b[:OWNER]
                if is_of_one or not of_one_owner:
                    return True
    return False


def tails_of(values: frozenset[Value]) -> frozenset[str]:
    """The last five figures of each part of a number that has so many: of "52/1526328/25" people
    keep "26328", for that is what seemed to matter. Not of all its figures in one run: these are
    three and the year, and a thousandth of a force's records have them.
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
