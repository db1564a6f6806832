"""What becomes of a report's candidates, from what was kept of them. Pure; in no order's debt.

Records that stand compete with one another and with "no record". One that the force removed, or
the note of an incident, competes with nobody: the record that took its place, in another force's
register or under another number (C1, C3), must not be held back by it.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from portal.matching.levels import Levels, compare
from portal.matching.model import Model
from portal.matching.moments import Days
from portal.matching.numbers import MISSING, any_slip, of_no_call, tails_of
from portal.matching.posterior import weigh
from portal.matching.sides import RecordSide, ReportSide
from portal.matching.weighing import Candidate, kind_of, settle
from portal.matching.zones import State

_ONE = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)
_SAME_TIME = frozenset({"same-day", "same-week"})
_NOT_APART = frozenset({MISSING, "same-month"})


@dataclass(frozen=True, slots=True)
class Kept:
    """A pair as it was kept: the levels, and whether its record is an N100 or was removed.

    `event` is equal for records that police wrote of one incident; None where nothing says so.
    `is_early`: police had the record before it happened (`times.is_before_it`).
    """

    record_id: int
    levels: Levels
    event: bytes | None = None
    is_incident: bool = False
    is_removed: bool = False
    is_early: bool = False

    @property
    def stands(self) -> bool:
        """Whether it is a crime record that was not removed."""
        return not (self.is_incident or self.is_removed)


def is_worth_keeping(levels: Levels, model: Model, *, kind: str) -> bool:
    """Whether a pair can matter to what becomes of a report of this kind."""
    return weigh(levels, model, kind=kind).total >= least_kept(model, kind=kind)


def least_kept(model: Model, *, kind: str) -> float:
    """What a pair has to weigh to be kept, in bits.

    10 bits below the limit of an alert it moves no other candidate's log-odds by more than a
    thousandth of a bit: leaving it out keeps millions of pairs out of the database.
    """
    return model.limits[kind].alert - model.bounds.kept_below


def rank(report: ReportSide, kept: Sequence[Kept], model: Model) -> list[Candidate]:
    """Every kept pair with its weights, chance and zone, the likeliest first.

    Of the report only its kind and its offences are read.
    """
    standing = [one for one in kept if one.stands]
    found = list(_settle(report, standing, model).values())
    for one in kept:
        if not one.stands:
            found.append(_settle(report, [*standing, one], model)[one.record_id])
    return sorted(found, key=lambda each: (-each.log_odds, -each.weights.total, each.record_id))


def chance_of_none(candidates: Iterable[Candidate], kept: Sequence[Kept]) -> float:
    """The chance that none of the records that stand is the report's, by all of them together."""
    standing = {one.record_id for one in kept if one.stands}
    chances = [one.chance for one in candidates if one.record_id in standing]
    return max(0.0, 1.0 - math.fsum(chances))


def state_of(*, accepted: bool, waiting: bool, can_tell: bool) -> State:
    """How an allegation stands, from what became of its candidates."""
    if accepted:
        return "automatic"
    if not can_tell:
        return "ask"
    return "review" if waiting else "alert"


def is_duplicate(one: ReportSide, other: ReportSide, model: Model) -> bool:
    """Whether two reports that are each sure of one record are one event of one person, told twice.

    Both offences must agree, the times nearly, and the person by as many bits as the model
    asks for: by name, or by a telephone number or e-mail address. Who has another first name or
    birth date is somebody else, but of what a home owns together. Two places are two events; two
    crime references are two crimes; and so is what was told on two days, but where police gave one
    number for both. Where the times say little, told on one day is told on one occasion, for which
    police count one crime of a kind for each victim (Home Office Counting Rules), but of what is
    passed on through us. A sexual offence must not go under in another: both have to be of one
    day, and surely told at once.
    """
    if one.offence_codes.isdisjoint(other.offence_codes) or _have_other_references(one, other):
        return False
    theirs = RecordSide(
        occurred=other.occurred, place=other.place, victims=(other.victim,), force_id=other.force_id
    )
    levels = compare(one, theirs, model)
    if levels.place == "different" or not _is_one_time(one, other, levels.when):
        return False
    of_home = one.is_against_household and other.is_against_household
    return _is_one_person(levels, model, kind_of(one), of_home=of_home)


