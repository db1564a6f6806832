"""When the person can be asked about the number of a call, and how far their yes carries.

One call can be about several crimes, so that its number says less than a crime reference. They are
asked only where it can be of one record alone: they told us of one thing and typed one number, to
the force that has the record, and no other candidate came of that call. They are asked once,
whatever is recorded after it, and shown the number as they typed it.
"""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.matching.gathering import open_reports
from portal.matching.levels import Levels
from portal.matching.models import Match, Question
from portal.matching.settling import unpack
from portal.matching.sides import ReportSide
from portal.matching.zones import came_of_call, means_one_record, number_typed
from portal.police.models import CrimeRecord
from portal.reports.models import Allegation
from portal.sealing import Keyring

KIND = "call"


def can_ask(
    session: Session, pairs: Iterable[tuple[Allegation, Match]], *, keyring: Keyring
) -> set[UUID]:
    """Those of these pairs, by the id of the match, whose person can be asked about the call."""
    found: set[UUID] = set()
    for allegation, match in pairs:
        if _told_more(session, allegation) or _was_asked(session, allegation):
            continue
        side = open_reports(session, [allegation], keyring=keyring).get(allegation.id)
        force_id = session.get_one(CrimeRecord, match.record_id).force_id
        others = _others(session, match)
        if isinstance(side, ReportSide) and means_one_record(side, force_id, others):
            found.add(match.id)
    return found


def still_settles(allegation: Allegation, levels: Levels, others: Collection[Levels]) -> bool:
    """Whether a yes about the call still means this record: nothing was corrected, the record still
    came of that call, and none of the `others` did.
    """
    is_as_told = allegation.corrected_at is None
    return is_as_told and number_typed(levels) == KIND and not came_of_call(others)


def _told_more(session: Session, allegation: Allegation) -> bool:
    query = select(func.count()).where(Allegation.report_id == allegation.report_id)
    return (session.scalar(query) or 0) > 1


def _was_asked(session: Session, allegation: Allegation) -> bool:
    query = select(Question.id).where(
        Question.allegation_id == allegation.id, Question.kind == KIND
    )
    return session.scalar(query.limit(1)) is not None


def _others(session: Session, match: Match) -> Sequence[Levels]:
    query = select(Match.levels).where(
        Match.allegation_id == match.allegation_id,
        Match.id != match.id,
        Match.levels.is_not(None),
    )
    return [unpack(levels) for levels in session.scalars(query) if levels]
