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
from portal.matching.numbers import MISSING, any_slip, of_no_call, tails_of
from portal.matching.posterior import weigh
from portal.matching.sides import RecordSide, ReportSide
from portal.matching.weighing import Candidate, kind_of, settle
from portal.matching.zones import State

_ONE = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)
_SAME_TIME = frozenset({"same-day", "same-week", "next-day"})
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
    asks for: by name, or by a telephone number or e-mail address of their own. Twins have other
    first names. Where the times say little, told on one day is told on one occasion, for which
    police count one crime of a kind for each victim (Home Office Counting Rules). Not so of a
    sexual offence, which must not go under in another, of what is passed on through us, or of
    two places; and two crime references are two crimes.
    """
    if one.offence_codes.isdisjoint(other.offence_codes):
        return False
    theirs = RecordSide(
        occurred=other.occurred, place=other.place, victims=(other.victim,), force_id=other.force_id
    )
    levels = compare(one, theirs, model)
    personal = weigh(levels, model, kind=kind_of(one)).personal
    reached = "same" in (levels.telephone, levels.email)
    named = levels.forename not in ("missing", "different")
    at_once = levels.when in _SAME_TIME or (
        levels.when in _NOT_APART and levels.place != "different" and _is_told_at_once(one, other)
    )
    if not at_once or _have_other_references(one, other):
        return False
    return personal >= model.bounds.same_person and (named or reached)


def _is_told_at_once(one: ReportSide, other: ReportSide) -> bool:
    if one.told is None or any(each.is_sexual or each.is_handed_over for each in (one, other)):
        return False
    return one.told == other.told and one.told[0] == one.told[1]


def _have_other_references(one: ReportSide, other: ReportSide) -> bool:
    numbers = [of_no_call(each.references) for each in (one, other)]
    if not all(numbers):
        return False
    shared = numbers[0] & numbers[1] or one.reference_runs & other.reference_runs
    alike = shared or tails_of(numbers[0]) & tails_of(numbers[1])
    return not alike and not any_slip(one.reference_runs, other.reference_runs)


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
