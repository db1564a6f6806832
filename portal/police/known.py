"""What the register already holds of the crimes in a batch of a supply. Reads, never writes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from portal.police.content import COLUMNS, Content, context_of, restore
from portal.police.models import CrimeRecord, CrimeRecordVersion, Supply
from portal.sealing import DataKey, Keyring


@dataclass(frozen=True)
class Opened:
    """A supply while its rows are written: its id, its force and the key that seals its rows."""

    id: UUID
    force_id: str
    data_key: DataKey


@dataclass(frozen=True, slots=True)
class Known:
    """A record and its newest version, if it has one.

    `seen`: an earlier row of this supply already spoke of it. `first_is_unfinished`: the supply
    that first held it was never taken, so that supply's word does not count.
    """

    record_id: int
    reference_key: str
    force_id: str
    seen: bool
    first_is_unfinished: bool
    version_id: int | None
    number: int
    supply_id: UUID | None
    content: bytes | None


def look_up(session: Session, supply: Opened, keys: Collection[str]) -> dict[str, Known]:
    """The records of the supply's force with these reference keys (a few thousand), by key."""
    if not keys:
        return {}
    inner = aliased(CrimeRecordVersion)
    newest = select(func.max(inner.number)).where(inner.record_id == CrimeRecord.id)
    rows = session.execute(
        select(
            CrimeRecord.id,
            CrimeRecord.reference_key,
            CrimeRecord.last_supply_id,
            Supply.taken_at,
            CrimeRecordVersion.id,
            CrimeRecordVersion.number,
            CrimeRecordVersion.supply_id,
            CrimeRecordVersion.content,
        )
        .join(Supply, Supply.id == CrimeRecord.first_supply_id)
        .outerjoin(
            CrimeRecordVersion,
            and_(
                CrimeRecordVersion.record_id == CrimeRecord.id,
                CrimeRecordVersion.number == newest.scalar_subquery(),
            ),
        )
        .where(CrimeRecord.force_id == supply.force_id, CrimeRecord.reference_key.in_(keys))
    )
    return {
        key: Known(
            record_id=record_id,
            reference_key=key,
            force_id=supply.force_id,
            seen=last == supply.id and version_id is not None,
            first_is_unfinished=first_taken_at is None,
            version_id=version_id,
            number=number or 0,
            supply_id=supply_id,
            content=content,
        )
        for record_id, key, last, first_taken_at, version_id, number, supply_id, content in rows
    }


def open_contents(
    session: Session, known: Mapping[str, Known], *, keyring: Keyring
) -> dict[str, Content]:
    """What earlier rows of this supply said of the crimes that it already spoke of, by key."""
    seen = {each.version_id: each for each in known.values() if each.seen}
    if not seen:
        return {}
    data_keys: dict[bytes, DataKey] = {}
    contents: dict[str, Content] = {}
    for version, wrapped in session.execute(
        select(CrimeRecordVersion, Supply.wrapped_key)
        .join(Supply, Supply.id == CrimeRecordVersion.supply_id)
        .where(CrimeRecordVersion.id.in_(list(seen)))
    ):
        data_key = data_keys.get(wrapped) or data_keys.setdefault(wrapped, keyring.unwrap(wrapped))
        each = seen[version.id]
        opened = data_key.open_json(version.sealed, context_of(each.force_id, each.reference_key))
        clear = {name: getattr(version, name) for name in COLUMNS}
        contents[each.reference_key] = restore(clear, opened)
    return contents


def previous_digests(
    session: Session, supply: Opened, known: Mapping[str, Known]
) -> dict[int, bytes]:
    """The content digest of the version before the one this supply made, by record."""
    mine = {
        each.record_id: each.number - 1
        for each in known.values()
        if each.supply_id == supply.id and each.number > 1
    }
    if not mine:
        return {}
    rows = session.execute(
        select(
            CrimeRecordVersion.record_id, CrimeRecordVersion.number, CrimeRecordVersion.content
        ).where(CrimeRecordVersion.record_id.in_(list(mine)))
    )
    return {record_id: content for record_id, number, content in rows if mine[record_id] == number}
