"""The outbox: a message is written with the event that causes it, and sent after the commit.

A message carries no details and no link that signs in (DESIGN section 10). Sending takes a lease
on one message at a time, so that several processes send none twice and a crash loses none. A gate
is asked right before each try: what was safe to send when it was written may not be so any more.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.errors import Unavailable
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
    """What is sent: one address (`notifications.addresses`), a neutral subject, and plain words."""

    address: str
    subject: str
    body: str = field(repr=False)


class Drop(Exception):
    """A gate's answer that a message must never leave: it is deleted."""


Gate = Callable[[Session, OutboxMessage, Letter, datetime], datetime]
"""From when on a message may leave (now, or later). Raises Drop for one that must not."""


def enqueue(
    session: Session,
    letter: Letter,
    *,
    kind: str,
    cause: str,
    about: UUID | None,
    keyring: Keyring,
    now: datetime,
    due_at: datetime | None = None,
) -> bool:
    """Write a message in the caller's transaction; False when this cause already has one.

    It leaves from `due_at` on, or at once.
    """
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
            due_at=due_at or now,
            attempts=0,
        )
    )
    session.flush()
    return True


def send_due(
    database: Database,
    sender: Sender,
    *,
    keyring: Keyring,
    clock: Callable[[], datetime],
    at_most: int = 100,
    gate: Gate | None = None,
) -> int:
    """Send the messages that are due; how many left. Safe to run twice at once.

    `clock` and not a time is asked for: a slow mail server must not outlast the leases.
    """
    sent = 0
    for _ in range(at_most):
        with database.transaction() as session:
            message = _lease(session, clock())
            held = message is not None and _is_held(session, message, gate, keyring, clock())
        if message is None:
            break
        if held:
            continue
        arrived = _try_to_send(message, sender, keyring)
        sent += arrived
        with database.transaction() as session:
            _settle(session, message, arrived=arrived, now=clock())
    return sent


def has_due(session: Session, *, now: datetime) -> bool:
    """Whether a message waits to be sent: a look that takes no lock."""
    return session.scalar(_waiting(now).with_only_columns(OutboxMessage.id)) is not None


def open_letter(message: OutboxMessage, keyring: Keyring) -> Letter:
    """What a message says, and to whom. Raises Unavailable when no key opens it."""
    return Letter(*json.loads(keyring.open_alone(message.sealed, f"outbox:{message.cause}")))


def find_failed(session: Session, kind: str) -> Sequence[OutboxMessage]:
    """The messages of a kind that were given up."""
    return session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.kind == kind, OutboxMessage.failed_at.is_not(None))
        .order_by(OutboxMessage.failed_at)
    ).all()


def _waiting(now: datetime) -> Select[OutboxMessage]:
    return (
        select(OutboxMessage)
        .where(
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.failed_at.is_(None),
            OutboxMessage.due_at <= now,
            or_(OutboxMessage.lease_until.is_(None), OutboxMessage.lease_until < now),
        )
        .order_by(OutboxMessage.due_at)
        .limit(1)
    )


def _lease(session: Session, now: datetime) -> OutboxMessage | None:
    message = session.scalars(_waiting(now).with_for_update(skip_locked=True)).one_or_none()
    if message is not None:
        message.lease_until = now + LEASE
    return message


def _is_held(
    session: Session, message: OutboxMessage, gate: Gate | None, keyring: Keyring, now: datetime
) -> bool:
    """Whether a message stays: it waits for a later time, or was deleted."""
    if gate is None:
        return False
    try:
        due_at = gate(session, message, open_letter(message, keyring), now)
    except Unavailable:
        return False  # what cannot be opened is given up when it is tried
    except Drop:
        session.delete(message)
        return True
    if due_at <= now:
        return False
    message.due_at, message.lease_until = due_at, None
    return True


def _try_to_send(message: OutboxMessage, sender: Sender, keyring: Keyring) -> bool:
    try:
        letter = open_letter(message, keyring)
        sender.send(letter.address, letter.subject, letter.body)
    except (NotSentError, Unavailable):
        # One that cannot be opened is given up in the end, and must not hold up the others.
        return False
    return True


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
