"""The two sides of a comparison as plain rows, for a database that compares millions of pairs.

A row holds one value a column, "" for what is not known, so that one SQL text compares them
anywhere. A side that such a row cannot hold (several victims, several telephones, keyed tokens,
signs that a database may refuse) is marked `odd`: its pairs are all left to `levels.compare`.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import cast

from portal.matching.levels import compare_people
from portal.matching.model import Model
from portal.matching.numbers import (
    are_of_calls,
    bare_numbers,
    crime_runs_of,
    crimes_of,
    parts_of,
    tails_of,
)
from portal.matching.sides import PersonSide, PlaceSide, RecordSide, ReportSide, Value
from portal.matching.weighing import kind_of

Cell = str | int | bool | None | list[str]
Row = dict[str, Cell]

REPORT_RUNS = (1, 2, 3, 4)
RECORD_RUNS = (1, 2)
"""Places for the figures of numbers, each of which may be one slip from each of the other side."""

PERSON_COLUMNS: Mapping[str, str] = {
    **dict.fromkeys(("forename", "forename_first", "forename_sound", "forename_slip"), "VARCHAR"),
    **dict.fromkeys(("forenames", "forename_groups", "surname_all"), "VARCHAR[]"),
    **dict.fromkeys(("forename_is_initial", "surname_is_double"), "BOOLEAN"),
    **dict.fromkeys(("surname", "surname_sound", "surname_slip"), "VARCHAR"),
    **dict.fromkeys(("birth_date", "birth_year", "telephone", "telephone_slip"), "VARCHAR"),
    **dict.fromkeys(("email", "email_slip"), "VARCHAR"),
}
EVENT_COLUMNS: Mapping[str, str] = {
    **dict.fromkeys(("force", "unit", "sector", "district", "town"), "VARCHAR"),
    **dict.fromkeys(("numbers", "calls", "number_runs", "call_runs", "tails"), "VARCHAR[]"),
    **dict.fromkeys(("occurred_first", "occurred_last"), "BIGINT"),
}
REPORT_COLUMNS: Mapping[str, str] = {
    "report": "BIGINT",
    "odd": "BOOLEAN",
    "kind": "VARCHAR",
    **PERSON_COLUMNS,
    **EVENT_COLUMNS,
    # The same characters with two neighbours turned, for the slips that Levenshtein counts as two.
    **dict.fromkeys(("forename_turned", "surname_turned", "birth_turned"), "VARCHAR[]"),
    **dict.fromkeys(("telephone_turned", "email_turned"), "VARCHAR[]"),
    **{f"run_{place}": "VARCHAR" for place in REPORT_RUNS},
    **{f"run_{place}_turned": "VARCHAR[]" for place in REPORT_RUNS},
    **dict.fromkeys(("forename_same", "forename_as_surname", "surname_same"), "VARCHAR"),
    **dict.fromkeys(("birth_same", "birth_crossed"), "VARCHAR"),
    **dict.fromkeys(("told_first", "told_last", "offences"), "BIGINT"),
    **dict.fromkeys(("typed", "crimes", "crime_runs"), "VARCHAR[]"),
    **dict.fromkeys(("of_calls", "handed"), "BOOLEAN"),
}
RECORD_COLUMNS: Mapping[str, str] = {
    "record": "BIGINT",
    "odd": "BOOLEAN",
    **PERSON_COLUMNS,
    **EVENT_COLUMNS,
    **{f"{kind}_run_{place}": "VARCHAR" for kind in ("number", "call") for place in RECORD_RUNS},
    "call_parts": "VARCHAR[]",
    **dict.fromkeys(("received", "recorded"), "BIGINT"),
    "offence": "VARCHAR",
}

_SHORTEST_SLIP = 4
_NOBODY = PersonSide()


def report_row(number: int, side: ReportSide, offences: int, model: Model) -> Row:
    """A report as a row. `offences` numbers its set of offence codes."""
    kind = kind_of(side)
    if is_odd(side, (side.victim,), side.place):
        return _empty(REPORT_COLUMNS) | {"report": number, "odd": True, "kind": kind}
    row: Row = {"report": number, "odd": False, "kind": kind, "offences": offences}
    row |= _person(side.victim) | _event(side) | same_levels(side.victim, model)
    for field, column in (
        *(("forename", "forename_slip"), ("surname", "surname_slip"), ("birth", "birth_date")),
        *(("telephone", "telephone_slip"), ("email", "email_slip")),
    ):
        row[f"{field}_turned"] = turned(str(row[column]))
    row |= _places("run", side.reference_runs | side.incident_runs, REPORT_RUNS)
    for place in REPORT_RUNS:
        row[f"run_{place}_turned"] = turned(str(row[f"run_{place}"]))
    row["told_first"], row["told_last"] = side.told or (None, None)
    row["typed"] = sorted(map(str, bare_numbers(side)))
    row["crimes"] = sorted(map(str, crimes_of(side)))
    row["crime_runs"] = sorted(map(str, crime_runs_of(side)))
    return row | {"of_calls": are_of_calls(side), "handed": side.is_handed_over}


def record_row(number: int, side: RecordSide, *, by_tokens: bool = False) -> Row:
    """A crime record as a row. `by_tokens`: it is one that a force told by tokens."""
    victims = side.victims or (_NOBODY,)
    if by_tokens or is_odd(side, victims, side.place):
        return _empty(RECORD_COLUMNS) | {"record": number, "odd": True}
    row: Row = {"record": number, "odd": False, "offence": side.offence_code}
    row |= _person(victims[0]) | _event(side)
    row |= _places("number_run", side.reference_runs, RECORD_RUNS)
    row |= _places("call_run", side.incident_runs, RECORD_RUNS)
    row["call_parts"] = sorted(map(str, parts_of(side.incident_numbers)))
    return row | {"received": side.received, "recorded": side.recorded}


def turned(text: str) -> list[str]:
    """Every text that comes of turning two neighbours of this one."""
    found = {text[:at] + text[at + 1] + text[at] + text[at + 2 :] for at in range(len(text) - 1)}
    return sorted(found - {text})


def is_odd(
    side: ReportSide | RecordSide, victims: tuple[PersonSide, ...], place: PlaceSide
) -> bool:
    """Whether no row can hold this side."""
    if len(victims) > 1 or _has_many_runs(side):
        return True
    victim = victims[0]
    if len(victim.telephones) > 1 or len(victim.emails) > 1:
        return True
    if len(victim.forename_sounds) > 1 or len(victim.surname_sounds) > 1:
        return True
    values: Iterable[Value] = chain(
        *(victim.forenames, (victim.surname,), victim.forename_groups, victim.forename_sounds),
        *(victim.surname_sounds, victim.surname_parts, (victim.birth_date, victim.birth_year)),
        *(victim.telephones, victim.emails, side.references, side.incident_numbers),
        *(side.reference_runs, side.incident_runs),
        (place.unit, place.sector, place.district, place.town, side.force_id),
        side.offence_codes if isinstance(side, ReportSide) else (side.offence_code,),
    )
    try:
        return not "".join(cast(Iterable[str], values)).isprintable()
    except TypeError:
        return True  # a keyed token


def _has_many_runs(side: ReportSide | RecordSide) -> bool:
    if isinstance(side, ReportSide):
        return len(side.reference_runs | side.incident_runs) > len(REPORT_RUNS)
    return max(len(side.reference_runs), len(side.incident_runs)) > len(RECORD_RUNS)


def _places(name: str, values: Iterable[Value], places: Sequence[int]) -> Row:
    texts = sorted(map(str, values)) + [""] * len(places)
    return {f"{name}_{place}": _slip(text) for place, text in zip(places, texts, strict=False)}


def _person(victim: PersonSide) -> Row:
    forename = str(victim.forenames[0]) if victim.forenames else ""
    surname = str(victim.surname)
    telephone, email = only(victim.telephones), only(victim.emails)
    return {
        "forename": forename,
        "forename_first": forename[:1],
        "forename_is_initial": len(forename) == 1,
        "forename_sound": only(victim.forename_sounds),
        "forename_slip": _slip(forename),
        "forenames": [str(one) for one in victim.forenames],
        "forename_groups": sorted(map(str, victim.forename_groups)),
        "surname": surname,
        "surname_all": sorted(map(str, victim.surname_parts | {surname})),
        "surname_is_double": bool(victim.surname_parts),
        "surname_sound": only(victim.surname_sounds),
        "surname_slip": _slip(surname),
        "birth_date": str(victim.birth_date),
        "birth_year": str(victim.birth_year),
        "telephone": telephone,
        "telephone_slip": _slip(telephone),
        "email": email,
        "email_slip": _slip(email),
    }


def _event(side: ReportSide | RecordSide) -> Row:
    first, last = side.occurred or (None, None)
    return {
        "force": side.force_id,
        "unit": str(side.place.unit),
        "sector": str(side.place.sector),
        "district": str(side.place.district),
        "town": str(side.place.town),
        "numbers": sorted(map(str, side.references)),
        "calls": sorted(map(str, side.incident_numbers)),
        "number_runs": sorted(map(str, side.reference_runs)),
        "call_runs": sorted(map(str, side.incident_runs)),
        "tails": sorted(map(str, tails_of(side.references))),
        "occurred_first": first,
        "occurred_last": last,
    }


def same_levels(victim: PersonSide, model: Model) -> Row:
    """The levels that a value of this person has with its own like, and with it alone."""
    forename = PersonSide(forenames=victim.forenames[:1])
    surname = PersonSide(surname=victim.surname)
    born = PersonSide(birth_date=victim.birth_date)
    lone = PersonSide(surname=victim.forenames[0] if victim.forenames else "")
    whole = str(victim.birth_date)
    return {
        "forename_same": compare_people(forename, forename, model)[0],
        "forename_as_surname": compare_people(lone, lone, model)[1],
        "surname_same": compare_people(surname, surname, model)[1],
        "birth_same": compare_people(born, born, model)[2],
        "birth_crossed": whole[:4] + whole[6:] + whole[4:6],
    }


def only(values: Iterable[Value]) -> str:
    """The one value that there is, "" where there is none."""
    return str(next(iter(values), ""))


def _slip(text: str) -> str:
    """The text where one slip in it counts, "" elsewhere."""
    return text if len(text) >= _SHORTEST_SLIP and text.isascii() else ""


def _empty(columns: Mapping[str, str]) -> Row:
    blank: dict[str, Cell] = {"VARCHAR": "", "BOOLEAN": False, "BIGINT": None}
    return {name: blank.get(kind, []) for name, kind in columns.items()}
