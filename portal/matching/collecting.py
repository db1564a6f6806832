"""Fewer rounds of the garbage collector while thousands of records are opened and compared.

What is made there is plain values without circles, freed by counting references: looking for
circles among them cost a fifth of all time.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

IN_STEPS, IN_LOTS = 50_000, 2_000_000
"""New values between two rounds: of a few thousand records, and of a hundred thousand at once."""


@contextmanager
def rare_collections(between: int = IN_STEPS) -> Iterator[None]:
    """Within the block the youngest generation is looked through once in so many new values."""
    was = gc.get_threshold()
    gc.set_threshold(max(was[0], between) if was[0] else 0, *was[1:])
    try:
        yield
    finally:
        gc.set_threshold(*was)
