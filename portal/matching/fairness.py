"""Whether the model errs more for some people than for others, without telling who they are.

Errors by name origin, age, sex, offence and force, each with its interval. A cell of few reports
says little, and could point at somebody: it is not published, and neither is the next smallest
where it alone could be worked out from the total.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.matching.measuring import NOT_BY_RULES, Outcome, Share

DIMENSIONS = ("name origin", "age", "sex", "offence", "force")
FEWEST = 50
_UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Cell:
    """One group: how many unrecorded crimes of it are hidden, how many recorded reports are
    wrongly alerted, and how many reports go to a person. None where the cell is too small.
    """

    dimension: str
    group: str
    hidden: Share | None
    missed: Share | None
    to_a_person: Share | None


def fairness_table(
    cases: Iterable[tuple[Mapping[str, str], Outcome]], *, fewest: int = FEWEST
) -> tuple[Cell, ...]:
    """A cell for each group of each dimension. Every case says which group it is in, per
    dimension; what it does not say counts as "not known". Raises ValueError below 10 for `fewest`.
    """
    if fewest < 10:
        raise ValueError("a cell of fewer than 10 could point at somebody")
    all_ = list(cases)
    return tuple(cell for dimension in DIMENSIONS for cell in _cells(dimension, all_, fewest))


def _cells(
    dimension: str, cases: Sequence[tuple[Mapping[str, str], Outcome]], fewest: int
) -> list[Cell]:
    groups: dict[str, list[Outcome]] = {}
    for said, outcome in cases:
        groups.setdefault(said.get(dimension) or _UNKNOWN, []).append(outcome)
    unrecorded = {name: [o for o in all_ if not o.is_recorded] for name, all_ in groups.items()}
    recorded = {name: [o for o in all_ if o.is_recorded] for name, all_ in groups.items()}
    hidden = _published(unrecorded, fewest)
    missed = _published(recorded, fewest)
    everybody = _published(groups, fewest)
    return [
        Cell(
            dimension,
            name,
            _share([bool(o.links) for o in unrecorded[name]]) if name in hidden else None,
            _share([o.state == "alert" for o in recorded[name]]) if name in missed else None,
            _share([o.state in NOT_BY_RULES for o in groups[name]]) if name in everybody else None,
        )
        for name in sorted(groups)
    ]


def published(groups: Mapping[str, int], fewest: int) -> set[str]:
    """The groups of so many cases that are large enough, and large enough to hide the others
    among them, so that nothing can be worked out from a total that is shown.
    """
    small = {name for name, cases in groups.items() if 0 < cases < fewest}
    large = set(groups) - small - {name for name, cases in groups.items() if not cases}
    if len(small) == 1 and large:
        # One hole could be filled from the total; two cannot.
        large.discard(min(large, key=lambda name: (groups[name], name)))
    return large


def _published(groups: Mapping[str, Sequence[Outcome]], fewest: int) -> set[str]:
    return published({name: len(cases) for name, cases in groups.items()}, fewest)


def _share(found: Sequence[bool]) -> Share:
    return Share(sum(found), len(found))
