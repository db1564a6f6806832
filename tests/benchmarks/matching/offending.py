"""What happened: offences by how often they are recorded and reported, and the words for them."""

import csv
from functools import cache
from random import Random
from typing import NamedTuple

from tests.benchmarks.matching.picking import REFERENCE, Weighted

# Shares of recorded crime, in per cent, roughly as published; codes of offences.csv.
_RECORDED = {
    "46": 8, "105A": 12, "8N": 10, "8L": 5, "8Q": 2, "8R": 5, "9A": 6, "28E": 3, "28F": 0.8,
    "30C": 1.5, "45": 5, "48": 2.5, "126": 0.8, "44": 1.3, "49": 8, "39": 2.3, "40": 1,
    "34B": 1.3, "58A": 2, "58B": 1, "58C": 4, "58D": 2.5, "5D": 0.6, "3B": 0.8, "56B": 0.5,
    "35": 0.3, "36": 0.15, "20A": 0.9, "19C": 0.9, "19F": 0.08, "17A": 0.15, "22A": 0.1,
    "22B": 0.25, "88E": 0.25, "20B": 0.12, "19D": 0.15, "88A": 0.15, "92E": 2.5, "10D": 0.6,
    "9B": 0.7, "105B": 0.3, "104": 0.5, "11A": 0.4, "29A": 0.1, "106": 0.1,
}  # fmt: skip
# What people turn to us with: more of what frightens, nothing without a victim.
_REPORTED = {
    "105A": 11, "8N": 11, "8L": 7, "8Q": 5, "8R": 6, "9A": 5, "28E": 6, "28F": 1, "30C": 1,
    "45": 5, "48": 3, "44": 2, "49": 7, "39": 3, "34B": 4, "58A": 3, "58C": 4, "58D": 2,
    "5D": 2, "3B": 3, "56B": 0.6, "35": 1, "36": 0.5, "9B": 1, "105B": 0.6, "29A": 0.3,
}  # fmt: skip
_SEXUAL = {
    "19C": 30, "19F": 3, "19D": 5, "19G": 1, "20A": 28, "17A": 4, "20B": 3, "22A": 3, "22B": 6,
    "88E": 9, "88A": 5, "71": 1, "19J": 1,
}  # fmt: skip
# The same again: who is stalked is threatened, who is burgled is burgled.
_SERIES = ("105A", "8N", "8L", "8Q", "8R", "3B", "9A", "58A", "20A", "19C")
_NO_VICTIM = frozenset({"46", "92E", "10D"})
_AT_HOME = frozenset(
    {"28E", "28F", "29A", "58A", "40", "8L", "8Q", "8R", "3B", "22B", "88A", "11A"}
)
_HOUSEHOLD = frozenset({"28E", "28F", "29A", "58A", "58C", "58D", "45", "48", "44", "56B", "40"})
_OVERNIGHT = _HOUSEHOLD | {"30C", "49"}
_CHILD = frozenset({"19D", "19G", "20B", "22B", "88A", "71", "11A"})
_FEMALE = frozenset({"19C", "19D", "20A", "20B", "19J"})
_MALE = frozenset({"19F", "19G", "17A", "17B"})


class Kind(NamedTuple):
    """An offence code with what the story needs to know of it."""

    code: str
    is_sexual: bool
    has_victim: bool
    at_home: bool
    is_household: bool
    is_overnight: bool
    is_child: bool
    sex: str


@cache
def kind_of(code: str) -> Kind:
    """What an offence code means for a story."""
    return Kind(
        code,
        is_sexual=_groups()[code] == "sexual offences",
        has_victim=code not in _NO_VICTIM,
        at_home=code in _AT_HOME,
        is_household=code in _HOUSEHOLD,
        is_overnight=code in _OVERNIGHT,
        is_child=code in _CHILD,
        sex="f" if code in _FEMALE else "m" if code in _MALE else "",
    )


_recorded = Weighted(list(_RECORDED), list(_RECORDED.values()))
_reported = Weighted(list(_REPORTED), list(_REPORTED.values()))
_sexual = Weighted(list(_SEXUAL), list(_SEXUAL.values()))


def pick_recorded(random: Random) -> Kind:
    """An offence as any record has it."""
    return kind_of(_recorded.pick(random))


def pick_reported(random: Random, sexual_share: float) -> Kind:
    """An offence as a victim reports it to us."""
    chosen = _sexual if random.random() < sexual_share else _reported
    return kind_of(chosen.pick(random))


def pick_another(random: Random, kind: Kind) -> Kind:
    """The offence of another crime against the same victim."""
    chance = random.random()
    if chance < 0.42:
        return kind
    if chance < 0.65 and not kind.is_household:
        return kind_of(_SERIES[int(random.random() * len(_SERIES))])
    for _ in range(10):
        other = kind_of(_recorded.pick(random))
        if other.has_victim:
            return other
    return kind


@cache
def lesser_codes(code: str) -> tuple[str, ...]:
    """Lesser offences that such crimes are known to be written down as."""
    families = _lesser().get(_families()[code], [])
    return tuple(one for family in families for one in _RECORDED if _families()[one] == family)


def has_lesser(kind: Kind) -> bool:
    """Whether anything is known that it is written down as instead."""
    return bool(lesser_codes(kind.code))


def pick_lesser(random: Random, kind: Kind) -> Kind:
    """One of the lesser offences."""
    codes = lesser_codes(kind.code)
    return kind_of(codes[int(random.random() * len(codes))])


def pick_category(random: Random, kind: Kind, *, is_child: bool, misread: float) -> str:
    """The words that a victim picks for it; sometimes wrong, sometimes none."""
    chance = random.random()
    if chance < 0.02:
        return "not-sure"
    if chance < 0.03:
        return "something-else"
    if chance < 0.03 + misread:
        slugs = [slug for slugs in _slugs().values() for slug in slugs]
        return slugs[int(random.random() * len(slugs))]
    slugs = [slug for slug in _slugs().get(kind.code, []) if is_child or slug[:6] != "child-"]
    return slugs[int(random.random() * len(slugs))] if slugs else "something-else"


@cache
def _groups() -> dict[str, str]:
    return {row["offence_code"]: row["group"] for row in _rows("offences.csv")}


@cache
def _families() -> dict[str, str]:
    return {row["offence_code"]: row["family"] for row in _rows("offence_kinds.csv")}


@cache
def _lesser() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in _rows("downgrades.csv"):
        found.setdefault(row["from_family"], []).append(row["to_family"])
    return found


@cache
def _slugs() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in _rows("categories.csv"):
        for code in row["codes"].split():
            found.setdefault(code, []).append(row["slug"])
    return found


def _rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
