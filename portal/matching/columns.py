"""Crime records by the ten thousand: columns of what was sent, made comparable for SQL.

Of a hundred records that pass by few have more in common with any report than a town. To make a
side of each (`sides`) takes longer than everything that is done with it, so that a full run makes
them comparable in columns, by the same functions: a name, a day or a postcode that came before is
not looked at again, and numbers are looked at where their figures end as some report's do.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from portal.matching.blocking import BY_FIGURES, LONG_TAIL, number_keys
from portal.matching.nicknames import nickname_groups
from portal.matching.normalising import (
    normalise_birth_date,
    normalise_email,
    normalise_postcode,
    normalise_telephone,
    normalise_town,
    sound,
    split_name,
    surname_parts,
)
from portal.matching.numbering import SHORTEST_RUN, TAIL, numbers_of
from portal.matching.numbers import tails_of
from portal.matching.sides import ReportSide
from portal.reference.crime_references import LONGEST_TYPED

_VALUES_KEPT = 1 << 19
_NAME = {
    **dict.fromkeys(("forename", "forename_first", "forename_sound", "groups"), "object"),
    **dict.fromkeys(("is_initial", "has_more"), "bool"),
    **dict.fromkeys(("surname", "surname_sound"), "object"),
    "is_double": "bool",
}
LOT_COLUMNS: Mapping[str, str] = {
    **dict.fromkeys(("record", "first_day", "last_day", "received", "recorded_day"), "int64"),
    **dict.fromkeys(("force", "offence", "unit", "sector", "district", "town"), "object"),
    **dict.fromkeys(("birth_date", "telephone", "email"), "object"),
    **_NAME,
    **dict.fromkeys(("number_figures", "number_bare", "call_figures", "call_bare"), "object"),
}
"""What a lot is made of, and of what kind: 0 or "" for what is not known. `groups` are parted by
blanks. `..._figures` are those of a number as it was sent, `..._bare` without the zeros in front of
each part, "" where that makes no difference.
"""

_NO_FIGURES = bytes(set(range(128)) - set(b"0123456789\n"))
_ZEROS = re.compile(rb"(?<![0-9])0+(?=[0-9])")
_TAILED = re.compile(f"[0-9]{{{TAIL},}}")
_FULL_YEAR = re.compile(r"20[0-9]{2}[^0-9\n]*$", re.MULTILINE)


class Columns(NamedTuple):
    """Crime records, one value of each in every column: text as it was sent, days as by
    `date.toordinal`, "" or 0 for what is not known. Each has one victim at the most, of whom
    nothing is told by tokens.
    """

    record: Sequence[int]
    force_id: Sequence[str]
    offence_code: Sequence[str]
    first_day: Sequence[int]
    last_day: Sequence[int]
    received: Sequence[int]
    recorded: Sequence[int]
    postcode: Sequence[str]
    place: Sequence[str]
    name: Sequence[str]
    birth_date: Sequence[str | date | None]
    telephone: Sequence[str]
    email: Sequence[str]
    reference: Sequence[str]
    incident_number: Sequence[str]

    def __repr__(self) -> str:
        """How many: never shown in a traceback."""
        return f"Columns of {len(self.record)} records"


@dataclass
class Wanted:
    """The figures of every number that a report has: where a record's are none of these, the two
    have no key of numbers in common. `whole` are those of each number, `ends` the last nine of
    them, `tails` the last five of each part, behind the force.
    """

    whole: set[str] = field(default_factory=set, repr=False)
    ends: set[str] = field(default_factory=set, repr=False)
    tails: set[str] = field(default_factory=set, repr=False)

    def add(self, report: ReportSide) -> None:
        """What the keys of this report are made of."""
        numbers = report.references | report.incident_numbers
        texts = [one for one in numbers if isinstance(one, str)]
        runs = report.reference_runs | report.incident_runs
        whole = ["".join(filter(str.isdigit, one)).lstrip("0") for one in texts]
        whole += [one for one in runs if isinstance(one, str)]
        self.whole.update(whole)
        self.ends.update(one[-LONG_TAIL:] for one in whole)
        self.tails.update(f"{report.force_id}{tail}" for tail in tails_of(numbers))


class Lot(NamedTuple):
    """The same made comparable: the columns of LOT_COLUMNS; and the keys that numbers give, each
    as record and text, of those records that may have one in common with a report.
    """

    columns: Mapping[str, Sequence[Any]]
    number_keys: Sequence[tuple[int, str]]

    def __repr__(self) -> str:
        """How many, as above."""
        return f"Lot of {len(self.columns['record'])} records"


class Cleaner:
    """Makes columns comparable. Names and other values that came before are remembered."""

    def __init__(self) -> None:
        """Nothing is remembered yet."""
        self._name = lru_cache(_VALUES_KEPT)(_name)
        self._postcode = lru_cache(_VALUES_KEPT)(normalise_postcode)

    def forget(self) -> None:
        """Forget every value."""
        self._name.cache_clear()
        self._postcode.cache_clear()

    def remembers(self) -> int:
        """How many values are remembered."""
        return self._name.cache_info().currsize + self._postcode.cache_info().currsize

    def clean(self, columns: Columns, wanted: Wanted) -> Lot:
        """A lot of one record or more that `parted` let through."""
        numbers, calls = _figures(columns.reference), _figures(columns.incident_number)
        units, sectors, districts = zip(*map(self._postcode, columns.postcode), strict=True)
        made: dict[str, Sequence[Any]] = {
            "record": columns.record,
            "first_day": columns.first_day,
            "last_day": columns.last_day,
            "received": columns.received,
            "recorded_day": columns.recorded,
            "force": columns.force_id,
            "offence": columns.offence_code,
            "unit": units,
            "sector": sectors,
            "district": districts,
            "town": [*map(normalise_town, columns.place)],
            "birth_date": [*map(normalise_birth_date, columns.birth_date)],
            "telephone": [one and normalise_telephone(one) for one in columns.telephone],
            "email": [one and normalise_email(one) for one in columns.email],
            "number_figures": numbers[0],
            "number_bare": numbers[1],
            "call_figures": calls[0],
            "call_bare": calls[1],
        }
        people = zip(*map(self._name, columns.name), strict=True)
        made |= zip(_NAME, people, strict=True)
        return Lot(made, [*_keys_of_numbers(columns, numbers, calls, wanted)])


def _are_plain(texts: str, numbers: str) -> bool:
    """Of one record or of many: its texts together, and its numbers, each a line."""
    return (
        texts.isprintable()
        and numbers.isascii()
        and numbers.replace("\n", "").isprintable()
        and max(map(len, numbers.split("\n"))) <= LONGEST_TYPED
        # Of such a number there are two forms, with the year in four figures and in two.
        and all(_is_inside(numbers, one.start()) for one in _FULL_YEAR.finditer(numbers))
    )


def _is_inside(text: str, start: int) -> bool:
    """Whether figures go on before this place."""
    return start > 0 and text[start - 1].isdigit()


def parted(columns: Columns) -> tuple[Columns, Collection[int]]:
    """The records that columns can hold, and the numbers of the others: those with signs that a
    database may refuse, or with a number that has other forms than its figures.
    """
    if not columns.record:
        return columns, ()
    texts = columns.force_id, columns.offence_code, columns.email
    numbers = columns.reference, columns.incident_number
    together = "\n".join(map("\n".join, numbers))
    # A number with a line of its own in it makes one more of these.
    is_whole = together.count("\n") == 2 * len(columns.record) - 1
    if is_whole and _are_plain("".join(map("".join, texts)), together):
        return columns, ()
    odd = {
        record
        for record, some, others in zip(
            columns.record, zip(*texts, strict=True), zip(*numbers, strict=True), strict=True
        )
        if "\n" in "".join(others) or not _are_plain("".join(some), "\n".join(others))
    }
    kept = [row for row in zip(*columns, strict=True) if row[0] not in odd]
    return Columns._make(zip(*kept, strict=True) if kept else [()] * len(columns)), odd


def _name(text: str) -> tuple[str | bool, ...]:
    """The columns of _NAME: what a side (`sides`) holds of a name, but for what none is asked."""
    forenames, surname = split_name(text)
    first = forenames[0] if forenames else ""
    return (
        *(first, first[:1], sound(first), _groups(first), len(first) == 1, len(forenames) > 1),
        *(surname, sound(surname), bool(surname and surname_parts(text))),
    )


@lru_cache(1 << 16)
def _groups(forename: str) -> str:
    return " ".join(sorted(nickname_groups(forename))) if forename else ""


_Figures = tuple[list[str], list[str]]


def _figures(numbers: Sequence[str]) -> _Figures:
    """The figures of each number as it was sent, and without the zeros in front of each part where
    that makes a difference.
    """
    text = "\n".join(numbers).encode("ascii")
    whole, bare = (
        one.translate(None, _NO_FIGURES).decode().split("\n")
        for one in (text, _ZEROS.sub(b"", text))
    )
    return whole, ["" if one == other else other for one, other in zip(whole, bare, strict=True)]


def _keys_of_numbers(
    columns: Columns, numbers: _Figures, calls: _Figures, wanted: Wanted
) -> Iterator[tuple[int, str]]:
    places = {
        place
        for place, (force, one) in enumerate(zip(columns.force_id, columns.reference, strict=True))
        for run in _TAILED.findall(one)
        if force + run[-TAIL:] in wanted.tails
    }
    for figures, bare in (numbers, calls):
        runs = [one.lstrip("0") for one in figures]
        ends = [one[-LONG_TAIL:] for one in runs]
        for place in _places(ends, wanted.ends):
            if runs[place] in wanted.whole:
                places.add(place)
            elif len(runs[place]) >= SHORTEST_RUN:
                yield columns.record[place], f"{BY_FIGURES}|{ends[place]}"
        # Whether zeros go hangs on the format: in the national one they are part of the number.
        places.update(_places([one.lstrip("0")[-LONG_TAIL:] for one in bare], wanted.ends))
    for place in places:
        made = numbers_of([columns.reference[place]], [columns.incident_number[place]])
        for rule, value in number_keys(*made, columns.force_id[place]):
            yield columns.record[place], f"{rule}|{value}"


def _places(values: Sequence[str], wanted: set[str]) -> Iterator[int]:
    """The places of values that are wanted: few of many."""
    those = wanted.intersection(values)
    return (place for place, one in enumerate(values) if one in those)
