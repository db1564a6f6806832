"""A record stands by its newest version that counts, whatever the ones before it said."""

import pytest
from sqlalchemy import select, update

from portal.police.models import CrimeRecord, CrimeRecordVersion, Supply
from portal.police.queries import find_current_version
from portal.police.standing import is_standing
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.supplies import row, take

GONE = [{"removal_code": "C2"}, {"offence_code": "N100/1"}]


def standing(site: Site) -> list[str]:
    with site.database.reading() as session:
        query = select(CrimeRecord.reference).where(is_standing(CrimeRecord.id))
        return list(session.scalars(query.order_by(CrimeRecord.reference)))


@pytest.mark.parametrize("change", GONE)
def test_what_a_force_took_away_stands_no_more_until_it_puts_it_back(
    site: Site, clock: HandClock, change: dict[str, str]
) -> None:
    take(site, [row("54/1/26"), row("54/2/26", **change)])
    assert standing(site) == ["54/1/26"]
    clock.advance(days=1)
    take(site, [row("54/1/26", **change), row("54/2/26")])
    assert standing(site) == ["54/2/26"]


@pytest.mark.parametrize("change", GONE)
def test_what_a_supply_brought_that_does_not_count_yet_changes_nothing(
    site: Site, clock: HandClock, change: dict[str, str]
) -> None:
    take(site, [row("54/1/26")])
    clock.advance(days=1)
    take(site, [row("54/1/26", **change), row("54/2/26")])
    with site.database.transaction() as session:
        newest = select(Supply.id).order_by(Supply.number.desc()).limit(1).scalar_subquery()
        session.execute(update(Supply).where(Supply.id == newest).values(taken_at=None))
    assert standing(site) == ["54/1/26"]
    with site.database.reading() as session:
        for record_id in session.scalars(select(CrimeRecord.id)):
            version = find_current_version(session, record_id)
            assert version is None or version.number == 1
        assert len(session.scalars(select(CrimeRecordVersion.id)).all()) == 3
