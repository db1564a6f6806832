"""A share with its interval, apart from the product's own, so that the peers need nothing of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

_Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `of`, with the 95 % interval of Wilson 1927."""

    hits: int
    of: int

    @classmethod
    def of_all(cls, found: Sequence[bool]) -> "Share":
        """The share of those that are true."""
        return cls(sum(found), len(found))

    @property
    def value(self) -> float:
        """0 to 1; 0 where there are no cases."""
        return self.hits / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Both ends, 0 to 1; all of it where there are no cases."""
        if not self.of:
            return 0.0, 1.0
        square = _Z * _Z
        middle = (self.hits + square / 2) / (self.of + square)
        half = (
            _Z / (self.of + square) * sqrt(self.hits * (self.of - self.hits) / self.of + square / 4)
        )
        low = 0.0 if self.hits == 0 else max(0.0, middle - half)
        return low, 1.0 if self.hits == self.of else min(1.0, middle + half)

    def __str__(self) -> str:
        low, high = self.interval
        return (
            f"{percent(self.value)} ({self.hits:,} of {self.of:,}; "
            f"95 %: {percent(low)} to {percent(high)})"
        )


def percent(share: float) -> str:
    """Two decimals and the sign; a very small share keeps three."""
    return f"{100 * share:.3f} %" if 0 < share < 0.001 else f"{100 * share:.2f} %"
