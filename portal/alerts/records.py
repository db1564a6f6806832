"""What accepted records say against the clock and the force's own supplies."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.alerts import findings
from portal.alerts.findings import Finding, SupplyFacts
from portal.alerts.models import Clock
from portal.alerts.record_findings import (
    OffenceFacts,
    cancelled,
    downgraded,
    unsuitable_outcome,
)
from portal.clock import timestamp
from portal.matching.queries import Accepted, confirmed_before_gone, removed_for
from portal.matching.statements import stands_by, statements_on
from portal.police.models import CrimeRecordVersion, Supply
from portal.police.queries import versions_of
from portal.reference.categories import find_category
from portal.reference.offences import find_offence, is_child, is_rape, is_sexual
from portal.reports.models import Allegation

_PASSED_ON = "C1"


def find_about_records(
    session: Session, allegation: Allegation, clock: Clock, accepted: list[Accepted]
) -> Iterator[Finding]:
    """What is to be looked at in the records of one allegation: those that were accepted, and
    those that were once and have been removed since.

    One that a person confirmed is held against the supplies though the force took it away since:
    `watch` tells of what nobody holds at the force, and of every accepted one only here.
    """
    gone_before = removed_for(session, allegation.id)
    for removed in gone_before:
        ref = _ref(session, removed, "removal_code")
        gone = cancelled(ref, removal_code=removed.version.removal_code)
        if gone is not None:
            yield gone
    for one in confirmed_before_gone(session, allegation.id):
        yield from _against_supplies(session, one)
    if not accepted:
        return
    ref = f"{clock.rule_version}/{timestamp(clock.started_at)}"
    # A force can amend the time afterwards; what its first version said is what was recorded.
    # Nor is a crime late that one force recorded and passed on to another.
    passed_on = [one for one in gone_before if one.version.removal_code == _PASSED_ON]
    firsts = [versions_of(session, one.record.id)[0] for one in (*accepted, *passed_on)]
    earliest = min(firsts, key=lambda first: first.recorded_at)
    late = findings.recorded_late(
        ref,
        limit_at=clock.limit_at,
        recorded_at=earliest.recorded_at,
        recorded_day_only=earliest.recorded_day_only,
    )
    if late is not None:
        yield late
    for one in accepted:
        yield from _against_supplies(session, one)
        yield from _in_the_record(session, allegation, one)


def supplies_around(session: Session, force_id: str, recorded_at: datetime) -> list[SupplyFacts]:
    """The taken supplies of a force whose period holds this instant, oldest first."""
    rows = session.scalars(
        select(Supply)
        .where(
            Supply.force_id == force_id,
            Supply.taken_at.is_not(None),
            Supply.covers_from <= recorded_at,
            Supply.covers_to >= recorded_at,
        )
        .order_by(Supply.received_at)
    )
    return [supply_facts(row) for row in rows]


def supply_facts(supply: Supply) -> SupplyFacts:
    """What the pure findings need of a supply."""
    return SupplyFacts(
        ref=str(supply.number),
        received_at=supply.received_at,
        covers_from=supply.covers_from,
        covers_to=supply.covers_to,
        is_full=supply.is_full,
    )


def _against_supplies(session: Session, one: Accepted) -> Iterator[Finding]:
    supplies = supplies_around(session, one.record.force_id, one.version.recorded_at)
    ref = _ref(session, one, "recorded_at")
    first = session.get_one(Supply, one.record.first_supply_id)
    last = session.get_one(Supply, one.record.last_supply_id)
    facts = {
        "recorded_at": one.version.recorded_at,
        "recorded_day_only": one.version.recorded_day_only,
        "supplies": supplies,
    }
    for found in (
        findings.backdated(ref, first_seen=supply_facts(first), **facts),  # type: ignore[arg-type]
        findings.vanished(ref, last_seen=supply_facts(last), **facts),  # type: ignore[arg-type]
    ):
        if found is not None:
            yield found


def _in_the_record(session: Session, allegation: Allegation, one: Accepted) -> Iterator[Finding]:
    version = one.version
    # What was chosen at first counts beside what it was corrected to: the graver of them decides.
    chosen = [find_category(each) for each in allegation.categories]
    reported = [each.lead_code for each in chosen if each and each.lead_code]
    fallen = downgraded(
        _ref(session, one, "offence_code"),
        current=_offence(version.offence_code),
        reported=[_offence(code) for code in reported],
        earlier=[_offence(each.offence_code) for each in versions_of(session, one.record.id)],
        victim_stands_by=stands_by(statements_on(session, allegation.id), one.record.id),
    )
    unsuitable = unsuitable_outcome(
        _ref(session, one, "outcome_type"),
        outcome_type=version.outcome_type,
        is_rape=is_rape(version.offence_code),
        is_sexual=is_sexual(version.offence_code),
        child_victim=is_child(version.offence_code),
    )
    yield from (finding for finding in (fallen, unsuitable) if finding is not None)


def _ref(session: Session, one: Accepted, column: str) -> str:
    """What names a cause: the record, and the version from which on it has been so."""
    since = _since(session, one.version, column)
    return f"{one.record.force_id}/{one.record.reference_key}/{since}"


def _since(session: Session, version: CrimeRecordVersion, column: str) -> int:
    """The number of the version from which on this column has been what it is now."""
    since = version.number
    for earlier in reversed(versions_of(session, version.record_id)):
        if getattr(earlier, column) != getattr(version, column):
            break
        since = earlier.number
    return since


def _offence(code: str) -> OffenceFacts:
    offence = find_offence(code)
    return OffenceFacts(code, offence.severity_weight if offence else None, is_rape(code))
