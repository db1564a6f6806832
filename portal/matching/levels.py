"""How a report and a crime record agree, field by field: one named level for each.

A value that either side lacks is "missing", which is neutral and never a disagreement. Levels
come from equality of normalised forms, of sounds and of nickname groups, and from one slip
(Damerau-Levenshtein distance 1 between ASCII strings). No level needs a distance of two or more
or a similarity score: at distance 1 the restricted and the unrestricted distance are the same, so
that rapidfuzz here and `damerau_levenshtein` in DuckDB cannot differ. Sounds and groups are
columns made by `sides`, compared by equality in any database.
"""

from functools import lru_cache
from itertools import product
from typing import NamedTuple

from rapidfuzz.distance import OSA

from portal.matching.model import Model
from portal.matching.numbers import MISSING, number_level, one_slip
from portal.matching.sides import Days, PersonSide, PlaceSide, RecordSide, ReportSide, Value
from portal.reference.offences import relation

# Levels of a stretch of days: up to so many days, the name.
WIDTHS = ((2, "same-day"), (8, "same-week"), (32, "same-month"))
_GAPS = ((1, "next-day"), (3, "days-apart"), (7, "week-apart"), (31, "month-apart"))
GAPS_BEYOND = (*_GAPS, (92, "season-apart"))
DELAYS = (
    *((-8, "long-before"), (-2, "before"), (-1, "day-before"), (0, "same-day"), (1, "day-after")),
    *((3, "days-after"), (7, "week-after"), (31, "month-after")),
)


# From so many days more than one on, a day within those of telling is not the same day.
SEVERAL = 2
# Two crimes told on one occasion are of two kinds, and share the number of the call, which may
# have been given out the day before or after.
AT_ONCE = "/same-day"
TOGETHER = ("/same-day", "/day-before", "/day-after")
GROUPS = {
    MISSING: "unknown",
    "same-day": "exact",
    "same-week": "overlap",
    "same-month": "overlap",
    "same-season": "overlap",
    "next-day": "near",
    "days-apart": "near",
    "week-apart": "week",
}


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
EVENT_FIELDS = Levels._fields[5:]
PersonLevels = tuple[str, str, str, str, str]
_NO_PERSON: PersonLevels = (MISSING, MISSING, MISSING, MISSING, MISSING)


def compare(report: ReportSide, record: RecordSide, model: Model) -> Levels:
    """The levels of one pair. Of a record's victims the one who fits best is compared.

    `model` gives the frequency of names and, where a record has several victims, what tells who
    fits best. Time is bounded by what `sides` lets through.
    """
    place = _place(report.place, record.place)
    when = _when(report.occurred, record.occurred)
    delay = _delay(report, record, when)
    return Levels(
        *_best_person(report.victim, record.victims, model),
        _reference(report, record, delay),
        place,
        when,
        delay,
        _offence(offence_level(report.offence_codes, record.offence_code), when, delay),
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
    for first, last in product(one, other):
        if isinstance(first, str) and isinstance(last, str) and one_slip(first, last):
            return "slip"
    return "different"


def _reference(report: ReportSide, record: RecordSide, delay: str) -> str:
    """The level of the numbers, among records that police had when they were told, or not."""
    level = number_level(report, record)
    if level == MISSING:
        return MISSING
    if delay == MISSING:
        return f"unknown/{level}"
    return f"{'together' if delay.endswith(TOGETHER) else 'apart'}/{level}"


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


def _when(one: Days | None, other: Days | None) -> str:
    if one is None or other is None:
        return MISSING
    gap = max(other[0] - one[1], one[0] - other[1])
    if gap > 0:
        return next((name for most, name in GAPS_BEYOND if gap <= most), "far-apart")
    width = max(one[1] - one[0], other[1] - other[0]) + 1
    return next((name for most, name in WIDTHS if width <= most), "same-season")


def _delay(report: ReportSide, record: RecordSide, when: str) -> str:
    """Days from when police were told until they received it, by their own account, or where they
    give none until they recorded it; within the group of `when`. Where the report was passed on
    through us ("handed"), the day of telling is not remembered but known.
    """
    received = record.received is not None
    day = record.received if received else record.recorded
    if day is None:
        return MISSING
    basis = "handed" if report.is_handed_over else "received"
    group = f"{GROUPS.get(when, 'far')}/{basis if received else 'recorded'}"
    if report.occurred is not None and day < report.occurred[0] - 1:
        return f"{group}/impossible"
    if report.told is None:
        return MISSING
    first, last = report.told
    if last - first >= SEVERAL and first <= day <= last:
        return f"{group}/within"
    days = day - last if day > last else min(day - first, 0)
    return f"{group}/{next((name for most, name in DELAYS if days <= most), 'later')}"


@lru_cache(1 << 14)
def offence_level(reported: frozenset[str], recorded: str) -> str:
    """How the recorded offence relates to the nearest of those that the report can stand for."""
    if not reported or not recorded:
        return MISSING
    found = {relation(code, recorded) for code in reported}
    return next((one for one in ("same", "related", "downgrade") if one in found), "other")


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
