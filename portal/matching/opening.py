"""Opening what is compared of crime records, in memory only: what is opened is kept nowhere."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from portal.clock import to_london
from portal.errors import Unavailable
from portal.matching.models import KeyedRecord
from portal.matching.shared_tokens import SharedBy, told_by_tokens
from portal.matching.sides import RecordSide, add_numbers, person_side, place_side, record_side
from portal.police.completing import Said, completed, said_by
from portal.police.content import Victim, context_of
from portal.police.models import CrimeRecord, CrimeRecordVersion, Supply
from portal.police.newest import has_newer
from portal.sealing import DataKey, Keyring

_AT_ONCE = 500
_JUST_BEFORE = timedelta(microseconds=1)
_VERSION = (
    CrimeRecordVersion.record_id,
    CrimeRecordVersion.id.label("version_id"),
    CrimeRecordVersion.number,
    CrimeRecordVersion.recorded_at,
    CrimeRecordVersion.reported_at,
    CrimeRecordVersion.occurred_from,
    CrimeRecordVersion.occurred_to,
    CrimeRecordVersion.offence_code,
    CrimeRecordVersion.is_incident,
    CrimeRecordVersion.removal_code,
    CrimeRecordVersion.sealed,
    CrimeRecord.force_id,
    CrimeRecord.reference,
    CrimeRecord.reference_key,
    Supply.wrapped_key,
)
_VERSIONS = (
    select(*_VERSION)
    .join(CrimeRecord, CrimeRecord.id == CrimeRecordVersion.record_id)
    .join(Supply, Supply.id == CrimeRecordVersion.supply_id)
)
_WANTED: BindParameter[Any] = bindparam("record_ids", expanding=True)
_INNER, _ITS_SUPPLY = aliased(CrimeRecordVersion), aliased(Supply)
# Made once: to put a query together costs as much as to ask it.
_NEWEST = _VERSIONS.where(
    CrimeRecordVersion.record_id.in_(_WANTED),
    CrimeRecordVersion.number
    == select(func.max(_INNER.number))
    .join(_ITS_SUPPLY, _ITS_SUPPLY.id == _INNER.supply_id)
    .where(_INNER.record_id == CrimeRecord.id, _ITS_SUPPLY.taken_at.is_not(None))
    .scalar_subquery(),
)
_KEYED = (
    _VERSIONS.add_columns(has_newer().label("is_outdated"))
    .join(KeyedRecord, KeyedRecord.version_id == CrimeRecordVersion.id)
    .where(KeyedRecord.record_id.in_(_WANTED))
)
_EARLIER = _VERSIONS.where(
    CrimeRecordVersion.record_id.in_(_WANTED), Supply.taken_at.is_not(None)
).order_by(CrimeRecordVersion.record_id, CrimeRecordVersion.number)

Numbers = tuple[Sequence[str], Sequence[str]]
"""The references and the incident numbers of a record, as they were sent."""


class OpenedRecord(NamedTuple):
    """A crime record's side, and which version of it was opened.

    `shared`: how a report has to be made comparable where the force sends tokens. `numbers`: those
    that `side` lacks, because few pairs are compared by them; `whole` has them.
    """

    version_id: int
    side: RecordSide
    shared: SharedBy | None = None
    numbers: Numbers | None = None

    @property
    def whole(self) -> RecordSide:
        """The side with its numbers."""
        return self.side if self.numbers is None else add_numbers(self.side, *self.numbers)


@dataclass
class Supplies:
    """The data keys of supplies, each unwrapped once, and the keys shared with forces, by name."""

    keyring: Keyring
    shared_keys: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    _keys: dict[bytes, DataKey | None] = field(default_factory=dict, repr=False)

    def anew(self) -> "Supplies":
        """The same with nothing unwrapped, as another process can be given it."""
        return Supplies(self.keyring, dict(self.shared_keys))

    def find(self, wrapped: bytes) -> DataKey | None:
        """The key of a supply from its wrapped form; None when no configured key opens it."""
        if wrapped not in self._keys:
            try:
                self._keys[wrapped] = self.keyring.unwrap(wrapped)
            except Unavailable:
                self._keys[wrapped] = None
        return self._keys[wrapped]


def open_records(
    session: Session, record_ids: Collection[int], supplies: Supplies
) -> dict[int, OpenedRecord]:
    """What is compared of the newest version of each record that counts, by its number.

    A version that does not open is left out. What it leaves empty may be taken from the versions
    before it (`police.completing`).
    """
    return {
        row.record_id: record_of(row, said, supplies)
        for row, said in open_newest(session, record_ids, supplies)
        if said is not None
    }


def open_candidates(
    session: Session, record_ids: Collection[int], supplies: Supplies
) -> dict[int, OpenedRecord]:
    """As `open_records`, of the versions that their keys were made from; without numbers.

    One whose newest version does not open is left out too: that may say that it is of somebody
    else, and nobody's alert is stilled by what the force took back since.
    """
    opened = {
        row.record_id: (row, said)
        for row, said in _opened(session, _KEYED, record_ids, supplies)
        if said is not None
    }
    outdated = [one for one, (row, _) in opened.items() if row.is_outdated]
    closed = {
        row.record_id for row, said in open_newest(session, outdated, supplies) if said is None
    }
    return {
        one: _record(row, said, supplies, ((), ()), ([row.reference], said.incident_numbers))
        for one, (row, said) in opened.items()
        if one not in closed
    }


def open_newest(
    session: Session, record_ids: Collection[int], supplies: Supplies
) -> Iterator[tuple[Any, Said | None]]:
    """The newest version of each record that counts, as a row, with what it says; None for one
    that does not open.
    """
    return _opened(session, _NEWEST, record_ids, supplies)


def record_of(row: Any, said: Said, supplies: Supplies) -> OpenedRecord:  # noqa: ANN401 - a row of many columns
    """What is compared of a record that was opened so."""
    return _record(row, said, supplies, ([row.reference], said.incident_numbers), None)


def stretch_of(first: datetime | None, last: datetime | None) -> tuple[datetime, datetime] | None:
    """A stretch of time as London's clocks showed it, to the minute."""
    # With only an end the beginning is open, and an open stretch would fit everything.
    if first is None or (last is not None and last < first):
        return None
    start = to_london(first)
    if last is None or last == first:
        return start, start
    # A stretch does not hold its last instant: an evening ends where the next day begins.
    return start, to_london(last - _JUST_BEFORE)


