"""A full run: every report compared with every crime record anew, beside what stands.

It reads all of both in one state of the database, compares them with `bulk`, and says which
reports stand otherwise than they would: none, while the incremental way works and the model is the
same. What differs is written as the incremental way writes it, and decided on by the same rules.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.matching.bulk import Bulk, Pair, Ready
from portal.matching.collecting import IN_LOTS, rare_collections
from portal.matching.compared import Compared, weigh_record
from portal.matching.comparing import (
    Comparer,
    judgements_of,
    keep_whole,
    matches_by_record,
    stands,
)
from portal.matching.gathering import open_reports
from portal.matching.judging import settle_all
from portal.matching.keying import write_report_keys
from portal.matching.lots import RecordLot, open_lot
from portal.matching.models import Judgement, Match
from portal.matching.one_behind import one_behind
from portal.matching.sides import ReportSide
from portal.police.models import CrimeRecord
from portal.reports.models import Allegation

_BATCH = 100
_REPORTS_AT_ONCE = 1_000
_RECORDS_AT_ONCE = 100_000

Advance = Callable[[int], None]


@dataclass
class Whole:
    """What a full run found: for each allegation its candidates that are worth keeping, and how
    many candidates there were; `records` and `pairs` count what was compared.
    """

    kept: dict[UUID, dict[int, Compared]] = field(default_factory=dict)
    found: dict[UUID, int] = field(default_factory=dict)
    records: int = 0
    pairs: int = 0


@dataclass
class Differences:
    """How many reports stand as they would, otherwise, and were left: those that are to be matched
    anyhow, or of which nothing is known.
    """

    same: int = 0
    other: int = 0
    left: int = 0


def count_work(session: Session) -> int:
    """How many steps a full run has, as `advance` counts them: reports twice, and records."""
    told = session.scalar(select(func.count()).where(Allegation.clock_starts_at.is_not(None))) or 0
    return 2 * told + (session.scalar(select(func.count(CrimeRecord.id))) or 0)


def compare_all(
    database: Database, comparer: Comparer, *, memory_limit: str, advance: Advance
) -> Whole:
    """Compare everything, in memory only. Raises Refused when the memory does not suffice."""
    bulk = Bulk(
        comparer.model,
        memory_limit=memory_limit,
        most_found=comparer.most_found,
        shared_keys=comparer.supplies.shared_keys,
    )
    try:
        with database.reading() as session, rare_collections(IN_LOTS):
            return _compare_all(session, bulk, comparer, advance)
    finally:
        bulk.close()


def write_differences(
    database: Database, whole: Whole, comparer: Comparer, *, write: bool, advance: Advance
) -> Differences:
    """Find the reports that stand otherwise than `whole` says; with `write` put them right and
    decide on them. Safe to repeat and to cut short.

    Nothing else may match meanwhile: what it found since would be undone.
    """
    done = Differences()
    wanted = sorted(whole.kept)
    for start in range(0, len(wanted), _BATCH):
        some = wanted[start : start + _BATCH]
        query = select(Allegation).where(Allegation.id.in_(some)).order_by(Allegation.id)
        with database.transaction() if write else database.reading() as session:
            allegations = session.scalars(query.with_for_update() if write else query).all()
            other = _differing(session, allegations, whole, comparer, done)
            if write:
                _write(session, other, whole, comparer)
        advance(len(some))
    if write:
        keyring = comparer.supplies.keyring
        settle_all(database, comparer.model, keyring=keyring, now=comparer.now)
    return done


def _compare_all(session: Session, bulk: Bulk, comparer: Comparer, advance: Advance) -> Whole:
    whole = Whole()
    # Small numbers in place of long ones: a hundred thousand reports have millions of keys.
    ids: list[UUID] = []
    sides: dict[int, ReportSide] = {}
    for batch in _allegations(session):
        opened = open_reports(session, batch, keyring=comparer.supplies.keyring)
        new: dict[int, ReportSide] = {}
        for allegation in batch:
            side = opened[allegation.id]
            if isinstance(side, ReportSide):
                new[len(ids)] = side
                ids.append(allegation.id)
                whole.kept[allegation.id] = {}
        bulk.add_reports(new)
        sides |= new
        session.expunge_all()
        advance(len(batch))
    for lot, pairs in one_behind(_lots_to_compare(session, bulk, comparer)):
        whole.records += len(lot)
        for pair in pairs:
            whole.kept[ids[pair.report]][pair.record] = weigh_record(
                sides[pair.report],
                lot.record(pair.record),
                pair.levels,
                comparer.model,
                comparer.tokens,
            )
        advance(lot.asked)
        del lot, pairs  # or three lots stand in memory, with the one compared and the one opened
    for number, allegation_id in enumerate(ids):
        whole.found[allegation_id] = bulk.found[number]
        if number in bulk.crowded:
            whole.kept[allegation_id] = {}
    whole.pairs = bulk.found.total()
    return whole


def _lots_to_compare(
    session: Session, bulk: Bulk, comparer: Comparer
) -> Iterator[Callable[[], tuple[RecordLot, list[Pair]]]]:
    for record_ids in record_lots(session):
        lot = open_lot(session, record_ids, comparer.supplies)
        session.expunge_all()
        yield partial(_compare_lot, lot, bulk.ready(lot.columns), bulk)


def _compare_lot(lot: RecordLot, ready: Ready, bulk: Bulk) -> tuple[RecordLot, list[Pair]]:
    others = {one: record.side for one, record in lot.others.items()}
    shared = {one: record.shared for one, record in lot.others.items() if record.shared}
    return lot, bulk.take_columns(ready, lot.side) + bulk.take_records(others, shared)


def _allegations(session: Session) -> Iterator[Sequence[Allegation]]:
    query = select(Allegation).where(Allegation.clock_starts_at.is_not(None))
    after: UUID | None = None
    while True:
        some = query if after is None else query.where(Allegation.id > after)
        batch = session.scalars(some.order_by(Allegation.id).limit(_REPORTS_AT_ONCE)).all()
        if not batch:
            return
        after = batch[-1].id
        yield batch


def record_lots(session: Session) -> Iterator[Sequence[int]]:
    """The numbers of all crime records in order, 100,000 at a time."""
    after = 0
    while True:
        query = select(CrimeRecord.id).where(CrimeRecord.id > after).order_by(CrimeRecord.id)
        some = session.scalars(query.limit(_RECORDS_AT_ONCE)).all()
        if not some:
            return
        after = some[-1]
        yield some


def _differing(
    session: Session,
    allegations: Sequence[Allegation],
    whole: Whole,
    comparer: Comparer,
    done: Differences,
) -> list[Allegation]:
    ids = [one.id for one in allegations]
    known = matches_by_record(session, ids)
    judgements = judgements_of(session, ids)
    other: list[Allegation] = []
    for one in allegations:
        judgement = judgements.get(one.id)
        if judgement is None or one.to_match:
            done.left += 1
        elif _is_same(judgement, known.get(one.id, {}), whole, comparer):
            done.same += 1
        else:
            other.append(one)
    done.other += len(other)
    return other


def _is_same(
    judgement: Judgement, kept: Mapping[int, Match], whole: Whole, comparer: Comparer
) -> bool:
    # What a person decided stands as they saw it.
    decided = {one for one, match in kept.items() if stands(match)}
    ours = {
        one: Compared.of(match)
        for one, match in kept.items()
        if one not in decided and match.levels is not None
    }
    theirs = whole.kept[judgement.allegation_id]
    is_crowded = whole.found[judgement.allegation_id] > comparer.most_found
    return (
        judgement.model_version == comparer.model.version
        and (judgement.state == "crowded") == is_crowded
        and ours == {one: pair for one, pair in theirs.items() if one not in decided}
    )


def _write(
    session: Session, allegations: Sequence[Allegation], whole: Whole, comparer: Comparer
) -> None:
    sides = open_reports(session, allegations, keyring=comparer.supplies.keyring)
    kept, known = matches_by_record(session, sides), judgements_of(session, sides)
    for one in allegations:
        side = sides[one.id]
        if not isinstance(side, ReportSide):
            # Erased meanwhile, or its key is gone: the next run says which.
            one.to_match = True
            continue
        # Windows are data of the model, and another one may have others.
        write_report_keys(
            session,
            {one.id: side},
            comparer.model,
            tokens=comparer.tokens,
            shared_keys=comparer.supplies.shared_keys,
        )
        keep_whole(
            session,
            one,
            side,
            whole.found[one.id],
            whole.kept[one.id],
            kept.get(one.id, {}),
            known.get(one.id),
            comparer,
        )
        session.flush()
