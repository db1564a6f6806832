"""The two sides of a comparison: a report and a crime record, normalised once and compared often.

Every personal value is a normalised string, or a keyed token (bytes) where a force shares no
names or where a value has to stay sealed. Equality works on both. Days are counted as by
`date.toordinal`; a stretch of days has both ends inside.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache

from portal.matching.moments import Days, days_in, earliest, moments_of
from portal.matching.nicknames import nickname_groups
from portal.matching.normalising import (
    normalise_birth_date,
    normalise_email,
    normalise_postcode,
    normalise_telephone,
    normalise_town,
    sound,
    split_name,
    split_names,
    surname_parts,
    usable,
)
from portal.matching.numbering import numbers_of
from portal.reference.offences import has_flag, is_against_household

Value = str | bytes
Token = Callable[[str, str], bytes]

_MOST_VICTIMS = 20
_NAMES_KEPT = 1 << 14
_Names = frozenset[Value]
_Named = tuple[tuple[Value, ...], Value, _Names, _Names, _Names, _Names]
_NOBODY: _Names = frozenset()


@dataclass(frozen=True, slots=True)
class PersonSide:
    """A person as one side names them. "" or an empty set is not known.

    `forename_groups`: the names that each may be short for. `birth_year`: only where the year is
    all that is known. Never shown in a traceback.
    """

    forenames: tuple[Value, ...] = field(default=(), repr=False)
    surname: Value = field(default="", repr=False)
    forename_groups: frozenset[Value] = field(default=_NOBODY, repr=False)
    forename_sounds: frozenset[Value] = field(default=_NOBODY, repr=False)
    surname_sounds: frozenset[Value] = field(default=_NOBODY, repr=False)
    surname_parts: frozenset[Value] = field(default=_NOBODY, repr=False)
    birth_date: Value = field(default="", repr=False)
    birth_year: Value = field(default="", repr=False)
    telephones: frozenset[Value] = field(default=_NOBODY, repr=False)
    emails: frozenset[Value] = field(default=_NOBODY, repr=False)

    @property
    def is_named(self) -> bool:
        """Whether any part of a name is known."""
        return bool(self.forenames or self.surname)


@dataclass(frozen=True, slots=True)
class PlaceSide:
    """Where it happened, or where the victim lives: from the fine to the coarse; "" not known."""

    unit: Value = field(default="", repr=False)
    sector: Value = field(default="", repr=False)
    district: Value = field(default="", repr=False)
    town: Value = field(default="", repr=False)


_NOWHERE = PlaceSide()


@dataclass(frozen=True, slots=True)
class ReportSide:
    """What is compared of one allegation of a report.

    `..._runs`: the figures of a number in one run, for a number typed without what parts it.
    `began`: when it began at the earliest, where they gave a time of day.
    `told`: the days within which the police were told; `is_handed_over`: through us, so known.
    `is_against_household`: police may name anybody of the home, whichever of its codes it is.
    `offence_codes`: every code that the victim's category can stand for; empty for "not sure".
    """

    references: frozenset[Value] = field(default=_NOBODY, repr=False)
    incident_numbers: frozenset[Value] = field(default=_NOBODY, repr=False)
    reference_runs: frozenset[Value] = field(default=_NOBODY, repr=False)
    incident_runs: frozenset[Value] = field(default=_NOBODY, repr=False)
    force_id: str = ""
    occurred: Days | None = None
    began: datetime | None = None
    told: Days | None = None
    offence_codes: frozenset[str] = frozenset()
    place: PlaceSide = _NOWHERE
    victim: PersonSide = PersonSide()
    is_sexual: bool = False
    is_against_person: bool = False
    is_against_household: bool = False
    is_handed_over: bool = False

    @property
    def has_numbers(self) -> bool:
        """Whether a crime reference or an incident number was given."""
        return bool(self.references or self.incident_numbers)


@dataclass(frozen=True, slots=True)
class RecordSide:
    """What is compared of one version of a crime record.

    `is_incident`: an N100. `is_removed`: it carries a removal code. Neither is ever matched
    automatically. `moments`: when it happened and was received, to the minute, where the force says
    so. `received`, `recorded`: the days on which police received it and wrote it down as a crime.
    `had_at`: the earlier of the two, where the force says at what time of a day.
    """

    references: frozenset[Value] = field(default=_NOBODY, repr=False)
    incident_numbers: frozenset[Value] = field(default=_NOBODY, repr=False)
    reference_runs: frozenset[Value] = field(default=_NOBODY, repr=False)
    incident_runs: frozenset[Value] = field(default=_NOBODY, repr=False)
    force_id: str = ""
    occurred: Days | None = None
    moments: tuple[datetime, ...] = ()
    received: int | None = None
    recorded: int | None = None
    had_at: datetime | None = None
    offence_code: str = ""
    place: PlaceSide = _NOWHERE
    victims: tuple[PersonSide, ...] = ()
    is_incident: bool = False
    is_removed: bool = False


def person_side(
    *,
    name: str = "",
    forenames: str = "",
    surname: str = "",
    birth_date: str | date | None = None,
    telephones: Iterable[str] = (),
    emails: Iterable[str] = (),
) -> PersonSide:
    """A person from raw text: one whole `name`, or `forenames` and `surname` apart."""
    born = normalise_birth_date(birth_date)
    return PersonSide(
        *_named(name, forenames, surname),
        birth_date=born if len(born) == 8 else "",
        birth_year=born[:4],
        telephones=usable(normalise_telephone, telephones),
        emails=usable(normalise_email, emails),
    )


@lru_cache(_NAMES_KEPT)
def _named(name: str, forenames: str, surname: str) -> _Named:
    """What a person's side holds of their name: the first six fields, in their order."""
    if forenames or surname:
        first, last = split_names(forenames, surname)
    else:
        first, last = split_name(name)
    return (
        first,
        last,
        frozenset().union(*map(nickname_groups, first[:1])),
        frozenset((sound(first[0]),)) if first else _NOBODY,
        frozenset((sound(last),)) if last else _NOBODY,
        frozenset(surname_parts(surname or name)) if last else _NOBODY,
    )


