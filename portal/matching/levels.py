"""How a report and a crime record agree, field by field: one named level for each.

A value that either side lacks is "missing", which is neutral and never a disagreement. Levels
come from equality of normalised forms, of sounds and of nickname groups, and from one slip
(Damerau-Levenshtein distance 1 between ASCII strings). No level needs a distance of two or more
or a similarity score: at distance 1 the restricted and the unrestricted distance are the same, so
that rapidfuzz here and `damerau_levenshtein` in DuckDB cannot differ. Sounds and groups are
columns made by `sides`, compared by equality in any database.
"""

from functools import lru_cache
from operator import getitem
from typing import NamedTuple

from rapidfuzz.distance import OSA

from portal.matching.model import HOUSEHOLD, Model
from portal.matching.numbers import MISSING, any_slip, number_level, one_slip
from portal.matching.sides import PersonSide, PlaceSide, RecordSide, ReportSide, Value
from portal.matching.times import AT_ONCE, GROUPS, TOGETHER, delay_level, when_level
from portal.reference.offences import is_sexual, relation

SAME = "same"
TO_SPARE = 0.01
"""Far more than rounding can move the sum of a few numbers, in bits."""


class Levels(NamedTuple):
    """The level of each field. The first five are about the person, the others the event."""

    forename: str = MISSING
    surname: str = MISSING
    birth_date: str = MISSING
    telephone: str = MISSING
    email: str = MISSING
    reference: str = MISSING
    place: str = MISSING
    when: str = MISSING
    delay: str = MISSING
    offence: str = MISSING
    force: str = MISSING


PERSON_FIELDS = Levels._fields[:5]
PersonLevels = tuple[str, str, str, str, str]
_NO_PERSON: PersonLevels = (MISSING, MISSING, MISSING, MISSING, MISSING)


def compare(report: ReportSide, record: RecordSide, model: Model) -> Levels:
    """The levels of one pair. Of a record's victims the one who fits best is compared.

    `model` gives the frequency of names and, where a record has several victims, what tells who
    fits best. Time is bounded by what `sides` lets through.
    """
    people = _best_person(report.victim, record.victims, model)
    place, when, delay, offence, force = _event(report, record, model)
    numbers = _reference(report, record, delay)
    return Levels(*people, numbers, place, when, delay, offence, force)


def compare_near(
    report: ReportSide, record: RecordSide, model: Model, *, kind: str
) -> Levels | None:
    """As `compare`, without the numbers; None for a pair that is not worth keeping whatever those
    say. Most candidates are strangers on another day: they cost no look at their numbers.
    """
    people = _best_person(report.victim, record.victims, model)
    event = _event(report, record, model)
    bits = model.priors[kind][0] + sum(map(getitem, model.unrelated, people + event))
    if report.has_numbers:
        bits += model.most_of_numbers[_told(event[2])]
    levels = Levels(*people, MISSING, *event)
    if is_of_household(levels, model, kind=kind):
        bits += _most_of_household(levels, model, kind)
    if bits < model.limits[kind].alert - model.bounds.kept_below - TO_SPARE:
        return None
    return levels


def is_of_household(levels: Levels, model: Model, *, kind: str) -> bool:
    """Whether the record may name another of the home: what was stolen or broken is theirs
    together, police count it once and name one of them (Home Office Counting Rules for burglary,
    vehicles and damage), and another of them tells us. Then C is the crime itself and no rival.
    A record of another offence is another crime.
    """
    if kind != HOUSEHOLD or not model.unites_households:
        return False
    return is_told_or_less(levels)


def is_told_or_less(levels: Levels) -> bool:
    """Whether police wrote down the offence that was told, or a lesser one that it becomes."""
    return levels.offence.endswith(("/same", "/downgrade", "/rare-downgrade"))


def show_one_home(levels: Levels) -> bool:
    """Whether a surname, a telephone number or an e-mail address shows that both sides are of one
    home. A street does not: several cars are scratched there in one night.
    """
    reached = SAME in (levels.telephone, levels.email)
    return reached or levels.surname.startswith(SAME) or levels.surname == "part"


def _most_of_household(levels: Levels, model: Model, kind: str) -> float:
    """No less than what the total gains by C being no rival: log2(1 + 2^x) is below x + 1."""
    present = model.priors[kind][3]
    for field, level in zip(Levels._fields, levels, strict=True):
        present += model.weights[field][level][3]
    return max(0.0, -present) + 1.0


def add_numbers(levels: Levels, report: ReportSide, record: RecordSide) -> Levels:
    """The levels of a pair, of which `compare_near` gave all but those of its numbers."""
    return levels._replace(reference=_reference(report, record, levels.delay))


def _event(report: ReportSide, record: RecordSide, model: Model) -> tuple[str, str, str, str, str]:
    place = _place(report.place, record.place)
    when = when_level(report.occurred, record.occurred)
    delay = delay_level(report, record, when)
    offence = offence_level(report.offence_codes, record.offence_code, model.common_offences)
    return (
        place,
        when,
        delay,
        _offence(offence, when, delay),
        _force(report.force_id, record.force_id, place),
    )


def _best_person(victim: PersonSide, victims: tuple[PersonSide, ...], model: Model) -> PersonLevels:
    if not victims:
        return _NO_PERSON
    if len(victims) == 1:
        return compare_people(victim, victims[0], model)
    found = sorted({compare_people(victim, other, model) for other in victims})
    return max(found, key=model.person_bits)


