"""How far the records of forces reach, and since when they cannot be checked. Read only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts.models import Account
from portal.police.coverage import coverage_of, stale_since
from portal.reference.terms import all_terms, find_terms


@dataclass(frozen=True)
class Reach:
    """How far a force's records reach. `stale_since` is when more were due, None if none are."""

    force_id: str
    covered_until: datetime | None
    stale_since: datetime | None
    is_agreed: bool


def reach_of(session: Session, force_id: str, *, now: datetime) -> Reach:
    """How far the records of one force reach."""
    terms = find_terms(session, force_id)
    return Reach(
        force_id,
        coverage_of(session, force_id).reached(terms),
        stale_since(session, terms, now=now) if terms else None,
        is_agreed=bool(terms and terms.supply_interval_hours),
    )


def list_reaches(session: Session, account: Account, *, now: datetime) -> list[Reach]:
    """How far records reach: of one's own force, or of all that agreed, for an inspector."""
    if account.role == "inspector":
        agreed = [force for force, terms in all_terms(session).items() if terms.supplies_since]
        return [reach_of(session, force_id, now=now) for force_id in sorted(agreed)]
    return [reach_of(session, account.force_id, now=now)] if account.force_id else []
