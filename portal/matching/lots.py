"""A lot of crime records, opened for a full run: all of them in columns, and the side of a few."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from portal.clock import to_london
from portal.matching.columns import Columns
from portal.matching.opening import (
    OpenedRecord,
    Supplies,
    open_newest,
    record_of,
    stretch_of,
)
from portal.matching.sides import RecordSide, days_in
from portal.police.content import Victim, victims_of

_NOBODY = Victim("", None)


@dataclass
class RecordLot:
    """Records in columns; those that no column holds are in `others`. `asked`: how many were asked
    for, of which some may not open.
    """

    asked: int
    columns: Columns
    others: Mapping[int, OpenedRecord]
    _rows: Mapping[int, tuple[Any, Mapping[str, Any]]] = field(repr=False)
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
    """The newest version of each record that counts. One that does not open is left out."""
    plain: list[tuple[Any, ...]] = []
    rows: dict[int, tuple[Any, Mapping[str, Any]]] = {}
    others: dict[int, OpenedRecord] = {}
    for row, opened in open_newest(session, record_ids, supplies):
        victims = victims_of(opened)
        if _is_plain(opened, victims):
            rows[row.record_id] = row, opened
            plain.append(_column_row(row, opened, next(iter(victims), _NOBODY)))
        else:
            others[row.record_id] = record_of(row, opened, supplies)
    columns = zip(*plain, strict=True) if plain else [()] * len(Columns._fields)
    return RecordLot(len(record_ids), Columns._make(columns), others, rows, supplies)


def _is_plain(opened: Mapping[str, Any], victims: Collection[Victim]) -> bool:
    return (
        len(victims) <= 1
        and not any(one.tokens for one in victims)
        and not opened.get("place_tokens")
        and len(opened["incident_numbers"]) <= 1
    )


def _column_row(row: Any, opened: Mapping[str, Any], victim: Victim) -> tuple[Any, ...]:  # noqa: ANN401 - a row of many columns
    first, last = days_in(stretch_of(row.occurred_from, row.occurred_to)) or (0, 0)
    return (
        *(row.record_id, row.force_id, row.offence_code, first, last),
        to_london(row.reported_at).toordinal() if row.reported_at else 0,
        to_london(row.recorded_at).toordinal(),
        *(opened["postcode"] or "", opened["place"] or ""),
        *(victim.name, victim.date_of_birth, victim.telephone, victim.email),
        *(row.reference, next(iter(opened["incident_numbers"]), "")),
    )
