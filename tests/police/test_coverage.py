"""How far a force's records reach, whatever files it sends."""

from datetime import UTC, datetime

from portal.police.coverage import coverage_of, stale_since
from portal.reference.models import ForceTerms
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.supplies import row, take


def day(number: int, month: int = 2) -> datetime:
    return datetime(2026, month, number, tzinfo=UTC)


def cover(site: Site, first: datetime, last: datetime) -> None:
    take(site, [], covers=(first, last), is_full=False)


def reached(site: Site, since: datetime | None = None) -> datetime | None:
    with site.database.reading() as session:
        return coverage_of(session, "wiltshire").until(since or day(1))


def overdue(site: Site, terms: ForceTerms) -> datetime | None:
    with site.database.reading() as session:
        return stale_since(session, terms, now=site.now())


def terms(hours: int | None = 24, since: datetime | None = None) -> ForceTerms:
    return ForceTerms(
        force_id="wiltshire", supply_interval_hours=hours, supplies_since=since or day(1)
    )


def test_a_force_that_sent_nothing_covers_nothing(site: Site) -> None:
    take(site, [row("1/1/26", force="dorset")], force_id="dorset")
    assert reached(site) is None


def test_periods_that_touch_or_overlap_are_one(site: Site) -> None:
    cover(site, day(10), day(20))
    cover(site, day(1), day(5))
    cover(site, day(4), day(10))
    cover(site, day(2), day(3))
    assert reached(site) == day(20)


def test_what_comes_after_a_gap_does_not_count_until_it_is_filled(site: Site) -> None:
    cover(site, day(1), day(5))
    cover(site, day(6), day(20))
    assert reached(site) == day(5)
    cover(site, day(5), day(6))
    assert reached(site) == day(20)


def test_a_new_file_about_an_old_period_does_not_make_records_fresh(
    site: Site, clock: HandClock
) -> None:
    cover(site, day(1), day(20))
    clock.advance(days=3)
    take(site, [row()], covers=(day(1), day(19)), is_full=False)
    assert reached(site) == day(20)
    assert overdue(site, terms()) == day(21)


def test_records_within_the_agreed_interval_are_not_stale(site: Site, clock: HandClock) -> None:
    cover(site, day(1), site.now())
    clock.advance(hours=24)
    assert overdue(site, terms()) is None
    clock.advance(hours=1)
    assert overdue(site, terms()) == day(3, 3).replace(hour=9)


def test_a_force_without_an_agreed_interval_owes_nothing(site: Site) -> None:
    assert overdue(site, terms(hours=None)) is None


def test_a_force_that_never_sent_records_owes_them_from_the_agreement(site: Site) -> None:
    assert overdue(site, terms(since=day(10))) == day(11)


def test_a_file_about_an_older_time_takes_nothing_back(site: Site, clock: HandClock) -> None:
    cover(site, day(10), day(20))
    cover(site, day(1), day(3))
    with site.database.reading() as session:
        coverage = coverage_of(session, "wiltshire")
    assert coverage.reached(terms(since=day(10))) == day(20)
    assert coverage.reached(None) == day(20)
    assert coverage.until(day(5)) == day(3)


def test_a_gap_since_the_agreement_is_not_forgotten(site: Site) -> None:
    cover(site, day(1), day(5))
    cover(site, day(6), day(20))
    with site.database.reading() as session:
        assert coverage_of(session, "wiltshire").reached(terms(since=day(2))) == day(5)


def test_a_file_of_which_no_row_could_be_taken_fills_no_gap(site: Site) -> None:
    cover(site, day(1), day(5))
    take(site, [row("1/1/26", force="kent")], covers=(day(5), day(9)), is_full=False)
    assert reached(site) == day(5)
