"""The matching model as data with a version: what each level of agreement says, and the limits.

A model file holds, for each field, how often each level comes out among pairs of four classes:
M, the record of this very event; U, an unrelated person; S, the same victim and another event; and
the people around them in two forms, H, a housemate's own event, and C, somebody else who was at
this event. From them come weights in bits, log2 of a likelihood ratio (Fellegi and Sunter 1969,
doi:10.1080/01621459.1969.10501049). A file that does not hold together is refused.

A level "exact/recorded/same-day" is conditional: of the pairs whose `when` is "exact" and of which
only the day of recording is known, the share recorded on the day that police were told. Another
crime of last week was also recorded last week, so that the two fields taken as independent would
count one coincidence twice. In the same way numbers are conditional on having been told together,
and so are offences: two crimes against one person, told at once, are of two kinds, for police count
one crime for each victim however often the same was done to them (Home Office Counting Rules).
H and C are two for the same reason.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from portal.errors import Misconfigured
from portal.matching.older_levels import as_of_today

DATA = Path(__file__).parent / "data"
CURRENT = "four-class-5"
RIVALS = ("U", "S", "H", "C")
CLASSES = ("M", *RIVALS)
HOUSEHOLD = "household"
KINDS = ("any", HOUSEHOLD, "sexual")
_OFFENCES = ("same", "related", "downgrade", "rare-downgrade", "other")
# Every field with its levels but "missing", which is neutral and has no weight.
LEVELS: dict[str, tuple[str, ...]] = {
    "forename": (
        *("same-1", "same-2", "same-3", "same-4", "same-5", "nickname", "middle"),
        *("initial", "sounds", "swapped", "different"),
    ),
    "surname": (
        *("same-1", "same-2", "same-3", "same-4", "same-5", "part", "sounds"),
        *("swapped", "different"),
    ),
    "birth_date": ("same", "same-new-year", "turned", "slip", "year", "different"),
    "telephone": ("same", "slip", "different"),
    "email": ("same", "slip", "different"),
    "reference": tuple(
        f"{group}/{level}"
        for group in ("together", "apart", "unknown")
        for level in ("same", "run", "slip", "tail", "incident", "near-incident", "different")
    ),
    "place": ("unit", "sector", "district", "town", "different"),
    "when": (
        *("same-day", "same-week", "same-month", "same-season", "next-day", "days-apart"),
        *("week-apart", "month-apart", "season-apart", "far-apart"),
    ),
    "delay": tuple(
        f"{group}/{basis}/{delay}"
        for group in ("exact", "overlap", "near", "week", "far", "unknown")
        for basis in ("handed", "received", "recorded")
        for delay in (
            *("impossible", "long-before", "before", "day-before", "same-day", "within"),
            *("day-after", "days-after", "week-after", "month-after", "later"),
        )
    ),
    "offence": tuple(
        f"{group}/{level}" for group in ("exact", "overlap", "near", "apart") for level in _OFFENCES
    ),
    "force": ("same", "different"),
}
PERSON = ("forename", "surname", "birth_date", "telephone", "email")
RULES = (
    *("reference", "incident", "telephone", "email", "birth-surname", "birth-forename"),
    "birth-force",
    *("name-force", "name", "postcode", "surname-district", "surname-town", "forename-town"),
    *("tail-force", "nine-digits", "town-offence-day"),
)
NUMBERS = "reference"
_TOLD = ("together", "apart", "unknown")
_BANDS = (1, 2, 3, 4)

Bits = tuple[float, float, float, float]
Shares = tuple[float, float, float, float, float]
_APART = "apart/"
_NEUTRAL: Bits = (0.0, 0.0, 0.0, 0.0)


class BadModel(Misconfigured):
    """A model file that does not hold together: which, and why."""

    def __init__(self, version: str, reason: str) -> None:
        super().__init__(f"The matching model {version} was refused: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Limits:
    """Gates and zones for one kind of report, in bits; see `zones` for how they are used.

    The three `least_` are the least that may speak against each rival for an automatic match.
    """

    automatic: float
    likely: float
    alert: float
    personal: float
    least_unrelated: float
    least_another: float
    least_housemate: float


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where the model stops looking. `most_found`: with more candidates a report has too many to
    tell them apart. `kept_below`: so many bits below the limit of an alert a pair is still kept.
    `same_person`: the bits about the person that make two reports of one event one.
    """

    most_found: int
    kept_below: float
    same_person: float


@dataclass(frozen=True, slots=True)
class Model:
    """A model, ready to be used. `weights` are per field and level against U, S, H and C, in
    bits; `shares` the probabilities that they come from, per field, level and class M, U, S, H, C.

    `priors` and `limits` are per kind of report, one of KINDS. `unites_households`: that police may
    name any of a household is counted (`posterior`); models made before it have no such kind, and
    judge these like any. `windows` give each rule of candidates its days; None is without a limit.
    `unrelated`: what every field but the numbers says against U alone, in their order;
    `most_of_numbers`: the most that numbers can, by whether both were told together.
    `common_offences`: codes that many records have, None in models that do not tell them apart.
    """

    version: str
    about: Mapping[str, Any]
    shares: Mapping[str, Mapping[str, Shares]]
    weights: Mapping[str, Mapping[str, Bits]]
    priors: Mapping[str, Bits]
    limits: Mapping[str, Limits]
    unites_households: bool
    bounds: Bounds
    windows: Mapping[str, int | None]
    unrelated: tuple[Mapping[str, float], ...]
    most_of_numbers: Mapping[str, float]
    forename_bands: dict[str, int]
    surname_bands: dict[str, int]
    common_offences: frozenset[str] | None

    def person_bits(self, levels: Iterable[str]) -> float:
        """Bits that the five fields about a person say against "an unrelated person"."""
        return math.fsum(
            self.weights[field][level][0] for field, level in zip(PERSON, levels, strict=True)
        )


