"""A load that was cut off counts for nothing and leaves nothing in the way."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from portal.db import Base
from portal.police.models import CrimeRecord, CrimeRecordVersion, SupplyRemark
from portal.police.queries import (
    find_current_version,
    list_supplies,
    open_version,
)
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.supplies import FIRST, row, take


def count(site: Site, table: type[Base]) -> int:
    with site.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def record_of(site: Site, key: str = "54/1234/26") -> CrimeRecord:
    with site.database.reading() as session:
        return session.scalars(select(CrimeRecord).where(CrimeRecord.reference_key == key)).one()


def victims_of_current(site: Site, key: str = "54/1234/26") -> list[str]:
    record = record_of(site, key)
    with site.database.reading() as session:
        version = find_current_version(session, record.id)
        assert version is not None
        return [each.name for each in open_version(session, version, keyring=site.keyring).victims]


class PowerCut(Exception):
    """The process dies here."""


def cut_after(rows: int) -> Callable[[int], None]:
    seen = 0

    def progress(more: int) -> None:
        nonlocal seen
        seen += more
        if seen >= rows:
            raise PowerCut

    return progress


def test_what_a_crash_left_counts_for_nothing_and_the_next_run_finishes(
    site: Site, clock: HandClock
) -> None:
    take(site, [row("54/5000/26", offence_code="28E"), row("54/1/26")])
    clock.advance(days=1)
    period = (FIRST, site.now())
    rows = [row(f"54/{number}/26", outcome_date="CANCELLED") for number in range(5000, 8000)]
    with pytest.raises(PowerCut):
        take(site, rows, covers=period, progress=cut_after(3000 + 2000))
    assert count(site, CrimeRecord) > 1000
    with site.database.reading() as session:
        assert len(list_supplies(session, "wiltshire")) == 1
        current = find_current_version(session, record_of(site, "54/5000/26").id)
        assert current is not None
        assert current.offence_code == "28E"
        assert find_current_version(session, record_of(site, "54/5001/26").id) is None
    outcome = take(site, rows, covers=period)
    assert (outcome.already_taken, outcome.taken, outcome.new_versions) == (False, 3000, 1)
    assert outcome.new_records == 2999
    assert count(site, CrimeRecordVersion) == 3002
    assert count(site, SupplyRemark) == outcome.remarks == 3000


def test_a_load_cut_off_leaves_no_trace_in_the_next_file(site: Site, clock: HandClock) -> None:
    take(site, [row("54/5000/26", victim_name="Ann Bell"), row("54/1/26")])
    clock.advance(days=1)
    rows = [row(f"54/{number}/26", victim_name="Cy Dunn") for number in range(5000, 8000)]
    with pytest.raises(PowerCut):
        take(site, rows, progress=cut_after(3000 + 2000))
    outcome = take(site, [row("54/5000/26", victim_name="Ann Bell"), row("54/5001/26")])
    assert (outcome.new_records, outcome.new_versions, outcome.unchanged) == (1, 0, 1)
    assert victims_of_current(site, "54/5000/26") == ["Ann Bell"]
    record = record_of(site, "54/5001/26")
    assert record.first_supply_id == record.last_supply_id == outcome.supply_id
