"""A warning when what is compared is no longer like what the model was fitted on.

Weights hold as long as people and forces fill in what they filled in before. When the shares of
levels move (a force stops sending birth dates, a new reference format), the model is out of date
before anybody notices an error.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from portal.matching.model import LEVELS

# Both must be passed: surely moved, and moved enough to matter.
_SURE = 4.0
_ENOUGH = 0.02
_FEWEST = 200


@dataclass(frozen=True, slots=True)
class Moved:
    """A level whose share among automatic matches moved: from, to (0 to 1), and how surely
    (standard errors).
    """

    field: str
    level: str
    before: float
    now: float
    sureness: float


Counts = Mapping[str, Mapping[str, int]]


def moved_levels(before: Counts, now: Counts) -> tuple[Moved, ...]:
    """Levels, "missing" among them, whose shares moved, those that moved most first.

    Each side counts matches per field and level. Fewer than 200 of a side warn of nothing.
    """
    found: list[Moved] = []
    for field in LEVELS:
        one, other = before.get(field, {}), now.get(field, {})
        whole, latest = sum(one.values()), sum(other.values())
        if min(whole, latest) < _FEWEST:
            continue
        for level in ("missing", *LEVELS[field]):
            moved = _moved(field, level, (one.get(level, 0), whole), (other.get(level, 0), latest))
            if moved.sureness >= _SURE and abs(moved.now - moved.before) >= _ENOUGH:
                found.append(moved)
    return tuple(sorted(found, key=lambda one: (-abs(one.now - one.before), one.field, one.level)))


def _moved(field: str, level: str, before: tuple[int, int], now: tuple[int, int]) -> Moved:
    first, last = before[0] / before[1], now[0] / now[1]
    pooled = (before[0] + now[0]) / (before[1] + now[1])
    error = math.sqrt(pooled * (1 - pooled) * (1 / before[1] + 1 / now[1]))
    return Moved(field, level, first, last, abs(last - first) / error if error else 0.0)
