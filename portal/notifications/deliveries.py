"""Whether what a service took did arrive: asked afterwards, a few at a time, and not for ever.

"Taken" is not "arrived". A message that cannot arrive is given up like one that nobody took
(`failed_at`), so whoever reads that learns it: the person on their own page, oversight beside the
report, an alert for a force's notice. No other address is ever told. One that may arrive later, or
that was lost on the way, goes back into the outbox, where its gate is asked again.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.errors import Unavailable
from portal.notifications.leaving import Delivery, Teller
from portal.notifications.models import OutboxMessage
from portal.notifications.service import ASK_FIRST, try_again
from portal.sealing import Keyring

ASK_AFTER = (
    ASK_FIRST,
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
    timedelta(hours=48),
)
"""When to ask about a message, each counted from the time before. Notify tries for 72 hours."""
AT_ONCE = 50


def ask_deliveries(
    database: Database,
    teller: Teller,
    *,
    keyring: Keyring,
    clock: Callable[[], datetime],
    at_most: int = AT_ONCE,
) -> int:
    """Ask about the messages whose time has come; how many that settles. Safe to run twice."""
    settled = 0
    for _ in range(at_most):
        with database.transaction() as session:
            message = _take(session, clock())
        if message is None:
            break
        told = _ask(message, teller, keyring)
        if told == "unknown":
            continue
        with database.transaction() as session:
            settled += _settle(session, message, told, clock())
    return settled


def has_due(session: Session, *, now: datetime) -> bool:
    """Whether it is time to ask about some message: a look that takes no lock."""
    due = select(OutboxMessage.id).where(OutboxMessage.ask_at <= now)
    return session.scalar(due.limit(1)) is not None


def _take(session: Session, now: datetime) -> OutboxMessage | None:
    """The message to ask about next, whose turn is put off at once: nobody else asks meanwhile."""
    message = session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.ask_at <= now)
        .order_by(OutboxMessage.ask_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if message is not None:
        message.asked = asked = (message.asked or 0) + 1
        later = ASK_AFTER[asked] if asked < len(ASK_AFTER) else None
        message.ask_at = now + later if later else None
    return message


def _ask(message: OutboxMessage, teller: Teller, keyring: Keyring) -> Delivery:
    if message.sealed_reference is None:
        return "unknown"
    try:
        sealed = keyring.open_alone(message.sealed_reference, f"outbox-reference:{message.cause}")
    except Unavailable:
        return "unknown"
    return teller.delivery(sealed.decode())


def _settle(session: Session, message: OutboxMessage, told: Delivery, now: datetime) -> bool:
    """Note what became of it, unless it was settled or deleted meanwhile."""
    if told == "lost":
        return try_again(session, message, now=now)
    values: dict[str, object] = {"ask_at": None, "sealed_reference": None}
    if told == "never":
        values["failed_at"] = now
    same = (OutboxMessage.id == message.id, OutboxMessage.sent_at == message.sent_at)
    changed = session.execute(
        update(OutboxMessage).where(*same).values(**values).returning(OutboxMessage.id)
    )
    return changed.first() is not None
