"""When a report's clock starts: the instant at which a force received it (DESIGN section 3)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from portal.reports.date_words import say_moment, say_until
from portal.reports.dates import Interval

Event = Literal["told_police", "handed_over", "filed"]


@dataclass(frozen=True)
class Start:
    """When the force received the report (UTC), what event that was, and why, in plain words."""

    at: datetime
    event: Event
    basis: str


def work_out_start(
    way_in: str,
    *,
    told: Interval | None,
    filed_at: datetime,
    delivered_at: datetime | None,
) -> Start | None:
    """When the clock started, or None while no force has the report.

    `way_in` is "told", "pass" or "keep". An approximate time counts from its latest end, but
    never from after filing; an unknown one from filing. Raises ValueError for another way in.
    """
    if way_in == "keep":
        return None
    if way_in == "pass":
        return _delivered(delivered_at) if delivered_at else None
    if way_in != "told":
        raise ValueError("no such way in")
    if told is None:
        words = f"The report was sent to us at {say_moment(filed_at)}. We count from then, "
        return Start(filed_at, "filed", words + "because when the police were told is not known.")
    if told.latest > filed_at:
        words = f"The report was sent to us at {say_moment(filed_at)}. We count from then, "
        return Start(filed_at, "told_police", words + "because the police had been told by then.")
    if not told.length:
        words = f"The police were told at {say_moment(told.latest)}."
        return Start(told.latest, "told_police", words)
    words = f"The police were told by {say_until(told.latest)}, the latest time in the answer."
    return Start(told.latest, "told_police", words)


def _delivered(delivered_at: datetime) -> Start:
    words = f"The report was put in the police force’s inbox at {say_moment(delivered_at)}."
    return Start(delivered_at, "handed_over", words)
