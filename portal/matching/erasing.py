"""What matching destroys when a report is erased."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from portal.matching.models import AllegationKey, Judgement, Match, Question, Reading, Statement


def forget_matches(session: Session, allegation_ids: Sequence[UUID]) -> None:
    """Destroy every match of these allegations, what people made of it and asked about it, and
    the keys that lead to one: a crime record would lead to the person.

    Each record is free again for another report, and whoever wanted it is decided on again.
    """
    ids = list(allegation_ids)
    # Of a duplicate it must not be told any more of whose; the next run finds who stands for it.
    same = update(Match).where(Match.duplicate_of.in_(ids))
    session.execute(same.values(duplicate_of=Match.allegation_id))
    # Who was not given a record, or not asked about it, may have been so for their sake alone.
    wanted = or_(Match.state.in_(("accepted", "proposed")), Match.zone == "automatic")
    records = select(Match.record_id).where(Match.allegation_id.in_(ids), wanted)
    others = select(Match.allegation_id).where(Match.record_id.in_(records))
    session.execute(
        update(Judgement)
        .where(Judgement.allegation_id.in_(others), Judgement.allegation_id.not_in(ids))
        .values(to_settle=True)
    )
    for table in (Match, AllegationKey, Judgement, Reading, Question, Statement):
        session.execute(delete(table).where(table.allegation_id.in_(ids)))