def compare_people(one: PersonSide, other: PersonSide, model: Model) -> PersonLevels:
    """The levels of the five fields about a person, whichever side either comes from."""
    forename, surname = _names(one, other, model)
    return (
        forename,
        surname,
        _birth_date(one, other),
        _contact(one.telephones, other.telephones),
        _contact(one.emails, other.emails),
    )


def _names(one: PersonSide, other: PersonSide, model: Model) -> tuple[str, str]:
    forename = _forename(one, other, model)
    surname = _surname(one, other, model)
    if forename == "different" and surname in ("different", MISSING):
        first, last = one.forenames[0], other.forenames[0]
        # "Smith John" for "John Smith"; and a lone word may be either.
        if one.surname == last and other.surname == first:
            return "swapped", "swapped"
        if not one.surname and other.surname == first:
            return MISSING, f"same-{_band(model.surname_bands, first, last)}"
        if not other.surname and one.surname == last:
            return MISSING, f"same-{_band(model.surname_bands, first, last)}"
    return forename, surname


def _forename(one: PersonSide, other: PersonSide, model: Model) -> str:
    if not one.forenames or not other.forenames:
        return MISSING
    first, last = one.forenames[0], other.forenames[0]
    if first == last:
        if len(first) == 1:
            return "initial"
        return f"same-{_band(model.forename_bands, first, last)}"
    if not one.forename_groups.isdisjoint(other.forename_groups):
        return "nickname"
    if first in other.forenames or last in one.forenames:
        return "middle"
    if isinstance(first, str) and isinstance(last, str):
        if (len(first) == 1 or len(last) == 1) and first[0] == last[0]:
            return "initial"
        if one_slip(first, last):
            return "sounds"
    return "different" if one.forename_sounds.isdisjoint(other.forename_sounds) else "sounds"


def _surname(one: PersonSide, other: PersonSide, model: Model) -> str:
    first, last = one.surname, other.surname
    if not first or not last:
        return MISSING
    if first == last:
        return f"same-{_band(model.surname_bands, first, last)}"
    if (one.surname_parts or other.surname_parts) and not (one.surname_parts | {first}).isdisjoint(
        other.surname_parts | {last}
    ):
        return "part"
    if isinstance(first, str) and isinstance(last, str) and one_slip(first, last):
        return "sounds"
    return "different" if one.surname_sounds.isdisjoint(other.surname_sounds) else "sounds"


def _band(bands: dict[str, int], first: Value, last: Value) -> int:
    """How common a name is, 1 for the commonest. Of tokens nobody knows: taken for common."""
    known = first if isinstance(first, str) else last
    return bands.get(known, 5) if isinstance(known, str) else 2


def _birth_date(one: PersonSide, other: PersonSide) -> str:
    first, last = one.birth_date, other.birth_date
    if not first or not last:
        if one.birth_year and other.birth_year:
            return "year" if one.birth_year == other.birth_year else "different"
        return MISSING
    if first == last:
        # The first of January is also what is written when only the year is known.
        return "same-new-year" if isinstance(first, str) and first.endswith("0101") else "same"
    if isinstance(first, str) and isinstance(last, str):
        if first[:4] == last[:4] and first[4:6] == last[6:] and first[6:] == last[4:6]:
            return "turned"
        if OSA.distance(first, last, score_cutoff=1) <= 1:
            return "slip"
    return "different"


def _contact(one: frozenset[Value], other: frozenset[Value]) -> str:
    if not one or not other:
        return MISSING
    if not one.isdisjoint(other):
        return "same"
    return "slip" if any_slip(one, other) else "different"


def _reference(report: ReportSide, record: RecordSide, delay: str) -> str:
    """The level of the numbers, among records that police had when they were told, or not."""
    level = number_level(report, record)
    return MISSING if level == MISSING else f"{_told(delay)}/{level}"


def _told(delay: str) -> str:
    if delay == MISSING:
        return "unknown"
    return "together" if delay.endswith(TOGETHER) else "apart"


def _place(one: PlaceSide, other: PlaceSide) -> str:
    if one.unit and one.unit == other.unit:
        return "unit"
    if one.sector and one.sector == other.sector:
        return "sector"
    if one.district and one.district == other.district:
        return "district"
    if one.town and other.town:
        return "town" if one.town == other.town else "different"
    return "different" if one.district and other.district else MISSING


@lru_cache(1 << 14)
def offence_level(reported: frozenset[str], recorded: str, common: frozenset[str] | None) -> str:
    """How the recorded offence relates to the nearest of those that the report can stand for.

    A lesser one says more where it is rare, none of `common`: another crime against the same person
    seldom happens to be just that. Not so a sexual offence: those against one person are often
    several, and what police made less of two people read. None: rare ones are not told apart.
    """
    if not reported or not recorded:
        return MISSING
    found = {relation(code, recorded) for code in reported}
    level = next((one for one in ("same", "downgrade", "related") if one in found), "other")
    is_rare = common is not None and recorded not in common and not is_sexual(recorded)
    return f"rare-{level}" if level == "downgrade" and is_rare else level


def _offence(level: str, when: str, delay: str) -> str:
    """The level of the offence, where both happened at once, or were told at once, or neither."""
    if level == MISSING:
        return MISSING
    group = GROUPS.get(when, "far")
    if group != "exact":
        if not delay.endswith(AT_ONCE):
            group = "apart"
        elif group != "overlap":
            group = "near"
    return f"{group}/{level}"


def _force(reported: str, recorded: str, place: str) -> str:
    # One town has one force, so that where the town agrees the force says nothing more.
    if not reported or not recorded or place not in (MISSING, "different"):
        return MISSING
    return "same" if reported == recorded else "different"
