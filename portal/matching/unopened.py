"""Crime records that do not open, because the sealing key of a supply is not here.

After a restore an older key may be missing. What could not be compared meanwhile is compared as
soon as the key is back, by itself: the supply is marked, so that asking for its key is all that a
run does until then. What a version says in the open counts at once.
"""

import logging
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from portal.db import Database
from portal.matching.claiming import batched
from portal.matching.keying import forget_record_keys
from portal.matching.models import Judgement, Match
from portal.matching.opening import Supplies
from portal.police.models import CrimeRecordVersion, Supply
from portal.reports.models import Allegation

_LOG = logging.getLogger(__name__)
_AT_ONCE = 500


def take_up(database: Database, supplies: Supplies) -> None:
    """Have every supply matched again that waited for a key that is here now."""
    query = select(Supply.id, Supply.wrapped_key).where(Supply.unopened_at.is_not(None))
    with database.reading() as session:
        waiting: Mapping[UUID, bytes] = {one: key for one, key in session.execute(query)}
    back = [one for one, key in waiting.items() if supplies.find(key) is not None]
    # Years of daily supplies of every force are more than one statement can name.
    for some in batched(back, _AT_ONCE):
        with database.transaction() as session:
            session.execute(
                update(Supply)
                .where(Supply.id.in_(some))
                .values(unopened_at=None, matched_at=None)
                .execution_options(synchronize_session=False)
            )
    if left := len(waiting) - len(back):
        _LOG.error("supplies wait for their sealing keys", extra={"facts": {"supplies": left}})


def wait_for_supply(session: Session, supply_id: UUID, *, now: datetime) -> None:
    """Of a supply whose key is not here see what it says in the open, and leave the rest."""
    _see_in_the_open(session, CrimeRecordVersion.supply_id == supply_id)
    _wait(session, [supply_id], now)


def wait_for_records(
    session: Session, record_ids: Collection[int], supplies: Supplies, *, now: datetime
) -> None:
    """As `wait_for_supply`, of records whose newest version does not open."""
    _see_in_the_open(session, CrimeRecordVersion.record_id.in_(list(record_ids)))
    _note(session, record_ids, supplies, now)


def wait_for_candidates(
    session: Session, record_ids: Collection[int], supplies: Supplies, *, now: datetime
) -> None:
    """As `wait_for_records`, of those that a report was to be compared with: they lose their keys,
    so that they are compared with every report once they open.
    """
    forget_record_keys(session, _note(session, record_ids, supplies, now))


def _note(
    session: Session, record_ids: Collection[int], supplies: Supplies, now: datetime
) -> set[int]:
    """Which of these wait for a key. No key brings back what is damaged: that is logged alone."""
    query = (
        select(CrimeRecordVersion.record_id, Supply.id, Supply.wrapped_key)
        .join(Supply, Supply.id == CrimeRecordVersion.supply_id)
        .where(CrimeRecordVersion.record_id.in_(list(record_ids)), Supply.taken_at.is_not(None))
    )
    lacking: dict[UUID, set[int]] = {}
    for record_id, supply_id, wrapped in session.execute(query):
        if supplies.find(wrapped) is None:
            lacking.setdefault(supply_id, set()).add(record_id)
    _wait(session, lacking, now)
    waiting = set[int]().union(*lacking.values())
    if damaged := set(record_ids) - waiting:
        facts = {"records": len(damaged), "first": min(damaged)}
        _LOG.error("records are damaged and not matched", extra={"facts": facts})
    return waiting


def _wait(session: Session, supply_ids: Iterable[UUID], now: datetime) -> None:
    for some in batched(sorted(supply_ids), _AT_ONCE):
        new = (Supply.id.in_(some), Supply.unopened_at.is_(None))
        for one in session.scalars(select(Supply.id).where(*new)).all():
            _LOG.error("supply waits for its sealing key", extra={"facts": {"supply": str(one)}})
        session.execute(
            update(Supply)
            .where(*new)
            .values(unopened_at=now)
            .execution_options(synchronize_session=False)
        )


def _see_in_the_open(session: Session, which: ColumnElement[bool]) -> None:
    """Have decided and alerted again what hangs on the records of these versions."""
    pairs = select(Match.allegation_id).join(
        CrimeRecordVersion, CrimeRecordVersion.record_id == Match.record_id
    )
    judged = pairs.where(which)
    gone = or_(CrimeRecordVersion.removal_code.is_not(None), CrimeRecordVersion.is_incident)
    # What waits for a person is told of too, when all that police have is the note of an incident.
    told = judged.where(or_(Match.decided_at.is_not(None), gone))
    session.execute(
        update(Allegation)
        .where(Allegation.id.in_(told))
        .values(to_sweep=True)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Judgement)
        .where(Judgement.allegation_id.in_(judged))
        .values(to_settle=True)
        .execution_options(synchronize_session=False)
    )
