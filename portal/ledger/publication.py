"""Publishing the log at a fixed cadence, padded, so that a quiet log and a busy one look alike.

Each publication grows by at least one multiple whether or not anything was put on record, and to
the next multiple when more was: the size tells only how many multiples were filled.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.ledger.checkpoint import sign_checkpoint
from portal.ledger.models import LedgerPublication
from portal.ledger.note import Signer
from portal.ledger.service import NewEntry, append
from portal.ledger.store import find_head, lock_head

PADDING_SUBJECT = UUID(int=0)


def find_published(session: Session) -> LedgerPublication | None:
    """The newest publication, or None before the first."""
    return session.scalars(
        select(LedgerPublication).order_by(LedgerPublication.size.desc()).limit(1)
    ).one_or_none()


def is_due(session: Session, *, now: datetime, every: timedelta) -> bool:
    """Whether the newest publication is at least `every` old, or there is none."""
    newest = find_published(session)
    return newest is None or now >= newest.at + every


def publish(
    session: Session,
    *,
    seal_alone: Callable[[bytes, str], bytes],
    signer: Signer,
    now: datetime,
    multiple: int,
    every: timedelta,
) -> LedgerPublication | None:
    """Pad the log and record a signed checkpoint, unless the last one is younger than `every`.

    The note is signed here but leaves only when a reader asks, which is after the commit.
    """
    if not is_due(session, now=now, every=every):
        return None
    size = lock_head(session).size
    # Whoever held the lock before may have published meanwhile.
    if not is_due(session, now=now, every=every):
        return None
    newest = find_published(session)
    target = max(-(-size // multiple), (newest.size // multiple if newest else 0) + 1) * multiple
    padding = NewEntry("padding", PADDING_SUBJECT, {}, seal_alone)
    append(session, [padding] * (target - size), now=now)
    head = find_head(session)
    publication = LedgerPublication(
        size=head.size, at=now, checkpoint=sign_checkpoint(head.size, head.root, signer)
    )
    session.add(publication)
    session.flush()
    return publication
