"""The register as matching and alerts read it: only what was taken, along indexes."""

from datetime import date

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from portal.errors import NotFound
from portal.police.models import CrimeRecord, Supply
from portal.police.queries import (
    backdated_in,
    find_current_version,
    get_supply,
    list_supplies,
    open_version,
    record_ids_in,
    times_of,
    vanished_in,
    versions_of,
)
from portal.police.service import SupplyOutcome
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.supplies import FIRST, Row, row, take

TWO = [row("54/1/26"), row("54/2/26")]


def vanished(site: Site, outcome: SupplyOutcome) -> list[str]:
    with site.database.reading() as session:
        supply = get_supply(session, outcome.supply_id)
        return [each.record.reference for each in vanished_in(session, supply)]


def backdated(site: Site, outcome: SupplyOutcome) -> list[tuple[str, int]]:
    with site.database.reading() as session:
        supply = get_supply(session, outcome.supply_id)
        return [
            (each.record.reference, each.earlier.number) for each in backdated_in(session, supply)
        ]


def next_day(
    site: Site, clock: HandClock, rows: list[Row], *, is_full: bool = True
) -> SupplyOutcome:
    clock.advance(days=1)
    return take(site, rows, is_full=is_full)


def test_a_record_missing_from_a_later_full_supply_vanished(site: Site, clock: HandClock) -> None:
    first = take(site, TWO)
    later = next_day(site, clock, TWO[:1])
    assert vanished(site, first) == []
    assert vanished(site, later) == ["54/2/26"]


def test_a_record_missing_from_changes_only_did_not_vanish(site: Site, clock: HandClock) -> None:
    take(site, TWO)
    assert vanished(site, next_day(site, clock, TWO[:1], is_full=False)) == []


def test_a_record_outside_the_period_covered_did_not_vanish(site: Site, clock: HandClock) -> None:
    take(site, TWO)
    clock.advance(days=1)
    march = take(site, [], covers=(FIRST.replace(day=20), site.now()))
    assert vanished(site, march) == []


def test_a_record_whose_row_was_refused_did_not_vanish(site: Site, clock: HandClock) -> None:
    take(site, TWO)
    later = next_day(site, clock, [TWO[0], row("54/2/26", removal_code="?")])
    assert later.refused == 1
    assert vanished(site, later) == []


def test_a_record_that_came_back_is_not_listed_as_vanished(site: Site, clock: HandClock) -> None:
    take(site, TWO)
    gone = next_day(site, clock, TWO[:1])
    next_day(site, clock, TWO)
    assert vanished(site, gone) == []


def test_a_record_added_later_with_an_earlier_time_is_backdated(
    site: Site, clock: HandClock
) -> None:
    first = take(site, TWO[:1])
    later = next_day(site, clock, [*TWO, row("54/3/26", recorded_at="2026-03-02 18:00")])
    with site.database.reading() as session:
        number = get_supply(session, first.supply_id).number
    assert backdated(site, first) == []
    assert backdated(site, later) == [("54/2/26", number)]


def test_a_record_put_right_after_a_refusal_is_not_backdated(site: Site, clock: HandClock) -> None:
    first = take(site, [TWO[0], row("54/2/26", recorded_at="2026-02-10 25:00")])
    assert first.refused == 1
    later = next_day(site, clock, TWO)
    assert later.new_records == 1
    assert backdated(site, later) == []


def test_a_day_without_its_time_is_not_backdated_unless_wholly_covered(
    site: Site, clock: HandClock
) -> None:
    take(site, TWO)  # covers up to 9 in the morning of 2 March
    late = [row("54/3/26", recorded_at="2026-03-02"), row("54/4/26", recorded_at="2026-03-01")]
    later = next_day(site, clock, [*TWO, *late])
    assert [reference for reference, _ in backdated(site, later)] == ["54/4/26"]


def test_the_records_of_a_supply_are_those_it_brought_or_changed(
    site: Site, clock: HandClock
) -> None:
    take(site, TWO)
    later = next_day(site, clock, [TWO[0], row("54/2/26", removal_code="C4"), row("54/3/26")])
    with site.database.reading() as session:
        chunks = [list(chunk) for chunk in record_ids_in(session, later.supply_id, at_once=1)]
        names = [session.get_one(CrimeRecord, number).reference for (number,) in chunks]
    assert sorted(names) == ["54/2/26", "54/3/26"]


