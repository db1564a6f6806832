"""Crime references and incident numbers, and how people type them."""

from datetime import datetime
from random import Random

from portal.cli.story.plans import REFERENCE_STARTS
from portal.clock import to_london

_FORMATS = (
    "{force}{year}{serial}",
    "{force}/{year}/{serial}",
    "{force} {year}{serial}",
    "{force}{year} / {serial}",
    "Crime ref no {force}{year}{serial}",
    "{force}-{year}-{serial}",
)


class Numbers:
    """Gives out references and incident numbers, each once."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._given: set[str] = set()

    def reference(self, force: str, at: datetime) -> str:
        """A crime reference in the national format: force, year, seven digits."""
        return self._new(f"{REFERENCE_STARTS[force]}{to_london(at):%y}", 10_000, 8_000_000)

    def incident(self, force: str, at: datetime) -> str:
        """The number of a call: force, year and month, six digits."""
        return self._new(f"{REFERENCE_STARTS[force]}{to_london(at):%y%m}", 100_000, 1_000_000)

    def _new(self, start: str, least: int, most: int) -> str:
        width = len(str(most - 1))
        while True:
            number = f"{start}{self._rng.randrange(least, most):0{width}}"
            if number not in self._given:
                self._given.add(number)
                return number


def typed(rng: Random, reference: str) -> str:
    """A reference as one of six kinds of people types it."""
    parts = {"force": reference[:2], "year": reference[2:4], "serial": reference[4:]}
    return rng.choice(_FORMATS).format(**parts)


def slipped(rng: Random, reference: str) -> str:
    """A reference with two different neighbouring digits of its number changed round."""
    places = [n for n in range(5, len(reference)) if reference[n - 1] != reference[n]]
    if not places:
        return reference
    at = rng.choice(places)
    return reference[: at - 1] + reference[at] + reference[at - 1] + reference[at + 1 :]
