"""Publishing the log at a fixed cadence, padded, so that a quiet log and a busy one look alike.

Each publication grows by at least one multiple whether or not anything was put on record, and to
the next multiple when more was: the size tells only how many multiples were filled.

A publication is recorded in a transaction and signed after its commit: a signature over what might
still be rolled back could end in two signed trees of one size.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import not_, select, update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.ledger.models import LedgerHead, LedgerPublication
from portal.ledger.service import PADDING, NewEntry, append
from portal.ledger.signing import LogSigner
from portal.ledger.store import find_head, list_heads, lock_head

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
    """Pad the log and record its checkpoint, unless the last one is younger than `every`.

    It is signed after the commit: by `sign_new`, or by whoever reads it sooner. Raises NotSigning
    when the database is behind what was signed, or forked from it.
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
    """Record the open log as published as it stands in this transaction, not signed yet."""
    head = find_head(session)
    if head.origin is None:
        session.execute(
            update(LedgerHead).where(LedgerHead.id == head.log).values(origin=signer.name)
        )
    publication = LedgerPublication(
        log=head.log, size=head.size, at=now, checkpoint=signer.prepare(session, head)
    )
    session.add(publication)
    session.flush()
    return publication


def sign_new(database: Database, *, signer: LogSigner) -> int:
    """Sign what was published and committed but bears no signature yet; how many publications.

    Call it after the commit of what published, and again before the next time: whoever was cut
    off between is made up for. Raises NotSigning.
    """
    waiting = select(LedgerPublication).where(not_(LedgerPublication.checkpoint.contains("\n\n")))
    with database.reading() as session:
        heads = {head.log: head for head in list_heads(session)}
        signed = [
            (one, signer.release(session, heads[one.log], one.checkpoint))
            for one in session.scalars(waiting)
            if signer.keys_of(heads[one.log].origin or signer.name)
        ]
    if signed:
        with database.transaction() as session:
            for one, note in signed:
                session.execute(
                    update(LedgerPublication)
                    .where(LedgerPublication.log == one.log, LedgerPublication.size == one.size)
                    .where(LedgerPublication.checkpoint == one.checkpoint)
                    .values(checkpoint=note)
                )
    return len(signed)


def publish_signed(
    database: Database,
    *,
    seal_alone: Callable[[bytes, str], bytes],
    signer: LogSigner,
    now: datetime,
    multiple: int,
    every: timedelta,
) -> LedgerPublication | None:
    """`publish` in a transaction of its own and the signature after it; the publication as it then
    is.
    """
    with database.transaction() as session:
        published = publish(
            session, seal_alone=seal_alone, signer=signer, now=now, multiple=multiple, every=every
        )
    sign_new(database, signer=signer)
    if published is None:
        return None
    with database.reading() as session:
        return session.get_one(LedgerPublication, (published.log, published.size))
