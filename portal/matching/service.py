"""Matching: proposing links between allegations and crime records, and accepting the automatic.

Both directions are incremental: a new report against all records, a new supply against all
reports. Either finds its candidates by equality of keyed tokens, so it walks an index. Each pair
is judged in a savepoint: one whose key does not open is left for the next run, and stops nobody
else.
"""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.errors import NotFound, OnRecordError
from portal.ledger.service import NewEntry, append
from portal.matching.deciding import is_claimed, matched_fields
from portal.matching.facts import allegation_facts, claim_of, record_facts
from portal.matching.models import Match
from portal.matching.scoring import Verdict, judge
from portal.police.models import CrimeRecord, CrimeRecordVersion, RecordToken, Supply
from portal.police.queries import find_current_version, record_ids_in, records_by_tokens
from portal.reports.drafts import get_data_key
from portal.reports.models import Allegation, AllegationToken
from portal.sealing import Keyring, Tokens

_LOG = logging.getLogger(__name__)
_BATCH = 100
_TAKEN = {
    "name": "claim",
    "level": "taken",
    "words": "Another report holds this crime record already.",
    "says": "against",
}


@dataclass(frozen=True)
class _Keys:
    keyring: Keyring
    tokens: Tokens


def propose(database: Database, *, keyring: Keyring, tokens: Tokens, now: datetime) -> int:
    """Judge everything new on either side; how many pairs were judged. Safe to repeat."""
    keys = _Keys(keyring, tokens)
    judged = 0
    after: UUID | None = None
    while True:
        with database.transaction() as session:
            batch = _allegations_to_match(session, after)
            entries: list[NewEntry] = []
            for allegation in batch:
                judged += _match_allegation(session, allegation, keys, entries, now)
            append(session, entries, now=now)
        if len(batch) < _BATCH:
            break
        # What could not be judged keeps its mark, so the walk itself has to move on.
        after = batch[-1].id
    for supply_id in _supplies_to_match(database):
        judged += _match_supply(database, supply_id, keys, now)
    return judged


def _allegations_to_match(session: Session, after: UUID | None) -> Sequence[Allegation]:
    query = select(Allegation).where(Allegation.to_match).order_by(Allegation.id).limit(_BATCH)
    if after is not None:
        query = query.where(Allegation.id > after)
    return session.scalars(query.with_for_update(skip_locked=True)).all()


def _match_allegation(
    session: Session, allegation: Allegation, keys: _Keys, entries: list[NewEntry], now: datetime
) -> int:
    allegation.to_match = False
    given = session.scalars(
        select(AllegationToken.token).where(AllegationToken.allegation_id == allegation.id)
    ).all()
    found = {one.record_id for one in records_by_tokens(session, given)}
    return sum(
        _try(session, allegation, record_id, keys, entries, now) for record_id in sorted(found)
    )


def _supplies_to_match(database: Database) -> list[UUID]:
    with database.reading() as session:
        query = select(Supply.id).where(Supply.taken_at.is_not(None), Supply.matched_at.is_(None))
        return list(session.scalars(query.order_by(Supply.taken_at)))


def _match_supply(database: Database, supply_id: UUID, keys: _Keys, now: datetime) -> int:
    judged = 0
    with database.reading() as session:
        chunks = list(record_ids_in(session, supply_id))
    for chunk in chunks:
        with database.transaction() as session:
            entries: list[NewEntry] = []
            for allegation, record_id in _pairs(session, chunk):
                judged += _try(session, allegation, record_id, keys, entries, now)
            append(session, entries, now=now)
    with database.transaction() as session:
        session.execute(update(Supply).where(Supply.id == supply_id).values(matched_at=now))
    return judged


