"""What the sweep watches beside clocks: supplies, notices to forces, and silent forces."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.alerts import findings
from portal.alerts.models import Alert
from portal.alerts.raising import Docket, force_subject
from portal.db import Database
from portal.matching.models import Match
from portal.notifications.models import OutboxMessage
from portal.notifications.service import find_failed
from portal.police.coverage import due_at
from portal.police.models import Supply
from portal.police.queries import (
    BackdatedRecord,
    RecordInSupply,
    backdated_in,
    vanished_in,
)
from portal.reference.models import ForceTerms
from portal.reference.terms import all_terms
from portal.reports.handovers import HANDOVER_NOTICE
from portal.reports.models import Allegation, Handover
from portal.sealing import Keyring

_AT_ONCE = 500


def watch_supplies(database: Database, *, keyring: Keyring, now: datetime) -> int:
    """Look once at each supply that matching is done with, for records backdated or vanished.

    An allegation matched with such a record is marked to be looked at; records without one are
    raised together, one alert for a supply and kind. What is wrong is found while reading, so that
    no writer waits for it.
    """
    raised = 0
    for supply_id in _supplies_to_watch(database):
        seen = {
            "backdated": _gather(database, supply_id, backdated_in),
            "vanished": _gather(database, supply_id, vanished_in),
        }
        with database.transaction() as session:
            supply = session.scalars(
                select(Supply)
                .where(Supply.id == supply_id, Supply.swept_at.is_(None))
                .with_for_update(skip_locked=True)
            ).one_or_none()
            if supply is None:
                continue
            docket = Docket(keyring, now)
            for kind, gathered in seen.items():
                _mark(session, gathered.matched)
                if gathered.unmatched:
                    finding = findings.many_records(
                        kind, str(supply.number), gathered.unmatched, gathered.named
                    )
                    docket.raise_for_force(session, finding, supply.force_id)
            _mark(session, _unchecked_in(session, supply.force_id))
            supply.swept_at = now
            docket.close(session)
        raised += docket.raised
    return raised


def watch_notices(database: Database, *, keyring: Keyring, now: datetime) -> int:
    """Raise `undelivered` for every report whose notice to the force was given up."""
    with database.reading() as session:
        failed = [
            message
            for message in find_failed(session, HANDOVER_NOTICE)
            if not _is_raised(session, message)
        ]
    if not failed:
        return 0
    with database.transaction() as session:
        docket = Docket(keyring, now)
        for message in failed:
            handover = session.get(Handover, message.about)
            if handover is None:
                continue
            finding = findings.undelivered(
                str(handover.id),
                delivered_at=handover.delivered_at,
                failed_at=message.failed_at,
                attempts=message.attempts,
            )
            allegation = session.scalars(
                select(Allegation)
                .where(Allegation.report_id == handover.report_id)
                .order_by(Allegation.ordinal)
                .limit(1)
                # Whoever erases it meanwhile is waited for, and then seen.
                .with_for_update()
            ).one_or_none()
            if finding is not None and allegation is not None:
                docket.raise_for_allegation(session, finding, allegation)
        docket.close(session)
    return docket.raised


def watch_forces(database: Database, *, keyring: Keyring, now: datetime) -> int:
    """Raise `supply_stale` for forces whose records are not covered as agreed; settle the rest."""
    with database.transaction() as session:
        docket = Docket(keyring, now)
        for terms in all_terms(session).values():
            _watch_force(session, terms, docket)
        docket.close(session)
    return docket.raised


def _is_raised(session: Session, message: OutboxMessage) -> bool:
    query = select(Alert.id).where(
        Alert.kind == "undelivered", Alert.cause == f"handover:{message.about}"
    )
    return session.scalar(query.limit(1)) is not None


def _watch_force(session: Session, terms: ForceTerms, docket: Docket) -> None:
    if terms.supply_interval_hours is None or terms.supplies_since is None:
        return
    finding = findings.supply_stale(
        covered_until=docket.coverage(session, terms.force_id).reached(terms),
        due_at=due_at(docket.coverage(session, terms.force_id), terms),
        now=docket.now,
    )
    if finding is not None:
        docket.raise_for_force(session, finding, terms.force_id)
    overdue = select(Alert).where(
        Alert.subject == force_subject(terms.force_id),
        Alert.kind == "supply_stale",
        Alert.state != "resolved",
    )
    for alert in session.scalars(overdue).all():
        if finding is None or alert.cause != finding.cause:
            docket.settle(
                session,
                alert,
                "covered_again",
                "The force’s records are covered again, further than before.",
            )


@dataclass
class _Gathered:
    """Records of one kind in a supply: allegations that hold one, and how many nobody holds."""

    matched: list[UUID] = field(default_factory=list)
    unmatched: int = 0
    named: list[str] = field(default_factory=list)


def _supplies_to_watch(database: Database) -> list[UUID]:
    with database.reading() as session:
        query = select(Supply.id).where(Supply.matched_at.is_not(None), Supply.swept_at.is_(None))
        return list(session.scalars(query.order_by(Supply.taken_at)))


def _gather(
    database: Database,
    supply_id: UUID,
    find: Callable[[Session, Supply], Iterator[BackdatedRecord | RecordInSupply]],
) -> _Gathered:
    gathered = _Gathered()
    with database.reading() as session, database.reading() as beside:
        records = (one.record for one in find(session, session.get_one(Supply, supply_id)))
        while chunk := {record.id: record.reference for record in islice(records, _AT_ONCE)}:
            rows = beside.execute(
                select(Match.record_id, Match.allegation_id).where(
                    Match.record_id.in_(list(chunk)), Match.state == "accepted"
                )
            ).all()
            gathered.matched += [allegation_id for _, allegation_id in rows]
            held = {record_id for record_id, _ in rows}
            alone = [reference for one, reference in chunk.items() if one not in held]
            gathered.unmatched += len(alone)
            if len(gathered.named) < findings.NAMED:
                gathered.named += alone[: findings.NAMED - len(gathered.named)]
    return gathered


def _unchecked_in(session: Session, force_id: str) -> list[UUID]:
    """Allegations whose open alert waits for records that reach to the limit."""
    query = select(Alert.allegation_id).where(
        Alert.force_id == force_id,
        Alert.kind == "unrecorded",
        Alert.state != "resolved",
        Alert.cannot_be_checked_since.is_not(None),
    )
    return [one for one in session.scalars(query) if one is not None]


def _mark(session: Session, allegation_ids: Sequence[UUID]) -> None:
    for start in range(0, len(allegation_ids), _AT_ONCE):
        some = allegation_ids[start : start + _AT_ONCE]
        session.execute(update(Allegation).where(Allegation.id.in_(some)).values(to_sweep=True))
