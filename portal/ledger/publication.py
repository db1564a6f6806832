"""Publishing the log at a fixed cadence, padded, so that a quiet log and a busy one look alike.

Each publication grows by at least one multiple whether or not anything was put on record, and to
the next multiple when more was: the size tells only how many multiples were filled.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.ledger.models import LedgerHead, LedgerPublication
from portal.ledger.service import PADDING, NewEntry, append
from portal.ledger.signing import LogSigner
from portal.ledger.store import find_head, lock_head

PADDING_SUBJECT = UUID(int=0)


def find_published(session: Session, log: int | None = None) -> LedgerPublication | None:
    """The newest publication of the log with this number (without it, of the open one), or None
    before its first.
    """
    number = find_head(session).log if log is None else log
    return session.scalars(
        select(LedgerPublication)
        .where(LedgerPublication.log == number)
        .order_by(LedgerPublication.size.desc())
        .limit(1)
    ).one_or_none()


def is_due(session: Session, *, now: datetime, every: timedelta) -> bool:
    """Whether the newest publication is at least `every` old, or there is none."""
    newest = find_published(session)
    return newest is None or now >= newest.at + every


def publish(
    session: Session,
    *,
    seal_alone: Callable[[bytes, str], bytes],
    signer: LogSigner,
    now: datetime,
    multiple: int,
    every: timedelta,
) -> LedgerPublication | None:
    """Pad the log and record a signed checkpoint, unless the last one is younger than `every`.

    The note is signed here but leaves only through `LogSigner.release`, after the commit. Raises
    NotSigning when the database is behind what was signed, or forked from it.
    """
    if not is_due(session, now=now, every=every):
        return None
    locked = lock_head(session)
    # Whoever held the lock before may have published meanwhile.
    if not is_due(session, now=now, every=every):
        return None
    size, newest = locked.frontier.size, find_published(session)
    target = max(-(-size // multiple), (newest.size // multiple if newest else 0) + 1) * multiple
    padding = NewEntry(PADDING, PADDING_SUBJECT, {}, seal_alone)
    append(session, [padding] * (target - size), now=now)
    return record_publication(session, signer=signer, now=now)


def record_publication(session: Session, *, signer: LogSigner, now: datetime) -> LedgerPublication:
    """Sign the open log as it stands in this transaction, and record that as published."""
    head = find_head(session)
    if head.origin is None:
        session.execute(
            update(LedgerHead).where(LedgerHead.id == head.log).values(origin=signer.name)
        )
    publication = LedgerPublication(
        log=head.log, size=head.size, at=now, checkpoint=signer.sign_within(session, head)
    )
    session.add(publication)
    session.flush()
    return publication
