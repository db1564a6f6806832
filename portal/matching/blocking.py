"""Where to look: keys by which the crime records that may belong to a report are found.

A pair becomes a candidate when both sides share a key. Keys are equal or they are not, so any
database finds them through an index. All but the exact reference hold within a window of days,
which is data of the model (`Model.windows`): `is_within` says what the window measures.

Keys come from whatever the sides hold. Made from tokenised sides they are tokens of tokens, equal
on both sides under the same key, and tell nobody a name.
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from portal.matching.model import Model
from portal.matching.numbers import tails_of
from portal.matching.sides import Days, PersonSide, PlaceSide, RecordSide, ReportSide, Value

_LONG_TAIL = 9
_LONGEST_EVENT = 3


class Key(NamedTuple):
    """A rule's name and the value that both sides must share under it."""

    rule: str
    value: str


def report_keys(side: ReportSide) -> frozenset[Key]:
    """Every key of a report: one swapped name more than a record has, and a day at either side."""
    victim = side.victim
    # People put a number in the wrong box: `levels` then compares it as an incident number.
    numbers = [_text(one) for one in side.references | side.incident_numbers]
    found = {Key(rule, one) for rule in ("reference", "incident") for one in numbers}
    found.update(
        _tail_keys(side.references, side.reference_runs | side.incident_runs, side.force_id)
    )
    found.update(_person_keys(victim, side.place, side.force_id))
    if victim.forenames and victim.surname:
        found.update(_name_keys(victim.surname, victim.forenames[0], side.force_id))
    if not victim.forenames or not victim.surname:
        codes = sorted(side.offence_codes)
        found.update(_event_keys(side.place, codes, side.occurred, beside=1))
    return frozenset(found)


def record_keys(side: RecordSide) -> frozenset[Key]:
    """Every key of a crime record, of all its victims."""
    found = {Key("reference", _text(one)) for one in side.references}
    found.update(Key("incident", _text(one)) for one in side.incident_numbers)
    found.update(_tail_keys(side.references, side.reference_runs, side.force_id))
    # The number of the call, typed without what parts it.
    found.update(_tail_keys(frozenset(), side.incident_runs, ""))
    for victim in side.victims or (PersonSide(),):
        found.update(_person_keys(victim, side.place, side.force_id))
    if side.offence_code:
        found.update(_event_keys(side.place, [side.offence_code], side.occurred, beside=0))
    return frozenset(found)


def is_within(report: ReportSide, record: RecordSide, rule: str, model: Model) -> bool:
    """Whether a pair lies within the window of the rule by which it was found.

    The window measures days between the stretches in which it happened, and where either is not
    known, between telling the police and recording. With neither known every pair is within.
    """
    window = model.windows[rule]
    if window is None:
        return True
    if report.occurred is not None and record.occurred is not None:
        return _gap(report.occurred, record.occurred) <= window
    if report.told is not None and record.recorded is not None:
        return _gap(report.told, (record.recorded, record.recorded)) <= window
    return True


def _gap(one: Days, other: Days) -> int:
    return max(0, other[0] - one[1], one[0] - other[1])


def _tail_keys(references: frozenset[Value], runs: frozenset[Value], force: str) -> Iterator[Key]:
    if force:
        yield from (Key("tail-force", _join(force, one)) for one in tails_of(references | runs))
    for one in runs:
        if isinstance(one, str) and len(one) >= _LONG_TAIL:
            yield Key("nine-digits", one[-_LONG_TAIL:])


def _person_keys(victim: PersonSide, place: PlaceSide, force: str) -> Iterator[Key]:
    yield from (Key("telephone", _text(one)) for one in victim.telephones)
    yield from (Key("email", _text(one)) for one in victim.emails)
    if place.unit:
        yield Key("postcode", _text(place.unit))
    yield from _sound_keys("surname", victim.surname_sounds, victim.birth_date, place)
    yield from _sound_keys("forename", victim.forename_sounds, victim.birth_date, place)
    if victim.birth_date and force:
        yield Key("birth-force", _join(victim.birth_date, force))
    if victim.forenames and victim.surname:
        yield from _name_keys(victim.forenames[0], victim.surname, force)


def _sound_keys(
    which: str, sounds: frozenset[Value], birth_date: Value, place: PlaceSide
) -> Iterator[Key]:
    for heard in sounds:
        if birth_date:
            yield Key(f"birth-{which}", _join(birth_date, heard))
        if place.town:
            yield Key(f"{which}-town", _join(heard, place.town))
        # A district alone holds too many of one forename.
        if place.district and which == "surname":
            yield Key("surname-district", _join(heard, place.district))


def _name_keys(forename: Value, surname: Value, force: str) -> Iterator[Key]:
    yield Key("name", _join(forename, surname))
    if force:
        yield Key("name-force", _join(forename, surname, force))


def _event_keys(
    place: PlaceSide, codes: list[str], occurred: Days | None, *, beside: int
) -> Iterator[Key]:
    if not place.town or occurred is None or occurred[1] - occurred[0] >= _LONGEST_EVENT:
        return
    days = range(occurred[0] - beside, occurred[1] + beside + 1)
    for code, day in product(codes, days):
        yield Key("town-offence-day", _join(place.town, code, str(day)))


def _join(*parts: Value) -> str:
    return "|".join([part if isinstance(part, str) else part.hex() for part in parts])


def _text(value: Value) -> str:
    return value.hex() if isinstance(value, bytes) else value
