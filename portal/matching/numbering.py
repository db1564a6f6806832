"""Crime references and incident numbers as a side of a comparison holds them. Pure."""

from collections.abc import Callable, Iterable, Sequence

from portal.matching.normalising import MOST_VALUES
from portal.reference.crime_references import LONGEST_TYPED, number_keys, reference_keys

SHORTEST_RUN = 7
"""With fewer figures they are none of a number in one run."""
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
    keys, numbers = _keys(references, _crime_keys), _keys(calls, number_keys)
    return keys, numbers, _runs(references, keys), _runs(calls, numbers)


def _keys(texts: Sequence[str], keys_of: Callable[[str], _Values]) -> _Values:
    if len(texts) == 1:
        return keys_of(texts[0])
    found: set[str] = set()
    for text in texts:
        if len(found) >= MOST_VALUES:
            break
        found |= keys_of(text)
    return frozenset(found)


def _crime_keys(text: str) -> _Values:
    """As `reference_keys`; five figures alone are the end of a number, and keep zeros in front."""
    found = reference_keys(text)
    if len(found) == 1 and (key := next(iter(found))).isdigit() and len(key) < TAIL:
        figures = "".join(sign for sign in text if "0" <= sign <= "9")
        return found | {figures} if len(figures) == TAIL else found
    return found


def _runs(texts: Sequence[str], keys: Iterable[str]) -> _Values:
    """The figures as typed and as normalised: zeros in front of a part may be there or not."""
    found: set[str] = set()
    for text in (*texts[:MOST_VALUES], *keys):
        if text.isascii() and len(text) <= LONGEST_TYPED:
            run = text.translate(_NO_FIGURES).lstrip("0")
            if len(run) >= SHORTEST_RUN:
                found.add(run)
    return frozenset(found)
