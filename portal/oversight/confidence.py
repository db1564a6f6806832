"""How far people trusted what the police did, from numbers alone. Read only.

Only quarters that are over, so that a number that grew by one tells nobody's answer. A cell of
fewer than ten answers is not shown, and neither is the next smallest where it could be worked out.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.clock import to_london
from portal.matching.fairness import published
from portal.matching.measuring import Share
from portal.reports.milestones import MILESTONES
from portal.reports.survey_models import SurveyCount
from portal.reports.surveys import ITEMS, NOT_SAID

FEWEST = 10
QUARTERS = 4
_AGREES = 4


@dataclass(frozen=True)
class Figure:
    """One cell: how many of those who answered said "yes, mostly" or "fully"; None if too few."""

    item: str
    group: str
    share: Share | None


@dataclass(frozen=True)
class Confidence:
    """The figures of some quarters, each item in all, by milestone and by force."""

    quarters: Sequence[str]
    in_all: Sequence[Figure]
    by_milestone: Sequence[Figure]
    by_force: Sequence[Figure]


def finished_quarters(now: datetime, *, count: int = QUARTERS) -> list[str]:
    """The last quarters that are over, oldest first: "2026-Q1"."""
    local = to_london(now)
    running = local.year * 4 + (local.month - 1) // 3
    return [f"{one // 4}-Q{one % 4 + 1}" for one in range(running - count, running)]


def confidence(session: Session, account: Account, *, now: datetime) -> Confidence:
    """The figures that this person may see: of their own force, or of all for an inspector."""
    quarters = finished_quarters(now)
    query = select(SurveyCount).where(
        SurveyCount.quarter.in_(quarters), SurveyCount.answer != NOT_SAID
    )
    if account.role != "inspector":
        query = query.where(SurveyCount.force_id == (account.force_id or "-"))
    rows = session.scalars(query).all()
    forces = sorted({one.force_id for one in rows}) if account.role == "inspector" else []
    return Confidence(
        quarters,
        _figures([("", one) for one in rows], [""]),
        _figures([(one.milestone, one) for one in rows], MILESTONES),
        _figures([(one.force_id, one) for one in rows], forces),
    )


def _figures(rows: Sequence[tuple[str, SurveyCount]], groups: Sequence[str]) -> list[Figure]:
    shares = {item: _shares(rows, item) for item in ITEMS}
    return [
        Figure(item, group, shares[item].get(group))
        for group in groups
        for item in ITEMS
        if any(each.item == item and name == group for name, each in rows)
    ]


def _shares(rows: Sequence[tuple[str, SurveyCount]], item: str) -> Mapping[str, Share]:
    """The share of each group that is large enough, and large enough to hide the others."""
    agree, of = defaultdict[str, int](int), defaultdict[str, int](int)
    for group, one in rows:
        if one.item == item:
            of[group] += one.number
            agree[group] += one.number if one.answer >= _AGREES else 0
    return {name: Share(agree[name], of[name]) for name in published(of, FEWEST)}
