"""How many records are matched in one step: as many as take about a quarter of a second.

On SQLite whoever sends a report waits until a step is done. On a slow disk, among a million
records, that would be ten times as long for as many as it is on a quick one; and small steps cost
a quick one more in all.
"""

from collections.abc import Callable, Iterator, Sequence
from time import perf_counter
from typing import TypeVar

T = TypeVar("T")

STEP = 0.25
"""Seconds that a step should take."""
FIRST, FEWEST, MOST = 500, 50, 1_000
_MOST_CHANGE = 2.0


def in_steps(
    items: Sequence[T], *, clock: Callable[[], float] = perf_counter
) -> Iterator[Sequence[T]]:
    """All items in order, so many at a time as suits what the caller took for those before.

    `clock` gives seconds. The first step has 500; none more than 1,000, or fewer than 50 but the
    last.
    """
    start, many = 0, FIRST
    while start < len(items):
        some = items[start : start + many]
        began = clock()
        yield some
        seconds = clock() - began
        start += len(some)
        change = min(_MOST_CHANGE, STEP / seconds) if seconds > 0 else _MOST_CHANGE
        many = round(min(MOST, max(FEWEST, len(some) * max(change, 1 / _MOST_CHANGE))))