@cache
def load_model(version: str = CURRENT, directory: Path = DATA) -> Model:
    """The model of this version. Raises BadModel when there is none or it does not hold."""
    if not version.replace("-", "").isalnum():
        raise BadModel(version[:40], "a version is written in letters, figures and dashes")
    try:
        data = json.loads((directory / f"model_{version}.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadModel(version, "there is no such file") from None
    except (ValueError, RecursionError):
        raise BadModel(version, "it is not JSON in UTF-8") from None
    return read_model(data, version)


def read_model(data: Mapping[str, Any], version: str) -> Model:
    """A model from its data. Raises BadModel."""
    try:
        if data["version"] != version:
            raise BadModel(version, "the file names another version")
        shares = {field: _shares(data["fields"][field], field) for field in LEVELS}
        weights = {field: _weights(levels, field) for field, levels in shares.items()}
        return Model(
            version=version,
            about=dict(data["about"]),
            shares=shares,
            weights=weights,
            priors={kind: _priors(_of(data["expected"], kind)) for kind in KINDS},
            limits={kind: _limits(_of(data["limits"], kind)) for kind in KINDS},
            unites_households=HOUSEHOLD in data["expected"],
            bounds=_bounds(data["bounds"]),
            unrelated=tuple(_unrelated(weights[field]) for field in LEVELS if field != NUMBERS),
            most_of_numbers={group: _most(weights[NUMBERS], group) for group in _TOLD},
            windows={rule: _window(data["windows"][rule]) for rule in RULES},
            forename_bands=_bands(data["names"]["forenames"]),
            surname_bands=_bands(data["names"]["surnames"]),
            common_offences=_offences(data.get("common_offences")),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise BadModel(version, f"something is missing or misplaced: {error}") from None
    except ValueError as error:
        raise BadModel(version, str(error)) from None


def _of(data: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = data["any" if kind == HOUSEHOLD and kind not in data else kind]
    return found


def _shares(data: Mapping[str, Any], field: str) -> dict[str, Shares]:
    data = as_of_today(LEVELS[field], data)
    for one in CLASSES:
        shares = [data[level][one] for level in data]
        # Nothing is impossible: a share of 0 would outvote all other evidence for ever.
        if not all(isinstance(share, float) and 0 < share <= 1 for share in shares):
            raise ValueError(f"{field}, class {one}: each share must be above 0 and up to 1")
        for group in _grouped(data):
            whole = math.fsum(data[level][one] for level in group)
            if not math.isclose(whole, 1, abs_tol=1e-3):
                raise ValueError(f"{field}, class {one}: the shares must add up to 1")
    return {level: tuple(data[level][one] for one in CLASSES) for level in LEVELS[field]}


def groups_of(field: str) -> list[list[str]]:
    """The levels of a field in groups whose shares add up to 1: one, or one per condition."""
    return _grouped(LEVELS[field])


def _grouped(levels: Iterable[str]) -> list[list[str]]:
    found: dict[str, list[str]] = {}
    for level in levels:
        found.setdefault(level.rpartition("/")[0], []).append(level)
    return list(found.values())


def _weights(shares: Mapping[str, Shares], field: str) -> dict[str, Bits]:
    found = {level: _ratios(*each) for level, each in shares.items()} | {"missing": _NEUTRAL}
    if field == "offence":
        # What was kept before offences were conditional stays readable until it is compared anew.
        found |= {level.removeprefix(_APART): found[level] for level in shares if _APART in level}
    return found


def _ratios(m: float, u: float, s: float, h: float, c: float) -> Bits:
    return math.log2(m / u), math.log2(m / s), math.log2(m / h), math.log2(m / c)


def _priors(expected: Mapping[str, Any]) -> Bits:
    counts = [expected[one] for one in CLASSES]
    if not all(isinstance(count, float) and 0 < count < math.inf for count in counts):
        raise ValueError("expected: each number of records per report must be above 0")
    m, u, s, h, c = counts
    if m >= 1:
        raise ValueError("expected: a report has less than one record of its own event")
    return _ratios(m / (1 - m), u, s, h, c)


def _limits(data: Mapping[str, Any]) -> Limits:
    limits = Limits(**{name: float(value) for name, value in data.items()})
    if not limits.alert <= limits.likely <= limits.automatic < math.inf:
        raise ValueError("limits: alert, likely and automatic must come in this order")
    return limits


def _bounds(data: Mapping[str, Any]) -> Bounds:
    bounds = Bounds(int(data["most_found"]), float(data["kept_below"]), float(data["same_person"]))
    if bounds.most_found < 1 or not 0 < bounds.kept_below < math.inf:
        raise ValueError("bounds: most_found is 1 or more, and kept_below above 0")
    return bounds


def _unrelated(weights: Mapping[str, Bits]) -> dict[str, float]:
    return {level: bits[0] for level, bits in weights.items()}


def _most(weights: Mapping[str, Bits], group: str) -> float:
    """0 is what numbers say that are not there."""
    return max(0.0, *(bits[0] for level, bits in weights.items() if level.startswith(group)))


def _window(days: object) -> int | None:
    if days is None or (isinstance(days, int) and days >= 0):
        return days
    raise ValueError("windows: a number of days, or null for no limit")


def _offences(data: str | None) -> frozenset[str] | None:
    return None if data is None else frozenset(data.split())


def _bands(data: Sequence[str]) -> dict[str, int]:
    if len(data) != len(_BANDS):
        raise ValueError(f"names: {len(_BANDS)} lists, the commonest names first")
    return {name: band for band, names in zip(_BANDS, data, strict=True) for name in names.split()}
