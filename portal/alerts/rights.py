"""The clocks of the Victims' Code: worked out from what is known to have begun. Pure.

They are shown with their arithmetic and raise nothing: we do not see whether somebody was told.
Nothing here touches the recording limit, and nothing there touches these.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from portal.clock import to_london
from portal.reference.code_rights import CodeRight, Starts
from portal.reference.working_days import Count, count_on

CHARGED = frozenset({1})
"""Outcome types that mean that somebody was charged or summonsed."""
ENDED = frozenset({5, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 21})
"""Outcome types with which police stop and nobody is charged. Others are left out: an out-of-court
disposal has rules of its own, and a transfer (20) or fraud (19) goes on elsewhere."""


@dataclass(frozen=True)
class Begun:
    """Something that began the days of a right, and when."""

    starts: Starts
    at: datetime


@dataclass(frozen=True)
class RightClock:
    """A right with the days counted. `enhanced` is the count under Enhanced Rights where they
    differ and it is not known whether the person has them; else None.
    """

    right: CodeRight
    started_at: datetime
    days: int
    count: Count
    enhanced: Count | None

    @property
    def until(self) -> date:
        """The London day by whose end it should have been done."""
        return self.count.last


def begun_with(
    told_at: datetime | None, outcome_type: int | None, outcome_at: datetime | None
) -> list[Begun]:
    """What is known to have begun: police were told; and how it ended, when that has a time."""
    begun = [Begun("told", told_at)] if told_at else []
    if outcome_at is not None and outcome_type in CHARGED:
        begun.append(Begun("charge", outcome_at))
    elif outcome_at is not None and outcome_type in ENDED:
        begun.append(Begun("end", outcome_at))
    return begun


def work_out_rights(
    begun: Sequence[Begun],
    rights: Sequence[CodeRight],
    *,
    surely_enhanced: bool,
    holidays: Mapping[date, str],
) -> list[RightClock]:
    """Every right that holds, counted from what began it.

    Left out is what cannot be counted, because bank holidays of that year are not known.
    """
    found: list[RightClock] = []
    for one in begun:
        first = to_london(one.at).date()
        for right in rights:
            if right.starts != one.starts or not right.holds_on(first):
                continue
            days = right.enhanced_days if surely_enhanced else right.days
            count = count_on(first, days, holidays)
            if count is None:
                continue
            differs = right.enhanced_days != right.days and not surely_enhanced
            enhanced = count_on(first, right.enhanced_days, holidays) if differs else None
            found.append(RightClock(right, one.at, days, count, enhanced))
    return found
