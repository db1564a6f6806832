"""What the pages of oversight call kinds, stages, states, deeds and times, in plain words."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

from portal.matching.explained import gate_words
from portal.matching.zones import GATE_WORDS
from portal.oversight.details import MatchDetail
from portal.police.completing import Times
from portal.police.models import CrimeRecordVersion
from portal.reference.categories import find_category
from portal.reference.forces import find_force
from portal.reference.offences import find_offence
from portal.reference.outcomes import find_outcome, find_removal
from portal.reports.models import ERASED as ERASED_CATEGORY
from portal.reports.models import Allegation
from portal.reports.starts import Event, Start, is_latest
from portal.web.filters import london, london_by, london_date, plain_duration

ERASED = (
    "The person it belonged to asked us to erase the report. What it said and what this alert "
    "rested on are gone. The alert stays: pressure on a person must not make one go away."
)
KINDS: Mapping[str, str] = {
    "unrecorded": "No record in time",
    "recorded_late": "Recorded late",
    "backdated": "Appeared later than it says",
    "vanished": "Missing from a later full set",
    "incident_only": "Only an incident note",
    "downgraded": "Lesser offence recorded",
    "cancelled": "Record cancelled",
    "unsuitable_outcome": "Outcome does not suit",
    "disputed_outcome": "Outcome the victim disputes",
    "contested": "Contested by the victim",
    "undelivered": "Notice to the force failed",
    "supply_stale": "Records are overdue",
}
STATES: Mapping[str, str] = {
    "open": "Open",
    "acknowledged": "Acknowledged",
    "asked": "Question noted",
    "resolved": "Resolved",
}
STATE_COLOURS: Mapping[str, str] = {
    "open": "yellow",
    "acknowledged": "blue",
    "asked": "purple",
    "resolved": "grey",
}
STAGES: Mapping[str, str] = {
    "full": "To be looked at",
    "awaiting_review": "A possible match waits",
    "lead": "Lead only",
}
STAGE_MEANS: Mapping[str, str] = {
    "full": "Nothing more is waited for: somebody should look at it now",
    "awaiting_review": "Somebody has to say first whether a record that may fit is the one. If "
    "nobody does in time, it is to be looked at all the same",
    "lead": "The person is asked first whether what they chose is right. Until then it is a hint, "
    "and no finding",
}
ZONES: Mapping[str, str] = {
    "automatic": "Certain by the rules",
    "likely": "Likely",
    "possible": "Possible",
    "none": "Not likely",
}
MATCH_STATES: Mapping[str, str] = {
    "kept": "Not proposed",
    "proposed": "Waits for a person",
    "accepted": "Accepted",
    "refused": "Refused",
    "ended": "No longer proposed",
}
MATCH_COLOURS: Mapping[str, str] = {
    "kept": "grey",
    "proposed": "yellow",
    "accepted": "teal",
    "refused": "grey",
    "ended": "grey",
}
SAYS: Mapping[str, str] = {
    "for": "Speaks for it",
    "neither": "Says neither",
    "against": "Speaks against it",
    "held": "Holds it back",
}
NEXT: Mapping[str, str] = {
    "first": "Somebody else reads it",
    "second": "An inspector reads it",
    "third": "Another inspector reads it",
}
STEPS: Mapping[str, str] = {
    "first": "Nobody has read it",
    "second": "One person has read it",
    "third": "It was read and is not settled: an inspector decides",
    "accept": "Decided",
    "refuse": "Decided",
}
VERDICTS: Mapping[str, str] = {
    "record": "It is the record",
    "another_record": "It is another of the records",
    "none": "None of these",
    "cannot_tell": "It cannot be told",
}
ANSWERS: Mapping[str, str] = {"yes": "Yes", "no": "No", "unknown": "Not known"}
STATED: Mapping[str, str] = {
    "not_mine": "The record is not about what they reported",
    "not_what_i_said": "The record does not say what they reported",
    "refused": "Police told them that they will not record it",
    "supports": "They still support an investigation",
    "stands_by": "What they chose at first is right",
    "chose_wrong": "They chose another offence than they meant",
}
DEEDS: Mapping[str, str] = {
    "acknowledged": "acknowledged it",
    "asked_the_force": "noted a question to the force",
    "commented": "commented",
    "proposed": "proposed what to do",
    "resolved": "resolved it",
    "match_accepted": "Settled by itself",
    "covered_again": "Settled by itself",
    "reopened": "Opened again by itself",
    "became_full": "To be looked at from now on, by itself",
    "checked": "Can be checked now",
    "reach_moved": "The records reach to another time",
    "victim_confirmed": "To be looked at from now on: the person stands by what they reported",
    "victim_doubted": "The person says that they chose another offence than they meant",
    "taken_back": "The person has taken the statement back",
}
ROLES: Mapping[str, str] = {
    "registrar": "Force crime registrar",
    "pcc": "PCC office",
    "inspector": "Inspector",
}
_FACTS: Mapping[str, str] = {
    "recorded_at": "The record says it was made",
    "absent_from": "Missing from supply number",
    "absent_received_at": "That supply arrived",
    "first_seen_in": "First held by supply number",
    "first_seen_at": "That supply came",
    "last_seen_in": "Last held by supply number",
    "late_by_hours": "Hours after the limit",
    "count": "How many records",
    "references": "References",
    "delivered_at": "Put in the inbox",
    "failed_at": "We gave up sending the notice",
    "attempts": "Tries to send the notice",
    "covered_until": "Records reach to",
    "due_at": "More were due by",
    "limit_at": "Recording limit",
    "alert_at": "Limit and time for records to arrive",
    "cannot_be_checked_since": "Cannot be checked since",
    "removal_code": "Removal code",
    "outcome_type": "Outcome type",
}


def force(force_id: str | None) -> str:
    """A force's short name; "Not known" for None."""
    found = find_force(force_id) if force_id else None
    return found.short_name if found else force_id or "Not known"