def test_what_a_force_shared_of_a_victim_opens_only_with_the_key(site: Site) -> None:
    take(site, [row("54/1/26", victim_name="Ann Bell", victim_date_of_birth="1990-05-06")])
    with site.database.reading() as session:
        record = session.scalars(select(CrimeRecord)).one()
        version = find_current_version(session, record.id)
        assert version is not None
        details = open_version(session, version, keyring=site.keyring)
        raw = version.sealed
    assert (details.victims[0].name, details.victims[0].date_of_birth) == (
        "Ann Bell",
        date(1990, 5, 6),
    )
    assert b"Bell" not in raw
    assert "Bell" not in repr(details)


def test_a_supply_that_was_not_taken_is_not_shown(site: Site) -> None:
    outcome = take(site, TWO)
    with site.database.transaction() as session:
        session.get_one(Supply, outcome.supply_id).taken_at = None
    with site.database.reading() as session:
        with pytest.raises(NotFound):
            get_supply(session, outcome.supply_id)
        assert list_supplies(session, None) == []
        assert list(record_ids_in(session, outcome.supply_id)) == []


def test_no_hot_question_reads_a_whole_table(site: Site, clock: HandClock) -> None:
    rows = [row(f"54/{n}/26", incident_number=f"{n}") for n in range(1, 3001)]
    for start in range(0, 3000, 300):
        take(site, rows[start : start + 300], is_full=False)
    later = next_day(site, clock, rows[:-1])
    with site.database.transaction() as session:
        session.execute(text("ANALYZE"))
    plans: list[str] = []
    with site.database.reading() as session:
        _explain(session, plans)
        record_id = session.scalar(select(func.max(CrimeRecord.id))) or 0
        supply = get_supply(session, later.supply_id)
        assert find_current_version(session, record_id) is not None
        assert len(list(vanished_in(session, supply))) == 1
        assert list(backdated_in(session, supply)) == []
    assert len(plans) >= 5
    for plan in plans:
        for table in ("crime_records", "crime_record_versions"):
            assert f"SCAN {table}" not in plan, plan
            assert f"Seq Scan on {table} " not in plan, plan


def _explain(session: Session, plans: list[str]) -> None:
    """Keep the plan of every query that the session makes from now on."""
    from sqlalchemy import Connection, event

    connection = session.connection()
    word = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "

    def before(
        conn: Connection, cursor: object, statement: str, parameters: object, *_: object
    ) -> None:
        if statement.startswith("SELECT"):
            asked = conn.connection.cursor()
            asked.execute(word + statement, parameters)  # type: ignore[arg-type]
            plans.append("\n".join(str(line[-1]) for line in asked.fetchall()))
            asked.close()

    event.listen(connection, "before_cursor_execute", before)


@pytest.mark.parametrize(
    ("later", "is_kept"),
    [
        # It says what became of the crime, and nothing of whom, when and where.
        ({"outcome_type": "18"}, True),
        # A removal often comes with little else.
        ({"removal_code": "C2", "place": "Harbour Lane"}, True),
        # It says where, and when no more.
        ({"place": "Harbour Lane"}, False),
    ],
)
def test_the_times_that_a_row_leaves_empty_stand_unless_it_takes_them_back(
    site: Site, clock: HandClock, later: dict[str, str], is_kept: bool
) -> None:
    told, at = "2026-02-10 09:00", "2026-02-10 08:00"
    take(site, [row("54/1/26", place="Harbour Lane", occurred_from=at, reported_at=told)])
    next_day(site, clock, [row("54/1/26", **later)], is_full=False)
    with site.database.reading() as session:
        versions = versions_of(session, session.scalars(select(CrimeRecord.id)).one())
        found = times_of(session, versions, keyring=site.keyring)
    first, second = (found[one.id] for one in versions)
    assert first == (versions[0].reported_at, (versions[0].occurred_from, None))
    assert second == (first if is_kept else (None, (None, None)))


def test_a_version_that_does_not_open_has_no_times_and_gives_none(
    site: Site, clock: HandClock
) -> None:
    take(site, [row("54/1/26", place="Harbour Lane", occurred_from="2026-02-10 08:00")])
    next_day(site, clock, [row("54/1/26", outcome_type="18")], is_full=False)
    with site.database.reading() as session:
        versions = versions_of(session, session.scalars(select(CrimeRecord.id)).one())
        session.expunge_all()
        versions[0].sealed = b"not what was sealed"
        found = times_of(session, versions, keyring=site.keyring)
    assert found == {versions[1].id: (None, (None, None))}
