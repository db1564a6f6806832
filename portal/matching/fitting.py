"""Learning the weights without labels, by anchoring.

Plain EM with two classes learns another crime of the same victim as a match. Here each class is
anchored on pairs of which something else tells what they are:

- M on pairs that share the exact crime reference and have evidence about the person;
- S, H and C on the other candidates of such a report, which cannot be its record any more;
- U on pairs drawn at random;
- the reference itself, which anchors the others, on all reports by everything but the reference.

The share of a level is counted with the field itself left out of the evidence, so that no field
confirms itself. Counts are smoothed towards the model that the fit starts from. Pure and
deterministic: the same sample and start give the same model.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2
from typing import Any

from portal.matching.levels import Levels
from portal.matching.model import CLASSES, KINDS, LEVELS, PERSON, Model, Shares, groups_of
from portal.matching.model import read_model as _read
from portal.matching.numbers import MISSING
from portal.matching.older_levels import as_of_today
from portal.matching.posterior import weigh
from portal.matching.strangers import LEAST_SHARE, stranger_shares

_ROUNDS = 4
_PERSONAL = 6.0
# A pair that an unrelated person explains so many bits better tells nothing of the others.
_HOPELESS = 12.0
# A pair counts for a class that explains it so surely, without the field that is counted.
_SURE = 0.8
# An anchor that all else together denies is the number of another crime of theirs.
_DOUBTFUL = 0.5
_SMOOTHING = 12.0
# Of rivals' numbers little can be seen without labels, so that the assumption weighs more.
_SMOOTHING_NUMBERS = 300.0
# What left out with a field: a level of the second is conditional on the first.
_TOGETHER = {
    "when": ("when", "delay", "reference", "offence"),
    "delay": ("delay", "reference", "offence"),
    "place": ("place", "force"),
}
Lengths = tuple[float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Case:
    """A report as the fit sees it: its kind ("any" or "sexual") and its candidates' levels.

    `events` numbers the event of each candidate (`weighing.events_of`), for a second crime that
    police wrote for one incident is no other event of its victim. Empty: all are of their own.
    """

    kind: str
    candidates: tuple[Levels, ...]
    events: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """What a model is fitted on. `random_pairs`: levels of reports beside records drawn at random;
    `register`: how many crime records there are to be mistaken for the one.
    """

    cases: Sequence[Case]
    random_pairs: Sequence[Levels]
    register: int


def fit(sample: Sample, start: Mapping[str, Any], *, version: str) -> dict[str, Any]:
    """The data of a model of this version, fitted on `sample` from the model data `start`.

    Names, common offences, windows and limits are taken over; "about" is for the caller to write.
    Raises BadModel when `start` does not hold together; ValueError for a sample without anchors.
    """
    data = {**start, "version": version}
    register = float(sample.register)
    expected = {kind: {**one, "U": register} for kind, one in start["expected"].items()}
    first = _read({**data, "expected": expected}, version)
    before = {field: as_of_today(LEVELS[field], start["fields"][field]) for field in LEVELS}
    unrelated = stranger_shares(sample.random_pairs, before, first)
    cases = [_hopeful(case, first) for case in sample.cases]
    for _ in range(_ROUNDS):
        model = _read({**data, "expected": expected}, version)
        counts = _Counts(model)
        for case in cases:
            _count_case(case, model, counts)
        if counts.anchored == 0:
            raise ValueError("no report shares a crime reference with a candidate")
        data = {**data, "fields": _fields(counts, before, unrelated)}
        expected = counts.expected(sample.register, expected)
    return {**data, "expected": expected}


def count_anchors(sample: Sample, model: Model) -> int:
    """How many reports of a sample share an exact reference, and evidence about the person, with
    one candidate: what a fit learns from.
    """
    return sum(_anchor(_hopeful(case, model), model) is not None for case in sample.cases)


class _Counts:
    """How often each level was seen per class, in shares of pairs; and records per report."""

    def __init__(self, model: Model) -> None:
        self.lengths = {
            field: {level: tuple(map(log2, shares)) for level, shares in levels.items()}
            for field, levels in model.shares.items()
        }
        self.seen = {
            field: {level: [0.0] * len(CLASSES) for level in levels}
            for field, levels in LEVELS.items()
        }
        self.reports = dict.fromkeys(KINDS, 0)
        self.records = {kind: [0.0] * len(CLASSES) for kind in KINDS}
        self.anchored = 0

    def expected(
        self, register: int, before: Mapping[str, Mapping[str, float]]
    ) -> dict[str, dict[str, float]]:
        """Records per report of each class, by kind of report."""
        found = {}
        for kind in before:
            kinds = KINDS if kind == "any" else (kind,)
            reports = sum(self.reports[one] for one in kinds)
            found[kind] = {
                one: (sum(self.records[k][number] for k in kinds) + _SMOOTHING * before[kind][one])
                / (reports + _SMOOTHING)
                for number, one in enumerate(CLASSES)
            } | {"U": float(register)}
        return found


def _hopeful(case: Case, model: Model) -> Case:
    """The case with one candidate for each event, and without the pairs of which an unrelated
    person is by far the best explanation.
    """
    best: dict[int, tuple[float, Levels]] = {}
    events = case.events or tuple(range(len(case.candidates)))
    for event, levels in zip(events, case.candidates, strict=True):
        weights = weigh(levels, model, kind=case.kind)
        rivals = min(weights.another, weights.housemate)
        if weights.unrelated > -_HOPELESS or weights.unrelated - rivals > -_HOPELESS:
            best[event] = max(best.get(event, (weights.total, levels)), (weights.total, levels))
    return Case(case.kind, tuple(levels for _, levels in best.values()))


def _count_case(case: Case, model: Model, counts: _Counts) -> None:
    lengths = [_length(levels, model, counts, case.kind) for levels in case.candidates]
    anchor = _anchor(case, model)
    counts.anchored += anchor is not None
    chances = _chances(lengths)
    if anchor is not None and chances[anchor][0] < _DOUBTFUL:
        anchor = None
    for number, levels in enumerate(case.candidates):
        hopeless = lengths[number][1] - _HOPELESS > max(lengths[number][2:])
        # People are given the number of another crime of theirs: beside such an anchor stands M.
        doubtful = hopeless or chances[number][0] > 1 - _SURE
        if anchor is None or (number != anchor and doubtful):
            continue
        allowed = range(len(CLASSES)) if number == anchor else range(1, len(CLASSES))
        for field, level in zip(LEVELS, levels, strict=True):
            if level != MISSING and field != "reference":
                left = _without(lengths[number], levels, field, counts)
                _add(counts.seen[field][level], left, allowed)
    _count_reports(case, lengths, counts)


def _count_reports(case: Case, lengths: Sequence[Lengths], counts: _Counts) -> None:
    """The reference by everything else, and how many records of each class a report has."""
    counts.reports[case.kind] += 1
    blind = [
        _without(one, levels, "reference", counts)
        for one, levels in zip(lengths, case.candidates, strict=True)
    ]
    chances = _chances(blind)
    # A rival hides a crime only where there is no record: what numbers it has then is what counts.
    is_alone = sum(parts[0] for parts in chances) <= 1 - _SURE
    for levels, parts in zip(case.candidates, chances, strict=True):
        if levels.reference != MISSING:
            for number, part in enumerate(parts):
                if part >= _SURE and (number == 0 or is_alone):
                    counts.seen["reference"][levels.reference][number] += part
    for parts in _chances(lengths):
        for number, part in enumerate(parts):
            counts.records[case.kind][number] += part


def _anchor(case: Case, model: Model) -> int | None:
    """The one candidate that shares the exact reference and has evidence about the person."""
    found = [
        number
        for number, levels in enumerate(case.candidates)
        if levels.reference.endswith("/same") and weigh(levels, model).personal >= _PERSONAL
    ]
    return found[0] if len(found) == 1 else None


def _length(levels: Levels, model: Model, counts: _Counts, kind: str) -> Lengths:
    """log2 of prior and likelihood for each class, up to a constant."""
    unrelated, another, household, present = model.priors[kind]
    sums = [0.0, -unrelated, -another, -household, -present]
    for field, level in zip(LEVELS, levels, strict=True):
        if level != MISSING:
            for number, length in enumerate(counts.lengths[field][level]):
                sums[number] += length
    return sums[0], sums[1], sums[2], sums[3], sums[4]


def _without(lengths: Lengths, levels: Levels, field: str, counts: _Counts) -> Lengths:
    sums = list(lengths)
    for one in _TOGETHER.get(field, (field,)):
        level = getattr(levels, one)
        if level != MISSING:
            for number, length in enumerate(counts.lengths[one][level]):
                sums[number] -= length
    return sums[0], sums[1], sums[2], sums[3], sums[4]


def _add(seen: list[float], lengths: Lengths, classes: Sequence[int]) -> None:
    top = max(lengths[number] for number in classes)
    sizes = [2.0 ** max(lengths[number] - top, -60.0) for number in classes]
    whole = sum(sizes)
    for number, size in zip(classes, sizes, strict=True):
        if size >= _SURE * whole:
            seen[number] += size / whole


def _chances(lengths: Sequence[Lengths]) -> list[tuple[float, ...]]:
    """The chance of each class for each candidate, at most one of all being M."""
    odds = []
    rivals = []
    for one in lengths:
        top = max(one[1:])
        sizes = [2.0 ** max(length - top, -60.0) for length in one[1:]]
        whole = sum(sizes)
        odds.append(2.0 ** min(max(one[0] - top - log2(whole), -60.0), 60.0))
        rivals.append([size / whole for size in sizes])
    none = 1.0 + sum(odds)
    return [
        (odd / none, *((1 - odd / none) * part for part in parts))
        for odd, parts in zip(odds, rivals, strict=True)
    ]


def _fields(
    counts: _Counts, start: Mapping[str, Any], unrelated: Mapping[str, Mapping[str, float]]
) -> dict[str, dict[str, dict[str, float]]]:
    return {
        field: {
            level: dict(zip(CLASSES, shares, strict=True))
            for group in groups_of(field)
            for level, shares in _group(field, group, counts, start[field], unrelated[field])
        }
        for field in LEVELS
    }


def _group(
    field: str,
    group: Sequence[str],
    counts: _Counts,
    start: Mapping[str, Any],
    unrelated: Mapping[str, float],
) -> list[tuple[str, Shares]]:
    seen = counts.seen[field]
    columns: list[dict[str, float]] = []
    for number, one in enumerate(CLASSES):
        weight = _SMOOTHING_NUMBERS if field == "reference" and one != "M" else _SMOOTHING
        whole = sum(seen[level][number] for level in group) + weight
        columns.append(
            {
                level: max((seen[level][number] + weight * start[level][one]) / whole, LEAST_SHARE)
                for level in group
            }
        )
    same, _, another, household, present = columns
    # One person is one person at every event, and one event is one event to all who were there.
    if field in PERSON:
        another = same
    elif field != "reference":
        present = same
    return [
        (level, (same[level], unrelated[level], another[level], household[level], present[level]))
        for level in group
    ]
