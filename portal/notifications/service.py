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
from portal.notifications.leaving import NeverArrivesError
from portal.notifications.models import OutboxMessage
from portal.notifications.senders import NotSentError, Sender
from portal.sealing import Keyring

LEASE = timedelta(minutes=5)
ASK_FIRST = timedelta(minutes=2)
"""How long after a message was taken to ask what became of it (`deliveries.ASK_AFTER`)."""
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
        outcome = _try_to_send(message, sender, keyring)
        sent += outcome.left
        with database.transaction() as session:
            _settle(session, message, outcome, keyring=keyring, now=clock())
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


def try_again(session: Session, message: OutboxMessage, *, now: datetime) -> bool:
    """Put a message that was taken and got lost back among those that wait, or give it up.

    False when something else became of it meanwhile.
    """
    values = _once_more(message.attempts, now)
    if "failed_at" not in values:
        values["sent_at"] = None
    values |= {"sealed_reference": None, "ask_at": None, "asked": None}
    changed = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message.id, OutboxMessage.sent_at == message.sent_at)
        .values(**values)
        .returning(OutboxMessage.id)
    )
    return changed.first() is not None


@dataclass(frozen=True)
class _Outcome:
    """What a try came to: whether it left, under which reference, and if it ever will."""

    left: bool
    reference: str | None = None
    never: bool = False


def _try_to_send(message: OutboxMessage, sender: Sender, keyring: Keyring) -> _Outcome:
    try:
        letter = open_letter(message, keyring)
        return _Outcome(True, sender.send(letter.address, letter.subject, letter.body))
    except NeverArrivesError:
        return _Outcome(False, never=True)
    except (NotSentError, Unavailable):
        # One that cannot be opened is given up in the end, and must not hold up the others.
        return _Outcome(False)


def _settle(
    session: Session,
    message: OutboxMessage,
    outcome: _Outcome,
    *,
    keyring: Keyring,
    now: datetime,
) -> None:
    attempts = message.attempts + 1
    values: dict[str, object] = {"attempts": attempts, "lease_until": None}
    if outcome.left:
        values["sent_at"] = now
        if outcome.reference:
            context = f"outbox-reference:{message.cause}"
            values["sealed_reference"] = keyring.seal_alone(outcome.reference.encode(), context)
            values["ask_at"] = now + ASK_FIRST
    elif outcome.never:
        values["failed_at"] = now
    else:
        values |= _once_more(attempts, now)
    session.execute(update(OutboxMessage).where(OutboxMessage.id == message.id).values(**values))


def _once_more(attempts: int, now: datetime) -> dict[str, object]:
    """When to try again after so many tries; after the last it is given up."""
    if attempts > len(RETRY_AFTER):
        return {"failed_at": now}
    return {"due_at": now + RETRY_AFTER[max(0, attempts - 1)]}
