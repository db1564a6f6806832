"""Matching: finding, comparing and deciding everything that is new on either side.

A new supply is compared with all open reports, then a new report with all records, and then what
changed is decided on. Both directions find their pairs through the index of keyed tokens
(`finding`). A report that does not open is left for the next run, and crime records until their key
is here again (`unopened`); neither stops anybody else.
"""

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.errors import NotFound
from portal.matching.choosing import accept_model, current_model, earlier_versions
from portal.matching.claiming import batched
from portal.matching.collecting import rare_collections
from portal.matching.comparing import (
    Comparer,
    compare_some,
    compare_whole,
    judgements_of,
    matches_by_record,
)
from portal.matching.finding import crowded_with, kept_pairs, pairs_with, reports_with
from portal.matching.gathering import open_reports
from portal.matching.judging import settle_all
from portal.matching.keying import PURPOSE, forget_record_keys, write_record_keys
from portal.matching.model import Model
from portal.matching.models import Judgement, KeyedRecord, RecordKey
from portal.matching.opening import OpenedRecord, Supplies, open_records
from portal.matching.pacing import in_steps
from portal.matching.rekeying import match_unmarked
from portal.matching.sides import ReportSide
from portal.matching.unopened import take_up, wait_for_records, wait_for_supply
from portal.police.models import Supply
from portal.police.queries import record_ids_in
from portal.reports.models import Allegation, Report
from portal.sealing import Keyring, Tokens

_LOG = logging.getLogger(__name__)
_BATCH = 100
_MOST_PAIRS = 10_000
"""With more pairs than this of one step each report is compared by itself, with its limit."""
_IN_ONE_QUERY = 500


def propose(
    database: Database,
    *,
    keyring: Keyring,
    tokens: Tokens,
    now: datetime,
    model: Model | None = None,
    shared_keys: Mapping[str, bytes] | None = None,
) -> int:
    """Match everything that is new on either side; how many pairs were compared.

    Safe to repeat and to cut short. `model`: the one that was accepted (`choosing`).
    `shared_keys`, by name, are those of forces that share no names. A new one must be here before
    what was made with it comes.
    """
    if model is None:
        with database.reading() as session:
            model = current_model(session)
    purpose = tokens.for_purpose(PURPOSE)
    comparer = Comparer(model, Supplies(keyring, shared_keys or {}), purpose, now)
    compared = 0
    with rare_collections():
        if shared_keys:
            # Before a supply is compared with what waits: its tokens may be of the newest key.
            with database.transaction() as session:
                match_unmarked(session, shared_keys, tokens=purpose)
            compared += _match_reports(database, comparer)
        take_up(database, comparer.supplies)
        for supply_id in _supplies_to_match(database):
            compared += _match_supply(database, supply_id, comparer)
        _judge_by(database, model)
        compared += _match_reports(database, comparer)
        settle_all(database, model, keyring=keyring, now=now)
    return compared


def compare_again(session: Session, allegation_ids: Collection[UUID]) -> None:
    """Mark these to be matched again: something that they say, or a decision, is new."""
    # In one order, so that two writers never cross; a step can have more than one statement names.
    for some in batched(sorted(allegation_ids), _IN_ONE_QUERY):
        session.execute(update(Allegation).where(Allegation.id.in_(some)).values(to_match=True))


def compare_everything_again(session: Session) -> None:
    """Mark every report and every supply to be matched again, and forget the keys of all records.

    For another version of the model, or another key. The result is what it was if neither changed.
    """
    for table in (RecordKey, KeyedRecord):
        session.execute(delete(table))
    session.execute(update(Supply).where(Supply.taken_at.is_not(None)).values(matched_at=None))
    told = Allegation.clock_starts_at.is_not(None)
    session.execute(update(Allegation).where(told).values(to_match=True))


def use_model(session: Session, text: str, *, now: datetime) -> Model:
    """Let a model decide from now on, and compare everything with it. Raises as `accept_model`."""
    model = accept_model(session, text, now=now)
    compare_everything_again(session)
    return model


def _judge_by(database: Database, model: Model) -> None:
    """Mark what an earlier model of the program judged, for an update brings another: what was
    matched by the old limits would stand until something else touched it. Never the other way, or
    two servers, one of them updated, would undo each other's work in turns.
    """
    of_earlier = (
        select(Judgement.allegation_id)
        .join(Allegation, Allegation.id == Judgement.allegation_id)
        .join(Report, Report.id == Allegation.report_id)
        .where(
            Judgement.model_version.in_(earlier_versions(model.version)),
            Allegation.clock_starts_at.is_not(None),
            Report.erased_at.is_(None),
        )
    )
    again = update(Allegation).where(Allegation.id.in_(of_earlier)).values(to_match=True)
    with database.transaction() as session:
        session.execute(again)


def _match_reports(database: Database, comparer: Comparer) -> int:
    compared = 0
    after: UUID | None = None
    while True:
        with database.transaction() as session:
            batch = _allegations_to_match(session, after)
            compared += _match_some(session, batch, comparer)
        if len(batch) < _BATCH:
            return compared
        # What could not be judged keeps its mark, so the walk itself has to move on.
        after = batch[-1].id


