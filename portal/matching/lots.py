"""A lot of crime records, opened for a full run: all of them in columns, and the side of a few."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.clock import to_london
from portal.matching.columns import Columns
from portal.matching.moments import days_in
from portal.matching.opening import (
    OpenedRecord,
    Supplies,
    open_newest,
    record_of,
    stretch_of,
)
from portal.matching.sides import RecordSide
from portal.police.completing import Said
from portal.police.content import Victim
from portal.police.models import CrimeRecord

RECORDS_AT_ONCE = 50_000
_NOBODY = Victim("", None)


class Span(NamedTuple):
    """Crime records by their numbers: those after one, up to another."""

    after: int
    last: int


NO_RECORDS = Span(0, 0)


def record_spans(session: Session, at_once: int = RECORDS_AT_ONCE) -> list[Span]:
    """All crime records in order, in spans of so many; the last may have fewer."""
    spans: list[Span] = []
    after = 0
    while True:
        query = select(CrimeRecord.id).where(CrimeRecord.id > after).order_by(CrimeRecord.id)
        some = query.limit(at_once).subquery()
        last = session.scalar(select(func.max(some.c.id)))
        if last is None:
            return spans
        spans.append(Span(after, last))
        after = last


def records_within(session: Session, span: Span) -> Sequence[int]:
    """Their numbers, in order."""
    within = CrimeRecord.id > span.after, CrimeRecord.id <= span.last
    return session.scalars(select(CrimeRecord.id).where(*within).order_by(CrimeRecord.id)).all()


@dataclass
class RecordLot:
    """Records in columns; those that no column holds are in `others`. `asked`: how many were asked
    for, of which those in `closed` do not open.
    """

    asked: int
    columns: Columns
    others: Mapping[int, OpenedRecord] = field(repr=False)
    closed: frozenset[int]
    _rows: Mapping[int, tuple[Any, Said]] = field(repr=False)
    _supplies: Supplies = field(repr=False)
    _made: dict[int, OpenedRecord] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        """How many records were opened."""
        return len(self._rows) + len(self.others)

    def record(self, record_id: int) -> OpenedRecord:
        """What is compared of one of them."""
        if record_id in self.others:
            return self.others[record_id]
        if record_id not in self._made:
            self._made[record_id] = record_of(*self._rows[record_id], self._supplies)
        return self._made[record_id]

    def side(self, record_id: int) -> RecordSide:
        """Its side alone."""
        return self.record(record_id).side


def open_lot(session: Session, record_ids: Collection[int], supplies: Supplies) -> RecordLot:
    """The newest version of each record that counts."""
    plain: list[tuple[Any, ...]] = []
    rows: dict[int, tuple[Any, Said]] = {}
    others: dict[int, OpenedRecord] = {}
    closed: set[int] = set()
    for row, said in open_newest(session, record_ids, supplies):
        if said is None:
            closed.add(row.record_id)
        elif _is_plain(said):
            rows[row.record_id] = row, said
            plain.append(_column_row(row, said))
        else:
            others[row.record_id] = record_of(row, said, supplies)
    columns = zip(*plain, strict=True) if plain else [()] * len(Columns._fields)
    made = Columns._make(columns)
    return RecordLot(len(record_ids), made, others, frozenset(closed), rows, supplies)


def _is_plain(said: Said) -> bool:
    return (
        len(said.victims) <= 1
        and not any(one.tokens for one in said.victims)
        and not said.place[2]
        and len(said.incident_numbers) <= 1
    )


def _column_row(row: Any, said: Said) -> tuple[Any, ...]:  # noqa: ANN401 - a row of many columns
    first, last = days_in(stretch_of(*said.occurred)) or (0, 0)
    victim = said.victims[0] if said.victims else _NOBODY
    return (
        *(row.record_id, row.force_id, row.offence_code, first, last),
        to_london(said.reported_at).toordinal() if said.reported_at else 0,
        to_london(row.recorded_at).toordinal(),
        *said.place[:2],
        *(victim.name, victim.date_of_birth, victim.telephone, victim.email),
        *(row.reference, next(iter(said.incident_numbers), "")),
    )
