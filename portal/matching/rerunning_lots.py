"""What one process of a full run does: all reports in memory, crime records by the lot."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import NamedTuple, Self
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.db import Database
from portal.errors import OnRecordError
from portal.matching.bulk import Bulk
from portal.matching.bulk_database import part_of
from portal.matching.collecting import IN_LOTS, rare_collections
from portal.matching.compared import Compared, weigh_record
from portal.matching.comparing import Comparer
from portal.matching.gathering import open_reports
from portal.matching.in_processes import cores_for_each
from portal.matching.lots import RecordLot, Span, open_lot, records_within
from portal.matching.sides import ReportSide
from portal.reports.models import Allegation

_REPORTS_AT_ONCE = 1_000


class Reports(NamedTuple):
    """What a process reads of the reports, by their place in the list: the sides of those that it
    compares, those that do not open, and those that were erased.
    """

    sides: Mapping[int, ReportSide]
    closed: frozenset[int]
    erased: frozenset[int]


class ComparedLot(NamedTuple):
    """A lot of crime records, compared with every report; reports by their place in the list.

    `asked` records were to be opened and `opened` were; `closed` do not open. `found` counts the
    candidates of each report in this lot, `kept` are the pairs worth keeping by report and record.
    `closed_reports` do not open, and of them nothing is known; `erased` are no more.
    """

    asked: int
    opened: int
    closed: frozenset[int]
    found: Mapping[int, int]
    kept: Mapping[int, Mapping[int, Compared]]
    closed_reports: frozenset[int]
    erased: frozenset[int]


@dataclass(frozen=True)
class LotWork:
    """What a process has to be given. It holds keys and the address of the database."""

    address: str = field(repr=False)
    comparer: Comparer
    reports: Sequence[UUID]
    memory_limit: str
    threads: int

    @classmethod
    def of(
        cls,
        database: Database,
        comparer: Comparer,
        reports: Sequence[UUID],
        *,
        memory_limit: str,
        processes: int,
    ) -> Self:
        """For one of so many processes, which share the memory and the cores."""
        return cls(
            database.url.render_as_string(hide_password=False),
            # What was made of keys here cannot be handed on.
            replace(
                comparer,
                supplies=comparer.supplies.anew(),
                tokens=replace(comparer.tokens),
            ),
            reports,
            part_of(memory_limit, processes),
            cores_for_each(processes),
        )

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
                reports = _take_reports(session, self.reports, comparer, bulk)
                yield partial(_compare, session, bulk, comparer, reports)
        finally:
            bulk.close()
            database.engine.dispose()


def _take_reports(
    session: Session, reports: Sequence[UUID], comparer: Comparer, bulk: Bulk
) -> Reports:
    """By their place in the list, for a hundred thousand have millions of keys, and small numbers
    take less room than long ones.
    """
    sides: dict[int, ReportSide] = {}
    closed: set[int] = set()
    for start in range(0, len(reports), _REPORTS_AT_ONCE):
        some = reports[start : start + _REPORTS_AT_ONCE]
        allegations = session.scalars(select(Allegation).where(Allegation.id.in_(some))).all()
        opened = open_reports(session, allegations, keyring=comparer.supplies.keyring)
        read = {place: opened.get(one) for place, one in enumerate(some, start)}
        new = {place: side for place, side in read.items() if isinstance(side, ReportSide)}
        closed |= {place for place, side in read.items() if isinstance(side, OnRecordError)}
        bulk.add_reports(new)
        sides |= new
        session.expunge_all()
    erased = frozenset(range(len(reports))) - sides.keys() - closed
    return Reports(sides, frozenset(closed), erased)


def _compare(
    session: Session, bulk: Bulk, comparer: Comparer, reports: Reports, span: Span
) -> ComparedLot:
    lot = open_lot(session, records_within(session, span), comparer.supplies)
    session.expunge_all()
    kept = _kept(lot, bulk, comparer, reports.sides)
    return ComparedLot(
        lot.asked, len(lot), lot.closed, bulk.found_since(), kept, reports.closed, reports.erased
    )


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
