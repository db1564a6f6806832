"""What clocks and supplies give reason to look at. Each finding means check, never breach.

A finding is raised once per subject, kind and cause, so a cause is chosen to stay the same for as
long as it is the same thing to look at. Kinds about what a record says are in `record_findings`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from portal.alerts.deadline import Deadline, Due
from portal.clock import timestamp, to_london
from portal.reports.date_words import say_day, say_moment

CauseKind = Literal["deadline", "record_version", "supply", "statement", "handover"]
Facts = dict[str, str | int | float | bool | None]

NAMED = 10
CHECK = "Someone must check this: it does not show that anyone broke a rule."
LEAD = (
    "This is only a lead until the victim has answered a question about it: check, for it does "
    "not show that anyone broke a rule."
)
_WORDS = {
    "unrecorded": "No matching crime record had reached us by {alert_at}; police had until "
    "{limit_at} to make one.",
    "unrecorded_unchecked": "No matching crime record has reached us, and the force’s records "
    "cannot be checked since {cannot_be_checked_since}; police had until {limit_at} to make one.",
    "recorded_late": "The crime record says that it was made {recorded}, after the limit, "
    "which was {limit_at}.",
    "backdated": "The crime record says that it was made {recorded}, but records that the "
    "force sent earlier, which cover that time, do not have it.",
    "vanished": "A crime record that the force sent us before is missing from a later full set "
    "of its records.",
    "backdated_many": "Crime records that no report here is matched with say that they were made "
    "earlier, but records that the force sent before, which cover those times, do not have them. "
    "There are {count}, among them {references}.",
    "vanished_many": "Crime records that no report here is matched with, and that the force sent "
    "us before, are missing from a later full set of its records. There are {count}, among them "
    "{references}.",
    "undelivered": "The report was put in the force’s inbox at {delivered_at}, but we could not "
    "let the force know; its time to record it runs all the same.",
    "supply_stale": "The force’s records reach only to {covered_until}; they should have reached "
    "further by {due_at}.",
    "supply_stale_never": "The force has sent us no records; the first were due by {due_at}.",
    "incident_only": "The victim has confirmed a rape, and the police hold only a note of an "
    "incident (N100), which is not a crime record.",
    "downgraded": "The crime record names a far less serious offence than was reported or "
    "recorded before.",
    "downgraded_rape": "A rape was reported or recorded, and the crime record now names another "
    "offence.",
    "cancelled": "The police have cancelled the crime record (code {removal_code}).",
    "cancelled_transferred": "The police have cancelled the crime record because it belongs to "
    "another force (code C1), so a record must appear there.",
    "unsuitable_outcome": "The crime record was closed without a court (outcome {outcome_type}), "
    "which does not suit what was recorded.",
    "disputed_outcome": "The crime record says that the victim does not support action (outcome "
    "{outcome_type}), but the victim tells us that they do.",
    "contested_not_my_report": "The victim says that the crime record is not about their report.",
    "contested_not_what_i_reported": "The victim says that the crime record does not say what "
    "they reported.",
    "contested_will_not_record": "The victim says that the police told them that they will not "
    "record it.",
}

_FORMS = {
    "backdated": ("count", "backdated_many"),
    "vanished": ("count", "vanished_many"),
    "unrecorded": ("cannot_be_checked_since", "unrecorded_unchecked"),
    "supply_stale": ("never_supplied", "supply_stale_never"),
    "downgraded": ("from_rape", "downgraded_rape"),
    "cancelled": ("watch_other_force", "cancelled_transferred"),
}


@dataclass(frozen=True)
class Finding:
    """Something to look at. `facts` can be kept as JSON and holds nothing personal.

    `lead`: not to be counted before the victim has answered a question about it.
    """

    kind: str
    cause_kind: CauseKind
    cause_ref: str
    facts: Facts = field(default_factory=dict)
    lead: bool = False

    @property
    def cause(self) -> str:
        """Kind and reference of the cause as one string, which makes the finding unique."""
        return f"{self.cause_kind}:{self.cause_ref}"


@dataclass(frozen=True)
class SupplyFacts:
    """One delivery of records by a force, with the period that it declares to cover."""

    ref: str
    received_at: datetime
    covers_from: datetime
    covers_to: datetime
    is_full: bool

    def covers(self, recorded_at: datetime, *, day_only: bool = False) -> bool:
        """Whether a record made then had to be in it; with `day_only`, at any hour of that day.

        A supply cannot hold what was recorded after it arrived, whatever it declares.
        """
        last = _end_of_day(recorded_at) if day_only else recorded_at
        return self.covers_from <= recorded_at and last < min(self.covers_to, self.received_at)


def unrecorded(deadline_ref: str, deadline: Deadline, due: Due) -> Finding:
    """No accepted match at the limit and its allowance; `due` comes from `alert_state`."""
    since = due.cannot_be_checked_since
    facts: Facts = {
        "limit_at": timestamp(deadline.limit_at),
        "alert_at": timestamp(deadline.alert_at),
        "cannot_be_checked_since": timestamp(since) if since else None,
    }
    return Finding("unrecorded", "deadline", deadline_ref, facts)


def recorded_late(
    deadline_ref: str,
    *,
    limit_at: datetime,
    recorded_at: datetime,
    recorded_day_only: bool = False,
) -> Finding | None:
    """The accepted record was made after the limit.

    With several accepted records, give the earliest `recorded_at`; where the force gave only a
    day, its midnight, so that no record counts as late that may be in time. The cause is the
    deadline, so that a later version of the record raises nothing new.
    """
    if recorded_at <= limit_at:
        return None
    facts: Facts = {
        "limit_at": timestamp(limit_at),
        "recorded_at": timestamp(recorded_at),
        "recorded_day_only": recorded_day_only,
        "late_by_hours": round((recorded_at - limit_at) / timedelta(hours=1), 2),
    }
    return Finding("recorded_late", "deadline", deadline_ref, facts)


def backdated(
    version_ref: str,
    *,
    recorded_at: datetime,
    first_seen: SupplyFacts,
    supplies: Iterable[SupplyFacts],
    recorded_day_only: bool = False,
) -> Finding | None:
    """The record was absent from an earlier supply of the force that covered its recorded time.

    `first_seen` first held the record, under whatever recorded time; `supplies` are the force's.
    With `recorded_day_only` the force gave no time of day, and `recorded_at` is its midnight.
    """
    missed_by = [
        supply
        for supply in supplies
        if supply.received_at < first_seen.received_at
        and supply.covers(recorded_at, day_only=recorded_day_only)
    ]
    if not missed_by:
        return None
    earliest = min(missed_by, key=lambda supply: supply.received_at)
    facts: Facts = {
        "recorded_at": timestamp(recorded_at),
        "recorded_day_only": recorded_day_only,
        "absent_from": earliest.ref,
        "absent_received_at": timestamp(earliest.received_at),
        "first_seen_in": first_seen.ref,
        "first_seen_at": timestamp(first_seen.received_at),
    }
    return Finding("backdated", "record_version", version_ref, facts)


def vanished(
    version_ref: str,
    *,
    recorded_at: datetime,
    last_seen: SupplyFacts,
    supplies: Iterable[SupplyFacts],
    recorded_day_only: bool = False,
) -> Finding | None:
    """A later full supply that covers the record's time does not hold it.

    `last_seen` is the newest supply that held it. The cause is the record's last version: however
    many supplies lack it, that is one disappearance.
    """
    missed_by = [
        supply
        for supply in supplies
        if supply.is_full
        and supply.received_at > last_seen.received_at
        and supply.covers(recorded_at, day_only=recorded_day_only)
    ]
    if not missed_by:
        return None
    earliest = min(missed_by, key=lambda supply: supply.received_at)
    facts: Facts = {
        "recorded_at": timestamp(recorded_at),
        "last_seen_in": last_seen.ref,
        "absent_from": earliest.ref,
        "absent_received_at": timestamp(earliest.received_at),
    }
    return Finding("vanished", "record_version", version_ref, facts)


def many_records(kind: str, supply_ref: str, count: int, references: Sequence[str]) -> Finding:
    """Records without a matched report that one supply shows to be "backdated" or "vanished".

    One finding for a supply, however many records: its facts give the count and name the first.
    """
    facts: Facts = {"count": count, "references": ", ".join(references)}
    return Finding(kind, "supply", supply_ref, facts)


def undelivered(
    handover_ref: str, *, delivered_at: datetime, failed_at: datetime | None, attempts: int
) -> Finding | None:
    """The notice about a report passed to a force failed for good, at `failed_at`."""
    if failed_at is None:
        return None
    facts: Facts = {
        "delivered_at": timestamp(delivered_at),
        "failed_at": timestamp(failed_at),
        "attempts": attempts,
    }
    return Finding("undelivered", "handover", handover_ref, facts)


def supply_stale(
    *, covered_until: datetime | None, due_at: datetime | None, now: datetime
) -> Finding | None:
    """The force's records do not reach as far as its agreed interval asks.

    Counted from the end of the period covered, not from the last file, so empty files do not help.
    `due_at` is None without an agreed interval. The cause is what was due and when, so that a
    force that falls silent again is told of again.
    """
    if due_at is None or now <= due_at:
        return None
    facts: Facts = {
        "covered_until": timestamp(covered_until) if covered_until else None,
        "due_at": timestamp(due_at),
        "never_supplied": covered_until is None,
    }
    return Finding("supply_stale", "supply", f"due/{timestamp(due_at)}", facts)


def words(finding: Finding) -> str:
    """Two plain sentences for a page: what was found, and that it means check, not breach."""
    return say(finding.kind, finding.facts, lead=finding.lead)


def say(kind: str, facts: Facts, *, lead: bool = False) -> str:
    """As `words`, from what an alert keeps of its finding. Raises KeyError for another kind."""
    spoken = {name: _spoken(name, value) for name, value in facts.items()}
    spoken["recorded"] = _recorded(facts)
    return f"{_WORDS[_form(kind, facts)].format(**spoken)} {LEAD if lead else CHECK}"


def _end_of_day(midnight: datetime) -> datetime:
    return to_london(midnight).replace(hour=23, minute=59, second=59).astimezone(UTC)


def _form(kind: str, facts: Facts) -> str:
    if kind == "contested":
        return f"contested_{facts['objection']}"
    fact, form = _FORMS.get(kind, ("", kind))
    return form if facts.get(fact) else kind


def _recorded(facts: Facts) -> str:
    """When a record says that it was made: a day alone where the force gave no time of day."""
    recorded_at = facts.get("recorded_at")
    if not isinstance(recorded_at, str):
        return ""
    instant = datetime.fromisoformat(recorded_at)
    if facts.get("recorded_day_only"):
        return f"on {say_day(to_london(instant).date())}"
    return f"at {say_moment(instant)}"


def _spoken(name: str, value: str | float | bool | None) -> str:
    if isinstance(value, str) and name.endswith(("_at", "_until", "_since")):
        return say_moment(datetime.fromisoformat(value))
    return str(value)
