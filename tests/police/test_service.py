"""A supply is taken whole or not at all, once, and counts only when all of it was taken."""

import hashlib

import pytest
from sqlalchemy import func, select

from portal.db import Base
from portal.errors import Refused
from portal.ledger.service import open_entry
from portal.police.feed import BrokenFile
from portal.police.models import CrimeRecord, CrimeRecordVersion, Supply, SupplyRemark
from portal.police.queries import (
    find_current_version,
    list_remarks,
    list_supplies,
    versions_of,
)
from portal.police.service import Declaration, take_supply
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.supplies import FIRST, file_of, opens, row, take


def count(site: Site, table: type[Base]) -> int:
    with site.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def record_of(site: Site, key: str = "54/1234/26") -> CrimeRecord:
    with site.database.reading() as session:
        return session.scalars(select(CrimeRecord).where(CrimeRecord.reference_key == key)).one()


def test_a_force_can_prove_what_it_sent_from_the_ledger(site: Site) -> None:
    content = file_of([row(), row("54/2/26", offence_code="")])
    outcome = take(site, content)
    with site.database.reading() as session:
        supply = session.get_one(Supply, outcome.supply_id)
        assert supply.entry_index is not None
        seal = site.keyring.unwrap(supply.wrapped_key)
        fields = open_entry(session, supply.entry_index, seal.open).fields
    assert fields["kind"] == "supply_taken"
    assert fields["sha256"] == hashlib.sha256(content).hexdigest()
    assert fields["force"] == "wiltshire"
    assert fields["full"] is True
    assert (fields["rows_declared"], fields["rows_taken"], fields["rows_refused"]) == (2, 1, 1)
    assert fields["covers_from"] == "2026-02-01T00:00:00.000000Z"


def test_a_wrong_row_is_refused_with_its_line_and_the_rest_is_taken(site: Site) -> None:
    outcome = take(site, [row(), row("54/2/26", recorded_at="yesterday"), row("54/3/26")])
    assert (outcome.taken, outcome.refused, outcome.new_records) == (2, 1, 2)
    with site.database.reading() as session:
        (remark,) = list_remarks(session, outcome.supply_id, refused=True)
    assert (remark.line, remark.field) == (3, "recorded_at")
    assert "yesterday" not in remark.reason


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"force,crime_reference\nwiltshire,54/1/26\n",
        file_of([row()]) + b'wiltshire,"54/2/26\n',
        file_of([row()]) + b"wiltshire,54/\xff/26\n",
        file_of([row()]) + b"wiltshire,54/\x00/26\n",
    ],
)
def test_nothing_of_a_broken_file_is_taken(site: Site, broken: bytes) -> None:
    with pytest.raises(BrokenFile, match="Nothing of it was taken"):
        take(site, broken)
    assert count(site, Supply) == count(site, CrimeRecord) == count(site, SupplyRemark) == 0


def test_a_file_with_another_number_of_rows_than_declared_is_refused_with_both(site: Site) -> None:
    with pytest.raises(Refused, match="1,200 rows; it holds 2"):
        take(site, [row(), row("54/2/26")], declared=1200)
    assert count(site, Supply) == 0


def test_refused_rows_count_among_the_declared(site: Site) -> None:
    assert take(site, [row(), row("54/2/26", recorded_at="")], declared=2).refused == 1


def test_a_period_that_is_not_over_cannot_be_declared(site: Site, clock: HandClock) -> None:
    later = clock.advance(hours=0).replace(year=2027)
    with pytest.raises(Refused, match="future"):
        take(site, [row()], covers=(FIRST, later))
    with pytest.raises(Refused, match="must end after it begins"):
        take(site, [row()], covers=(FIRST, FIRST))


def test_loading_the_same_file_twice_changes_nothing(site: Site, clock: HandClock) -> None:
    period = (FIRST, site.now())
    first = take(site, [row(), row("54/2/26", recorded_at="no")], covers=period)
    before = _counts(site)
    clock.advance(hours=5)
    again = take(site, [row(), row("54/2/26", recorded_at="no")], covers=period)
    assert again.already_taken
    assert (again.supply_id, again.taken, again.refused) == (first.supply_id, 1, 1)
    assert again.new_records == again.new_versions == 0
    assert _counts(site) == before


