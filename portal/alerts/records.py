"""What accepted records say against the clock and the force's own supplies."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.alerts import findings
from portal.alerts.findings import Finding, SupplyFacts
from portal.alerts.models import Clock
from portal.clock import timestamp
from portal.matching.queries import Accepted
from portal.police.models import Supply


def find_about_records(
    session: Session, clock: Clock, accepted: list[Accepted]
) -> Iterator[Finding]:
    """`recorded_late`, `backdated` and `vanished` for the accepted records of one allegation."""
    if not accepted:
        return
    ref = f"{clock.rule_version}/{timestamp(clock.started_at)}"
    earliest = min(one.version.recorded_at for one in accepted)
    late = findings.recorded_late(ref, limit_at=clock.limit_at, recorded_at=earliest)
    if late is not None:
        yield late
    for one in accepted:
        yield from _against_supplies(session, one)


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