def _allegations_to_match(session: Session, after: UUID | None) -> Sequence[Allegation]:
    query = select(Allegation).where(Allegation.to_match).order_by(Allegation.id).limit(_BATCH)
    if after is not None:
        query = query.where(Allegation.id > after)
    return session.scalars(query.with_for_update(skip_locked=True)).all()


def _match_some(session: Session, batch: Sequence[Allegation], comparer: Comparer) -> int:
    sides = open_reports(session, batch, keyring=comparer.supplies.keyring)
    told: list[tuple[Allegation, ReportSide]] = []
    for allegation in batch:
        side = _opened(allegation, sides[allegation.id])
        if side is not None:
            allegation.to_match = False
            told.append((allegation, side))
    return compare_whole(session, told, comparer)


def _opened(allegation: Allegation, side: ReportSide | Exception | None) -> ReportSide | None:
    if side is None:
        # Of what was erased there is nothing to match any more; another key may open again.
        allegation.to_match = False
    if side is None or isinstance(side, Exception):
        error = side or NotFound("This report was erased.")
        facts = {"allegation": str(allegation.id)}
        _LOG.error("report not matched", exc_info=error, extra={"facts": facts})
        return None
    return side


def _supplies_to_match(database: Database) -> list[UUID]:
    with database.reading() as session:
        query = select(Supply.id).where(Supply.taken_at.is_not(None), Supply.matched_at.is_(None))
        return list(session.scalars(query.order_by(Supply.taken_at, Supply.number)))


def _match_supply(database: Database, supply_id: UUID, comparer: Comparer) -> int:
    with database.reading() as session:
        supply = session.get_one(Supply, supply_id)
        opens = comparer.supplies.find(supply.wrapped_key) is not None
        ids = [one for some in record_ids_in(session, supply_id) for one in some] if opens else []
    compared = 0
    for chunk in in_steps(ids):
        compared += _match_chunk(database, chunk, comparer)
    with database.transaction() as session:
        if not opens:
            wait_for_supply(session, supply_id, now=comparer.now)
        session.execute(
            update(Supply).where(Supply.id == supply_id).values(matched_at=comparer.now)
        )
    return compared


def _match_chunk(database: Database, chunk: Sequence[int], comparer: Comparer) -> int:
    with database.reading() as session:
        opened = open_records(session, chunk, comparer.supplies)
        keyed: dict[int, int] = {}
        for one, version_id in session.execute(
            select(KeyedRecord.record_id, KeyedRecord.version_id).where(
                KeyedRecord.record_id.in_(list(chunk))
            )
        ):
            keyed[one] = version_id
    changed = {one: record for one, record in opened.items() if keyed.get(one) != record.version_id}
    if closed := set(chunk) - opened.keys():
        with database.transaction() as session:
            wait_for_records(session, closed, comparer.supplies, now=comparer.now)
    if not changed:
        return 0
    with database.transaction() as session:
        if keyed:
            compare_again(session, crowded_with(session, changed))
            forget_record_keys(session, changed.keys() & keyed.keys())
        before = kept_pairs(session, changed)
        keys = write_record_keys(session, changed, tokens=comparer.tokens)
        pairs = pairs_with(session, keys, at_most=_MOST_PAIRS)
        if pairs is None:
            # Each is found and compared by itself, and says so when it has too many.
            compare_again(session, reports_with(session, changed))
            compare_again(session, {one for one, _ in before})
            return 0
        return _match_pairs(session, pairs, before, changed, comparer)


def _match_pairs(
    session: Session,
    pairs: Sequence[tuple[UUID, int]],
    before: Sequence[tuple[UUID, int]],
    changed: dict[int, OpenedRecord],
    comparer: Comparer,
) -> int:
    records: dict[UUID, dict[int, OpenedRecord]] = {}
    gone: dict[UUID, set[int]] = {}
    for one, record_id in before:
        records.setdefault(one, {})
        gone.setdefault(one, set()).add(record_id)
    for one, record_id in pairs:
        records.setdefault(one, {})[record_id] = changed[record_id]
        gone.setdefault(one, set()).discard(record_id)
    compared = 0
    wanted = sorted(records)
    for start in range(0, len(wanted), _IN_ONE_QUERY):
        query = select(Allegation).where(Allegation.id.in_(wanted[start : start + _IN_ONE_QUERY]))
        batch = session.scalars(query.order_by(Allegation.id).with_for_update()).all()
        ids = [one.id for one in batch]
        kept = matches_by_record(session, ids)
        known = judgements_of(session, ids)
        sides = open_reports(session, batch, keyring=comparer.supplies.keyring)
        for allegation in batch:
            side = _opened(allegation, sides[allegation.id])
            if side is None:
                # Tried again by itself, unless it was erased.
                allegation.to_match = sides[allegation.id] is not None
                continue
            some = records[allegation.id]
            one = allegation.id
            if not compare_some(
                session,
                allegation,
                side,
                some,
                gone[one],
                kept.get(one, {}),
                known.get(one),
                comparer,
            ):
                allegation.to_match = True
            compared += len(some)
    return compared
