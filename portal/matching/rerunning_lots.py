"""What one process of a full run does: all reports in memory, crime records by the lot."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.matching.bulk import Bulk
from portal.matching.collecting import IN_LOTS, rare_collections
from portal.matching.compared import Compared, weigh_record
from portal.matching.comparing import Comparer
from portal.matching.gathering import open_reports
from portal.matching.lots import RecordLot, Span, open_lot, records_within
from portal.matching.sides import ReportSide
from portal.reports.models import Allegation

_REPORTS_AT_ONCE = 1_000


class ComparedLot(NamedTuple):
    """A lot of crime records, compared with every report; reports by their place in the list.

    `asked` records were to be opened and `opened` were. `found` counts the candidates of each
    report in this lot, `kept` are the pairs worth keeping by report and record. `closed` are the
    reports that did not open, of which nothing is known.
    """

    asked: int
    opened: int
    found: Mapping[int, int]
    kept: Mapping[int, Mapping[int, Compared]]
    closed: frozenset[int]


@dataclass(frozen=True)
class LotWork:
    """What a process has to be given. It holds keys and the address of the database."""

    address: str = field(repr=False)
    comparer: Comparer
    reports: Sequence[UUID]
    memory_limit: str
    threads: int

    @contextmanager
    def begin(self) -> Iterator[Callable[[Span], ComparedLot]]:
        """Open every report, and give what compares a lot with them.

        Raises Refused when the memory does not suffice.
        """
        comparer, database = self.comparer, Database(self.address)
        bulk = Bulk(
            comparer.model,
            memory_limit=self.memory_limit,
            threads=self.threads,
            most_found=comparer.most_found,
            shared_keys=comparer.supplies.shared_keys,
        )
        try:
            with database.reading() as session, rare_collections(IN_LOTS):
                sides = _take_reports(session, self.reports, comparer, bulk)
                closed = frozenset(range(len(self.reports))) - sides.keys()
                yield partial(_compare, session, bulk, comparer, sides, closed)
        finally:
            bulk.close()
            database.engine.dispose()


def _take_reports(
    session: Session, reports: Sequence[UUID], comparer: Comparer, bulk: Bulk
) -> dict[int, ReportSide]:
    """Reports that open, by their place in the list: a hundred thousand have millions of keys, and
    small numbers take less room than long ones.
    """
    sides: dict[int, ReportSide] = {}
    for start in range(0, len(reports), _REPORTS_AT_ONCE):
        some = reports[start : start + _REPORTS_AT_ONCE]
        allegations = session.scalars(select(Allegation).where(Allegation.id.in_(some))).all()
        opened = open_reports(session, allegations, keyring=comparer.supplies.keyring)
        new = {
            place: side
            for place, one in enumerate(some, start)
            if isinstance(side := opened.get(one), ReportSide)
        }
        bulk.add_reports(new)
        sides |= new
        session.expunge_all()
    return sides


def _compare(
    session: Session,
    bulk: Bulk,
    comparer: Comparer,
    sides: Mapping[int, ReportSide],
    closed: frozenset[int],
    span: Span,
) -> ComparedLot:
    lot = open_lot(session, records_within(session, span), comparer.supplies)
    session.expunge_all()
    kept = _kept(lot, bulk, comparer, sides)
    return ComparedLot(lot.asked, len(lot), bulk.found_since(), kept, closed)


def _kept(
    lot: RecordLot, bulk: Bulk, comparer: Comparer, sides: Mapping[int, ReportSide]
) -> dict[int, dict[int, Compared]]:
    others = {one: record.side for one, record in lot.others.items()}
    shared = {one: record.shared for one, record in lot.others.items() if record.shared}
    kept: dict[int, dict[int, Compared]] = {}
    for pair in bulk.take_columns(lot.columns, lot.side) + bulk.take_records(others, shared):
        kept.setdefault(pair.report, {})[pair.record] = weigh_record(
            sides[pair.report],
            lot.record(pair.record),
            pair.levels,
            comparer.model,
            comparer.tokens,
        )
    return kept
