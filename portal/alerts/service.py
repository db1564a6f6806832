"""The sweep: opens clocks, looks at what is due, raises and grows alerts. Safe to repeat.

It walks two indexes, allegations that something happened to and clocks whose time has come, in
short transactions. Rows are locked and skipped when another sweep has them, so that two at once
do each piece of work once.
"""

from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.alerts import findings
from portal.alerts.deadline import (
    Deadline,
    Due,
    Met,
    Stage,
    alert_state,
    next_look,
    work_out,
)
from portal.alerts.models import Alert, Clock
from portal.alerts.raising import Docket, find_alert
from portal.alerts.records import find_about_records
from portal.alerts.statements import (
    confirm_lead,
    doubt_leads,
    find_in_statements,
    find_incident_only,
    note_taken_back,
)
from portal.alerts.watch import watch_forces, watch_notices, watch_supplies
from portal.clock import timestamp
from portal.db import Database
from portal.matching.queries import Accepted, accepted_for, is_waiting
from portal.reference.categories import find_category
from portal.reference.rules import get_rule, rule_at
from portal.reports.models import Allegation
from portal.reports.starts import Event, Start
from portal.sealing import Keyring

_BATCH = 200
_REACH = {
    True: "The force’s records now reach past the limit, and no matching record is in them.",
    False: "How far the force’s records reach has changed; they do not reach to the limit yet.",
}


def sweep(database: Database, *, keyring: Keyring, now: datetime) -> int:
    """Look at everything that changed or fell due by `now`; how many alerts were raised."""
    raised = 0
    for watch in (watch_supplies, watch_notices, watch_forces):
        raised += watch(database, keyring=keyring, now=now)
    for find in (_changed, _due):
        failed: set[UUID] = set()
        while True:
            with database.transaction() as session:
                batch = find(session, now, failed)
                docket = Docket(keyring, now)
                for allegation in batch:
                    with docket.apart(session, allegation.id):
                        look_at(session, allegation, docket)
                docket.close(session)
            raised += docket.raised
            # What could not be looked at is still waiting; one sweep tries it once.
            failed |= docket.failed
            if len(batch) < _BATCH:
                break
    return raised


def look_at(session: Session, allegation: Allegation, docket: Docket) -> None:
    """Bring one allegation's clock and alerts up to date with its matches and the time.

    Of an erased one there is nothing to look at; its alerts are left as they are.
    """
    allegation.to_sweep = False
    if allegation.is_erased:
        return
    clock = session.get(Clock, allegation.id) or _open_clock(session, allegation)
    if clock is None:
        return
    accepted = accepted_for(session, allegation.id)
    if not _counts(session, allegation):
        clock.next_look_at = None
        return
    _keep_deadline(session, allegation, clock, accepted, docket)
    found = [
        *find_about_records(session, allegation, clock, accepted),
        *find_in_statements(session, allegation, accepted),
    ]
    if docket.now >= clock.alert_at:
        found += find_incident_only(session, allegation, accepted, keyring=docket.keyring)
    for finding in found:
        if docket.raise_for_allegation(session, finding, allegation) is None:
            confirm_lead(session, finding, allegation, docket)
    doubt_leads(session, allegation, docket)
    note_taken_back(session, allegation, docket)


def deadline_of(clock: Clock) -> Deadline:
    """The deadline that a stored clock keeps, worked out by the rule version it names."""
    basis = str(clock.arithmetic[0]["words"])
    start = Start(clock.started_at, cast(Event, clock.start_event), basis)
    return work_out(get_rule(clock.rule_version), start)


def deadline_for(allegation: Allegation) -> Deadline | None:
    """The deadline of an allegation from its own facts; None while nobody was told."""
    if allegation.clock_starts_at is None or allegation.clock_event is None:
        return None
    start = Start(
        allegation.clock_starts_at,
        cast(Event, allegation.clock_event),
        allegation.clock_basis or "",
    )
    return work_out(rule_at(start.at), start)


def _changed(session: Session, _now: datetime, failed: set[UUID]) -> list[Allegation]:
    query = (
        select(Allegation).where(Allegation.to_sweep, Allegation.id.not_in(failed)).limit(_BATCH)
    )
    return list(session.scalars(query.with_for_update(skip_locked=True)))


