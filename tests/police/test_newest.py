"""The newest version of many records at once: what was taken, and no older one."""

from sqlalchemy import event, select

from portal.police.models import CrimeRecord, Supply
from portal.police.newest import current_versions
from portal.police.queries import find_current_version
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.supplies import row, take


def test_of_many_records_the_newest_versions_are_those_of_each_alone(
    site: Site, clock: HandClock
) -> None:
    take(site, [row(f"54/{number}/26") for number in (1, 2, 3)])
    clock.advance(hours=1)
    take(site, [row("54/1/26", outcome_type="18")], is_full=False)
    clock.advance(hours=1)
    third = take(site, [row("54/1/26"), row("54/2/26", outcome_type="18")], is_full=False)
    with site.database.transaction() as session:
        # As a supply stands that was begun and not taken.
        session.get_one(Supply, third.supply_id).taken_at = None
        session.flush()
        ids = session.scalars(select(CrimeRecord.id)).all()
        alone = {one: find_current_version(session, one) for one in ids}
        assert current_versions(session, [*ids, *ids]) == alone
        assert sorted(one.number for one in alone.values() if one) == [1, 1, 2]
        session.rollback()


def test_a_record_of_which_nothing_was_taken_yet_has_no_version(
    site: Site, clock: HandClock
) -> None:
    outcome = take(site, [row("54/1/26")])
    with site.database.transaction() as session:
        session.get_one(Supply, outcome.supply_id).taken_at = None
        session.flush()
        ids = session.scalars(select(CrimeRecord.id)).all()
        assert (len(ids), current_versions(session, ids)) == (1, {})
        session.rollback()


def test_many_records_take_few_questions(site: Site, clock: HandClock) -> None:
    asked: list[object] = []
    event.listen(site.database.engine, "before_cursor_execute", lambda *each: asked.append(each[2]))
    with site.database.reading() as session:
        assert current_versions(session, range(1, 70_001)) == {}
    assert len([one for one in asked if "crime_record_versions" in str(one)]) == 140
