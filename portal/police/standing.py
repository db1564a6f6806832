"""Asking in a query whether a crime record stands."""

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from portal.police.models import CrimeRecordVersion, Supply


def is_standing(record_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    """Whether the record of this number is a crime record that stands: its newest version that
    counts was not removed and is no note of an incident.

    A decision keeps the version that the person saw, so that what the force made of the record
    since can only be asked of the record.
    """
    version, supply = aliased(CrimeRecordVersion), aliased(Supply)
    # Cut to one row, it is looked up for each record by the index, whatever a database makes of
    # the query around it.
    return (
        select(and_(version.removal_code.is_(None), ~version.is_incident))
        .join(supply, supply.id == version.supply_id)
        .where(version.record_id == record_id, supply.taken_at.is_not(None))
        .order_by(version.number.desc())
        .limit(1)
        .scalar_subquery()
    )
