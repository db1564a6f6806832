"""Clearing away what a supply left that was never taken: a crash, a lost connection.

Nothing of it ever counted. It goes before the force's next supply is written, in short steps, so
that this one is compared with supplies that were taken and with nothing else.
"""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Delete, Select, Update, delete, func, select, update
from sqlalchemy.orm import Session, aliased

from portal.db import Database
from portal.police.models import CrimeRecord, CrimeRecordVersion, Supply, SupplyRemark

_AT_ONCE = 2_000


def clear_unfinished(database: Database, force_id: str) -> None:
    """Remove the versions and remarks of every supply of a force that was never taken.

    The supply's own row stays. So do records that it was the first to name, without a version:
    no query shows them, and the next supply that holds them becomes their first. The caller
    holds the force's lock.
    """
    with database.reading() as session:
        unfinished = session.scalars(
            select(Supply.id).where(Supply.force_id == force_id, Supply.taken_at.is_(None))
        ).all()
    for supply_id in unfinished:
        _in_steps(database, CrimeRecordVersion, CrimeRecordVersion.supply_id == supply_id)
        _in_steps(database, SupplyRemark, SupplyRemark.supply_id == supply_id)
        while _restore_last(database, supply_id):
            pass


def _in_steps(
    database: Database,
    table: type[CrimeRecordVersion] | type[SupplyRemark],
    condition: ColumnElement[bool],
) -> None:
    some = select(table.id).where(condition).limit(_AT_ONCE)
    while _change(database, some, delete(table), table.id):
        pass


def _restore_last(database: Database, supply_id: UUID) -> bool:
    inner = aliased(CrimeRecordVersion)
    newest = select(func.max(inner.number)).where(inner.record_id == CrimeRecord.id)
    supply_of_newest = (
        select(CrimeRecordVersion.supply_id)
        .where(
            CrimeRecordVersion.record_id == CrimeRecord.id,
            CrimeRecordVersion.number == newest.scalar_subquery(),
        )
        .scalar_subquery()
    )
    some = (
        select(CrimeRecord.id)
        .where(CrimeRecord.last_supply_id == supply_id, CrimeRecord.first_supply_id != supply_id)
        .limit(_AT_ONCE)
    )
    restored = func.coalesce(supply_of_newest, CrimeRecord.first_supply_id)
    return _change(
        database, some, update(CrimeRecord).values(last_supply_id=restored), CrimeRecord.id
    )


def _change(
    database: Database,
    some: Select[int],
    statement: Delete | Update,
    key: Any,  # noqa: ANN401 - a mapped column of either table
) -> bool:
    with database.transaction() as session:
        ids = _ids(session, some)
        if ids:
            session.execute(
                statement.where(key.in_(ids)).execution_options(synchronize_session=False)
            )
    return bool(ids)


def _ids(session: Session, some: Select[int]) -> list[int]:
    return list(session.scalars(some))
