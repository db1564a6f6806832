"""Drawing from weighted lists, and the lists that lie beside this module as text."""

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Generic, TypeVar

DATA = Path(__file__).with_name("data")
REFERENCE = Path(__file__).parents[3] / "portal" / "reference" / "data"

T = TypeVar("T")


class Weighted(Generic[T]):
    """Values with weights; `pick` draws one."""

    def __init__(self, values: Sequence[T], weights: Sequence[float]) -> None:
        self.values = list(values)
        self._sums = list(accumulate(weights))
        self._last = len(self.values) - 1

    def pick(self, random: Random) -> T:
        """One value, by weight."""
        place = bisect(self._sums, random.random() * self._sums[-1])
        return self.values[min(place, self._last)]


def by_rank(values: Sequence[T], *, flat: float = 6.0) -> Weighted[T]:
    """Weights that fall with the rank, as Zipf found; `flat` softens the fall at the top."""
    return Weighted(values, [1 / (rank + flat) for rank in range(len(values))])


def lines(name: str) -> list[tuple[str, list[str]]]:
    """The lines "head: word word ..." of a data file."""
    found = []
    for line in (DATA / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            head, _, rest = line.partition(":")
            found.append((head.strip(), rest.split()))
    return found
