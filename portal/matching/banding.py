"""How common each name is, in bands: to share the name Smith says less than to share a rare one."""

from collections import Counter
from collections.abc import Iterable

# A name is in band 1 from so many in a thousand people, and so on.
_BANDS = (8.0, 2.0, 0.5, 0.125)
_FEWEST_PEOPLE = 10


def name_bands(names: Iterable[str]) -> list[str]:
    """The commonest names in four lists, as a model file holds them: one entry of `names` for each
    person. A name that fewer than ten people have is left out, for it might lead to somebody.
    """
    counts = Counter(name for name in names if name)
    people = counts.total()
    bands: list[list[str]] = [[], [], [], []]
    for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        share = 1000 * count / people
        band = next((number for number, least in enumerate(_BANDS) if share >= least), None)
        if band is not None and count >= _FEWEST_PEOPLE:
            bands[band].append(name)
    return [" ".join(band) for band in bands]
