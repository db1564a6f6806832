"""What each force has agreed with us: its inbox, where notices go, how often records come."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.errors import Refused
from portal.reference.forces import get_force
from portal.reference.models import ForceTerms

_LONGEST_INTERVAL_HOURS = 24 * 366
_LONGEST_ADDRESS = 200


def set_terms(
    session: Session,
    force_id: str,
    *,
    inbox_agreed_at: datetime | None,
    notice_address: str | None,
    supply_interval_hours: int | None,
    now: datetime,
) -> ForceTerms:
    """Write down a force's terms in place of the earlier ones.

    Records are expected from the first time an interval is set. Raises NotInReference for an
    unknown force, and Refused for an inbox without an address, an agreement in the future, or an
    interval outside 1 hour to a year.
    """
    get_force(force_id)
    if inbox_agreed_at is not None and not notice_address:
        raise Refused(
            "Nothing was changed. An inbox that counts as receipt needs an e-mail address to which "
            "notices go."
        )
    if inbox_agreed_at is not None and inbox_agreed_at > now:
        raise Refused("The day of the agreement cannot lie in the future.")
    if supply_interval_hours is not None and not (
        1 <= supply_interval_hours <= _LONGEST_INTERVAL_HOURS
    ):
        raise Refused("The interval must be between 1 hour and a year (8,784 hours).")
    if notice_address is not None and not 3 <= len(notice_address) <= _LONGEST_ADDRESS:
        raise Refused("Write an e-mail address for notices, or leave it empty.")
    terms = session.get(ForceTerms, force_id, with_for_update=True)
    if terms is None:
        terms = ForceTerms(force_id=force_id)
        session.add(terms)
    terms.inbox_agreed_at = inbox_agreed_at
    terms.notice_address = notice_address
    if supply_interval_hours is None:
        terms.supplies_since = None
    elif terms.supplies_since is None:
        terms.supplies_since = now
    terms.supply_interval_hours = supply_interval_hours
    session.flush()
    return terms


def find_terms(session: Session, force_id: str) -> ForceTerms | None:
    """A force's terms, or None while it has agreed to nothing."""
    return session.get(ForceTerms, force_id)


def all_terms(session: Session) -> dict[str, ForceTerms]:
    """The terms of every force that has any, by force."""
    return {terms.force_id: terms for terms in session.scalars(select(ForceTerms))}


def forces_with_inbox(session: Session) -> frozenset[str]:
    """The forces for whom delivery into the inbox counts as receipt: only to them a report goes."""
    agreed = select(ForceTerms.force_id).where(ForceTerms.inbox_agreed_at.is_not(None))
    return frozenset(session.scalars(agreed))
