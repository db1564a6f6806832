"""Checking automatic matches by hand, most of all those that were accepted by the least margin.

A wrong automatic match hides a crime that was never recorded, so that the share of crimes hidden
can be stated from an audit: errors per automatic match, times automatic matches per unrecorded
report (about 5 where 70 % are automatic and 14 % unrecorded). Sampling is by chance of error, and
the estimate weighs each answer by how likely it was to be drawn (Horvitz and Thompson 1952).
"""

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

from portal.matching.measuring import wilson

# Even the surest match is drawn at this share of an even draw: the model may be wrong about it.
_LEAST = 0.25


@dataclass(frozen=True, slots=True)
class Drawn:
    """A match to be checked: how likely it was to be drawn, 0 to 1."""

    match: Hashable
    chance: float


@dataclass(frozen=True, slots=True)
class Checked:
    """A checked match: how likely it was to be drawn, and whether it was right."""

    chance: float
    is_right: bool


@dataclass(frozen=True, slots=True)
class StatedError:
    """What an audit allows to be said, all shares 0 to 1, with 95 % limits.

    `error`: automatic matches that are wrong. `hidden`: unrecorded crimes that a wrong match
    hides, if every wrong match hides one. `counts_as`: the even draw of the same worth.
    """

    checked: int
    wrong: int
    counts_as: float
    error: float
    error_limits: tuple[float, float]
    hidden: float
    hidden_limits: tuple[float, float]


def audit_sample(matches: Iterable[tuple[Hashable, float]], size: int, *, seed: int) -> list[Drawn]:
    """About `size` of the automatic `matches` (each with its log-odds in bits), drawn by chance of
    error, lowest accepted first. The same seed draws the same. Raises ValueError.
    """
    if size < 1:
        raise ValueError("an audit checks at least one match")
    ordered = sorted(matches, key=lambda pair: (pair[1], str(pair[0])))
    errors = [1 / (1 + 2.0 ** min(bits, 60.0)) for _, bits in ordered]
    chances = _chances(errors, size)
    random = Random(seed)  # noqa: S311
    start, total = random.random(), 0.0
    drawn: list[Drawn] = []
    # Systematic drawing: one step of 1 along the chances laid end to end.
    for (match, _), chance in zip(ordered, chances, strict=True):
        before = math.floor(total - start)
        total += chance
        if math.floor(total - start) > before:
            drawn.append(Drawn(match, chance))
    return drawn


def _chances(errors: Sequence[float], size: int) -> list[float]:
    """Chances of being drawn that add up to `size`, none above 1."""
    if size >= len(errors):
        return [1.0] * len(errors)
    mean = math.fsum(errors) / len(errors)
    sizes = [max(one, _LEAST * mean) for one in errors]
    sure: set[int] = set()
    while True:
        rest = math.fsum(one for number, one in enumerate(sizes) if number not in sure)
        scale = (size - len(sure)) / rest
        over = {n for n, one in enumerate(sizes) if n not in sure and one * scale >= 1}
        if not over:
            break
        sure |= over
    return [1.0 if number in sure else one * scale for number, one in enumerate(sizes)]


def stated_error(checked: Sequence[Checked], *, automatic: int, unrecorded: int) -> StatedError:
    """What the audit says of all `automatic` matches beside `unrecorded` alerted reports.

    Raises ValueError for an audit of nothing, or a chance that is none.
    """
    if not checked or unrecorded < 1:
        raise ValueError("nothing was checked, or there is nothing to be hidden")
    if not all(0 < one.chance <= 1 for one in checked):
        raise ValueError("each chance must be above 0 and up to 1")
    weights = [1 / one.chance for one in checked]
    whole = math.fsum(weights)
    wrong = math.fsum(w for w, one in zip(weights, checked, strict=True) if not one.is_right)
    error = wrong / whole
    # Kish 1965: an uneven draw is worth an even one of this size.
    counts_as = whole**2 / math.fsum(weight**2 for weight in weights)
    low, high = wilson(error * counts_as, counts_as)
    per_unrecorded = automatic / unrecorded
    return StatedError(
        checked=len(checked),
        wrong=sum(not one.is_right for one in checked),
        counts_as=counts_as,
        error=error,
        error_limits=(low, high),
        hidden=min(1.0, error * per_unrecorded),
        hidden_limits=(min(1.0, low * per_unrecorded), min(1.0, high * per_unrecorded)),
    )


def clean_needed(hidden: float, *, automatic: int, unrecorded: int) -> int:
    """How many checked matches, all right, allow to say with 95 % confidence that no more than the
    share `hidden` (0 to 1) of unrecorded crimes is hidden: 2,995 for 0.5 % at 5 to 1.
    """
    error = hidden * unrecorded / automatic
    if not 0 < error < 1:
        raise ValueError("the share must be above 0, and below what would hide everything")
    return math.ceil(math.log(0.05) / math.log(1 - error))
