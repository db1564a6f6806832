"""The levels of times: when it happened, and how long after it was told it was recorded."""

from bisect import bisect_left
from datetime import datetime, timedelta

from portal.matching.moments import Days
from portal.matching.numbers import MISSING
from portal.matching.sides import RecordSide, ReportSide

# Levels of a stretch of days: up to so many days, the name.
WIDTHS = ((2, "same-day"), (8, "same-week"), (32, "same-month"))
_GAPS = ((1, "next-day"), (3, "days-apart"), (7, "week-apart"), (31, "month-apart"))
GAPS_BEYOND = (*_GAPS, (92, "season-apart"))
DELAYS = (
    *((-8, "long-before"), (-2, "before"), (-1, "day-before"), (0, "same-day"), (1, "day-after")),
    *((3, "days-after"), (7, "week-after"), (31, "month-after")),
)


# From so many days more than one on, a day within those of telling is not the same day.
SEVERAL = 2
# Two crimes told on one occasion are of two kinds, and share the number of the call, which may
# have been given out the day before or after.
AT_ONCE = "/same-day"
TOGETHER = ("/same-day", "/day-before", "/day-after")
GROUPS = {
    MISSING: "unknown",
    "same-day": "exact",
    "same-week": "overlap",
    "same-month": "overlap",
    "same-season": "overlap",
    "next-day": "near",
    "days-apart": "near",
    "week-apart": "week",
}
# By so much may what somebody remembers, and two clocks, be wrong.
_UNSURE = timedelta(hours=2)
# The same as tables: a pair is compared within microseconds.
_WIDTH_ENDS = tuple(most for most, _ in WIDTHS)
_WIDTH_NAMES = (*(name for _, name in WIDTHS), "same-season")
_GAP_ENDS = tuple(most for most, _ in GAPS_BEYOND)
_GAP_NAMES = (*(name for _, name in GAPS_BEYOND), "far-apart")
_DELAY_ENDS = tuple(most for most, _ in DELAYS)
_DELAY_NAMES = {
    (group, basis): tuple(
        f"{group}/{basis}/{name}"
        for name in (*(name for _, name in DELAYS), "later", "within", "impossible")
    )
    for group in {*GROUPS.values(), "far"}
    for basis in ("handed", "received", "recorded")
}


def when_level(one: Days | None, other: Days | None) -> str:
    """How two stretches of days lie: how wide they are where they meet, else how far apart."""
    if one is None or other is None:
        return MISSING
    gap = max(other[0] - one[1], one[0] - other[1])
    if gap > 0:
        return _GAP_NAMES[bisect_left(_GAP_ENDS, gap)]
    width = max(one[1] - one[0], other[1] - other[0]) + 1
    return _WIDTH_NAMES[bisect_left(_WIDTH_ENDS, width)]


def delay_level(report: ReportSide, record: RecordSide, when: str) -> str:
    """Days from when police were told until they received it, by their own account, or where they
    give none until they recorded it; within the group of `when`. Where the report was passed on
    through us ("handed"), the day of telling is not remembered but known.
    """
    received = record.received is not None
    day = record.received if received else record.recorded
    if day is None:
        return MISSING
    basis = "handed" if report.is_handed_over else "received"
    names = _DELAY_NAMES[GROUPS.get(when, "far"), basis if received else "recorded"]
    if report.occurred is not None and day < report.occurred[0] - 1:
        return names[-1]
    if report.told is None:
        return MISSING
    first, last = report.told
    if last - first >= SEVERAL and first <= day <= last:
        return names[-2]
    days = day - last if day > last else min(day - first, 0)
    return names[bisect_left(_DELAY_ENDS, days)]


def is_before_it(report: ReportSide, record: RecordSide) -> bool:
    """Whether police had the record hours before it happened, where both sides say at what time.

    No level of its own: a day says nothing of it, and most reports give days.
    """
    if report.began is None or record.had_at is None:
        return False
    return is_hours_before(record.had_at, report.began)


def is_hours_before(had_at: datetime, began: datetime) -> bool:
    """Whether that is so much earlier that neither a memory nor two clocks explain it."""
    return had_at < began - _UNSURE
