"""The rows of one crime become one record, in whatever order and however far apart."""

from sqlalchemy import func, select

from portal.db import Base
from portal.police.models import CrimeRecord, CrimeRecordVersion, Supply
from portal.police.queries import (
    find_current_version,
    list_remarks,
    open_version,
)
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.supplies import row, take


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


def test_one_crime_on_several_rows_is_one_record_with_all_its_victims(site: Site) -> None:
    outcome = take(
        site,
        [
            row(victim_name="Ann Bell"),
            row(victim_name="Cy Dunn", victim_date_of_birth="1980-02-01"),
            row(),
            row(victim_name="Ann Bell"),
        ],
    )
    assert (outcome.taken, outcome.refused, outcome.new_records) == (4, 0, 1)
    assert victims_of_current(site) == ["Ann Bell", "Cy Dunn"]
    assert count(site, CrimeRecordVersion) == 1


def test_rows_of_one_crime_far_apart_in_the_file_still_merge(site: Site) -> None:
    others = [row(f"54/{number}/26") for number in range(5000, 9500)]
    outcome = take(site, [row(victim_name="Ann Bell"), *others, row(victim_name="Cy Dunn")])
    assert (outcome.new_records, outcome.new_versions) == (4501, 0)
    assert victims_of_current(site) == ["Ann Bell", "Cy Dunn"]


def test_a_supply_that_says_the_same_in_another_order_makes_no_version(
    site: Site, clock: HandClock
) -> None:
    others = [row(f"54/{number}/26") for number in range(5000, 9500)]
    ann, cy = row(victim_name="Ann Bell"), row(victim_name="Cy Dunn")
    take(site, [ann, cy, *others])
    clock.advance(days=1)
    outcome = take(site, [cy, *others, ann])
    assert (outcome.new_records, outcome.new_versions, outcome.unchanged) == (0, 0, 4501)
    assert count(site, CrimeRecordVersion) == 4501


def test_a_victim_added_far_down_the_file_makes_one_new_version(
    site: Site, clock: HandClock
) -> None:
    others = [row(f"54/{number}/26") for number in range(5000, 9500)]
    take(site, [row(victim_name="Ann Bell"), *others])
    clock.advance(days=1)
    outcome = take(site, [row(victim_name="Ann Bell"), *others, row(victim_name="Cy Dunn")])
    assert (outcome.new_versions, outcome.unchanged) == (1, 4500)
    assert victims_of_current(site) == ["Ann Bell", "Cy Dunn"]


def test_a_row_that_contradicts_its_crime_is_refused_and_named(site: Site) -> None:
    outcome = take(site, [row(offence_code="19C"), row(offence_code="58A"), row("54/2/26")])
    assert (outcome.taken, outcome.refused) == (2, 1)
    with site.database.reading() as session:
        (remark,) = list_remarks(session, outcome.supply_id, refused=True)
        current = find_current_version(session, record_of(site).id)
    assert (remark.line, remark.field) == (3, "offence_code")
    assert current is not None
    assert current.offence_code == "19C"


def test_an_empty_cell_contradicts_nothing_and_is_filled_in(site: Site) -> None:
    outcome = take(site, [row(outcome_type=""), row(outcome_type="14"), row(outcome_type="")])
    assert outcome.refused == 0
    with site.database.reading() as session:
        current = find_current_version(session, record_of(site).id)
    assert current is not None
    assert current.outcome_type == 14


def test_a_victim_can_send_a_report_while_records_are_loaded(site: Site) -> None:
    written = 0

    def send(rows: int) -> None:
        nonlocal written
        with site.database.transaction() as session:
            session.execute(select(Supply.id).with_for_update())
            written += 1

    take(site, [row(f"54/{number}/26") for number in range(1, 5002)], progress=send)
    assert written >= 3


def test_a_crime_known_only_from_refused_rows_is_remembered_without_a_version(site: Site) -> None:
    outcome = take(site, [row(recorded_at="no"), row(recorded_at="never")])
    assert (outcome.new_records, outcome.refused) == (0, 2)
    record = record_of(site)
    assert record.first_supply_id == outcome.supply_id
    with site.database.reading() as session:
        assert find_current_version(session, record.id) is None
