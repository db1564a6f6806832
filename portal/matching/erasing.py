"""What matching destroys when a report is erased."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.matching.models import Match


def forget_matches(session: Session, allegation_ids: Sequence[UUID]) -> None:
    """Destroy every match of these allegations: a crime record would lead to the person.

    Each record is free again for another report.
    """
    session.execute(delete(Match).where(Match.allegation_id.in_(allegation_ids)))
