"""When a report's clock starts: the instant at which a force received it (DESIGN section 3)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from portal.languages.translating import ENGLISH, _, noted, speaking
from portal.reports.date_words import say_moment, say_until
from portal.reports.dates import Interval

Event = Literal["told_police", "handed_over", "filed"]
_WHEN_UNKNOWN = noted(
    "The report was sent to us at %(moment)s. We count from then, because when the police were "
    "told is not known."
)
_BY_THEN = noted(
    "The report was sent to us at %(moment)s. We count from then, because the police had been told "
    "by then."
)
_AT = noted("The police were told at %(moment)s.")
_UNTIL = noted("The police were told by %(moment)s, the latest time in the answer.")
_DELIVERED = noted("The report was put in the police force’s inbox at %(moment)s.")


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
        return _start(delivered_at, "handed_over", _DELIVERED) if delivered_at else None
    if way_in != "told":
        raise ValueError("no such way in")
    if told is None:
        return _start(filed_at, "filed", _WHEN_UNKNOWN)
    if told.latest > filed_at:
        return _start(filed_at, "told_police", _BY_THEN)
    return _start(told.latest, "told_police", _UNTIL if told.length else _AT)


def say_basis(start: Start) -> str:
    """Why the clock started then, in the language of this request. It is kept in English."""
    for message in (_WHEN_UNKNOWN, _BY_THEN, _AT, _UNTIL, _DELIVERED):
        if _start(start.at, start.event, message).basis == start.basis:
            return _(message, moment=_moment(start.at, message))
    return start.basis


def is_latest(start: Start) -> bool:
    """Whether the force may have had it before then: the answer was a stretch of time, or none."""
    said = (_start(start.at, start.event, message).basis for message in (_AT, _DELIVERED))
    return start.basis not in said


def _start(at: datetime, event: Event, message: str) -> Start:
    # It goes into the log and is compared with it later: always the same words.
    with speaking(ENGLISH):
        return Start(at, event, _(message, moment=_moment(at, message)))


def _moment(at: datetime, message: str) -> str:
    return say_until(at) if message == _UNTIL else say_moment(at)
