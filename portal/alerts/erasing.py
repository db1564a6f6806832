"""What is left of alerts when a report is erased, and erasing one with all that hangs on it.

An alert that was raised stays with oversight, without content: pressure on a victim must not make
one go away (DESIGN section 3). No new one is raised, because there is nothing left to look at.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.alerts.models import Alert, AlertAction, Clock
from portal.db import Database
from portal.errors import OnRecordError
from portal.evidence.removing import forget_evidence
from portal.matching.erasing import forget_matches
from portal.reports import erasing
from portal.reports.closing import find_due
from portal.reports.erasing import GONE, Sign
from portal.reports.erasure_models import Erasure
from portal.sealing import Keyring

_LOG = logging.getLogger(__name__)
_FORGET_REPORT = (forget_evidence,)


def erase_due(database: Database, *, keyring: Keyring, now: datetime) -> int:
    """Erase every report whose cooling-off time is over, each in a transaction; how many.

    Safe to run twice and to cut short. One that cannot be erased is told in the log, holds up no
    other, and is tried again.
    """
    with database.reading() as session:
        due = find_due(session, now=now)
    return sum(_erase_one(database, report_id, keyring, now) for report_id in due)


def erase_draft(
    session: Session, report_id: UUID, *, sign: Sign, now: datetime, visit: str | None = None
) -> Erasure:
    """Destroy a draft, with its files, at once: `reports.erasing.erase_draft` says the rest."""
    return erasing.erase_draft(
        session, report_id, sign=sign, forget_report=_FORGET_REPORT, now=now, visit=visit
    )


def _erase_one(database: Database, report_id: UUID, keyring: Keyring, now: datetime) -> bool:
    try:
        with database.transaction() as session:
            done = erasing.carry_out(
                session,
                report_id,
                forget=(forget_matches, forget_alerts),
                forget_report=_FORGET_REPORT,
                keyring=keyring,
                now=now,
            )
    except OnRecordError as error:
        _LOG.error("not erased", exc_info=error, extra={"facts": {"report": str(report_id)}})
        return False
    return done is not None


def forget_alerts(session: Session, allegation_ids: Sequence[UUID]) -> None:
    """Destroy the clocks of these allegations, and the content of their alerts.

    Of an alert stay its kind, stage, state, force, owner and times; of what was done about it by
    whom and when, without the reasons.
    """
    alerts = session.scalars(
        select(Alert)
        .where(Alert.allegation_id.in_(allegation_ids))
        .order_by(Alert.id)
        .with_for_update()
    ).all()
    for alert in alerts:
        alert.facts = {}
        # The cause can name a crime record or the time at which police were told.
        alert.cause = f"erased:{alert.id}"
        alert.cannot_be_checked_since = None
    session.execute(
        update(AlertAction)
        .where(AlertAction.alert_id.in_([alert.id for alert in alerts]))
        .values(sealed_reason=GONE)
    )
    session.execute(delete(Clock).where(Clock.allegation_id.in_(allegation_ids)))
