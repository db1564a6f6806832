"""Crime references and incident numbers as a side of a comparison holds them. Pure."""

from collections.abc import Iterable, Sequence

from portal.matching.normalising import MOST_VALUES, usable
from portal.reference.crime_references import (
    LONGEST_TYPED,
    normalise_incident_number,
    reference_keys,
)

_SHORTEST_RUN = 7
TAIL = 5
"""So many of its last figures stand for a number that was cut short."""
_NO_FIGURES = {sign: None for sign in range(128) if not 48 <= sign <= 57}
_Values = frozenset[str]
_NOTHING: tuple[_Values, _Values, _Values, _Values] = (frozenset(),) * 4


def numbers_of(
    references: Iterable[str], incident_numbers: Iterable[str]
) -> tuple[_Values, _Values, _Values, _Values]:
    """The references, the incident numbers, and the figures of each in one run, from raw text."""
    references, calls = tuple(references), tuple(incident_numbers)
    if not (references or calls):
        return _NOTHING
    keys = _reference_keys(references)
    # A crime reference in the other box may have its year in four figures too.
    numbers = usable(normalise_incident_number, calls) | _reference_keys(calls)
    return keys, numbers, _runs(references, keys), _runs(calls, numbers)


def _reference_keys(texts: Sequence[str]) -> _Values:
    if len(texts) == 1:
        return reference_keys(texts[0])
    found: set[str] = set()
    for text in texts:
        if len(found) >= MOST_VALUES:
            break
        found |= reference_keys(text)
    return frozenset(found)


def _runs(texts: Sequence[str], keys: Iterable[str]) -> _Values:
    """The figures as typed and as normalised: zeros in front of a part may be there or not. Five
    that begin with a zero are the end of a number, and keep it.
    """
    found: set[str] = set()
    for text in (*texts[:MOST_VALUES], *keys):
        if text.isascii() and len(text) <= LONGEST_TYPED:
            figures = text.translate(_NO_FIGURES)
            run = figures.lstrip("0")
            if len(run) >= _SHORTEST_RUN:
                found.add(run)
            elif run and len(figures) == TAIL > len(run):
                found.add(figures)
    return frozenset(found)
