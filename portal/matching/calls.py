"""Whether the number of a call can still be of one record alone: what a question about it hangs on.

A yes says that the number was for this and for nothing else. Another record of that call, whatever
became of it, says that it was about more; and nobody makes a match by correcting what they typed.
"""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.matching.levels import Levels
from portal.matching.models import Match
from portal.matching.settling import unpack
from portal.matching.zones import CALL, came_of_call, number_typed
from portal.reports.models import Allegation


def still_settles(
    allegation: Allegation, levels: Levels, record_id: int, matches: Mapping[int, Match]
) -> bool:
    """Whether a yes about the call still means this record: nothing was corrected, the record still
    came of that call, and no other of the `matches`, by record, did, refused ones included.
    """
    others = _levels_of(one for key, one in matches.items() if key != record_id)
    is_as_told = allegation.corrected_at is None
    return is_as_told and number_typed(levels) == CALL and not came_of_call(others)


def is_open_about(session: Session, allegation_id: UUID, record_id: int) -> bool:
    """Whether a question about the call of this record can still be settled by its answer."""
    allegation = session.get_one(Allegation, allegation_id)
    query = select(Match).where(Match.allegation_id == allegation_id)
    matches = {one.record_id: one for one in session.scalars(query)}
    match = matches.get(record_id)
    if match is None or match.levels is None:
        return False
    return still_settles(allegation, unpack(match.levels), record_id, matches)


def others_of(session: Session, match: Match) -> list[Levels]:
    """The levels of every other pair of its allegation."""
    query = select(Match).where(
        Match.allegation_id == match.allegation_id, Match.record_id != match.record_id
    )
    return _levels_of(session.scalars(query))


def _levels_of(matches: Iterable[Match]) -> list[Levels]:
    return [unpack(one.levels) for one in matches if one.levels]
