"""Where to look: keys by which the crime records that may belong to a report are found.

A pair becomes a candidate when both sides share a key. Keys are equal or they are not, so any
database finds them through an index. All but the exact reference hold within a window of days,
which is data of the model (`Model.windows`): `is_within` says what the window measures.

Keys come from whatever the sides hold. Made from tokenised sides they are tokens of tokens, equal
on both sides under the same key, and tell nobody a name.
"""

from typing import NamedTuple

from portal.matching.model import Model
from portal.matching.moments import Days
from portal.matching.numbers import tails_of
from portal.matching.sides import PersonSide, PlaceSide, RecordSide, ReportSide, Value

LONG_TAIL = 9
"""So many of its last figures stand for a number typed in one run."""
LONGEST_EVENT = 3
"""Days over which a crime is found by its town, offence and day."""
BY_FIGURES = "nine-digits"
NUMBER_RULES = ("reference", "incident", "tail-force", BY_FIGURES)
_NOBODY = (PersonSide(),)
_Pair = tuple[str, str]


class Key(NamedTuple):
    """A rule's name and the value that both sides must share under it."""

    rule: str
    value: str


def report_keys(side: ReportSide) -> frozenset[Key]:
    """Every key of a report: one swapped name more than a record has, and a day at either side."""
    victim = side.victim
    # People put a number in the wrong box: `numbers` then compares it as what it looks like.
    numbers = [_text(one) for one in side.references | side.incident_numbers]
    found = {(rule, one) for rule in ("reference", "incident") for one in numbers}
    runs = side.reference_runs | side.incident_runs
    found.update(_tail_keys(side.references | side.incident_numbers, runs, side.force_id))
    found.update(_person_keys(victim, side.place, side.force_id))
    if victim.forenames and victim.surname:
        found.update(_name_keys(victim.surname, victim.forenames[0], side.force_id))
    if not victim.forenames or not victim.surname:
        codes = sorted(side.offence_codes)
        found.update(_event_keys(side.place, codes, side.occurred, beside=1))
    return frozenset(map(Key._make, found))


def record_keys(side: RecordSide) -> frozenset[Key]:
    """Every key of a crime record, of all its victims."""
    return frozenset(map(Key._make, plain_record_keys(side)))


def plain_record_keys(side: RecordSide) -> set[tuple[str, str]]:
    """As `record_keys`, of pairs without names: for millions of records."""
    found = set(
        number_keys(
            side.references,
            side.incident_numbers,
            side.reference_runs,
            side.incident_runs,
            side.force_id,
        )
    )
    for victim in side.victims or _NOBODY:
        found.update(_person_keys(victim, side.place, side.force_id))
    if side.offence_code:
        found.update(_event_keys(side.place, [side.offence_code], side.occurred, beside=0))
    return found


def number_keys(
    references: frozenset[Value],
    incident_numbers: frozenset[Value],
    reference_runs: frozenset[Value],
    incident_runs: frozenset[Value],
    force_id: str,
) -> list[_Pair]:
    """Those keys of a crime record that its numbers give, one or two of them more than once."""
    found = [("reference", _text(one)) for one in references]
    found += [("incident", _text(one)) for one in incident_numbers]
    found += _tail_keys(references, reference_runs, force_id)
    # The number of the call, typed without what parts it.
    return found + _long_keys(incident_runs)


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


def _tail_keys(numbers: frozenset[Value], runs: frozenset[Value], force: str) -> list[_Pair]:
    found = _long_keys(runs)
    if force:
        found += [("tail-force", f"{force}|{tail}") for tail in tails_of(numbers)]
    return found


def _long_keys(runs: frozenset[Value]) -> list[_Pair]:
    """The last nine figures of each run, or all of one that is shorter."""
    return [(BY_FIGURES, one[-LONG_TAIL:]) for one in runs if isinstance(one, str)]


def _person_keys(victim: PersonSide, place: PlaceSide, force: str) -> list[_Pair]:
    found = [("telephone", _text(one)) for one in victim.telephones]
    found += [("email", _text(one)) for one in victim.emails]
    if place.unit:
        found.append(("postcode", _text(place.unit)))
    born = victim.birth_date
    for which, sounds in (("surname", victim.surname_sounds), ("forename", victim.forename_sounds)):
        for heard in sounds:
            found += _sound_keys(which, heard, born, place)
    if born and force:
        found.append(("birth-force", _join(born, force)))
    if victim.forenames and victim.surname:
        found += _name_keys(victim.forenames[0], victim.surname, force)
    return found


def _sound_keys(which: str, heard: Value, born: Value, place: PlaceSide) -> list[_Pair]:
    found = []
    if born:
        found.append((f"birth-{which}", _join(born, heard)))
    if place.town:
        found.append((f"{which}-town", _join(heard, place.town)))
    # A district alone holds too many of one forename.
    if place.district and which == "surname":
        found.append(("surname-district", _join(heard, place.district)))
    return found


def _name_keys(forename: Value, surname: Value, force: str) -> list[_Pair]:
    name = _join(forename, surname)
    return [("name", name), ("name-force", f"{name}|{force}")] if force else [("name", name)]


def _event_keys(
    place: PlaceSide, codes: list[str], occurred: Days | None, *, beside: int
) -> list[_Pair]:
    if not place.town or occurred is None or occurred[1] - occurred[0] >= LONGEST_EVENT:
        return []
    town = _text(place.town)
    days = range(occurred[0] - beside, occurred[1] + beside + 1)
    return [("town-offence-day", f"{town}|{code}|{day}") for code in codes for day in days]


def _join(one: Value, other: Value) -> str:
    if isinstance(one, str) and isinstance(other, str):
        return f"{one}|{other}"
    return f"{_text(one)}|{_text(other)}"


def _text(value: Value) -> str:
    return value.hex() if isinstance(value, bytes) else value
