"""The two sides of a comparison as plain rows, for a database that compares millions of pairs.

A row holds one value a column, "" for what is not known, so that one SQL text compares them
anywhere. A side that such a row cannot hold (several victims, several telephones, keyed tokens,
signs that a database may refuse) is marked `odd`: its pairs are all left to `levels.compare`.
"""

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import cast

from portal.matching.levels import compare_people
from portal.matching.model import Model
from portal.matching.sides import PersonSide, PlaceSide, RecordSide, ReportSide, Value

Cell = str | int | bool | None | list[str]
Row = dict[str, Cell]

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
    **dict.fromkeys(("numbers", "calls"), "VARCHAR[]"),
    **dict.fromkeys(("number_1", "number_2", "tail_1", "tail_2"), "VARCHAR"),
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
    **dict.fromkeys(("number_1_turned", "number_2_turned"), "VARCHAR[]"),
    **dict.fromkeys(("forename_same", "forename_as_surname", "surname_same"), "VARCHAR"),
    **dict.fromkeys(("birth_same", "birth_crossed"), "VARCHAR"),
    **dict.fromkeys(("told_first", "told_last", "offences"), "BIGINT"),
}
RECORD_COLUMNS: Mapping[str, str] = {
    "record": "BIGINT",
    "odd": "BOOLEAN",
    **PERSON_COLUMNS,
    **EVENT_COLUMNS,
    **dict.fromkeys(("received", "recorded"), "BIGINT"),
    "offence": "VARCHAR",
}

_SHORTEST_SLIP = 4
_SHORTEST_NUMBER = 6
_TAIL = 5
_MOST_NUMBERS = 2
_NOBODY = PersonSide()


def report_row(number: int, side: ReportSide, offences: int, model: Model) -> Row:
    """A report as a row. `offences` numbers its set of offence codes."""
    kind = "sexual" if side.is_sexual else "any"
    if _is_odd(side, (side.victim,), side.place):
        return _empty(REPORT_COLUMNS) | {"report": number, "odd": True, "kind": kind}
    row: Row = {"report": number, "odd": False, "kind": kind, "offences": offences}
    row |= _person(side.victim) | _event(side) | _same(side.victim, model)
    for field, column in (
        *(("forename", "forename_slip"), ("surname", "surname_slip"), ("birth", "birth_date")),
        *(("telephone", "telephone_slip"), ("email", "email_slip")),
        *(("number_1", "number_1"), ("number_2", "number_2")),
    ):
        row[f"{field}_turned"] = turned(str(row[column]))
    row["told_first"], row["told_last"] = side.told or (None, None)
    return row


def record_row(number: int, side: RecordSide) -> Row:
    """A crime record as a row."""
    victims = side.victims or (_NOBODY,)
    if _is_odd(side, victims, side.place):
        return _empty(RECORD_COLUMNS) | {"record": number, "odd": True}
    row: Row = {"record": number, "odd": False, "offence": side.offence_code}
    row |= _person(victims[0]) | _event(side)
    return row | {"received": side.received, "recorded": side.recorded}


def turned(text: str) -> list[str]:
    """Every text that comes of turning two neighbours of this one."""
    found = {text[:at] + text[at + 1] + text[at] + text[at + 2 :] for at in range(len(text) - 1)}
    return sorted(found - {text})


def _is_odd(
    side: ReportSide | RecordSide, victims: tuple[PersonSide, ...], place: PlaceSide
) -> bool:
    if len(victims) > 1 or len(side.references) > _MOST_NUMBERS:
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
        (place.unit, place.sector, place.district, place.town, side.force_id),
        side.offence_codes if isinstance(side, ReportSide) else (side.offence_code,),
    )
    try:
        return not "".join(cast(Iterable[str], values)).isprintable()
    except TypeError:
        return True  # a keyed token


def _person(victim: PersonSide) -> Row:
    forename = str(victim.forenames[0]) if victim.forenames else ""
    surname = str(victim.surname)
    telephone, email = _only(victim.telephones), _only(victim.emails)
    return {
        "forename": forename,
        "forename_first": forename[:1],
        "forename_is_initial": len(forename) == 1,
        "forename_sound": _only(victim.forename_sounds),
        "forename_slip": _slip(forename),
        "forenames": [str(one) for one in victim.forenames],
        "forename_groups": sorted(map(str, victim.forename_groups)),
        "surname": surname,
        "surname_all": sorted(map(str, victim.surname_parts | {surname})),
        "surname_is_double": bool(victim.surname_parts),
        "surname_sound": _only(victim.surname_sounds),
        "surname_slip": _slip(surname),
        "birth_date": str(victim.birth_date),
        "birth_year": str(victim.birth_year),
        "telephone": telephone,
        "telephone_slip": _slip(telephone),
        "email": email,
        "email_slip": _slip(email),
    }


def _event(side: ReportSide | RecordSide) -> Row:
    numbers = sorted(map(str, side.references))
    first, last = side.occurred or (None, None)
    row: Row = {
        "force": side.force_id,
        "unit": str(side.place.unit),
        "sector": str(side.place.sector),
        "district": str(side.place.district),
        "town": str(side.place.town),
        "numbers": [*numbers],
        "calls": sorted(map(str, side.incident_numbers)),
        "occurred_first": first,
        "occurred_last": last,
    }
    for place in range(_MOST_NUMBERS):
        number = numbers[place] if place < len(numbers) else ""
        usable = len(number) >= _SHORTEST_NUMBER and number.isascii()
        row[f"number_{place + 1}"] = number if usable else ""
        tail = number[-_TAIL:]
        row[f"tail_{place + 1}"] = tail if tail.isdigit() else ""
    return row


def _same(victim: PersonSide, model: Model) -> Row:
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


def _only(values: Iterable[Value]) -> str:
    return str(next(iter(values), ""))


def _slip(text: str) -> str:
    """The text where one slip in it counts, "" elsewhere."""
    return text if len(text) >= _SHORTEST_SLIP and text.isascii() else ""


def _empty(columns: Mapping[str, str]) -> Row:
    blank: dict[str, Cell] = {"VARCHAR": "", "BOOLEAN": False, "BIGINT": None}
    return {name: blank.get(kind, []) for name, kind in columns.items()}
