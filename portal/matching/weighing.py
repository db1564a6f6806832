"""The front of the model: a report and its candidates in, zones with their reasons out.

Pure, and the same whatever the order of the candidates: incremental results equal a full run's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.matching.levels import (
    PERSON_FIELDS,
    Levels,
    compare,
    is_of_household,
    show_one_home,
)
from portal.matching.model import HOUSEHOLD, Limits, Model
from portal.matching.numbers import MISSING
from portal.matching.posterior import Weights, posterior, weigh
from portal.matching.sides import RecordSide, ReportSide
from portal.matching.zones import (
    CALL,
    Gate,
    State,
    Zone,
    closed_gates,
    is_told_alike,
    means_one_record,
    number_typed,
    only_they_know,
    state_of,
    zone_of,
)

_PEOPLE, _NAMED = len(PERSON_FIELDS), 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """One crime record beside a report. `chance` and `log_odds` (bits) count every other
    candidate, and that the report has no record at all. `record_id` is the caller's own.
    """

    record_id: int
    levels: Levels
    weights: Weights
    chance: float
    log_odds: float
    gates: tuple[Gate, ...]
    zone: Zone


@dataclass(frozen=True, slots=True)
class Scored:
    """A report with its candidates, the likeliest first. `no_record`: the chance of none."""

    candidates: tuple[Candidate, ...]
    no_record: float
    state: State
    model_version: str


def score(report: ReportSide, candidates: Mapping[int, RecordSide], model: Model) -> Scored:
    """Every candidate of a report with its levels, weights, chance and zone.

    Of an automatic match there is at most one unless several records are of one event.
    """
    compared = {key: compare(report, record, model) for key, record in candidates.items()}
    return settle(report, candidates, compared, model)


def settle(
    report: ReportSide,
    candidates: Mapping[int, RecordSide],
    compared: Mapping[int, Levels],
    model: Model,
) -> Scored:
    """As `score`, from levels that were kept: so that an explanation never changes."""
    kind = kind_of(report)
    limits = limits_of(report, model)
    weighed = sorted(
        ((weigh(levels, model, kind=kind), key) for key, levels in compared.items()),
        key=lambda pair: (-pair[0].total, pair[1]),
    )
    events = events_of([(candidates[key], compared[key]) for _, key in weighed])
    found = posterior([weights.total for weights, _ in weighed], events)
    made: list[Candidate] = []
    for (weights, key), chance, log_odds in zip(
        weighed, found.chances, found.log_odds, strict=True
    ):
        levels = compared[key]
        gates: tuple[Gate, ...] = ()
        alone = max(log_odds, weights.total)
        if alone >= limits.alert:
            gates = _gates(report, candidates[key], levels, weights, model, limits)
        zone = zone_of(log_odds, gates, limits, alone=alone)
        made.append(Candidate(key, levels, weights, chance, log_odds, gates, zone))
    state = state_among(made, report, candidates)
    return Scored(tuple(made), found.no_record, state, model.version)


def _gates(
    report: ReportSide,
    record: RecordSide,
    levels: Levels,
    weights: Weights,
    model: Model,
    limits: Limits,
) -> tuple[Gate, ...]:
    """Another of the home is taken for sure only where something shows that it is one home."""
    kind = kind_of(report)
    of_home = is_of_household(levels, model, kind=kind)
    if of_home and not show_one_home(levels):
        of_home, weights = False, weigh(levels, model, kind=kind, in_their_name=True)
    return closed_gates(report, record, levels, weights, limits, of_home=of_home)


def state_among(
    candidates: Sequence[Candidate], report: ReportSide, records: Mapping[int, RecordSide]
) -> State:
    """What a report waits for, from its candidates, the likeliest first. Of a record that police
    removed nobody is asked while another may be it.
    """
    waiting = [one for one in candidates if one.zone != "none"]
    first = sorted(waiting, key=lambda one: "removed" in one.gates)[:1]
    known = any(
        only_they_know(one.zone, one.gates, one.levels)
        and is_told_alike(report.offence_codes, records[one.record_id].offence_code, one.levels)
        and (number_typed(one.levels) != CALL or _is_one_call(one, candidates, report, records))
        for one in first
    )
    return state_of([one.zone for one in candidates], report, first=known)


def _is_one_call(
    pair: Candidate,
    candidates: Sequence[Candidate],
    report: ReportSide,
    records: Mapping[int, RecordSide],
) -> bool:
    others = (one.levels for one in candidates if one.record_id != pair.record_id)
    return means_one_record(report, records[pair.record_id].force_id, others)


def events_of(pairs: Sequence[tuple[RecordSide, Levels]]) -> list[int]:
    """A number for the event of each record. Police may write several crimes for one incident: of
    one force, that happened and were received in the same minutes, and whose victim's name the
    report agrees with alike in each: a relative who was there has their own.
    """
    numbers: dict[tuple[object, ...], int] = {}
    found: list[int] = []
    for number, (record, levels) in enumerate(pairs):
        is_known = set(levels[:_PEOPLE]) != {MISSING} and "different" not in levels[:_NAMED]
        if is_known and record.moments:
            event = (record.force_id, record.moments, levels.forename, levels.surname)
            number = numbers.setdefault(event, number)
        found.append(number)
    return found


def kind_of(report: ReportSide) -> str:
    """Which priors hold for a report: one of `model.KINDS`."""
    if report.is_sexual:
        return "sexual"
    return HOUSEHOLD if report.is_against_household else "any"


def limits_of(report: ReportSide, model: Model) -> Limits:
    """The limits that hold for a report: those for sexual offences also where the person did not
    say which offence it was, for then it may be one.
    """
    return model.limits[kind_of(report) if report.offence_codes else "sexual"]