def place_side(postcode: str = "", town: str = "") -> PlaceSide:
    """A place from raw text; of an address in words its last part counts."""
    if not postcode and not town:
        return _NOWHERE
    return PlaceSide(*normalise_postcode(postcode), normalise_town(town))


def report_side(
    *,
    references: Iterable[str] = (),
    incident_numbers: Iterable[str] = (),
    force_id: str | None = None,
    occurred: tuple[date, date] | None = None,
    began: datetime | None = None,
    told: tuple[date, date] | None = None,
    offence_codes: Iterable[str] = (),
    place: PlaceSide = _NOWHERE,
    victim: PersonSide | None = None,
    is_handed_over: bool = False,
) -> ReportSide:
    """The side of a report from raw text. What cannot be used is left out; nothing raises."""
    codes = frozenset(offence_codes)
    is_sexual, is_of_person, is_of_household = _kinds_of(codes)
    return ReportSide(
        *numbers_of(references, incident_numbers),
        force_id=force_id or "",
        occurred=days_in(occurred),
        began=began,
        told=days_in(told),
        offence_codes=codes,
        place=place,
        victim=victim or PersonSide(),
        is_sexual=is_sexual,
        is_against_person=is_of_person,
        is_against_household=is_of_household,
        is_handed_over=is_handed_over,
    )


@lru_cache(1 << 10)
def _kinds_of(codes: frozenset[str]) -> tuple[bool, bool, bool]:
    """Whether any is sexual, any against a person, and all against a household."""
    return (
        any(has_flag(code, "sexual") for code in codes),
        any(has_flag(code, "person") for code in codes),
        bool(codes) and all(map(is_against_household, codes)),
    )


def record_side(
    *,
    references: Iterable[str] = (),
    incident_numbers: Iterable[str] = (),
    force_id: str = "",
    occurred: tuple[date, date] | None = None,
    received: date | None = None,
    recorded: date | None = None,
    offence_code: str = "",
    place: PlaceSide = _NOWHERE,
    victims: Sequence[PersonSide] = (),
    is_incident: bool = False,
    is_removed: bool = False,
) -> RecordSide:
    """The side of a crime record from raw text. Of a crowd of victims twenty are compared."""
    return RecordSide(
        *numbers_of(references, incident_numbers),
        force_id=force_id,
        occurred=days_in(occurred),
        moments=moments_of(occurred, received),
        received=received.toordinal() if received else None,
        recorded=recorded.toordinal() if recorded else None,
        had_at=earliest(received, recorded),
        offence_code=offence_code,
        place=place,
        victims=tuple(victims[:_MOST_VICTIMS]),
        is_incident=is_incident,
        is_removed=is_removed,
    )


def add_numbers(
    side: RecordSide, references: Iterable[str], incident_numbers: Iterable[str]
) -> RecordSide:
    """The side of a record that was made without its numbers, with them."""
    keys, calls, runs, call_runs = numbers_of(references, incident_numbers)
    return replace(
        side, references=keys, incident_numbers=calls, reference_runs=runs, incident_runs=call_runs
    )


def tokenise_person(person: PersonSide, token: Token) -> PersonSide:
    """The person with every value replaced by `token(what, value)`: for a force that shares no
    names, and for keys kept in the database. Nicknames and sounds still agree; slips do not.
    """

    def one(what: str, value: Value) -> Value:
        return token(what, value) if isinstance(value, str) and value else value

    def many(what: str, values: frozenset[Value]) -> frozenset[Value]:
        return frozenset(one(what, value) for value in values)

    return replace(
        person,
        forenames=tuple(one("name", value) for value in person.forenames),
        surname=one("name", person.surname),
        forename_groups=many("group", person.forename_groups),
        forename_sounds=many("sound", person.forename_sounds),
        surname_sounds=many("sound", person.surname_sounds),
        surname_parts=many("name", person.surname_parts),
        birth_date=one("birth", person.birth_date),
        birth_year=one("birth", person.birth_year),
        telephones=many("telephone", person.telephones),
        emails=many("email", person.emails),
    )
