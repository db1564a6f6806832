"""Sign-ins: rows that can be ended, whoever holds a copy of the cookie.

The browser holds 256 random bits; the row holds their SHA-256, so that a copy of the database
signs nobody in.
"""

import secrets
import uuid
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.accounts.models import Account, SignIn

IDLE = timedelta(minutes=60)
LONGEST = timedelta(hours=12)
_TOUCH_EVERY = timedelta(minutes=5)


def start_sign_in(session: Session, account_id: uuid.UUID, *, now: datetime) -> str:
    """Sign an account in and return the browser's token. The password was checked by the caller."""
    token = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            token_hash=_hash(token),
            account_id=account_id,
            created_at=now,
            seen_at=now,
            ended_at=None,
        )
    )
    session.flush()
    return token


def find_signed_in(session: Session, token: str, *, now: datetime) -> Account | None:
    """The open account that a browser's token signs in, or None when that is over.

    Over is: ended, idle for 60 minutes, or 12 hours old.
    """
    return session.scalar(
        select(Account)
        .join(SignIn, SignIn.account_id == Account.id)
        .where(
            SignIn.token_hash == _hash(token),
            SignIn.ended_at.is_(None),
            SignIn.seen_at > now - IDLE,
            SignIn.created_at > now - LONGEST,
            Account.closed_at.is_(None),
        )
    )


def find_holder(session: Session, token: str) -> uuid.UUID | None:
    """Whose sign-in a browser's token is or was, over or not; None when it is nobody's."""
    return session.scalar(select(SignIn.account_id).where(SignIn.token_hash == _hash(token)))


def list_sign_ins(session: Session, account_id: uuid.UUID, *, now: datetime) -> list[SignIn]:
    """The sign-ins of an account that are not over, the newest first."""
    return list(
        session.scalars(
            select(SignIn)
            .where(
                SignIn.account_id == account_id,
                SignIn.ended_at.is_(None),
                SignIn.seen_at > now - IDLE,
                SignIn.created_at > now - LONGEST,
            )
            .order_by(SignIn.created_at.desc())
        )
    )


def is_of(sign_in: SignIn, token: str) -> bool:
    """Whether a sign-in is the one of this browser's token."""
    return secrets.compare_digest(sign_in.token_hash, _hash(token))


def is_unseen(session: Session, token: str, *, now: datetime) -> bool:
    """Whether a sign-in was last marked as used so long ago that `touch` would write."""
    seen_at = session.scalar(select(SignIn.seen_at).where(SignIn.token_hash == _hash(token)))
    return seen_at is not None and seen_at <= now - _TOUCH_EVERY


def touch(session: Session, token: str, *, now: datetime) -> None:
    """Mark a sign-in as used, at most every 5 minutes; an idle one may so end 5 minutes early."""
    session.execute(
        update(SignIn)
        .where(
            SignIn.token_hash == _hash(token),
            SignIn.ended_at.is_(None),
            SignIn.seen_at <= now - _TOUCH_EVERY,
        )
        .values(seen_at=now)
    )


def end_sign_in(session: Session, token: str, *, now: datetime) -> None:
    """End one sign-in. Safe to repeat."""
    session.execute(
        update(SignIn)
        .where(SignIn.token_hash == _hash(token), SignIn.ended_at.is_(None))
        .values(ended_at=now)
    )


def end_all_sign_ins(
    session: Session, account_id: uuid.UUID, *, now: datetime, but: str | None = None
) -> int:
    """End every sign-in of an account but the one of the token `but`, and say how many ended."""
    ending = (
        update(SignIn)
        .where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
        .values(ended_at=now)
    )
    if but is not None:
        ending = ending.where(SignIn.token_hash != _hash(but))
    return len(session.execute(ending.returning(SignIn.token_hash)).all())


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
