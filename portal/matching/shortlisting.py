"""The few records of an allegation that a person is asked about."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.matching.models import Match
from portal.police.models import CrimeRecord

MOST_PROPOSED = 3  # candidates of one report about which a person is asked at once


def shortlist(
    session: Session,
    ours: Mapping[int, Match],
    decided: float | None,
    again: Collection[int] = (),
) -> set[int]:
    """The records that a person is asked about: three at most, the likeliest first.

    Once a person confirmed one, only a weightier one is asked about again. What a person wants to
    have looked at `again` comes before all others.
    """
    found = [
        one
        for one in ours.values()
        if one.record_id in again
        or (
            one.levels is not None
            and one.zone != "none"
            and (decided is None or (one.total or 0.0) > decided)
        )
    ]
    if len(found) <= MOST_PROPOSED:
        return {match.record_id for match in found}
    names = {
        one.id: (one.force_id, one.reference_key)
        for one in session.scalars(
            select(CrimeRecord).where(CrimeRecord.id.in_([match.record_id for match in found]))
        )
    }
    found.sort(
        key=lambda one: (
            one.record_id not in again,
            -(one.log_odds or 0),
            -(one.total or 0),
            names[one.record_id],
        )
    )
    return {match.record_id for match in found[:MOST_PROPOSED]}


def looked_at_again(left: Mapping[int, Match], matches: Mapping[int, Match]) -> set[int]:
    """Those of `left` that a person wants looked at again, and about which nobody said anything
    since: not even that another of the `matches` of the report is its record.
    """
    said = [
        one.decided_at
        for one in matches.values()
        if one.state == "accepted" and one.decided_by is not None and one.decided_at is not None
    ]
    return {
        key
        for key, one in left.items()
        if one.reopened_at is not None
        and one.levels is not None
        and all(one.reopened_at > each for each in said)
    }
