"""What the content of a crime record, or a victim's word on it, gives reason to look at.

`version_ref` is always the version in which the cause first stood, so that a later version with
the same offence, outcome or removal raises nothing new.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from portal.alerts.findings import Facts, Finding

# A third or less by ONS Crime Severity weights counts as a fall.
FALL = 3
OUT_OF_COURT = frozenset({2, 3, 6, 7, 8, 22})
COMMUNITY_RESOLUTION = 8
VICTIM_DOES_NOT_SUPPORT = frozenset({14, 16})
TRANSFERRED = "C1"
REMOVALS = frozenset({"C1", "C2", "C3", "C4", "C5"})
Objection = Literal["not_my_report", "not_what_i_reported", "will_not_record"]


@dataclass(frozen=True)
class OffenceFacts:
    """An offence, its ONS Crime Severity weight (None: not known), and whether it is rape."""

    code: str
    weight: float | None
    is_rape: bool = False


def downgraded(
    version_ref: str,
    *,
    current: OffenceFacts,
    reported: Sequence[OffenceFacts],
    earlier: Sequence[OffenceFacts],
    victim_stands_by: bool | None,
) -> Finding | None:
    """The record's offence is far less grave than the gravest of report and earlier versions.

    Any rape that becomes another offence, at any ratio; else a third of the weight or less.
    `victim_stands_by` is the answer about what was reported: None (a lead until it comes), True,
    or False, after which only the force's own earlier versions are compared.
    """
    before = [*(() if victim_stands_by is False else reported), *earlier]
    from_rape = not current.is_rape and any(offence.is_rape for offence in before)
    gravest = max(before, key=lambda offence: offence.weight or 0.0, default=None)
    if gravest is None or not (from_rape or _fell(gravest.weight, current.weight)):
        return None
    if from_rape:
        gravest = max(
            (offence for offence in before if offence.is_rape),
            key=lambda offence: offence.weight or 0.0,
        )
    facts: Facts = {
        "from_code": gravest.code,
        "to_code": current.code,
        "from_weight": gravest.weight,
        "to_weight": current.weight,
        "from_rape": from_rape,
    }
    lead = victim_stands_by is None
    return Finding("downgraded", "record_version", version_ref, facts, lead)


def cancelled(version_ref: str, *, removal_code: str | None) -> Finding | None:
    """A matched record was removed (C1 to C5). C1 asks for a watch in the other force."""
    if removal_code not in REMOVALS:
        return None
    facts: Facts = {
        "removal_code": removal_code,
        "watch_other_force": removal_code == TRANSFERRED,
    }
    return Finding("cancelled", "record_version", version_ref, facts)


def incident_only(
    version_ref: str, *, rape_confirmed: bool, is_incident: bool, has_crime_record: bool
) -> Finding | None:
    """A rape that the victim confirmed has only an N100, which is not a crime record."""
    if not (rape_confirmed and is_incident) or has_crime_record:
        return None
    return Finding("incident_only", "record_version", version_ref)


def unsuitable_outcome(
    version_ref: str,
    *,
    outcome_type: int | None,
    is_rape: bool,
    is_sexual: bool,
    child_victim: bool,
) -> Finding | None:
    """An out-of-court outcome on rape, or a community resolution on another sexual offence or
    with a child victim."""
    on_rape = is_rape and outcome_type in OUT_OF_COURT
    resolved = outcome_type == COMMUNITY_RESOLUTION and (is_sexual or child_victim)
    if not (on_rape or resolved):
        return None
    facts: Facts = {
        "outcome_type": outcome_type,
        "is_rape": is_rape,
        "is_sexual": is_sexual,
        "child_victim": child_victim,
    }
    return Finding("unsuitable_outcome", "record_version", version_ref, facts)


def disputed_outcome(
    statement_ref: str, *, outcome_type: int | None, victim_supports: bool
) -> Finding | None:
    """Outcome 14 or 16 while the victim tells us that they support action."""
    if outcome_type not in VICTIM_DOES_NOT_SUPPORT or not victim_supports:
        return None
    facts: Facts = {"outcome_type": outcome_type}
    return Finding("disputed_outcome", "statement", statement_ref, facts)


def contested(statement_ref: str, *, version_ref: str, objection: Objection) -> Finding:
    """The victim says "this is not my report", "this is not what I reported", or that police told
    them that they will not record it (`version_ref` is "" then: that is about no record).
    """
    facts: Facts = {"record_version": version_ref, "objection": objection}
    return Finding("contested", "statement", statement_ref, facts)


def _fell(before: float | None, now: float | None) -> bool:
    """Whether the weight fell to a third or less. An unknown weight shows nothing."""
    if before is None or now is None:
        return False
    # The weights have four decimals; without rounding an exact third would be missed.
    return round(now * FALL, 4) <= round(before, 4)
