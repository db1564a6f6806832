"""The shares of class U, an unrelated person: counted on pairs drawn at random. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from portal.matching.levels import Levels
from portal.matching.model import LEVELS, Model, groups_of
from portal.matching.posterior import weigh

LEAST_SHARE = 1e-9
"""No level is ever rarer than this: a share of 0 would outvote all other evidence for ever."""


def stranger_shares(
    pairs: Sequence[Levels], start: Mapping[str, Any], model: Model
) -> dict[str, dict[str, float]]:
    """The share of each level among `pairs` by chance. What is too rare to be drawn keeps the share
    that it starts from.

    Of so many pairs one or two may belong together by chance, and what is rarest would hang on
    them: pairs that `model` takes for the same person are left out.
    """
    strangers = [one for one in pairs if weigh(one, model).unrelated < 0]
    found: dict[str, dict[str, float]] = {}
    for number, field in enumerate(LEVELS):
        counts = Counter(pair[number] for pair in strangers)
        if field == "offence":
            # What befell a stranger does not depend on when: too few befell somebody at once.
            counts = _whatever_the_condition(counts)
        shares: dict[str, float] = {}
        for group in groups_of(field):
            whole = max(sum(counts[level] for level in group), 1)
            raw = {
                level: max(
                    counts[level] / whole, min(start[field][level]["U"], 3 / whole), LEAST_SHARE
                )
                for level in group
            }
            shares |= {level: share / sum(raw.values()) for level, share in raw.items()}
        found[field] = shares
    return found


def _whatever_the_condition(counts: Counter[str]) -> Counter[str]:
    whole: Counter[str] = Counter()
    for level, count in counts.items():
        whole[level.rpartition("/")[2]] += count
    return Counter({level: whole[level.rpartition("/")[2]] for level in LEVELS["offence"]})
