"""Days and moments as the sides of a comparison hold them. Pure."""

from datetime import UTC, date, datetime, time

Days = tuple[int, int]
"""A stretch of days, as by `date.toordinal`, with both ends inside."""
_ALL_MOMENTS = 3


def days_in(stretch: tuple[date, date] | None) -> Days | None:
    """The days of a stretch of time, None where it ends before it begins."""
    if stretch is None or stretch[1] < stretch[0]:
        return None
    return stretch[0].toordinal(), stretch[1].toordinal()


def earliest(*moments: date | None) -> datetime | None:
    """The earliest of those that say at what time of a day, in UTC; midnight does not."""
    # In UTC: what London's clocks show twice a year is no order.
    timed = [one for one in moments if isinstance(one, datetime) and one.time() != time()]
    return min((one.astimezone(UTC) for one in timed), default=None)


def moments_of(occurred: tuple[date, date] | None, received: date | None) -> tuple[datetime, ...]:
    """When it happened and was received, where all of it is known to the minute."""
    moments = [one for one in (*(occurred or ()), received) if isinstance(one, datetime)]
    # Midnight is what an export writes for a day without a time.
    is_timed = len(moments) == _ALL_MOMENTS and moments[-1].time() != time()
    return tuple(moments) if is_timed and moments[0].time() != time() else ()
