"""A lot of records in columns, each of which is the record that the other way opens."""

from sqlalchemy import select

from portal.matching.columns import Columns
from portal.matching.lots import open_lot
from portal.matching.opening import Supplies, open_records
from portal.police.models import CrimeRecord
from portal.site import Site
from tests.matching.test_judging import burglary
from tests.rig.clock import HandClock
from tests.rig.supplies import take


def test_a_record_stands_in_columns_as_it_was_sent_and_opens_as_any(
    site: Site, clock: HandClock
) -> None:
    crime = burglary()
    take(site, [crime.record(incident_number="INC 0012345")])
    supplies = Supplies(site.keyring)
    with site.database.reading() as session:
        (record_id,) = session.scalars(select(CrimeRecord.id))
        lot = open_lot(session, [record_id], supplies)
        opened = open_records(session, [record_id], supplies)[record_id]
    assert (len(lot), lot.others) == (1, {})
    told = dict(zip(Columns._fields, next(zip(*lot.columns, strict=True)), strict=True))
    side = opened.side
    assert (told["record"], told["force_id"]) == (record_id, "wiltshire")
    assert (told["first_day"], told["last_day"]) == side.occurred
    assert (told["received"] or None, told["recorded"]) == (side.received, side.recorded)
    assert told["incident_number"] == "INC 0012345"
    assert lot.record(record_id) == opened
    assert lot.side(record_id) == side


def test_a_record_with_two_victims_stands_in_no_column_and_is_there_all_the_same(
    site: Site, clock: HandClock
) -> None:
    crime = burglary()
    take(site, [crime.record(), crime.record(victim_name="Bob Other")])
    supplies = Supplies(site.keyring)
    with site.database.reading() as session:
        (record_id,) = session.scalars(select(CrimeRecord.id))
        lot = open_lot(session, [record_id], supplies)
        opened = open_records(session, [record_id], supplies)
    assert (len(lot), list(lot.columns.record)) == (1, [])
    assert lot.others == opened
    assert lot.record(record_id) == opened[record_id]