def category(slug: str | None) -> str:
    """A category's name for tables; "The force itself" for None: no allegation is concerned."""
    if slug == ERASED_CATEGORY:
        return "Erased"
    found = find_category(slug) if slug else None
    return found.name if found else slug or "The force itself"


def what(allegation: Allegation) -> str:
    """What was reported, and all that it was ever corrected to: every one of them counts."""
    first = category(allegation.category)
    later = [category(slug) for slug in (allegation.corrected_categories or "").split()]
    return f"{first}. Corrected to: {', then '.join(later)}" if later else first


def unreached(at: datetime) -> str:
    """That a message to the safe way of a person did not arrive: when, and what not to do now."""
    return (
        f"A message to the person’s safe way did not arrive. We learnt it on {london(at)}. They "
        "see it when they come back, and nothing more is sent there until they answer. Do not try "
        "to reach them in any other way."
    )


def offence(code: str, newest: str = "") -> str:
    """An offence's code and title, and those of the `newest` version where it is another by now."""
    if newest not in ("", code):
        return f"{offence(code)}, since then: {offence(newest)}"
    found, note = find_offence(code), find_removal(code)
    if code.startswith("N100"):
        why = f": {note.meaning.removeprefix('Reported rape: ')}" if note else ""
        return f"Note of a reported rape, no crime record{why} ({code})"
    return f"{found.title} ({code})" if found else f"Code {code}"


def recorded(version: CrimeRecordVersion) -> str:
    """When a record says that it was made; only the day where the force gave no time of day."""
    return (london_date if version.recorded_day_only else london)(version.recorded_at)


def outcome(number: int | None) -> str:
    """An outcome's number and title; "None yet" while there is none."""
    found = find_outcome(number) if number is not None else None
    if number is None or number == 0:
        return "None yet"
    return f"{found.title} ({number})" if found else f"Type {number}"


def removal(code: str | None) -> str:
    """What a removal code means; "" for none."""
    found = find_removal(code) if code else None
    return f"{found.meaning} ({code})" if found else code or ""


def in_100(chance: float) -> str:
    """A chance as a number in 100, never as certain: no model is."""
    number = round(100 * chance)
    if number < 1:
        return "less than 1 in 100"
    return "more than 99 in 100" if number > 99 else f"{number} in 100"


def days(length: timedelta) -> str:
    """How long somebody has waited, in whole days."""
    number = length.days
    return "Less than a day" if number < 1 else f"{number} day{'' if number == 1 else 's'}"


def stretch(first: datetime | None, last: datetime | None) -> str:
    """A stretch of time in London words; "Not known" without a beginning."""
    if first is None:
        return f"Up to {london_by(last)}" if last else "Not known"
    if last is None or last == first:
        return london(first)
    return f"Between {london(first)} and {london_by(last)}"


def happened(version: CrimeRecordVersion, known: Mapping[int, Times]) -> str:
    """When it happened by a version, or by one before it where that is not taken back."""
    own, found = (version.occurred_from, version.occurred_to), known.get(version.id)
    if any(own) or found is None or not any(found.occurred):
        return stretch(*own)
    return f"{stretch(*found.occurred)} (by an earlier row)"


def received(version: CrimeRecordVersion, known: Mapping[int, Times]) -> str:
    """When police were told by a version, or by one before it where that is not taken back."""
    found = known.get(version.id)
    if version.reported_at or found is None or found.reported_at is None:
        return london(version.reported_at) if version.reported_at else "Not known"
    return f"{london(found.reported_at)} (by an earlier row)"


def told(one: Allegation) -> str:
    """When police were told by the report; the latest that it can have been where it is unsure."""
    at = one.clock_starts_at
    if at is None:
        return "Not known"
    start = Start(at, cast(Event, one.clock_event), one.clock_basis or "")
    return f"By {london_by(at)}, at the latest" if is_latest(start) else london(at)


def bits(number: float) -> str:
    """Evidence in bits, with its sign; nothing has none."""
    said = f"{number:+.1f}"
    return "0.0 bits" if said in ("+0.0", "-0.0") else f"{said} bits"


def held_back(one: MatchDetail) -> list[str]:
    """What held a pair back from being matched by itself."""
    said = gate_words(one.sides.match)
    if one.early is None:
        return said
    had_at, began = one.early
    what, _, so = GATE_WORDS["early"].partition(". ")
    times = (
        f"They had it on {london(had_at)}; by the report it happened on {london(began)} at the "
        f"earliest, {plain_duration(began - had_at)} later."
    )
    return [f"{what}. {times} {so}" if each == GATE_WORDS["early"] else each for each in said]


def facts(found: Mapping[str, object]) -> list[tuple[str, str]]:
    """The facts of an alert as lines; what has no words or no value is left out."""
    return [
        (_FACTS[name], _fact(name, value))
        for name, value in found.items()
        if name in _FACTS and value is not None
    ]


def _fact(name: str, value: object) -> str:
    if isinstance(value, str) and name.endswith(("_at", "_until", "_since")):
        return london(datetime.fromisoformat(value))
    return str(value)
