"""A stretch of the country as large as its crime: whole forces, or some towns of one or two.

The density is that of England: so many records a year to a force, a town and a postcode, however
few records are asked for, for else a small run would be an easy one.
"""

import csv
from random import Random
from typing import NamedTuple

from tests.benchmarks.matching.picking import DATA, REFERENCE, Weighted, by_rank

# Recorded crimes a year, in thousands, roughly as published; neighbours in the south of England.
FORCES = (
    ("wiltshire", 45, "54"),
    ("avon-and-somerset", 170, "52"),
    ("hampshire", 180, "44"),
    ("thames-valley", 180, "43"),
    ("dorset", 55, "55"),
    ("gloucestershire", 50, "53"),
    ("devon-and-cornwall", 110, "50"),
    ("sussex", 140, "47"),
    ("surrey", 80, "45"),
)
STREETS = by_rank((DATA / "streets.txt").read_text("utf-8").splitlines(), flat=10.0)
_LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
_LEAST_TOWNS = 2
_LEAST = 2.0


class Town(NamedTuple):
    """A town: its force, the district it counts to, and its outward codes."""

    name: str
    force_id: str
    district: str
    outward: tuple[str, ...]


class Region(NamedTuple):
    """Towns by size, the forces they lie in, and the number that begins a force's references."""

    towns: Weighted[Town]
    force_ids: tuple[str, ...]
    numbers: dict[str, str]


def region_for(records: int) -> Region:
    """The stretch of country that sees about so many records a year."""
    towns: list[Town] = []
    weights: list[float] = []
    left = records / 1000
    for force_id, thousands, _ in FORCES:
        # The last force but one gives a fifth of its share to the next, so that there are always
        # two and a crime can be told to the wrong one.
        is_last = left <= thousands
        kept = _first(_sizes(force_id, thousands), left * 0.8 if is_last else thousands)
        towns += [town for town, _ in kept]
        weights += [size for _, size in kept]
        if left <= _LEAST:
            break
        left = min(left * 0.2, _LEAST) if is_last else left - thousands
    ids = tuple(dict.fromkeys(town.force_id for town in towns))
    return Region(Weighted(towns, weights), ids, {one: digits for one, _, digits in FORCES})


def pick_postcode(random: Random, town: Town) -> str:
    """A unit in the town, of some four thousand in each of its districts."""
    outward = town.outward[int(random.random() * len(town.outward))]
    at = int(random.random() * 4000)
    return f"{outward} {at // 400}{_LETTERS[at // 20 % 20]}{_LETTERS[at % 20]}"


def pick_street(random: Random) -> str:
    """A house number and a street."""
    return f"{1 + int(random.random() ** 2 * 180)} {STREETS.pick(random)}"


def _first(sizes: list[tuple[Town, float]], most: float) -> list[tuple[Town, float]]:
    """Towns from the smallest up until their crimes are enough, but two at the least."""
    kept: list[tuple[Town, float]] = []
    for town, size in reversed(sizes):
        if len(kept) >= _LEAST_TOWNS and sum(one for _, one in kept) >= most:
            break
        kept.append((town, size))
    return kept


def _sizes(force_id: str, thousands: float) -> list[tuple[Town, float]]:
    names = [row["place"] for row in _rows("places.csv") if row["forces"].split()[0] == force_id]
    areas = [
        row["area"] for row in _rows("postcode_areas.csv") if row["forces"].split()[0] == force_id
    ] or [row["area"] for row in _rows("postcode_areas.csv") if force_id in row["forces"].split()]
    Random(force_id).shuffle(names)
    sizes = [thousands / (rank + 2) for rank in range(len(names))]
    scale = thousands / sum(sizes)
    found, used = [], dict.fromkeys(areas, 0)
    for rank, (name, size) in enumerate(zip(names, sizes, strict=True)):
        area = areas[rank % len(areas)]
        # An outward code for each 3,000 crimes a year: about 9,000 homes.
        many = max(1, round(size * scale / 3))
        codes = tuple(f"{area}{used[area] + at + 1}" for at in range(many))
        used[area] += many
        district = name if rank < 4 else names[rank % 4]
        found.append((Town(name, force_id, district, codes), size * scale))
    return found


def _rows(name: str) -> list[dict[str, str]]:
    with (REFERENCE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
