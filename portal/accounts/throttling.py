"""How often someone may try a password: counted in the database, so that all workers count as one.

There is no bucket for all accounts together: strangers could fill it and keep everybody out.

A bucket counts tries from its first one until its window is over, then starts anew. Tries that
are refused are not counted, so a refusal always ends and nobody is locked out for good. What is
counted is a keyed token: the table tells nobody which accounts were tried.
"""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.accounts.models import Throttle
from portal.errors import TooManyTries
from portal.languages.translating import _
from portal.sealing import Tokens


@dataclass(frozen=True)
class Limit:
    """At most `tries` in `window` for each key of one purpose."""

    purpose: str
    tries: int
    window: timedelta


ONE_ACCOUNT = Limit("sign-in", tries=10, window=timedelta(minutes=15))


def count_try(session: Session, limit: Limit, key: str, *, tokens: Tokens, now: datetime) -> None:
    """Count one try. Raises TooManyTries when the window has had its tries already.

    Run it in a transaction of its own that commits before the try: a try that fails must count.
    """
    bucket = tokens.token(f"throttle/{limit.purpose}", key)
    over = Throttle.window_started_at <= now - limit.window
    insert = sqlite.insert if _is_sqlite(session) else postgresql.insert
    counted = (
        insert(Throttle)
        .values(bucket=bucket, window_started_at=now, tries=1)
        .on_conflict_do_update(
            index_elements=[Throttle.bucket],
            set_={
                "tries": case((over, 1), else_=Throttle.tries + 1),
                "window_started_at": case((over, now), else_=Throttle.window_started_at),
            },
        )
        .returning(Throttle.tries, Throttle.window_started_at)
    )
    tries, since = session.execute(counted).one()
    if tries > limit.tries:
        raise TooManyTries(
            _("There were too many tries. Nothing is locked for good: wait, then try again."),
            retry_after=max(1, math.ceil((since + limit.window - now).total_seconds())),
        )


def forget_tries(session: Session, limit: Limit, key: str, *, tokens: Tokens) -> None:
    """Empty one bucket: its owner has shown the right password."""
    bucket = tokens.token(f"throttle/{limit.purpose}", key)
    session.execute(delete(Throttle).where(Throttle.bucket == bucket))


def forget_old(session: Session, *, now: datetime) -> int:
    """Delete buckets whose window has long been over, and say how many. Safe to repeat."""
    old = delete(Throttle).where(Throttle.window_started_at < now - 2 * ONE_ACCOUNT.window)
    return len(session.execute(old.returning(Throttle.bucket)).all())


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