def _opened(
    session: Session,
    query: Select[*tuple[Any, ...]],
    record_ids: Collection[int],
    supplies: Supplies,
) -> Iterator[tuple[Any, Said | None]]:
    """The rows that a query gives of these records, each with what its version says."""
    wanted = sorted(record_ids)
    for start in range(0, len(wanted), _AT_ONCE):
        some = _filled_up(wanted[start : start + _AT_ONCE])
        found = [
            (row, _said(row, supplies)) for row in session.execute(query, {"record_ids": some})
        ]
        lacking = {row.record_id: row.number for row, said in found if said and said.may_lack}
        before, closed = _before(session, lacking, supplies)
        for row, said in found:
            if said is None or row.record_id in closed:
                yield row, None
            else:
                yield row, completed(said, before.get(row.record_id))


def _before(
    session: Session, numbers: Mapping[int, int], supplies: Supplies
) -> tuple[dict[int, Said], set[int]]:
    """What was said of each record before its version of this number, completed; and the records
    of which a version before it does not open, so that nobody knows what it would complete.
    """
    wanted = sorted(one for one, number in numbers.items() if number > 1)
    found: dict[int, Said] = {}
    closed: set[int] = set()
    if wanted:
        for row in session.execute(_EARLIER, {"record_ids": _filled_up(wanted)}):
            if row.number < numbers[row.record_id]:
                said = _said(row, supplies)
                if said is None:
                    closed.add(row.record_id)
                else:
                    found[row.record_id] = completed(said, found.get(row.record_id))
    return found, closed


def _said(row: Any, supplies: Supplies) -> Said | None:  # noqa: ANN401 - a row of many columns
    data_key = supplies.find(row.wrapped_key)
    if data_key is None:
        return None
    try:
        opened = data_key.open_json(row.sealed, context_of(row.force_id, row.reference_key))
    except Unavailable:
        return None
    return said_by(
        opened,
        stands=row.removal_code is None and not row.is_incident,
        reported_at=row.reported_at,
        occurred_from=row.occurred_from,
        occurred_to=row.occurred_to,
    )


def _filled_up(numbers: list[int]) -> list[int]:
    """The same numbers, the last repeated up to a power of two: a statement for each length would
    have to be planned anew for almost every report.
    """
    return numbers + numbers[-1:] * ((1 << (len(numbers) - 1).bit_length()) - len(numbers))


def _record(
    row: Any,  # noqa: ANN401 - a row of many columns
    said: Said,
    supplies: Supplies,
    numbers: Numbers,
    later: Numbers | None,
) -> OpenedRecord:
    victims = _in_order(said.victims)
    side, shared = told_by_tokens(
        _side(row, said, victims, numbers), victims, said.place[2] or None, supplies.shared_keys
    )
    return OpenedRecord(row.version_id, side, shared, later)


def _in_order(victims: Collection[Victim]) -> Sequence[Victim]:
    return sorted(victims, key=str) if len(victims) > 1 else tuple(victims)


def _side(
    row: Any,  # noqa: ANN401 - a row of many columns
    said: Said,
    victims: Sequence[Victim],
    numbers: Numbers,
) -> RecordSide:
    return record_side(
        references=numbers[0],
        incident_numbers=numbers[1],
        force_id=row.force_id,
        occurred=stretch_of(*said.occurred),
        received=to_london(said.reported_at) if said.reported_at else None,
        recorded=to_london(row.recorded_at),
        offence_code=row.offence_code,
        place=place_side(*said.place[:2]),
        victims=[
            person_side(
                name=one.name,
                birth_date=one.date_of_birth,
                telephones=[one.telephone],
                emails=[one.email],
            )
            for one in victims
        ],
        is_incident=row.is_incident,
        is_removed=row.removal_code is not None,
    )
