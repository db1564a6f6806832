"""A full run: every report compared with every crime record anew, beside what stands.

What is to be compared is listed in one state of the database, shared out among processes and read
by each (`rerunning_lots`). It says which reports stand otherwise than they would: none, while the
incremental way works and the model is the same. What differs is written as the incremental way
writes it, and decided on by the same rules. A report that changes while it runs is left to the
matching job, and a supply that comes is taken by it afterwards.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.matching.bulk_database import megabytes
from portal.matching.compared import Compared
from portal.matching.comparing import (
    Comparer,
    judgements_of,
    keep_whole,
    matches_by_record,
    stands,
)
from portal.matching.gathering import open_reports
from portal.matching.in_processes import in_processes, usable_cores
from portal.matching.judging import settle_all
from portal.matching.keying import write_report_keys
from portal.matching.lots import NO_RECORDS, RECORDS_AT_ONCE, record_spans
from portal.matching.models import Judgement, Match
from portal.matching.rerunning_lots import ComparedLot, LotWork
from portal.matching.sides import ReportSide
from portal.police.models import CrimeRecord
from portal.reports.models import Allegation

_BATCH = 100
# A hundred thousand reports take 250.
_LEAST_MEGABYTES = 500
_TOLD = select(Allegation.id).where(Allegation.clock_starts_at.is_not(None)).order_by(Allegation.id)

Advance = Callable[[int], None]


@dataclass
class Whole:
    """What a full run found: for each allegation its candidates that are worth keeping, and how
    many candidates there were; `records` and `pairs` count what was compared. Of a report with too
    many one more than the limit counts.

    Of the records that are `closed`, and of so many `closed_reports`, nothing is known: they do not
    open with the keys that there are.
    """

    kept: dict[UUID, dict[int, Compared]] = field(default_factory=dict)
    found: dict[UUID, int] = field(default_factory=dict)
    records: int = 0
    pairs: int = 0
    closed: set[int] = field(default_factory=set)
    closed_reports: int = 0


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


def usual_processes(memory_limit: str) -> int:
    """As many as there are cores, and as `memory_limit` has room for."""
    return max(1, min(usable_cores(), megabytes(memory_limit) // _LEAST_MEGABYTES))


def compare_all(
    database: Database,
    comparer: Comparer,
    *,
    memory_limit: str,
    advance: Advance,
    processes: int | None = None,
    at_once: int = RECORDS_AT_ONCE,
) -> Whole:
    """Compare everything, in memory only: `at_once` records at a time, in as many processes as is
    usual if nothing else is said.

    Raises Refused when the memory does not suffice.
    """
    database.gather_statistics()
    with database.reading() as session:
        reports = session.scalars(_TOLD).all()
        spans = record_spans(session, at_once) or [NO_RECORDS]
    processes = min(processes or usual_processes(memory_limit), len(spans))
    work = LotWork.of(database, comparer, reports, memory_limit=memory_limit, processes=processes)
    gathered = _Gathered()
    with closing(in_processes(work.begin, spans, processes=processes)) as lots:
        for number, lot in enumerate(lots):
            gathered.add(lot)
            advance(lot.asked if number else len(reports) + lot.asked)
    return gathered.whole(reports, most_found=comparer.most_found)


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


@dataclass
class _Gathered:
    """What came of the lots so far, by the place of a report in the list."""

    found: Counter[int] = field(default_factory=Counter)
    kept: dict[int, dict[int, Compared]] = field(default_factory=dict)
    records: int = 0
    closed: set[int] = field(default_factory=set)
    closed_reports: set[int] = field(default_factory=set)
    erased: set[int] = field(default_factory=set)

    def add(self, lot: ComparedLot) -> None:
        """One lot more."""
        self.found.update(lot.found)
        for place, pairs in lot.kept.items():
            self.kept.setdefault(place, {}).update(pairs)
        self.records += lot.opened
        self.closed |= lot.closed
        self.closed_reports |= lot.closed_reports
        self.erased |= lot.erased

    def whole(self, reports: Sequence[UUID], *, most_found: int) -> Whole:
        """All of them together, of the reports that every process opened."""
        whole = Whole(
            records=self.records, closed=self.closed, closed_reports=len(self.closed_reports)
        )
        for place, one in enumerate(reports):
            if place in self.closed_reports or place in self.erased:
                continue
            # Each process stops counting where it has too many by itself.
            whole.found[one] = min(self.found[place], most_found + 1)
            is_crowded = whole.found[one] > most_found
            whole.kept[one] = {} if is_crowded else self.kept.get(place, {})
        whole.pairs = sum(whole.found.values())
        return whole


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
    if judgement.state == "crowded" and whole.closed:
        # Fewer open than there are: that does not tell them apart.
        return True
    # What a person decided stands as they saw it; and of what does not open nothing is known.
    left = {one for one, match in kept.items() if stands(match) or one in whole.closed}
    ours = {
        one: Compared.of(match)
        for one, match in kept.items()
        if one not in left and match.levels is not None
    }
    theirs = whole.kept[judgement.allegation_id]
    is_crowded = whole.found[judgement.allegation_id] > comparer.most_found
    return (
        judgement.model_version == comparer.model.version
        and (judgement.state == "crowded") == is_crowded
        and ours == {one: pair for one, pair in theirs.items() if one not in left}
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
            closed=whole.closed,
        )
        session.flush()
