"""What the sweep watches beside clocks: supplies, notices to forces, and silent forces."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.alerts import findings
from portal.alerts.models import Alert
from portal.alerts.raising import Docket, force_subject
from portal.db import Database
from portal.matching.models import Match
from portal.notifications.service import find_failed
from portal.police.models import CrimeRecord, Supply
from portal.police.queries import backdated_in, covered_until, vanished_in
from portal.reference.models import ForceTerms
from portal.reference.terms import all_terms
from portal.reports.handovers import HANDOVER_NOTICE
from portal.reports.models import Allegation, Handover
from portal.sealing import Keyring

_COVERED = "covered_again"


def watch_supplies(database: Database, *, keyring: Keyring, now: datetime) -> int:
    """Look once at each supply that matching is done with, for records backdated or vanished.

    An allegation matched with such a record is marked to be looked at; records without one are
    raised together, one alert for a supply and kind.
    """
    raised = 0
    with database.reading() as session:
        query = select(Supply.id).where(Supply.matched_at.is_not(None), Supply.swept_at.is_(None))
        supply_ids = list(session.scalars(query.order_by(Supply.taken_at)))
    for supply_id in supply_ids:
        with database.transaction() as session:
            supply = session.scalars(
                select(Supply)
                .where(Supply.id == supply_id, Supply.swept_at.is_(None))
                .with_for_update(skip_locked=True)
            ).one_or_none()
            if supply is None:
                continue
            docket = Docket(keyring, now)
            backdated = [one.record for one in backdated_in(session, supply)]
            _sort(session, supply, "backdated", backdated, docket)
            vanished = [one.record for one in vanished_in(session, supply)]
            _sort(session, supply, "vanished", vanished, docket)
            supply.swept_at = now
            docket.close(session)
        raised += docket.raised
    return raised


def watch_notices(database: Database, *, keyring: Keyring, now: datetime) -> int:
    """Raise `undelivered` for every report whose notice to the force was given up."""
    with database.transaction() as session:
        docket = Docket(keyring, now)
        for message in find_failed(session, HANDOVER_NOTICE):
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


def _watch_force(session: Session, terms: ForceTerms, docket: Docket) -> None:
    if terms.supply_interval_hours is None or terms.supplies_since is None:
        return
    until = covered_until(session, terms.force_id)
    last = session.scalar(
        select(Supply.number)
        .where(Supply.force_id == terms.force_id, Supply.taken_at.is_not(None))
        .order_by(Supply.covers_to.desc(), Supply.number)
        .limit(1)
    )
    finding = findings.supply_stale(
        str(last) if until is not None else None,
        covered_until=until,
        agreed_since=terms.supplies_since,
        agreed_interval=timedelta(hours=terms.supply_interval_hours),
        now=docket.now,
    )
    if finding is not None:
        docket.raise_for_force(session, finding, terms.force_id)
        return
    stale = select(Alert).where(
        Alert.subject == force_subject(terms.force_id),
        Alert.kind == "supply_stale",
        Alert.state != "resolved",
    )
    for alert in session.scalars(stale).all():
        alert.state = "resolved"
        alert.resolved_at = docket.now
        docket.note(session, alert, _COVERED, "The force’s records are covered again as agreed.")


def _sort(
    session: Session,
    supply: Supply,
    kind: Literal["backdated", "vanished"],
    records: Iterable[CrimeRecord],
    docket: Docket,
) -> None:
    unmatched: list[str] = []
    for record in records:
        matched = _mark_matched(session, record.id)
        if not matched:
            unmatched.append(record.reference)
    if unmatched:
        finding = findings.many_records(kind, str(supply.number), unmatched)
        docket.raise_for_force(session, finding, supply.force_id)


def _mark_matched(session: Session, record_id: int) -> bool:
    ids: list[UUID] = list(
        session.scalars(
            select(Match.allegation_id).where(
                Match.record_id == record_id, Match.state == "accepted"
            )
        )
    )
    if ids:
        session.execute(update(Allegation).where(Allegation.id.in_(ids)).values(to_sweep=True))
    return bool(ids)
