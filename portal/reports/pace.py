"""How often something was put on record lately, so that an open page cannot fill the log.

What may be done again and again gets a number for a day and never one for good: whoever fills it
keeps its person out until the next day at most. What makes things quieter has none (withdrawing,
"not safe any more"), and nor has what needs the return code typed again, which is slow.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.ledger.models import LedgerOpening

DAY = timedelta(days=1)


def count_lately(session: Session, report_id: UUID, kind: str, *, now: datetime) -> int:
    """How many entries of this kind a report got within the last 24 hours."""
    query = (
        select(func.count())
        .select_from(LedgerOpening)
        .where(
            LedgerOpening.subject == report_id,
            LedgerOpening.kind == kind,
            LedgerOpening.at > now - DAY,
        )
    )
    return session.scalar(query) or 0
