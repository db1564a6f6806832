"""What a model got right and wrong on cases of which the truth is known, with intervals.

Counts and shares, never a score alone: a share of few cases says little, and says so.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

_Z = 1.959963984540054
# Edges of the calibration table, log-odds in bits.
_EDGES = (-3.0, 0.0, 2.0, 4.0, 6.0, 8.0, 10.0, math.inf)


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `of`, with the 95 % interval of Wilson 1927 (doi:10.1080/01621459.1927.10502953).

    All are 0 to 1; `of` = 0 leaves everything possible.
    """

    hits: int
    of: int

    @property
    def value(self) -> float:
        """The share itself; 0 where there are no cases."""
        return self.hits / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The two ends of the 95 % interval."""
        return wilson(self.hits, self.of)

    def __str__(self) -> str:
        low, high = self.interval
        return (
            f"{_percent(self.value)} ({self.hits:,} of {self.of:,}; "
            f"95 %: {_percent(low)} to {_percent(high)})"
        )


def wilson(hits: float, of: float, z: float = _Z) -> tuple[float, float]:
    """The Wilson interval of a share; (0, 1) where there are no cases. Raises ValueError."""
    if not 0 <= hits <= of:
        raise ValueError("hits must lie between 0 and the number of cases")
    if of == 0:
        return 0.0, 1.0
    middle = (hits + z * z / 2) / (of + z * z)
    half = z / (of + z * z) * math.sqrt(hits * (of - hits) / of + z * z / 4)
    low = 0.0 if hits == 0 else max(0.0, middle - half)
    return low, 1.0 if hits == of else min(1.0, middle + half)


NOT_BY_RULES = frozenset({"review", "confirm", "ask"})
"""States in which a person or the victim is asked. A card counts all of them as for a person: it
cannot know who will answer."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One report of which the truth is known.

    `state` is one of `zones.State`. `links`: for each automatic match whether it is right.
    `weighed`: log-odds (bits) of each candidate above the alert limit, and its truth.
    `is_full`: name, birth date, contact and reference were all given.
    """

    is_recorded: bool
    is_sexual: bool
    state: str
    links: tuple[bool, ...] = ()
    weighed: tuple[tuple[float, bool], ...] = ()
    is_full: bool = False


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Candidates within a band of log-odds (bits): the mean chance stated, and the share right."""

    low: float
    high: float
    stated: float
    seen: Share


@dataclass(frozen=True, slots=True)
class Figures:
    """What a model did with a set of reports. `hidden`: unrecorded crimes with an automatic match;
    `missed`: recorded reports alerted as unrecorded; `alerts`: alerts that are right.
    """

    reports: int
    hidden: Share
    hidden_sexual: Share
    automatic: Share
    right: Share
    alerts: Share
    missed: Share
    to_a_person: Share
    to_a_person_full: Share
    calibration: tuple[Calibrated, ...]


def measure(outcomes: Iterable[Outcome]) -> Figures:
    """The figures of a set of outcomes."""
    all_ = list(outcomes)
    unrecorded = [one for one in all_ if not one.is_recorded]
    recorded = [one for one in all_ if one.is_recorded]
    full = [one for one in all_ if one.is_full]
    links = [right for one in all_ for right in one.links]
    return Figures(
        reports=len(all_),
        hidden=_share([bool(one.links) for one in unrecorded]),
        hidden_sexual=_share([bool(one.links) for one in unrecorded if one.is_sexual]),
        automatic=_share([one.state == "automatic" for one in all_]),
        right=_share(links),
        alerts=_share([not one.is_recorded for one in all_ if one.state == "alert"]),
        missed=_share([one.state == "alert" for one in recorded]),
        to_a_person=_share([one.state in NOT_BY_RULES for one in all_]),
        to_a_person_full=_share([one.state in NOT_BY_RULES for one in full]),
        calibration=_calibration([pair for one in all_ for pair in one.weighed]),
    )


def _share(found: Sequence[bool]) -> Share:
    return Share(sum(found), len(found))


def _calibration(weighed: Sequence[tuple[float, bool]]) -> tuple[Calibrated, ...]:
    rows = []
    for low, high in pairwise(_EDGES):
        within = [(bits, right) for bits, right in weighed if low <= bits < high]
        if within:
            stated = math.fsum(1 / (1 + 2.0**-bits) for bits, _ in within) / len(within)
            seen = _share([right for _, right in within])
            rows.append(Calibrated(low, high, stated, seen))
    return tuple(rows)


def _percent(share: float) -> str:
    return f"{100 * share:.2f} %"
