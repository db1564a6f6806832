"""A clock that tests turn by hand, so that a day's deadline passes at once."""

from datetime import UTC, datetime, timedelta


class HandClock:
    """Called like `portal.clock.utc_now`; stands still until it is moved."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) -> None:
        self.instant = start

    def __call__(self) -> datetime:
        """The instant that it shows, aware, in UTC."""
        return self.instant

    def advance(self, **by: float) -> datetime:
        """Move on by `hours=`, `minutes=` or whatever else timedelta takes; the new instant."""
        self.instant += timedelta(**by)
        return self.instant
