"""Which version of a record is its newest that counts: of many records at once."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased

from portal.police.models import CrimeRecordVersion, Supply

_AT_ONCE = 500


def has_newer() -> ColumnElement[bool]:
    """Whether a version that a query reads is followed by another that was taken."""
    later, its_supply = aliased(CrimeRecordVersion), aliased(Supply)
    return (
        exists()
        .where(
            later.record_id == CrimeRecordVersion.record_id,
            later.number > CrimeRecordVersion.number,
            its_supply.id == later.supply_id,
            its_supply.taken_at.is_not(None),
        )
        .correlate(CrimeRecordVersion)
    )


def current_versions(session: Session, record_ids: Iterable[int]) -> dict[int, CrimeRecordVersion]:
    """As `queries.find_current_version`, of many records; one of which nothing was taken yet is
    left out.
    """
    query = (
        select(CrimeRecordVersion)
        .join(Supply, Supply.id == CrimeRecordVersion.supply_id)
        .where(Supply.taken_at.is_not(None), ~has_newer())
    )
    wanted = sorted(set(record_ids))
    found: dict[int, CrimeRecordVersion] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = CrimeRecordVersion.record_id.in_(wanted[start : start + _AT_ONCE])
        found |= {one.record_id: one for one in session.scalars(query.where(some))}
    return found