def _counts(site: Site) -> list[int]:
    tables = (Supply, SupplyRemark, CrimeRecord, CrimeRecordVersion)
    return [count(site, table) for table in tables]


def test_the_same_quiet_file_covers_another_day(site: Site, clock: HandClock) -> None:
    take(site, [], is_full=False)
    clock.advance(days=1)
    assert not take(site, [], is_full=False).already_taken
    assert count(site, Supply) == 2


def test_a_changed_record_becomes_a_new_version_and_both_stay(site: Site, clock: HandClock) -> None:
    take(site, [row(offence_code="28E"), row("54/2/26")])
    clock.advance(days=1)
    outcome = take(site, [row(offence_code="58A"), row("54/2/26")])
    assert (outcome.new_records, outcome.new_versions, outcome.unchanged) == (0, 1, 1)
    with site.database.reading() as session:
        versions = versions_of(session, record_of(site).id)
        current = find_current_version(session, record_of(site).id)
    assert [each.offence_code for each in versions] == ["28E", "58A"]
    assert [each.number for each in versions] == [1, 2]
    assert current is not None
    assert current.number == 2


def test_a_reference_that_excel_mangled_is_the_same_record(site: Site, clock: HandClock) -> None:
    take(site, [row("54/0001234/26")])
    clock.advance(days=1)
    outcome = take(site, [row(" 54-1234-26 ")])
    assert (outcome.new_records, outcome.unchanged) == (0, 1)


def test_the_traps_of_real_extracts_are_taken(site: Site) -> None:
    rows = [
        row("54/1/26", outcome_date="No incident linked", incident_number="No incident linked"),
        row("54/2/26", outcome_date="CANCELLED"),
        row("54/3/26", reported_at="2026-02-09 10:00", occurred_from="2026-02-10 09:00"),
        row("54/4/26", offence_code="999Z"),
        row("54/5/26", offence_code="N100/1"),
        row('="54/0006/26"'),
    ]
    outcome = take(site, b"\xef\xbb\xbf" + file_of(rows))
    assert (outcome.taken, outcome.refused) == (6, 0)
    with site.database.reading() as session:
        current = {
            key: find_current_version(session, record_of(site, key).id)
            for key in (f"54/{number}/26" for number in range(1, 7))
        }
    assert all(current.values())
    incident = current["54/5/26"]
    assert incident is not None
    assert incident.is_incident
    assert [each.outcome_at for each in current.values() if each] == [None] * 6


def test_a_formula_is_refused_and_never_kept(site: Site) -> None:
    outcome = take(site, [row(place='=HYPERLINK("x")'), row("54/2/26")])
    assert (outcome.taken, outcome.refused) == (1, 1)


def test_two_loads_of_one_force_at_once_are_not_mixed(site: Site) -> None:
    with site.database.only_one("supply-wiltshire") as held:
        assert held
        with pytest.raises(Refused, match="being taken right now"):
            take(site, [row()])
        assert take(site, [row("1/1/26", force="dorset")], force_id="dorset").taken == 1
    assert take(site, [row()]).taken == 1


def test_a_file_that_changes_while_it_is_read_is_not_taken(site: Site) -> None:
    contents = iter([file_of([row()]), file_of([row("54/9/26")])])
    with pytest.raises(Refused, match="changed while it was read"):
        take_supply(
            site.database,
            lambda: opens(next(contents))(),
            force_id="wiltshire",
            declaration=Declaration(FIRST, site.now(), is_full=True, rows=1),
            loaded_by=None,
            keyring=site.keyring,
            tokens=site.tokens,
            now=site.now(),
            progress=lambda rows: None,
        )
    with site.database.reading() as session:
        assert list_supplies(session, None) == []


def test_each_row_is_shown_to_the_progress_bar_twice(site: Site) -> None:
    seen: list[int] = []
    take(site, [row(f"54/{n}/26") for n in range(1, 8)], progress=seen.append)
    assert sum(seen) == 14
