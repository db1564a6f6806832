"""The time: UTC inside, Europe/London where a person reads it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def utc_now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def to_london(instant: datetime) -> datetime:
    """The same instant as a clock in London shows it. Raises ValueError for a naive value."""
    if instant.tzinfo is None:
        raise ValueError("a time without a zone cannot be shown")
    return instant.astimezone(LONDON)


def timestamp(instant: datetime) -> str:
    """RFC 3339 in UTC with microseconds, the form that ledger entries commit to."""
    if instant.tzinfo is None:
        raise ValueError("a time without a zone cannot be written")
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
