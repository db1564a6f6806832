"""What the page of an opened report says of how its person is reached, and of their messages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.ledger.service import OpenedEntry
from portal.reports.correspondence import Threads, threads_of
from portal.reports.models import Report
from portal.reports.safe_ways import find_contact
from portal.reports.still_safe import Why, why_ask
from portal.web.access import site
from portal.web.report.contact_history import WayChange, recent_way_change
from portal.web.report.way_words import masked


@dataclass(frozen=True)
class Reach:
    """How the person is reached: the way in a few characters, whether to ask if it is still safe,
    the newest change, and until when that can be put back.
    """

    way: str
    paused: bool
    why: Why | None
    change: WayChange | None
    undo_until: datetime | None


def opening_parts(
    session: Session,
    report: Report,
    entries: Sequence[OpenedEntry],
    openings: Sequence[datetime],
    *,
    now: datetime,
) -> Mapping[str, object]:
    """What `contact_part.html` and `messages_part.html` need, by name."""
    contact = find_contact(session, report.id, keyring=site().keyring)
    way = contact.confirmed
    reach = Reach(
        way=masked(way) if way else "",
        paused=contact.paused_at is not None,
        why=why_ask(session, report.id, now=now),
        change=recent_way_change(entries, openings, now=now),
        undo_until=contact.former_until if contact.can_put_back(now) else None,
    )
    threads: Threads = threads_of(session, report, keyring=site().keyring)
    return {"reach": reach, "threads": threads, "has_contact": way is not None}
