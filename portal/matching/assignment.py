"""One crime record for one victim once: duplicate reports together, then the best pairing.

Several reports may want one record. Reports of one person about one event are merged first, each
with every other of them, and share their record; what then competes is settled by optimal
assignment in each connected component, so that the whole is likeliest and no order of arrival
decides. Who loses goes to a person. One record may have several victims, and each may claim it.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from math import inf

Report = Hashable
_LARGEST = 40


@dataclass(frozen=True, slots=True)
class Wish:
    """A report that may be given a record for its victim. `claim` stands for record and victim:
    two wishes with one claim exclude each other. `log_odds` in bits. `has_other_number`: the report
    gives another number than the record has, so that the crime may be another one.
    """

    report: Report
    claim: Hashable
    log_odds: float
    has_other_number: bool = False


@dataclass(frozen=True, slots=True)
class Assigned:
    """What was given, and the wishes that lost against another report: these see a person."""

    given: tuple[Wish, ...]
    lost: tuple[Wish, ...]


def assign(wishes: Iterable[Wish], merged: Mapping[Report, Report] | None = None) -> Assigned:
    """The assignment with the greatest sum of log-odds, every claim given once.

    `merged` leads each duplicate report to the one that stands for it: they wish as one and are
    given the same record. Ties are broken by the order of claims and reports, never by chance. A
    component of more than 40 reports is no honest one: nobody in it is given anything.
    """
    leads = merged or {}
    ordered = sorted(wishes, key=lambda one: (str(one.report), str(one.claim)))
    given: list[Wish] = []
    lost: list[Wish] = []
    for component in _components(ordered, leads):
        chosen = _best(component, leads)
        for wish in component:
            won = chosen.get(leads.get(wish.report, wish.report)) == wish.claim
            (given if won else lost).append(wish)
    return Assigned(tuple(given), tuple(lost))


def rivals(wishes: Iterable[Wish]) -> dict[Report, set[Report]]:
    """The reports that want what another does, each with those of whom it may be a duplicate.

    The weightiest come first, so that what fits a record best stands for the others. None may be
    one with a report whose number, or its own, is another than that of a record that both want.
    In a crowd of more than 40 each stands for itself.
    """
    weights: dict[Report, float] = {}
    claims: dict[Hashable, list[Wish]] = {}
    for wish in wishes:
        weights[wish.report] = max(weights.get(wish.report, wish.log_odds), wish.log_odds)
        claims.setdefault(wish.claim, []).append(wish)
    beside: dict[Report, set[Report]] = {}
    apart: dict[Report, set[Report]] = {}
    for some in claims.values():
        for one, other in permutations(some, 2) if len(some) <= _LARGEST else ():
            is_other = one.has_other_number or other.has_other_number
            (apart if is_other else beside).setdefault(one.report, set()).add(other.report)
    ordered = sorted(beside, key=lambda one: (-weights[one], str(one)))
    return {one: beside[one] - apart.get(one, set()) for one in ordered}


def merge_duplicates(
    beside: Mapping[Report, Collection[Report]], is_duplicate: Callable[[Report, Report], bool]
) -> dict[Report, Report]:
    """Each report with the first of the reports that are the same event of the same person.

    `beside` gives each, as `rivals` does, in the order in which they lead. Who joins others is a
    duplicate of every one of them: two that are not one do not become so by a third.
    """
    order = {one: number for number, one in enumerate(beside)}
    leads: dict[Report, Report] = {}
    groups: dict[Report, list[Report]] = {}
    for one, others in beside.items():
        near = {leads[each] for each in others if each in leads}
        for lead in sorted(near, key=order.__getitem__):
            if all(each in others and is_duplicate(each, one) for each in groups[lead]):
                break
        else:
            lead = one
        leads[one] = lead
        groups.setdefault(lead, []).append(one)
    return leads


def _components(wishes: Sequence[Wish], leads: Mapping[Report, Report]) -> list[list[Wish]]:
    parents: dict[Hashable, Hashable] = {}

    def root(node: Hashable) -> Hashable:
        while parents.setdefault(node, node) != node:
            parents[node] = parents[parents[node]]
            node = parents[node]
        return node

    for wish in wishes:
        report = ("report", leads.get(wish.report, wish.report))
        parents[root(report)] = root(("claim", wish.claim))
    found: dict[Hashable, list[Wish]] = {}
    for wish in wishes:
        found.setdefault(root(("claim", wish.claim)), []).append(wish)
    return list(found.values())


def _best(component: Sequence[Wish], leads: Mapping[Report, Report]) -> dict[Report, Hashable]:
    """The claim that each leading report is given. Hungarian method, rows reports."""
    values: dict[tuple[Report, Hashable], float] = {}
    for wish in component:
        if wish.log_odds <= 0:
            continue
        pair = (leads.get(wish.report, wish.report), wish.claim)
        values[pair] = max(values.get(pair, wish.log_odds), wish.log_odds)
    reports = sorted({report for report, _ in values}, key=str)
    claims = sorted({claim for _, claim in values}, key=str)
    if len(reports) > _LARGEST or len(claims) > _LARGEST:
        return {}
    # A report may stay without: as many empty columns as reports, each worth nothing.
    width = len(claims) + len(reports)
    costs = [
        [-values.get((report, claim), 0.0) for claim in claims] + [0.0] * len(reports)
        for report in reports
    ]
    columns = _hungarian(costs, width)
    return {
        report: claims[column]
        for report, column in zip(reports, columns, strict=True)
        if column < len(claims) and (report, claims[column]) in values
    }


def _hungarian(costs: Sequence[Sequence[float]], width: int) -> list[int]:
    """The column of each row in the cheapest assignment (Kuhn 1955, with potentials; n²m)."""
    rows, columns = [0.0] * (len(costs) + 1), [0.0] * (width + 1)
    row_of = [0] * (width + 1)
    for row in range(1, len(costs) + 1):
        row_of[0] = row
        column, way = _reach(costs, rows, columns, row_of)
        while column:
            row_of[column] = row_of[way[column]]
            column = way[column]
    found = [0] * len(costs)
    for column in range(1, width + 1):
        if row_of[column]:
            found[row_of[column] - 1] = column - 1
    return found


def _reach(
    costs: Sequence[Sequence[float]], rows: list[float], columns: list[float], row_of: list[int]
) -> tuple[int, list[int]]:
    """The cheapest free column for the row at column 0, and the way to it. Moves potentials."""
    least, way = [inf] * len(columns), [0] * len(columns)
    used: list[int] = []
    free = set(range(1, len(columns)))
    column = 0
    while row_of[column]:
        used.append(column)
        here = row_of[column]
        for other in free:
            reduced = costs[here - 1][other - 1] - rows[here] - columns[other]
            if reduced < least[other]:
                least[other], way[other] = reduced, column
        column = min(free, key=lambda other: (least[other], other))
        delta = least[column]
        for other in used:
            rows[row_of[other]] += delta
            columns[other] -= delta
        for other in free:
            least[other] -= delta
        free.discard(column)
    return column, way
