"""When the person can be asked about the number of a call.

One call can be about several crimes, so that its number says less than a crime reference. They are
asked only where it can be of one record alone: they told us of one thing and typed one number, to
the force that has the record, and no other candidate came of that call. They are asked once,
whatever is recorded after it, and shown the number as they typed it.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.matching.calls import others_of
from portal.matching.gathering import open_reports
from portal.matching.models import Match, Question
from portal.matching.sides import ReportSide
from portal.matching.zones import CALL, means_one_record
from portal.police.models import CrimeRecord
from portal.reports.models import Allegation
from portal.sealing import Keyring


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
        others = others_of(session, match)
        if isinstance(side, ReportSide) and means_one_record(side, force_id, others):
            found.add(match.id)
    return found


def _told_more(session: Session, allegation: Allegation) -> bool:
    query = select(func.count()).where(Allegation.report_id == allegation.report_id)
    return (session.scalar(query) or 0) > 1


def _was_asked(session: Session, allegation: Allegation) -> bool:
    query = select(Question.id).where(
        Question.allegation_id == allegation.id, Question.kind == CALL
    )
    return session.scalar(query.limit(1)) is not None