def _due(session: Session, now: datetime, failed: set[UUID]) -> list[Allegation]:
    query = (
        select(Allegation)
        .join(Clock, Clock.allegation_id == Allegation.id)
        .where(
            Clock.next_look_at.is_not(None),
            Clock.next_look_at <= now,
            Clock.allegation_id.not_in(failed),
        )
        .order_by(Clock.next_look_at)
        .limit(_BATCH)
        .with_for_update(skip_locked=True, of=Allegation)
    )
    return list(session.scalars(query))


def _open_clock(session: Session, allegation: Allegation) -> Clock | None:
    deadline = deadline_for(allegation)
    if deadline is None:
        return None
    clock = Clock(
        allegation_id=allegation.id,
        rule_id=deadline.rule_id,
        rule_version=deadline.rule_version,
        start_event=deadline.start.event,
        started_at=deadline.start.at,
        limit_at=deadline.limit_at,
        alert_at=deadline.alert_at,
        arithmetic=deadline.as_data(),
    )
    session.add(clock)
    return clock


def _counts(session: Session, allegation: Allegation) -> bool:
    """False when every allegation of the report is fraud, which goes to a national body."""
    of_report = session.scalars(
        select(Allegation).where(Allegation.report_id == allegation.report_id)
    )
    # Nobody can end a clock by correcting what happened to fraud: both answers count.
    return not all(_is_fraud(slug) for each in of_report for slug in each.categories)


def _is_fraud(slug: str) -> bool:
    category = find_category(slug)
    return category is not None and "fraud" in category.flags


def _keep_deadline(
    session: Session,
    allegation: Allegation,
    clock: Clock,
    accepted: list[Accepted],
    docket: Docket,
) -> None:
    deadline = deadline_of(clock)
    cause = f"deadline:{_deadline_ref(clock)}"
    alert = find_alert(session, allegation.id, "unrecorded", cause)
    waiting = is_waiting(session, allegation.id)
    so_far = _stage(alert)
    state = alert_state(
        deadline,
        docket.now,
        accepted=bool(accepted),
        candidates_waiting=waiting,
        covered_until=_covered_until(session, allegation, clock, docket),
        stage_so_far=so_far,
    )
    clock.next_look_at = next_look(
        deadline,
        docket.now,
        accepted=bool(accepted),
        candidates_waiting=waiting,
        stage_so_far=so_far,
    )
    clock.met_at = (clock.met_at or docket.now) if isinstance(state, Met) else None
    if isinstance(state, Met):
        _settle(session, alert, accepted, docket)
    elif isinstance(state, Due):
        finding = findings.unrecorded(_deadline_ref(clock), deadline, state)
        if alert is None:
            docket.raise_for_allegation(session, finding, allegation, stage=state.stage)
        else:
            _update(session, alert, state, finding, docket)


def _covered_until(
    session: Session, allegation: Allegation, clock: Clock, docket: Docket
) -> datetime | None:
    if allegation.force_id is None:
        return None
    return docket.coverage(session, allegation.force_id).until(clock.started_at)


def _deadline_ref(clock: Clock) -> str:
    return f"{clock.rule_version}/{timestamp(clock.started_at)}"


def _stage(alert: Alert | None) -> Stage | None:
    return cast(Stage, alert.stage) if alert is not None else None


def _settle(
    session: Session, alert: Alert | None, accepted: list[Accepted], docket: Docket
) -> None:
    if alert is None or alert.state == "resolved":
        return
    references = ", ".join(one.record.reference for one in accepted)
    reason = f"A crime record was accepted as a match: {references}."
    docket.settle(session, alert, "match_accepted", reason)


def _update(
    session: Session, alert: Alert, due: Due, finding: findings.Finding, docket: Docket
) -> None:
    docket.reopen(session, alert, "The match that had settled it no longer stands.")
    if alert.stage == "awaiting_review" and due.stage == "full":
        alert.stage = "full"
        docket.note(session, alert, "became_full", "Nobody decided on the possible match in time.")
    if alert.cannot_be_checked_since != due.cannot_be_checked_since:
        known = due.cannot_be_checked_since is None
        docket.note(session, alert, "checked" if known else "reach_moved", _REACH[known])
        alert.facts = dict(finding.facts)
        alert.cannot_be_checked_since = due.cannot_be_checked_since