def _pairs(session: Session, record_ids: Iterable[int]) -> list[tuple[Allegation, int]]:
    rows = session.execute(
        select(Allegation, RecordToken.record_id)
        .join(AllegationToken, AllegationToken.allegation_id == Allegation.id)
        .join(RecordToken, RecordToken.token == AllegationToken.token)
        .where(RecordToken.record_id.in_(list(record_ids)))
        .where(Allegation.clock_starts_at.is_not(None))
        .order_by(RecordToken.record_id, Allegation.id)
        .with_for_update(of=Allegation)
    ).all()
    return list({(a.id, record_id): (a, record_id) for a, record_id in rows}.values())


def _try(
    session: Session,
    allegation: Allegation,
    record_id: int,
    keys: _Keys,
    entries: list[NewEntry],
    now: datetime,
) -> int:
    made: list[NewEntry] = []
    try:
        with session.begin_nested():
            judged = _judge(session, allegation, record_id, keys, made, now)
    except OnRecordError as error:
        facts = {"allegation": str(allegation.id), "record": record_id}
        _LOG.error("match not judged", exc_info=error, extra={"facts": facts})
        # The key of what was erased is gone for good; another may open again.
        if not isinstance(error, NotFound):
            allegation.to_match = True
        return 0
    entries += made
    return judged


def _judge(
    session: Session,
    allegation: Allegation,
    record_id: int,
    keys: _Keys,
    entries: list[NewEntry],
    now: datetime,
) -> int:
    record = session.get_one(CrimeRecord, record_id)
    version = find_current_version(session, record_id)
    if version is None:
        return 0
    ours = allegation_facts(session, allegation, keyring=keys.keyring)
    theirs = record_facts(session, record, version, keyring=keys.keyring, tokens=keys.tokens)
    verdict = judge(ours, theirs)
    match = session.scalars(
        select(Match).where(Match.allegation_id == allegation.id, Match.record_id == record_id)
    ).one_or_none()
    if match is None:
        if verdict.zone == "none":
            return 1
        match = Match(
            allegation_id=allegation.id,
            record_id=record_id,
            claim=claim_of(allegation, ours, keys.tokens),
            state="proposed",
            proposed_at=now,
        )
        session.add(match)
    elif match.version_id == version.id or match.decided_by is not None:
        # A person's decision stands until a person changes it; the alerts see the new version.
        allegation.to_sweep = True
        return 1
    _apply(session, match, allegation, record, version, verdict, keys, entries, now)
    return 1


def _apply(
    session: Session,
    match: Match,
    allegation: Allegation,
    record: CrimeRecord,
    version: CrimeRecordVersion,
    verdict: Verdict,
    keys: _Keys,
    entries: list[NewEntry],
    now: datetime,
) -> None:
    allegation.to_sweep = True
    match.version_id = version.id
    match.model_version = verdict.model_version
    match.checks = list(verdict.as_data())
    was = match.state
    if verdict.zone == "none":
        match.zone, match.state = "possible", "ended"
    else:
        match.zone, match.state = verdict.zone, "proposed"
    if verdict.zone == "automatic" and (
        was == "accepted" or not _is_held(session, record.id, allegation, match)
    ):
        match.state, match.decided_at = "accepted", match.decided_at or now
    elif verdict.zone == "automatic":
        match.checks = [*match.checks, _TAKEN]
    session.flush()
    if (match.state == "accepted") != (was == "accepted"):
        kind = "matched" if match.state == "accepted" else "match_ended"
        data_key = get_data_key(session, allegation.report_id, keyring=keys.keyring)
        fields = matched_fields(match, allegation, record, version)
        entries.append(NewEntry(kind, allegation.report_id, fields, data_key.seal))


def _is_held(session: Session, record_id: int, allegation: Allegation, match: Match) -> bool:
    """Whether any other allegation holds the record: then a person looks before this one does."""
    query = select(Match.id).where(
        Match.record_id == record_id,
        Match.state == "accepted",
        Match.allegation_id != allegation.id,
    )
    return session.scalar(query.limit(1)) is not None or is_claimed(
        session, record_id, match.claim, apart_from=allegation.id
    )
