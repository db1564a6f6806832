"""One crime record for one victim once: duplicate reports together, then the best pairing.

Several reports may want one record. Reports of one person about one event are merged first and
share their record; what then competes is settled by optimal assignment in each connected
component, so that the whole is likeliest and no order of arrival decides. Who loses goes to a
person. One record may have several victims, and each may claim it.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf

Report = Hashable
_LARGEST = 40


@dataclass(frozen=True, slots=True)
class Wish:
    """A report that may be given a record for its victim. `claim` stands for record and victim:
    two wishes with one claim exclude each other. `log_odds` in bits.
    """

    report: Report
    claim: Hashable
    log_odds: float


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


def merge_duplicates(
    reports: Sequence[Report], is_duplicate: Callable[[Report, Report], bool]
) -> dict[Report, Report]:
    """Each report with the first of the reports that are the same event of the same person.

    `reports` are those that share a candidate, so that there are few to compare; in a crowd of
    more than 40 each stands for itself.
    """
    leads = {one: one for one in reports}
    if len(reports) > _LARGEST:
        return leads
    for number, one in enumerate(reports):
        for other in reports[:number]:
            if leads[other] == other and is_duplicate(other, one):
                leads[one] = other
                break
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
