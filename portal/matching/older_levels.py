"""Model files of earlier versions, read with the levels of today.

What a model weighed must stay explainable for as long as its decisions stand, and a fit may start
from any. A level that was told apart later had no share of its own: it gets a part of the share of
the level that it was counted with, equal in every class, so that its weight is what it was.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any

_COUNTED_WITH = {"rare-downgrade": "downgrade", "within": "same-day"}


def as_of_today(levels: Collection[str], data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The shares of a field for each of `levels`, in their order, from a file that may be older.

    Raises ValueError where a level is missing, or one too many.
    """
    if set(data) == set(levels):
        return data
    named = {level: _older(level, data) for level in levels}
    if set(named.values()) != set(data):
        raise ValueError(f"the levels must be {', '.join(levels)}")
    together = Counter((_condition(level), older) for level, older in named.items())
    parts = {level: together[_condition(level), older] for level, older in named.items()}
    return {
        level: {one: _part(share, parts[level]) for one, share in data[older].items()}
        for level, older in named.items()
    }


def _part(share: object, parts: int) -> object:
    """What is no share is left for `model` to refuse."""
    return share / parts if isinstance(share, float) else share


def _older(level: str, data: Collection[str]) -> str:
    """The level in the file under which this one was counted; itself when there is none."""
    condition, _, name = level.rpartition("/")
    earlier = _COUNTED_WITH.get(name, name)
    # The first version: reports passed on through us are as any, and offences have no condition.
    basis = condition.replace("/handed", "/received")
    names = (level, f"{condition}/{earlier}", f"{basis}/{earlier}", earlier)
    return next((one for one in names if one in data), level)


def _condition(level: str) -> str:
    return level.rpartition("/")[0]
