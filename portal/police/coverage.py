"""How far a force's records reach. It is the period covered that counts, never the last file."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import to_london
from portal.police.models import CrimeRecordVersion, Supply
from portal.reference.models import ForceTerms


def covered_until(session: Session, force_id: str) -> datetime | None:
    """Where the period ends that a force's supplies cover without a gap; None without any.

    It begins with the earliest period covered. A supply after a gap does not count until the gap
    is filled.
    """
    periods = session.execute(
        select(Supply.covers_from, Supply.covers_to)
        .where(Supply.force_id == force_id, Supply.taken_at.is_not(None))
        .order_by(Supply.covers_from, Supply.covers_to)
    )
    until: datetime | None = None
    for start, end in periods:
        if until is not None and start > until:
            break
        until = end if until is None else max(until, end)
    return until


def stale_since(session: Session, terms: ForceTerms, *, now: datetime) -> datetime | None:
    """Since when a force's records are overdue under its terms, or None while they are not.

    Due is the end of what is covered, or the day of the agreement if later, and one interval.
    """
    if terms.supply_interval_hours is None or terms.supplies_since is None:
        return None
    until = covered_until(session, terms.force_id)
    reached = terms.supplies_since if until is None else max(until, terms.supplies_since)
    due = reached + timedelta(hours=terms.supply_interval_hours)
    return due if due < now else None


def covers(supply: Supply, version: CrimeRecordVersion) -> bool:
    """Whether a version's recorded time surely lies in a supply's period, its end excluded.

    Without a time of day only if the whole London day does. Nothing after the supply came in.
    """
    first = last = version.recorded_at
    if version.recorded_day_only:
        last = _last_of_day(first)
    return supply.covers_from <= first and last < min(supply.covers_to, supply.received_at)


def _last_of_day(midnight: datetime) -> datetime:
    last = to_london(midnight).replace(hour=23, minute=59, second=59)
    return last.astimezone(UTC)
