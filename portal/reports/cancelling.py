"""What becomes of a new code that was cancelled, for whoever had asked for it."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.notifications.service import enqueue
from portal.reports.code_letters import cancelled_letter
from portal.reports.models import CodeChange, LostCode
from portal.reports.safe_ways import SENDING, find_contact
from portal.sealing import Keyring


def tell_cancelled(
    session: Session, change: CodeChange, *, keyring: Keyring, now: datetime
) -> None:
    """Destroy the copy of the new code, say so where it was shown, and tell the safe way.

    It tells nobody when there is no confirmed way any more.
    """
    asked = (LostCode.report_id == change.report_id, LostCode.works_from.is_not(None))
    session.execute(
        update(LostCode).where(*asked).values(works_from=None, sealed_code=None, cancelled_at=now)
    )
    contact = find_contact(session, change.report_id, keyring=keyring)
    way = contact.confirmed
    if way is None or way.kind not in SENDING or contact.paused_at is not None:
        return
    enqueue(
        session,
        cancelled_letter(way),
        kind="code",
        cause=f"code-cancelled:{change.id}",
        about=change.report_id,
        keyring=keyring,
        now=now,
        due_at=way.rules.hours.next_from(now),
    )


def was_cancelled(row: LostCode) -> bool:
    """Whether the code that this request gave was cancelled, and no other was given since."""
    return row.cancelled_at is not None and row.works_from is None
