"""Asking in a query whether a crime record stands."""

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from portal.police.models import CrimeRecordVersion, Supply


def is_standing(record_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether the record of this number is a crime record that stands: its newest version that
    counts was not removed and is no note of an incident.

    A decision keeps the version that the person saw, so that what the force made of the record
    since can only be asked of the record.
    """
    version, other, supply = (
        aliased(CrimeRecordVersion),
        aliased(CrimeRecordVersion),
        aliased(Supply),
    )
    newest = (
        select(func.max(other.number))
        .join(supply, supply.id == other.supply_id)
        .where(other.record_id == version.record_id, supply.taken_at.is_not(None))
        .scalar_subquery()
    )
    return exists().where(
        version.record_id == record_id,
        version.number == newest,
        version.removal_code.is_(None),
        ~version.is_incident,
    )
