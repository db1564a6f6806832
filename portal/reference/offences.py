"""Recorded-crime offences: titles, severity, families, and how two offences relate."""

import math
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from portal.reference.files import DATA, DataRow, read_rows

Relation = Literal["same", "related", "downgrade", "other"]

FLAGS = frozenset({"rape", "sexual", "child", "person", "fraud", "household"})
_CODE = re.compile(r"0*(\d+)([./]?)0*(\d*)[ /-]?([A-Z]?)", re.ASCII)
_LONGEST_CODE = 20


@dataclass(frozen=True)
class Offence:
    """One offence of the Home Office list. `severity_weight` is the ONS Crime Severity weight."""

    code: str
    title: str
    group: str
    severity_weight: float


@dataclass(frozen=True)
class Kind:
    """What this project holds of an offence code: its family and its flags (see FLAGS)."""

    code: str
    family: str
    flags: frozenset[str]


@dataclass(frozen=True)
class FamilyLinks:
    """Pairs of families: `downgrades` from graver to lesser, `related` either way round."""

    downgrades: frozenset[tuple[str, str]]
    related: frozenset[tuple[str, str]]


def normalise_offence_code(text: str) -> str:
    """An offence code as the reference data writes it: "019c" is 19C, "8/N" is 8N, "4.10" stays.

    Text that has no shape of a code comes back in capitals without spaces, at most 20 long.
    """
    plain = text.strip().upper()
    match = _CODE.fullmatch(plain) if len(plain) <= _LONGEST_CODE else None
    if match is None:
        return "".join(plain.split())[:_LONGEST_CODE]
    number, mark, part, letter = match.groups()
    # The zero at the end of 4.10 counts: 4.1 is another offence.
    return number + (f".{part}" if mark and part else part) + letter


@cache
def all_offences(directory: Path = DATA) -> dict[str, Offence]:
    """Every offence by code. Raises BadDataFile."""
    columns = ("offence_code", "title", "group", "severity_weight")
    rows = read_rows(directory, "offences.csv", columns, key="offence_code")
    kinds = all_kinds(directory)
    offences = {row.text("offence_code"): _offence(row) for row in rows}
    for row in rows:
        # Without a kind a rape would silently count as no rape.
        if row.text("offence_code") not in kinds:
            raise row.bad(f"offence_kinds.csv has no row for {row.text('offence_code')}")
    return offences


@cache
def all_kinds(directory: Path = DATA) -> dict[str, Kind]:
    """Family and flags by code, codes beyond `offences.csv` included. Raises BadDataFile."""
    columns = ("offence_code", "family", "flags")
    rows = read_rows(directory, "offence_kinds.csv", columns, key="offence_code")
    return {row.text("offence_code"): _kind(row) for row in rows}


@cache
def family_links(directory: Path = DATA) -> FamilyLinks:
    """Which families are known downgrades of which, and which are related. Raises BadDataFile."""
    families = frozenset(kind.family for kind in all_kinds(directory).values())
    downs = _pairs(directory, "downgrades.csv", ("from_family", "to_family"), families)
    related = _pairs(directory, "related.csv", ("family", "other_family"), families)
    return FamilyLinks(downs, related | {(b, a) for a, b in related})


def find_offence(code: str, directory: Path = DATA) -> Offence | None:
    """The offence with this code in any usual way of writing, or None."""
    return all_offences(directory).get(normalise_offence_code(code))


def has_flag(code: str, flag: str, directory: Path = DATA) -> bool:
    """Whether the offence carries a flag of FLAGS. An unknown code carries none."""
    if flag not in FLAGS:
        raise ValueError(f"no such flag: {flag}")
    kind = all_kinds(directory).get(normalise_offence_code(code))
    return kind is not None and flag in kind.flags


def is_rape(code: str) -> bool:
    """Rape of any person at any age: 19C to 19K."""
    return has_flag(code, "rape")


def is_sexual(code: str) -> bool:
    """Any offence of the Home Office group of sexual offences, rape included."""
    return has_flag(code, "sexual")


def is_child(code: str) -> bool:
    """An offence whose title makes the victim a child."""
    return has_flag(code, "child")


def is_against_person(code: str) -> bool:
    """Violence, sexual offences, robbery, threats: the victim was there in person."""
    return has_flag(code, "person")


def is_against_household(code: str) -> bool:
    """Burglary of a home, vehicle crime, theft of a bicycle, damage: counted once for a home, which
    owns it together, whomever of it police name.
    """
    return has_flag(code, "household")


def is_fraud(code: str) -> bool:
    """Fraud, which goes to a national body: codes 51 to 55 and those that start with NFIB."""
    return has_flag(code, "fraud") or normalise_offence_code(code).startswith("NFIB")


def relation(reported: str, recorded: str, directory: Path = DATA) -> Relation:
    """How a recorded offence relates to the reported one; each is a code or a family's name.

    "same": the same code or family name. "related": one family, a pair of `related.csv`, or a
    known downgrade turned round (the record is the graver). "downgrade": a pair of
    `downgrades.csv`. It speaks of families only: within one family ("related") the record may
    still be far less grave, which severity weights show. Unknown codes are "other".
    """
    a, family_a = _family(reported, directory)
    b, family_b = _family(recorded, directory)
    if a == b:
        return "same"
    if not family_a or not family_b:
        return "other"
    links = family_links(directory)
    if (family_a, family_b) in links.downgrades:
        return "downgrade"
    turned = (family_b, family_a) in links.downgrades
    if family_a == family_b or turned or (family_a, family_b) in links.related:
        return "related"
    return "other"


def _family(code_or_family: str, directory: Path) -> tuple[str, str]:
    if code_or_family in _families(directory):
        return code_or_family, code_or_family
    code = normalise_offence_code(code_or_family)
    kind = all_kinds(directory).get(code)
    return code, kind.family if kind else ""


@cache
def _families(directory: Path) -> frozenset[str]:
    return frozenset(kind.family for kind in all_kinds(directory).values())


def _offence(row: DataRow) -> Offence:
    code = row.text("offence_code")
    if normalise_offence_code(code) != code:
        raise row.bad(f"the code is written {normalise_offence_code(code)}")
    try:
        weight = float(row.text("severity_weight"))
    except ValueError:
        raise row.bad("severity_weight is not a number") from None
    if not math.isfinite(weight) or weight <= 0:
        raise row.bad("severity_weight must be more than 0")
    return Offence(code, row.text("title"), row.text("group"), weight)


def _kind(row: DataRow) -> Kind:
    code = row.text("offence_code")
    if normalise_offence_code(code) != code:
        raise row.bad(f"the code is written {normalise_offence_code(code)}")
    flags = frozenset(row.words("flags"))
    if flags - FLAGS:
        raise row.bad(f"unknown flag {min(flags - FLAGS)}")
    return Kind(code, row.text("family"), flags)


def _pairs(
    directory: Path, file: str, columns: tuple[str, str], families: frozenset[str]
) -> frozenset[tuple[str, str]]:
    pairs: set[tuple[str, str]] = set()
    for row in read_rows(directory, file, (*columns, "note")):
        pair = (row.text(columns[0]), row.text(columns[1]))
        unknown = set(pair) - families
        if unknown:
            raise row.bad(f"no offence belongs to the family {min(unknown)}")
        if pair in pairs or pair[::-1] in pairs or pair[0] == pair[1]:
            raise row.bad("the pair comes twice, is turned round, or names one family twice")
        pairs.add(pair)
    return frozenset(pairs)
