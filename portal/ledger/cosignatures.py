"""What witnesses cosigned, as the database holds it: their lines over published checkpoints."""

from datetime import datetime
from typing import NamedTuple, cast

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from portal.ledger.audit_findings import CLOCKS
from portal.ledger.models import LedgerCosignature, LedgerPublication
from portal.ledger.store import Head, get_head_of

_PUBLISHED = cast(Table, LedgerPublication.__table__)
_LINES = cast(Table, LedgerCosignature.__table__)
# Built once: every entry that is put on record asks for it.
_NEWEST_WITNESSED = (
    select(_PUBLISHED.c.size, _PUBLISHED.c.checkpoint)
    .where(_PUBLISHED.c.log == bindparam("log"), _PUBLISHED.c.witnessed_at.is_not(None))
    # Not signed yet, it would be no note.
    .where(_PUBLISHED.c.checkpoint.contains("\n\n"))
    .order_by(_PUBLISHED.c.size.desc())
    .limit(1)
)
_LINES_OF = (
    select(_LINES.c.line)
    .where(_LINES.c.log == bindparam("log"), _LINES.c.size == bindparam("size"))
    .order_by(_LINES.c.witness)
)


class Proving(NamedTuple):
    """A publication that proves an entry: its size, the signed note, the witnesses' lines."""

    size: int
    checkpoint: str
    lines: str


def find_cosigned(session: Session, log: int) -> str | None:
    """The newest checkpoint of a log that enough witnesses cosigned, with all their lines."""
    connection = session.connection()
    row = connection.execute(_NEWEST_WITNESSED, {"log": log}).one_or_none()
    if row is None:
        return None
    return str(row.checkpoint) + lines_of(session, log, row.size)


def lines_of(session: Session, log: int, size: int) -> str:
    """The witnesses' lines over one publication, in the order of their names; "" without any."""
    rows = session.connection().scalars(_LINES_OF, {"log": log, "size": size})
    return "".join(rows)


def is_in_order(published_at: datetime, stamp: int, received_at: datetime) -> bool:
    """Whether a witness's time (POSIX seconds) lies between publication and arrival, as far as
    clocks go. One far off would contradict every other witness for ever.
    """
    earliest = published_at.timestamp() - CLOCKS.total_seconds()
    return earliest <= stamp <= received_at.timestamp() + CLOCKS.total_seconds()


def proving_publication(session: Session, head: Head, number: int) -> Proving | None:
    """The publication in which entry `number` (from 0) of a log is proved; None before there is
    one.

    The first one that covers it and was witnessed, or else the first that covers it. Of a closed
    log it is the last one, because its key may have been stolen before.
    """
    covering = select(LedgerPublication.size, LedgerPublication.checkpoint).where(
        LedgerPublication.log == head.log, LedgerPublication.size > number
    )
    order = LedgerPublication.size.desc() if head.is_closed else LedgerPublication.size
    witnessed = covering.where(LedgerPublication.witnessed_at.is_not(None))
    for query in (witnessed, covering):
        if row := session.execute(query.order_by(order).limit(1)).one_or_none():
            return Proving(row.size, row.checkpoint, lines_of(session, head.log, row.size))
    return None


def is_witnessed(session: Session, index: int) -> bool:
    """Whether enough witnesses signed a publication that covers this entry. Raises NotFound."""
    head = get_head_of(session, index)
    query = select(LedgerPublication.size).where(
        LedgerPublication.log == head.log,
        LedgerPublication.size > index - head.start,
        LedgerPublication.witnessed_at.is_not(None),
    )
    return session.scalar(query.limit(1)) is not None
