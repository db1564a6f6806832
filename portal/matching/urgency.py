"""Which case a person should read first: chance of being unrecorded, harm, and age. Pure."""

import math
from collections.abc import Collection, Iterable
from datetime import timedelta
from functools import cache

from portal.reference.categories import all_categories, find_category

_DAY = timedelta(days=1)
_LEFT_OUT = frozenset({"early", "taken", "outdated"})
_COUNTS_NOT = frozenset({"removed", "no-crime"})


def harm_of(category: str) -> float:
    """The ONS Crime Severity weight of a category of allegation; the middle one where it has none.

    "Not sure what it was" must neither jump the queue nor wait for ever.
    """
    found = find_category(category)
    weight = found.severity_weight if found else None
    return weight if weight is not None else _middle()


def count_unrecorded(
    no_record: float, candidates: Iterable[tuple[float | None, Collection[str]]]
) -> float:
    """The chance of no record as the queue counts it, from the model's and the chance and the gates
    of each candidate.

    Some gates say what no chance knows: police had the record before it happened, another report
    has it, or nobody can read what the force made of it since. Each leaves two ways, that it is
    another crime or not. Nobody has counted which is how often, so each is taken for half, and half
    of what the model gives to such a record is no record. What was removed, or is no crime record,
    has no part in `no_record`.
    """
    doubted = (
        chance or 0.0
        for chance, gates in candidates
        if not _LEFT_OUT.isdisjoint(gates) and _COUNTS_NOT.isdisjoint(gates)
    )
    return min(1.0, no_record + math.fsum(doubted) / 2)


def urgency(no_record: float, harm: float, waited: timedelta) -> float:
    """How urgent a case is: the harm that would stay unrecorded, times the days it has waited.

    A product, so that none of the three can be read away by the others: a case that is sure to
    have its record waits, however grave, and no case waits for ever. The first day counts as one.
    """
    days = max(0.0, waited / _DAY)
    return no_record * harm * (1.0 + days)


@cache
def _middle() -> float:
    weights = sorted(
        one.severity_weight for one in all_categories() if one.severity_weight is not None
    )
    return weights[len(weights) // 2]
