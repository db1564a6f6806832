"""When a person may be asked, in a short survey, how the police have been so far. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

Milestone = Literal["sent", "answered", "found", "resolved", "later"]
MILESTONES: tuple[Milestone, ...] = get_args(Milestone)
LATER = timedelta(days=30)
_KINDS: Mapping[str, Milestone] = {
    "told_police": "sent",
    "handed_over": "sent",
    "force_answered": "answered",
    "matched": "found",
}


@dataclass(frozen=True)
class Reached:
    """A milestone that was reached: which, when, and the force that it names, "" for none."""

    milestone: Milestone
    at: datetime
    force_id: str


def reached(
    entries: Iterable[tuple[str, datetime, Mapping[str, Any]]], *, now: datetime
) -> list[Reached]:
    """The milestones of a report from its entries (kind, time, fields), each once, oldest first.

    Nothing is reached while the police were not told: there is nothing to ask about them.
    """
    found: dict[Milestone, Reached] = {}
    for kind, at, fields in entries:
        milestone = _milestone(kind, fields)
        if milestone is not None and milestone not in found:
            force = str(fields.get("record.force") or fields.get("force") or "")
            found[milestone] = Reached(milestone, at, force)
    if "sent" not in found:
        return []
    if found["sent"].at + LATER <= now:
        found["later"] = Reached("later", found["sent"].at + LATER, "")
    return sorted(found.values(), key=lambda one: one.at)


def waiting(found: Iterable[Reached], done: Collection[str]) -> Reached | None:
    """The one milestone that is asked about now: the newest, if the person is not done with it.

    Never an older one: what was let pass is not brought up again.
    """
    newest = list(found)[-1:]
    return newest[0] if newest and newest[0].milestone not in done else None


def quarter_of(day: datetime) -> str:
    """The quarter of the year as "2026-Q1"; the only time that is kept of an answer."""
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}"


def _milestone(kind: str, fields: Mapping[str, Any]) -> Milestone | None:
    if kind == "submitted":
        return "sent" if fields.get("answers.way.way") in ("told", "pass") else None
    if kind == "alert_changed":
        return "resolved" if fields.get("action") == "resolved" else None
    return _KINDS.get(kind)
