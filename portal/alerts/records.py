"""What accepted records say against the clock and the force's own supplies."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.alerts import findings
from portal.alerts.findings import Finding, SupplyFacts
from portal.alerts.models import Clock
from portal.alerts.record_findings import OffenceFacts, downgraded
from portal.clock import timestamp
from portal.matching.queries import Accepted
from portal.police.models import Supply
from portal.police.queries import versions_of
from portal.reference.categories import find_category
from portal.reference.offences import find_offence, is_rape
from portal.reports.models import Allegation


def find_about_records(
    session: Session, allegation: Allegation, clock: Clock, accepted: list[Accepted]
) -> Iterator[Finding]:
    """`recorded_late`, `backdated`, `vanished` and `downgraded` for one allegation's records."""
    if not accepted:
        return
    ref = f"{clock.rule_version}/{timestamp(clock.started_at)}"
    earliest = min(one.version.recorded_at for one in accepted)
    late = findings.recorded_late(ref, limit_at=clock.limit_at, recorded_at=earliest)
    if late is not None:
        yield late
    for one in accepted:
        yield from _against_supplies(session, one)
        fallen = _downgraded(session, allegation, one)
        if fallen is not None:
            yield fallen


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
    ref = f"{one.record.reference}/{one.version.number}"
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


def _downgraded(session: Session, allegation: Allegation, one: Accepted) -> Finding | None:
    versions = versions_of(session, one.record.id)
    since = one.version.number
    for version in reversed(versions):
        if version.offence_code != one.version.offence_code:
            break
        since = version.number
    category = find_category(allegation.category)
    reported = [category.lead_code] if category and category.lead_code else []
    return downgraded(
        f"{one.record.reference}/{since}",
        current=_offence(one.version.offence_code),
        reported=[_offence(code) for code in reported],
        earlier=[_offence(version.offence_code) for version in versions],
        victim_stands_by=None,
    )


def _offence(code: str) -> OffenceFacts:
    offence = find_offence(code)
    return OffenceFacts(code, offence.severity_weight if offence else None, is_rape(code))
