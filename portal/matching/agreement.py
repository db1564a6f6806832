"""How far two readers of the same case agree, beyond what chance would give. Pure."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from portal.matching.measuring import Share

LEAST_PAIRS = 10
"""With fewer pairs than this no kappa is stated: its interval would mean nothing."""
_Z = 1.959963984540054
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Kappa:
    """Cohen's kappa, -1 to 1 (0: no more than by chance), and its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of `same.of` cases that two people read apart, the share in which they said the same.

    `kappa` is None with few pairs, and where everybody always said one thing. `counts` holds how
    often each pair of first and second verdict came.
    """

    same: Share
    kappa: Kappa | None
    counts: dict[Pair, int]


def agreement(pairs: Sequence[Pair]) -> Agreement:
    """The agreement of pairs of verdicts, the first reader's and the second's."""
    same = Share(sum(one == other for one, other in pairs), len(pairs))
    return Agreement(same, _kappa(pairs), dict(Counter(pairs)))


def _kappa(pairs: Sequence[Pair]) -> Kappa | None:
    """Cohen 1960 (doi:10.1177/001316446002000104), with the large-sample error of Fleiss, Cohen
    and Everitt 1969 (doi:10.1037/h0028106).
    """
    n = len(pairs)
    if n < LEAST_PAIRS:
        return None
    names = sorted({one for pair in pairs for one in pair})
    cells = {pair: count / n for pair, count in Counter(pairs).items()}
    first = {name: sum(cells.get((name, other), 0.0) for other in names) for name in names}
    second = {name: sum(cells.get((other, name), 0.0) for other in names) for name in names}
    seen = math.fsum(cells.get((name, name), 0.0) for name in names)
    chance = math.fsum(first[name] * second[name] for name in names)
    if math.isclose(chance, 1.0):
        return None
    kappa = (seen - chance) / (1 - chance)
    diagonal = math.fsum(
        cells.get((name, name), 0.0) * (1 - (first[name] + second[name]) * (1 - kappa)) ** 2
        for name in names
    )
    beside = (1 - kappa) ** 2 * math.fsum(
        share * (second[one] + first[other]) ** 2
        for (one, other), share in cells.items()
        if one != other
    )
    spread = diagonal + beside - (kappa - chance * (1 - kappa)) ** 2
    half = _Z * math.sqrt(max(0.0, spread) / n) / (1 - chance)
    return Kappa(kappa, max(-1.0, kappa - half), min(1.0, kappa + half))
