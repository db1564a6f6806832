"""Two peers that anyone can write in an afternoon: the exact reference, and a ladder of rules.

A ladder takes the first rule that finds anything, as most forces' own look-ups do. Its score is
the rung, so that its curve goes from the strictest rule to all of them.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from tests.benchmarks.matching.flattening import Flat

Scores = dict[int, list[tuple[float, int]]]
Key = tuple[object, ...]


class Rule(NamedTuple):
    """A rung: what must be equal on both sides, and what else must hold."""

    words: str
    key: Callable[[Flat], Key]
    holds: Callable[[Flat, Flat], bool]


def _within(days: int) -> Callable[[Flat, Flat], bool]:
    def holds(one: Flat, other: Flat) -> bool:
        if one.since is None or one.until is None or other.since is None or other.until is None:
            return False
        return max(one.since, other.since) - min(one.until, other.until) <= days

    return holds


def _told_within(days: int) -> Callable[[Flat, Flat], bool]:
    def holds(one: Flat, other: Flat) -> bool:
        return (
            one.told is not None and other.told is not None and abs(one.told - other.told) <= days
        )

    return holds


def _alike(one: Flat, other: Flat) -> bool:
    return not one.families or not set(one.wider).isdisjoint(other.families)


def _both(*checks: Callable[[Flat, Flat], bool]) -> Callable[[Flat, Flat], bool]:
    return lambda one, other: all(check(one, other) for check in checks)


RULES = (
    Rule("reference", lambda row: (row.reference,), lambda one, other: True),
    Rule(
        "incident number and surname",
        lambda row: (row.incident, row.surname),
        lambda one, other: True,
    ),
    Rule(
        "name and birth date, within a week, offence alike",
        lambda row: (row.forename, row.surname, row.born),
        _both(_within(7), _alike),
    ),
    Rule(
        "telephone, within a week, offence alike",
        lambda row: (row.telephone,),
        _both(_within(7), _alike),
    ),
    Rule(
        "e-mail, within a week, offence alike",
        lambda row: (row.email,),
        _both(_within(7), _alike),
    ),
    Rule(
        "surname and birth date, within a month",
        lambda row: (row.surname, row.born),
        _within(31),
    ),
    Rule(
        "name and force, within three days, offence alike",
        lambda row: (row.forename, row.surname, row.force_id),
        _both(_within(3), _alike),
    ),
    Rule(
        "postcode and a name, told within three days, offence alike",
        lambda row: (row.postcode, row.surname or row.forename),
        _both(_told_within(3), _alike),
    ),
)


def ladder_scores(reports: Sequence[Flat], records: Iterable[Flat]) -> Scores:
    """For each report the records of the first rung that found any; 8 is the strictest rung."""
    held = list(records)
    scores: Scores = {}
    for number, rule in enumerate(RULES):
        wanted = defaultdict(list)
        for report in reports:
            if report.unique_id not in scores and all(key := rule.key(report)):
                wanted[key].append(report)
        found: Scores = {}
        for record in held:
            for report in wanted.get(rule.key(record), ()):
                if rule.holds(report, record):
                    rung = float(len(RULES) - number)
                    found.setdefault(report.unique_id, []).append((rung, record.unique_id))
        scores |= found
    return scores


def exact_scores(reports: Sequence[Flat], records: Iterable[Flat]) -> Scores:
    """For each report the records that bear its crime reference, in whatever way it was typed."""
    wanted = defaultdict(list)
    for report in reports:
        if report.reference:
            wanted[report.reference].append(report)
    scores: Scores = {}
    for record in records:
        for report in wanted.get(record.reference, ()):
            same_force = report.force_id in ("", record.force_id)
            scores.setdefault(report.unique_id, []).append((1.0 + same_force, record.unique_id))
    for links in scores.values():
        links.sort(reverse=True)
    return scores
