"""What is left of alerts when a report is erased, and erasing one with all that hangs on it.

An alert that was raised stays with oversight, without content: pressure on a victim must not make
one go away (DESIGN section 3). No new one is raised, because there is nothing left to look at.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.alerts.models import Alert, AlertAction, Clock
from portal.evidence.removing import forget_evidence
from portal.matching.erasing import forget_matches
from portal.reports.erasing import GONE, Sign, erase
from portal.reports.models import Erasure
from portal.sealing import Keyring


def erase_report(
    session: Session,
    report_id: UUID,
    *,
    sign: Sign,
    keyring: Keyring,
    now: datetime,
    visit: str | None = None,
) -> Erasure:
    """Erase a report at the request that `sign` signs, with its matches, clocks and alerts.

    See `reports.erasing.erase`. Raises Refused, and nothing is changed, unless the request fits.
    """
    return erase(
        session,
        report_id,
        sign=sign,
        forget=(forget_matches, forget_alerts),
        forget_report=(forget_evidence,),
        keyring=keyring,
        now=now,
        visit=visit,
    )


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
