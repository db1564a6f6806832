"""The one change that entries on record ever undergo: what opens those of an erased report goes."""

from typing import cast
from uuid import UUID

from sqlalchemy import Table, bindparam, update
from sqlalchemy.orm import Session

from portal.ledger.models import LedgerOpening

GONE = b""
"""What stands in `ledger_openings.sealed` once it was destroyed."""

_OPENINGS = cast(Table, LedgerOpening.__table__)
_FORGET = (
    update(_OPENINGS).where(_OPENINGS.c.subject == bindparam("of")).values(sealed=bindparam("gone"))
)


def forget_openings(session: Session, subject: UUID) -> None:
    """Destroy the sealed salts and fields of all entries of a subject that there are so far.

    The rows stay: whose entries they were, their numbers, kinds and times, for the audit.
    """
    session.connection().execute(_FORGET, {"of": subject, "gone": GONE})