def _is_one_person(levels: Levels, model: Model, kind: str, *, of_home: bool) -> bool:
    """Whether both are of one person; of what a home owns together also of two who live in it."""
    # A family shares a telephone, an address and at times a name: father and son, man and wife.
    if not of_home and "different" in (levels.forename, levels.birth_date):
        return False
    reached = "same" in (levels.telephone, levels.email)
    named = levels.forename not in ("missing", "different")
    enough = weigh(levels, model, kind=kind).personal >= model.bounds.same_person
    return enough and (named or reached)


def _is_one_time(one: ReportSide, other: ReportSide, when: str) -> bool:
    """Whether both are of one time, by the days on which they were and were told."""
    are_told = one.told is not None and other.told is not None
    apart = _are_apart(one.told, other.told)
    if one.is_sexual or other.is_sexual:
        return when == "same-day" and are_told and not apart
    if when == "next-day":
        # Who says that police were told before it happened has one of the days wrong.
        is_mixed_up = _is_told_before(one) or _is_told_before(other)
        return _share_a_reference(one, other) and (is_mixed_up or (are_told and not apart))
    if when in _SAME_TIME:
        # A number that police gave for both says more than the day of telling as remembered.
        return not apart or _share_a_number(one, other)
    return when in _NOT_APART and _is_told_at_once(one, other)


def _are_apart(one: Days | None, other: Days | None) -> bool:
    return one is not None and other is not None and (one[1] < other[0] or other[1] < one[0])


def _is_told_at_once(one: ReportSide, other: ReportSide) -> bool:
    if one.told is None or one.is_handed_over or other.is_handed_over:
        return False
    return one.told == other.told and one.told[0] == one.told[1]


def _is_told_before(report: ReportSide) -> bool:
    told, occurred = report.told, report.occurred
    return told is not None and occurred is not None and told[1] < occurred[0]


def _share_a_reference(one: ReportSide, other: ReportSide) -> bool:
    numbers = of_no_call(one.references) & of_no_call(other.references)
    return bool(numbers or of_no_call(one.reference_runs & other.reference_runs))


def _share_a_number(one: ReportSide, other: ReportSide) -> bool:
    """In full, of the crime or of the call, in whatever box."""
    first, second = (each.reference_runs | each.incident_runs for each in (one, other))
    return _share_a_reference(one, other) or not first.isdisjoint(second)


def _have_other_references(one: ReportSide, other: ReportSide) -> bool:
    numbers = [of_no_call(each.references) for each in (one, other)]
    if not all(numbers):
        return False
    shared = numbers[0] & numbers[1] or one.reference_runs & other.reference_runs
    alike = shared or tails_of(numbers[0]) & tails_of(numbers[1])
    return not alike and not any_slip(one.reference_runs, other.reference_runs)


def has_other_number(levels: Levels) -> bool:
    """Whether the report of a pair gives another number than its record has."""
    return levels.reference.endswith("/different")


def pack(levels: Levels) -> str:
    """Levels as one text for a column."""
    return ",".join(levels)


def unpack(text: str) -> Levels:
    """The levels that `pack` wrote. Raises TypeError for another number of fields."""
    return Levels(*text.split(","))


def _settle(report: ReportSide, kept: Sequence[Kept], model: Model) -> Mapping[int, Candidate]:
    # Ordered by what they say, and equal for all that say the same: the number of a record tells
    # only when it came, and a sum of floats tells in what order it was added up.
    said = {
        one.record_id: (pack(one.levels), one.event or b"", one.stands, one.is_early)
        for one in kept
    }
    ordered = sorted(kept, key=lambda one: said[one.record_id])
    found = settle(
        replace(report, began=_LAST),
        {number: _stub(one) for number, one in enumerate(ordered)},
        {number: one.levels for number, one in enumerate(ordered)},
        model,
    )
    least: dict[tuple[str, bytes, bool, bool], Candidate] = {}
    for each in sorted(found.candidates, key=lambda one: -one.log_odds):
        least[said[ordered[each.record_id].record_id]] = each
    return {one: replace(least[said[one]], record_id=one) for one in said}


def _stub(kept: Kept) -> RecordSide:
    """As much of a record's side as settling reads."""
    return RecordSide(
        force_id=kept.event.hex() if kept.event else "",
        moments=(_ONE,) if kept.event else (),
        is_incident=kept.is_incident,
        is_removed=kept.is_removed,
        had_at=_ONE if kept.is_early else None,
    )
