"""How far a force's records reach. It is the period covered that counts, never the last file."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.clock import to_london
from portal.police.models import CrimeRecordVersion, Supply
from portal.reference.models import ForceTerms


@dataclass(frozen=True)
class Coverage:
    """The stretches of time that a force's supplies cover without a gap, oldest first (UTC)."""

    stretches: tuple[tuple[datetime, datetime], ...] = ()

    def until(self, since: datetime) -> datetime | None:
        """How far records reach without a gap from this instant, or did before it when it is not
        covered itself; None when nothing up to it is covered.
        """
        before = [end for start, end in self.stretches if start <= since]
        return before[-1] if before else None

    def reached(self, terms: ForceTerms | None) -> datetime | None:
        """How far they reach: without a gap since the force agreed, so that a gap is not forgotten
        and a file about an older time changes nothing. Without an agreement, the newest end.
        """
        since = terms.supplies_since if terms else None
        ends = [end for _, end in self.stretches if since is None or end >= since]
        if not ends:
            return None
        return ends[-1] if since is None else ends[0]


def coverage_of(session: Session, force_id: str) -> Coverage:
    """What a force's supplies cover. A file of which no row could be taken covers nothing, though
    an empty one, which says that nothing was recorded, does.
    """
    periods = session.execute(
        select(Supply.covers_from, Supply.covers_to)
        .where(
            Supply.force_id == force_id,
            Supply.taken_at.is_not(None),
            or_(Supply.taken_rows > 0, Supply.declared_rows == 0),
        )
        .order_by(Supply.covers_from, Supply.covers_to)
    )
    stretches: list[tuple[datetime, datetime]] = []
    for start, end in periods:
        if stretches and start <= stretches[-1][1]:
            stretches[-1] = (stretches[-1][0], max(stretches[-1][1], end))
        else:
            stretches.append((start, end))
    return Coverage(tuple(stretches))


def stale_since(session: Session, terms: ForceTerms, *, now: datetime) -> datetime | None:
    """Since when a force's records are overdue under its terms, or None while they are not."""
    due = due_at(coverage_of(session, terms.force_id), terms)
    return due if due is not None and due < now else None


def due_at(coverage: Coverage, terms: ForceTerms) -> datetime | None:
    """When a force's next records are due: the end of what is covered, or the day of the agreement
    if later, and one interval. None without an agreed interval.
    """
    if terms.supply_interval_hours is None or terms.supplies_since is None:
        return None
    reached = coverage.reached(terms) or terms.supplies_since
    return max(reached, terms.supplies_since) + timedelta(hours=terms.supply_interval_hours)


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
