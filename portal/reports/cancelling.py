"""What becomes of a new code that was cancelled, for whoever had asked for it."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.languages.translating import _
from portal.notifications.service import Letter, enqueue
from portal.reports.models import CodeChange, LostCode
from portal.reports.safe_ways import find_contact
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
    way = find_contact(session, change.report_id, keyring=keyring).confirmed
    if way is None:
        return
    cause, about = f"code-cancelled:{change.id}", change.report_id
    letter = _letter(way.address)
    enqueue(session, letter, kind="code", cause=cause, about=about, keyring=keyring, now=now)


def was_cancelled(row: LostCode) -> bool:
    """Whether the code that this request gave was cancelled, and no other was given since."""
    return row.cancelled_at is not None and row.works_from is None


def _letter(address: str) -> Letter:
    return Letter(
        address,
        subject=_("The new code was cancelled"),
        body=_(
            "The new code that was asked for was cancelled. It does not work, and never will.\n\n"
            "Somebody who could open the site as you do cancelled it.\n"
        ),
    )
