"""The few records of an allegation that a person is asked about."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.matching.models import Match
from portal.police.models import CrimeRecord

MOST_PROPOSED = 3  # candidates of one report about which a person is asked at once


def shortlist(session: Session, ours: Mapping[int, Match], decided: float | None) -> set[int]:
    """The records that a person is asked about: three at most, the likeliest first.

    Once a person confirmed one, only a weightier one is asked about again.
    """
    found = [
        one
        for one in ours.values()
        if one.levels is not None and one.zone != "none"
        if decided is None or (one.total or 0.0) > decided
    ]
    if len(found) <= MOST_PROPOSED:
        return {match.record_id for match in found}
    names = {
        one.id: (one.force_id, one.reference_key)
        for one in session.scalars(
            select(CrimeRecord).where(CrimeRecord.id.in_([match.record_id for match in found]))
        )
    }
    found.sort(key=lambda one: (-(one.log_odds or 0), -(one.total or 0), names[one.record_id]))
    return {match.record_id for match in found[:MOST_PROPOSED]}
