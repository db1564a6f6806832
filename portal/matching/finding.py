"""Finding candidates: pairs of an allegation and a crime record that share a key, within its days.

Both directions are one join through the index of a token, on SQLite and PostgreSQL alike, and both
say when there is more than they were asked for: nobody waits for a supply in which every record
fits every report.
"""

from collections.abc import Collection, Sequence
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from portal.db import rows_by_number
from portal.matching.keying import KeyRow
from portal.matching.models import AllegationKey, Judgement, Match, RecordKey

Pair = tuple[UUID, int]
_KEYS_AT_ONCE = 10_000
_SHARING = 20
"""So many times as many keys as pairs are read; about two share a day of two that share a value."""


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


# Made once: to put a query together costs as much as to ask it.
_RECORDS = (
    select(RecordKey.record_id)
    .join(AllegationKey, AllegationKey.token == RecordKey.token)
    .where(AllegationKey.allegation_id == bindparam("allegation_id"), _fits())
    .distinct()
    .limit(bindparam("most", type_=Integer))
)


def records_for(session: Session, allegation_id: UUID, *, at_most: int) -> list[int]:
    """The records that share a key with an allegation, by number; one more than `at_most` says
    that there are too many, and nothing of which.
    """
    wanted = {"allegation_id": allegation_id, "most": at_most + 1}
    return sorted(session.scalars(_RECORDS, wanted))


def shares_key(session: Session, allegation_id: UUID, record_id: int) -> bool:
    """Whether this record is one of `records_for`, however many those are."""
    query = (
        select(RecordKey.record_id)
        .join(AllegationKey, AllegationKey.token == RecordKey.token)
        .where(
            AllegationKey.allegation_id == allegation_id, RecordKey.record_id == record_id, _fits()
        )
    )
    return session.scalar(query.limit(1)) is not None


def pairs_with(session: Session, keys: Sequence[KeyRow], *, at_most: int) -> list[Pair] | None:
    """The pairs of the records of these keys with any allegation, each once, in no order.

    None when there are too many, by themselves or with those on other days; `reports_with` then
    says whose.
    """
    pairs: set[tuple[Any, int]] = set()
    most = _SHARING * at_most
    ordered = sorted(keys, key=itemgetter(0))
    for start in range(0, len(ordered), _KEYS_AT_ONCE):
        some = ordered[start : start + _KEYS_AT_ONCE]
        tokens = list(dict.fromkeys(key[0] for key in some))
        rows = rows_by_number(session, AllegationKey.__table__, tokens, at_most=most + 1)
        if len(rows) > most:
            return None
        # Of a hundred keys of records few are any report's.
        by_token: dict[int, list[KeyRow]] = {row[0]: [] for row in rows}
        for key in some:
            if key[0] in by_token:
                by_token[key[0]].append(key)
        for token, raw, since, until, told_since, told_until in rows:
            for key in by_token[token]:
                if _is_within(key, since, until, told_since, told_until):
                    pairs.add((raw, key[1]))
            if len(pairs) > at_most:
                return None
    # A supply has many pairs of few reports: an id is made once for all of a report's.
    ids = {raw: raw if isinstance(raw, UUID) else UUID(raw) for raw in {raw for raw, _ in pairs}}
    return [(ids[raw], record_id) for raw, record_id in pairs]


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


def _is_within(
    key: KeyRow,
    since: int | None,
    until: int | None,
    told_since: int | None,
    told_until: int | None,
) -> bool:
    """As `_fits`, of a record's key and the days of an allegation's."""
    _, _, first, last, recorded = key
    # Of a stretch either both ends are known or neither.
    if since is not None and until is not None and first is not None and last is not None:
        return first <= until and last >= since
    if told_since is None or told_until is None or recorded is None:
        return True
    return told_since <= recorded <= told_until
