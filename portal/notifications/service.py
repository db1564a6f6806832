"""The outbox: a message is written with the event that causes it, and sent after the commit.

A message carries no details and no link that signs in (DESIGN section 10). Sending takes a lease
on each message first, so that several processes send none twice and a crash loses none.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.notifications.models import OutboxMessage
from portal.notifications.senders import NotSentError, Sender
from portal.sealing import Keyring

LEASE = timedelta(minutes=5)
RETRY_AFTER = (
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
)


@dataclass(frozen=True)
class Letter:
    """What is sent: one address, a neutral subject, and plain words."""

    address: str
    subject: str
    body: str = field(repr=False)


def enqueue(
    session: Session,
    letter: Letter,
    *,
    kind: str,
    cause: str,
    about: UUID | None,
    keyring: Keyring,
    now: datetime,
) -> bool:
    """Write a message in the caller's transaction; False when this cause already has one."""
    if session.scalar(select(OutboxMessage.id).where(OutboxMessage.cause == cause)) is not None:
        return False
    packed = json.dumps([letter.address, letter.subject, letter.body]).encode()
    session.add(
        OutboxMessage(
            cause=cause,
            kind=kind,
            about=about,
            sealed=keyring.seal_alone(packed, f"outbox:{cause}"),
            created_at=now,
            due_at=now,
            attempts=0,
        )
    )
    session.flush()
    return True


def send_due(
    database: Database, sender: Sender, *, keyring: Keyring, now: datetime, at_most: int = 100
) -> int:
    """Send the messages that are due; how many left. Safe to run twice at once."""
    with database.transaction() as session:
        leased = _lease(session, now, at_most)
    sent = 0
    for message in leased:
        packed = keyring.open_alone(message.sealed, f"outbox:{message.cause}")
        try:
            sender.send(*json.loads(packed))
        except NotSentError:
            arrived = False
        else:
            arrived = True
            sent += 1
        with database.transaction() as session:
            _settle(session, message, arrived=arrived, now=now)
    return sent


def find_failed(session: Session, kind: str) -> Sequence[OutboxMessage]:
    """The messages of a kind that were given up."""
    return session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.kind == kind, OutboxMessage.failed_at.is_not(None))
        .order_by(OutboxMessage.failed_at)
    ).all()


def _lease(session: Session, now: datetime, at_most: int) -> Sequence[OutboxMessage]:
    waiting = (
        select(OutboxMessage)
        .where(
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.failed_at.is_(None),
            OutboxMessage.due_at <= now,
            or_(OutboxMessage.lease_until.is_(None), OutboxMessage.lease_until < now),
        )
        .order_by(OutboxMessage.due_at)
        .limit(at_most)
        .with_for_update(skip_locked=True)
    )
    messages = session.scalars(waiting).all()
    for message in messages:
        message.lease_until = now + LEASE
    return messages


def _settle(session: Session, message: OutboxMessage, *, arrived: bool, now: datetime) -> None:
    attempts = message.attempts + 1
    values: dict[str, object] = {"attempts": attempts, "lease_until": None}
    if arrived:
        values["sent_at"] = now
    elif attempts > len(RETRY_AFTER):
        values["failed_at"] = now
    else:
        values["due_at"] = now + RETRY_AFTER[attempts - 1]
    session.execute(update(OutboxMessage).where(OutboxMessage.id == message.id).values(**values))
