"""Weighing four explanations of a pair, and all candidates of a report together with "no record".

A pair is the record of this event (M), or of an unrelated person (U), or of another event of the
same victim (S), or of a housemate (H) or co-victim (C, H at this very event). Against each rival k
it weighs W_k = log2(prior M / prior k) + the sum over fields of log2(P(level | M) / P(level | k)),
and against all together w = -log2(2^-W_U + 2^-W_S + 2^-W_H + 2^-W_C): log-odds in bits, base 2.
Two classes would let "the same person" outvote "another day" (Fellegi and Sunter 1969, with three
rivals; the third in its two forms).

Rivals are taken to lie about a report like a Poisson process: so many of each class are expected,
whether or not the report has a record. A record that is found thus competes with its being a rival
of a report that has none, so that the prior of M is the odds of having one: m / (1 - m).
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from portal.matching.levels import PERSON_FIELDS, Levels, is_of_household, show_one_home
from portal.matching.model import Bits, Model

_FIELDS = Levels._fields
_PEOPLE = len(PERSON_FIELDS)
_NUMBERS = _FIELDS.index("reference")
_FURTHEST = 1000.0


class Weights(NamedTuple):
    """What a pair weighs, in bits. The three subtotals hold their priors.

    unrelated: is it this person? another: is it this event and not another of theirs?
    housemate: is it them and not a housemate? total: all three together, before other candidates.
    personal: what the fields about the person alone say, without a prior.
    """

    unrelated: float
    another: float
    housemate: float
    total: float
    personal: float


class Posterior(NamedTuple):
    """Over the candidates of one report: the chance of each, its log-odds in bits, and the chance
    that the report has no record among them.
    """

    chances: tuple[float, ...]
    log_odds: tuple[float, ...]
    no_record: float


def weigh(
    levels: Levels, model: Model, *, kind: str = "any", in_their_name: bool = False
) -> Weights:
    """The weights of one pair for a report of this kind, one of `model.KINDS`; as the record of
    this person themselves with `in_their_name`, where it might bear that of another of their home.
    """
    unrelated, another, household, present = model.priors[kind]
    weights = model.weights
    personal, numbers, others = 0.0, 0.0, present
    for number, field in enumerate(_FIELDS):
        level = levels[number]
        if level == "missing":
            continue
        bits = weights[field][level]
        unrelated += bits[0]
        another += bits[1]
        household += bits[2]
        present += bits[3]
        if number < _PEOPLE:
            personal += bits[0]
            others += bits[3]
        elif number == _NUMBERS:
            numbers = bits[3]
    if not in_their_name and is_of_household(levels, model, kind=kind):
        # Of those at this event every second is a neighbour, where nothing shows that it is not.
        apart = 0.0 if show_one_home(levels) else 1.0
        # The record of this very crime has its number, whomever it names.
        more = gain(present - numbers + apart)
        unrelated, another, housemate = unrelated + more, another + more, household + more
        if apart:
            housemate = combine(housemate, present + apart + more)
        personal += gain(others + apart)
    else:
        housemate = combine(household, present)
    total = combine(unrelated, another, housemate)
    return Weights(unrelated, another, housemate, total, personal)


def gain(against: float) -> float:
    """What log-odds of M gain when a rival counts as M, from those of M against it. In bits."""
    return -combine(0.0, against)


def combine(*bits: float) -> float:
    """Log-odds of M against several rivals together, from those against each. In bits."""
    least = min(bits)
    return least - math.log2(sum(2.0 ** max(least - one, -_FURTHEST) for one in bits))


def field_bits(levels: Levels, model: Model) -> dict[str, Bits]:
    """What each field says against U, S, H and C, in bits; only fields that both sides have."""
    return {
        field: model.weights[field][level]
        for field, level in zip(_FIELDS, levels, strict=True)
        if level != "missing"
    }


def net_bits(levels: Levels, model: Model, *, kind: str = "any") -> dict[str, float]:
    """How much the total would fall if a field were not known, in bits: the length of its bar.

    A field speaks for the match above 0 and against it below. Bars need not add up to the total:
    what a second field confirms it does not say again.
    """
    total = weigh(levels, model, kind=kind).total
    return {
        field: total - weigh(levels._replace(**{field: "missing"}), model, kind=kind).total
        for field, level in zip(_FIELDS, levels, strict=True)
        if level != "missing"
    }


def posterior(totals: Sequence[float], events: Sequence[int] = ()) -> Posterior:
    """Bayes' rule over one report's candidates, of which at most one is its record, and "none".

    `totals` are the log-odds of each against its own rivals, in bits. `events` numbers the event
    of each: records of one event do not speak against each other's log-odds. A thousand candidates
    that all fit equally well leave each a thousandth: doubt, never a match.
    """
    top = max((0.0, *totals))
    sizes = [2.0 ** max(one - top, -_FURTHEST) for one in totals]
    none = 2.0 ** max(-top, -_FURTHEST)
    whole = math.fsum(sizes) + none
    chances = tuple(size / whole for size in sizes)
    rests = _rests(sizes, none, events or range(len(sizes)))
    log_odds = tuple(
        math.log2(size) - math.log2(rest) for size, rest in zip(sizes, rests, strict=True)
    )
    return Posterior(chances, log_odds, none / whole)


def _rests(sizes: Sequence[float], none: float, events: Sequence[int]) -> list[float]:
    """For each candidate the sum of all of other events: added up, for a difference would lose
    what is small beside it.
    """
    sums: dict[int, float] = {}
    for size, event in zip(sizes, events, strict=True):
        sums[event] = sums.get(event, 0.0) + size
    keys = list(sums)
    before, after = [none], [0.0]
    for key in keys[:-1]:
        before.append(before[-1] + sums[key])
    for key in reversed(keys[1:]):
        after.append(after[-1] + sums[key])
    pairs = zip(keys, before, reversed(after), strict=False)
    rests = {key: left + right for key, left, right in pairs}
    return [rests[event] for event in events]
