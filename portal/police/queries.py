"""Reading the register. A version counts only when the supply that brought it was taken."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from portal.errors import NotFound, Unavailable
from portal.police.completing import Said, Times, completed, said_by
from portal.police.content import Victim, context_of
from portal.police.coverage import covers
from portal.police.models import (
    CrimeRecord,
    CrimeRecordVersion,
    Supply,
    SupplyRemark,
)
from portal.sealing import Keyring

_FETCH_AT_ONCE = 1_000


@dataclass(frozen=True)
class Details:
    """What is sealed in a version. `victims` is empty when the force shared none."""

    victims: tuple[Victim, ...] = field(repr=False)
    place: str | None = field(repr=False)
    postcode: str | None = field(repr=False)
    incident_numbers: tuple[str, ...] = field(repr=False)
    incident_code: str | None
    place_tokens: str | None = field(default=None, repr=False)


class Changes(NamedTuple):
    """What a supply changed, in records."""

    new_records: int
    new_versions: int


class RecordInSupply(NamedTuple):
    """A record and the version of it that is meant."""

    record: CrimeRecord
    version: CrimeRecordVersion


class BackdatedRecord(NamedTuple):
    """A record that first came in a later supply, and the earlier one that should have held it."""

    record: CrimeRecord
    version: CrimeRecordVersion
    earlier: Supply


def get_supply(session: Session, supply_id: UUID) -> Supply:
    """A supply that was taken. Raises NotFound for others."""
    supply = session.get(Supply, supply_id)
    if supply is None or supply.taken_at is None:
        raise NotFound("There is no such file of records here.")
    return supply


def list_supplies(session: Session, force_id: str | None, *, limit: int = 200) -> list[Supply]:
    """Supplies that were taken, of one force or of all, the newest first."""
    query = select(Supply).where(Supply.taken_at.is_not(None))
    if force_id is not None:
        query = query.where(Supply.force_id == force_id)
    return list(session.scalars(query.order_by(Supply.number.desc()).limit(limit)))


def list_remarks(
    session: Session,
    supply_id: UUID,
    *,
    after: int = 0,
    limit: int = 50,
    refused: bool | None = None,
) -> list[SupplyRemark]:
    """Remarks on a supply in the order in which they were found, from the one after `after`.

    Only those that refused their row, or only those that did not, when `refused` says so.
    """
    query = select(SupplyRemark).where(SupplyRemark.supply_id == supply_id, SupplyRemark.id > after)
    if refused is not None:
        query = query.where(SupplyRemark.refused == refused)
    return list(session.scalars(query.order_by(SupplyRemark.id).limit(limit)))


def count_changes(session: Session, supply_id: UUID) -> Changes:
    """How many records a supply brought, and how many of those known before it changed."""
    brought = CrimeRecordVersion.supply_id == supply_id
    new, every = session.execute(
        select(
            func.count().filter(CrimeRecordVersion.number == 1),
            func.count(),
        ).where(brought)
    ).one()
    return Changes(new, every - new)


def find_current_version(session: Session, record_id: int) -> CrimeRecordVersion | None:
    """The newest version of a record, or None while none of its supplies was taken."""
    return session.scalar(_versions(record_id).order_by(CrimeRecordVersion.number.desc()).limit(1))


def versions_of(session: Session, record_id: int) -> list[CrimeRecordVersion]:
    """Every version of a record, oldest first."""
    return list(session.scalars(_versions(record_id).order_by(CrimeRecordVersion.number)))


def open_version(session: Session, version: CrimeRecordVersion, *, keyring: Keyring) -> Details:
    """What is sealed in a version. Raises Unavailable without the configured key."""
    opened = _opened(session, version, keyring)
    return _details(opened, _said(version, opened))


def open_completed(session: Session, version: CrimeRecordVersion, *, keyring: Keyring) -> Details:
    """As `open_version`, with what the version leaves empty as it is compared (`completing`)."""
    opened = _opened(session, version, keyring)
    said, before = _said(version, opened), None
    if said.may_lack:
        for earlier in versions_of(session, version.record_id):
            if earlier.number < version.number:
                with suppress(Unavailable):
                    one = _said(earlier, _opened(session, earlier, keyring))
                    before = completed(one, before)
    return _details(opened, completed(said, before))


def times_of(
    session: Session, versions: Sequence[CrimeRecordVersion], *, keyring: Keyring
) -> dict[int, Times]:
    """The times of each of a record's versions, oldest first, by the version's id: with what it
    leaves empty as it is compared (`completing`). One that does not open is left out.
    """
    found: dict[int, Times] = {}
    before: Said | None = None
    for one in versions:
        with suppress(Unavailable):
            before = completed(_said(one, _opened(session, one, keyring)), before)
            found[one.id] = Times(before.reported_at, before.occurred)
    return found


def record_ids_in(
    session: Session, supply_id: UUID, *, at_once: int = 500
) -> Iterator[Sequence[int]]:
    """The numbers of the records that a taken supply brought or changed, in lists of `at_once`."""
    query = (
        select(CrimeRecordVersion.record_id)
        .join(Supply, Supply.id == CrimeRecordVersion.supply_id)
        .where(CrimeRecordVersion.supply_id == supply_id, Supply.taken_at.is_not(None))
    )
    yield from session.scalars(query.execution_options(yield_per=at_once)).partitions(at_once)


def vanished_in(session: Session, supply: Supply) -> Iterator[RecordInSupply]:
    """Records that a full supply should hold and does not, with their newest version. Streams.

    They were in an earlier supply, and their recorded time lies in the period that this one
    covers (its end excluded). A record whose row was refused did not vanish; one that a still
    later supply held again is not listed any more. Nothing for a supply of changes only.
    """
    if not supply.is_full or supply.taken_at is None:
        return
    earlier = select(Supply.id).where(
        Supply.force_id == supply.force_id, Supply.number < supply.number
    )
    # One walk for each earlier supply, along the records that it was the last to hold.
    for earlier_id in session.scalars(earlier.order_by(Supply.number)).all():
        for each in _stream(session, _last_held_by(earlier_id, supply)):
            if covers(supply, each.version):
                yield each


def backdated_in(session: Session, supply: Supply) -> Iterator[BackdatedRecord]:
    """Records first held by this supply, though an earlier one covered their recorded time.

    With the version that this supply brought and the first of the earlier supplies that covered
    it (the end of a period excluded). Records without a time of day count only when the whole
    day was covered. Streams.
    """
    earlier = session.scalars(
        select(Supply)
        .where(
            Supply.force_id == supply.force_id,
            Supply.number < supply.number,
            Supply.taken_at.is_not(None),
        )
        .order_by(Supply.number)
    ).all()
    if not earlier or supply.taken_at is None:
        return
    first_held = (
        select(CrimeRecord, CrimeRecordVersion)
        .join(CrimeRecord, CrimeRecord.id == CrimeRecordVersion.record_id)
        .where(
            CrimeRecordVersion.supply_id == supply.id,
            CrimeRecordVersion.number == 1,
            CrimeRecord.first_supply_id == supply.id,
            CrimeRecordVersion.recorded_at < max(each.covers_to for each in earlier),
        )
    )
    for record, version in _stream(session, first_held):
        for each in earlier:
            if covers(each, version):
                yield BackdatedRecord(record, version, each)
                break


def _opened(session: Session, version: CrimeRecordVersion, keyring: Keyring) -> Mapping[str, Any]:
    supply = session.get_one(Supply, version.supply_id)
    record = session.get_one(CrimeRecord, version.record_id)
    context = context_of(record.force_id, record.reference_key)
    opened: Mapping[str, Any] = keyring.unwrap(supply.wrapped_key).open_json(
        version.sealed, context
    )
    return opened


def _said(version: CrimeRecordVersion, opened: Mapping[str, Any]) -> Said:
    return said_by(
        opened,
        stands=version.removal_code is None and not version.is_incident,
        reported_at=version.reported_at,
        occurred_from=version.occurred_from,
        occurred_to=version.occurred_to,
    )


def _details(opened: Mapping[str, Any], said: Said) -> Details:
    postcode, place, tokens = said.place
    return Details(
        # Nobody is shown a name that was taken away: by those it is compared, and no more.
        victims=tuple(sorted(said.named, key=lambda each: (each.name, each.tokens))),
        place=place or None,
        postcode=postcode or None,
        incident_numbers=tuple(said.incident_numbers),
        incident_code=opened["incident_code"],
        place_tokens=tokens or None,
    )


def _versions(record_id: int) -> Select[CrimeRecordVersion]:
    return (
        select(CrimeRecordVersion)
        .join(Supply, Supply.id == CrimeRecordVersion.supply_id)
        .where(CrimeRecordVersion.record_id == record_id, Supply.taken_at.is_not(None))
    )


def _last_held_by(earlier_id: UUID, supply: Supply) -> Select[CrimeRecord, CrimeRecordVersion]:
    inner = aliased(CrimeRecordVersion)
    its_supply = aliased(Supply)
    newest = (
        select(func.max(inner.number))
        .join(its_supply, its_supply.id == inner.supply_id)
        .where(inner.record_id == CrimeRecord.id, its_supply.taken_at.is_not(None))
        .scalar_subquery()
    )
    return (
        select(CrimeRecord, CrimeRecordVersion)
        .join(
            CrimeRecordVersion,
            and_(
                CrimeRecordVersion.record_id == CrimeRecord.id,
                CrimeRecordVersion.number == newest,
            ),
        )
        .where(
            CrimeRecord.last_supply_id == earlier_id,
            CrimeRecordVersion.recorded_at >= supply.covers_from,
            CrimeRecordVersion.recorded_at < supply.covers_to,
        )
    )


def _stream(
    session: Session, query: Select[CrimeRecord, CrimeRecordVersion]
) -> Iterator[RecordInSupply]:
    rows = session.execute(query.execution_options(yield_per=_FETCH_AT_ONCE))
    for record, version in rows:
        yield RecordInSupply(record, version)
