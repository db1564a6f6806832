"""Finding candidates: pairs of an allegation and a crime record that share a key, within its days.

Both directions are one join through the index of a token, on SQLite and PostgreSQL alike, and both
say when there is more than they were asked for: nobody waits for a supply in which every record
fits every report.
"""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from portal.matching.models import AllegationKey, Judgement, Match, RecordKey

Pair = tuple[UUID, int]


def records_for(session: Session, allegation_id: UUID, *, at_most: int) -> list[int]:
    """The records that share a key with an allegation, by number; one more than `at_most` says
    that there are too many, and nothing of which.
    """
    query = (
        select(RecordKey.record_id)
        .join(AllegationKey, AllegationKey.token == RecordKey.token)
        .where(AllegationKey.allegation_id == allegation_id, _fits())
        .distinct()
        .limit(at_most + 1)
    )
    return sorted(session.scalars(query))


def pairs_with(session: Session, record_ids: Collection[int], *, at_most: int) -> list[Pair]:
    """The pairs of these records with any allegation, each once, in no order.

    One more than `at_most` says that there are too many; `reports_with` then says whose.
    """
    query = (
        select(type_coerce(AllegationKey.allegation_id, NullType()), RecordKey.record_id)
        .join(RecordKey, RecordKey.token == AllegationKey.token)
        .where(RecordKey.record_id.in_(list(record_ids)), _fits())
        .distinct()
        .limit(at_most + 1)
    )
    # A supply has many pairs of few reports: an id is made once for all of a report's.
    ids: dict[Any, UUID] = {}
    found: list[Pair] = []
    for raw, record_id in session.execute(query):
        one = ids.get(raw)
        if one is None:
            one = ids[raw] = raw if isinstance(raw, UUID) else UUID(raw)
        found.append((one, record_id))
    return found


def reports_with(session: Session, record_ids: Collection[int]) -> list[UUID]:
    """The allegations that share a key with any of these records."""
    query = (
        select(AllegationKey.allegation_id)
        .join(RecordKey, RecordKey.token == AllegationKey.token)
        .where(RecordKey.record_id.in_(list(record_ids)), _fits())
        .distinct()
    )
    return list(session.scalars(query))


def crowded_with(session: Session, record_ids: Collection[int]) -> list[UUID]:
    """Those of `reports_with` that had too many candidates: one fewer may be few enough."""
    query = (
        select(AllegationKey.allegation_id)
        .join(RecordKey, RecordKey.token == AllegationKey.token)
        .join(Judgement, Judgement.allegation_id == AllegationKey.allegation_id)
        .where(RecordKey.record_id.in_(list(record_ids)), Judgement.state == "crowded", _fits())
        .distinct()
    )
    return list(session.scalars(query))


def kept_pairs(session: Session, record_ids: Collection[int]) -> list[Pair]:
    """The pairs of these records that were found before and are worth keeping."""
    rows: Sequence[tuple[UUID, int]] = [
        (one, record)
        for one, record in session.execute(
            select(Match.allegation_id, Match.record_id).where(
                Match.record_id.in_(list(record_ids))
            )
        )
    ]
    return sorted(rows)


def _fits() -> ColumnElement[bool]:
    """`blocking.is_within`, asked of the database."""
    ours, theirs = AllegationKey, RecordKey
    both_say = and_(ours.occurred_since.is_not(None), theirs.first_day.is_not(None))
    return or_(
        and_(
            both_say,
            theirs.first_day <= ours.occurred_until,
            theirs.last_day >= ours.occurred_since,
        ),
        and_(
            or_(ours.occurred_since.is_(None), theirs.first_day.is_(None)),
            or_(
                ours.told_since.is_(None),
                theirs.recorded_day.between(ours.told_since, ours.told_until),
            ),
        ),
    )
