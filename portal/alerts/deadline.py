"""The recording limit of an allegation: when its clock started, when it runs out, what is due.

Only clock hours on UTC instants count; London time is for showing. Nothing here stops a clock but
an accepted match with a crime record, and silence from a force never withholds anything.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from portal.clock import timestamp, to_london
from portal.languages.translating import _, noted
from portal.reference.rules import RecordingRule
from portal.reports.date_words import say_moment, say_until
from portal.reports.starts import Start

Stage = Literal["awaiting_review", "full"]
_FORWARD = noted(
    "The clocks went forward in these %(hours)s hours, so the time shown is 1 hour later than at "
    "the start. It is still %(hours)s full hours."
)
_BACK = noted(
    "The clocks went back in these %(hours)s hours, so the time shown is 1 hour earlier than at "
    "the start. It is still %(hours)s full hours."
)


@dataclass(frozen=True)
class Step:
    """One line of the arithmetic: what happened or was added, the instant reached, the words."""

    name: str
    at: datetime
    hours: float
    words: str

    def as_data(self) -> dict[str, str | float]:
        """The step as plain data, to be kept beside the clock and shown on a page."""
        return {
            "step": self.name,
            "at": timestamp(self.at),
            "hours": self.hours,
            "words": self.words,
        }


@dataclass(frozen=True)
class Deadline:
    """A recording limit worked out: all instants in UTC, with the rule and the arithmetic.

    `limit_at` is when the police must have recorded it, `alert_at` adds the time for the force's
    records to arrive, and until `awaiting_review_until` an alert can wait for a person.
    """

    rule_id: str
    rule_version: str
    start: Start
    limit_at: datetime
    alert_at: datetime
    awaiting_review_until: datetime
    arithmetic: tuple[Step, ...]

    def as_data(self) -> list[dict[str, str | float]]:
        """The arithmetic as plain data; each step's "words" can be shown as they are."""
        return [step.as_data() for step in self.arithmetic]


@dataclass(frozen=True)
class NotDue:
    """Nothing is due before `until`."""

    until: datetime


@dataclass(frozen=True)
class Met:
    """An accepted match with a crime record stopped the clock."""


@dataclass(frozen=True)
class Due:
    """An `unrecorded` alert is due.

    `cannot_be_checked_since` is set when the force's records do not reach to the limit.
    """

    stage: Stage
    cannot_be_checked_since: datetime | None = None
    kind: Literal["unrecorded"] = "unrecorded"


State = NotDue | Met | Due


def work_out(rule: RecordingRule, start: Start) -> Deadline:
    """The deadline under one version of the rule, with its arithmetic.

    The caller picks the version in force at `start.at`.
    """
    limit_at = start.at + rule.limit
    alert_at = limit_at + rule.supply_allowance
    review_until = alert_at + rule.awaiting_review
    steps = (
        Step("start", start.at, 0.0, start.basis),
        _limit_step(start.at, limit_at),
        _added(
            "supply_allowance",
            limit_at,
            alert_at,
            noted("We add %(hours)s hours for the police records to reach us: until %(moment)s."),
        ),
        _added(
            "awaiting_review",
            alert_at,
            review_until,
            noted(
                "If a possible match waits for a person by then, that person has %(hours)s more "
                "hours: until %(moment)s."
            ),
        ),
    )
    return Deadline(rule.id, rule.version, start, limit_at, alert_at, review_until, steps)


def alert_state(
    deadline: Deadline,
    now: datetime,
    *,
    accepted: bool,
    candidates_waiting: bool,
    covered_until: datetime | None,
    stage_so_far: Stage | None = None,
) -> State:
    """What is due at `now`.

    `accepted`: a match with a crime record (never an N100) is accepted. `covered_until`: the end
    of the period that the force's supplies cover, None without any. `stage_so_far`: of an alert
    that was already raised; a full one does not go back to waiting.
    """
    if accepted:
        return Met()
    if now < deadline.alert_at:
        return NotDue(deadline.alert_at)
    waiting = candidates_waiting and now < deadline.awaiting_review_until
    stage: Stage = "awaiting_review" if waiting and stage_so_far != "full" else "full"
    return Due(stage, _unchecked_since(deadline, covered_until))


def next_look(
    deadline: Deadline,
    now: datetime,
    *,
    accepted: bool,
    candidates_waiting: bool,
    stage_so_far: Stage | None = None,
) -> datetime | None:
    """When time alone can next change `alert_state`; None when only an event can."""
    state = alert_state(
        deadline,
        now,
        accepted=accepted,
        candidates_waiting=candidates_waiting,
        covered_until=None,
        stage_so_far=stage_so_far,
    )
    if isinstance(state, NotDue):
        return state.until
    if isinstance(state, Due) and state.stage == "awaiting_review":
        return deadline.awaiting_review_until
    return None


def _unchecked_since(deadline: Deadline, covered_until: datetime | None) -> datetime | None:
    """Since when the records are silent, if they do not show what was recorded by the limit."""
    if covered_until is None:
        return deadline.start.at
    return covered_until if covered_until < deadline.limit_at else None


def _limit_step(start_at: datetime, limit_at: datetime) -> Step:
    hours = _hours(limit_at - start_at)
    words = _(
        "The police have %(hours)s hours to record it: until %(moment)s.",
        hours=f"{hours:g}",
        moment=say_until(limit_at),
    )
    return Step("limit", limit_at, hours, words + _clock_change(start_at, limit_at, hours))


def _clock_change(start_at: datetime, end_at: datetime, hours: float) -> str:
    """What a reader needs to know when the clocks changed in between; "" when they did not."""
    moved = (to_london(end_at).utcoffset() or timedelta()) - (
        to_london(start_at).utcoffset() or timedelta()
    )
    if not moved:
        return ""
    said = _(_FORWARD if moved > timedelta() else _BACK, hours=f"{hours:g}")
    return f" {said}"


def _added(name: str, before: datetime, after: datetime, words: str) -> Step:
    hours = _hours(after - before)
    said = _(words, hours=f"{hours:g}", moment=say_moment(after))
    return Step(name, after, hours, said)


def _hours(length: timedelta) -> float:
    return length / timedelta(hours=1)
