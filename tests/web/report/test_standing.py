"""Where each thing that happened stands, before and after the jobs looked at it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.reports.models import Allegation
from portal.site import Site
from portal.web.report.standing import Standing, standings
from tests.rig.clock import HandClock
from tests.rig.filed import file_report, look_again
from tests.rig.people import add_person
from tests.rig.reviewed import reads, waiting_case
from tests.rig.supplies import row, take
from tests.web.report.conftest import Person


def read(site: Site) -> list[Standing]:
    with site.database.reading() as session:
        allegations = session.scalars(select(Allegation).order_by(Allegation.ordinal)).all()
        return standings(session, allegations, now=site.now())


def test_the_limit_is_the_same_before_and_after_the_clock_was_opened(
    site: Site, clock: HandClock
) -> None:
    file_report(site, categories=("burglary-home", "hurt"), told=clock())
    before = read(site)
    look_again(site)
    assert [one.limit for one in read(site)] == [one.limit for one in before]
    limit = before[0].limit
    assert limit is not None
    assert len(limit.steps) == 3
    assert "24 hours" in limit.steps[1]
    assert limit.rule == "24 hours"
    assert not limit.passed


def test_a_limit_has_passed_only_when_the_records_had_their_time_too(
    site: Site, clock: HandClock
) -> None:
    file_report(site, told=clock())
    passed = []
    for hours in (23, 2, 22, 2):
        clock.advance(hours=hours)
        limit = read(site)[0].limit
        assert limit is not None
        passed.append(limit.passed)
    assert passed == [False, False, False, True]


def test_a_kept_report_has_no_limit_and_no_record(site: Site) -> None:
    file_report(site, way="keep")
    (standing,) = read(site)
    assert standing.limit is None
    assert standing.records == []
    assert standing.name == "Someone broke into my home"


def test_an_accepted_record_is_named_with_its_offence_and_reference(
    site: Site, clock: HandClock
) -> None:
    happened = clock.advance(hours=-20)
    told = clock.advance(hours=10)
    clock.advance(hours=10)
    file_report(site, told=told, happened=happened, told_how={"crime_reference": "54 / 1234 / 26"})
    minute = "%Y-%m-%d %H:%M"
    recorded = row(
        recorded_at=clock().strftime(minute),
        occurred_from=happened.strftime(minute),
        occurred_to=happened.strftime(minute),
        offence_code="28E",
    )
    clock.advance(hours=1)
    take(site, [recorded])
    look_again(site)
    (record,) = read(site)[0].records
    assert record.reference == "54/1234/26"
    assert record.force == "Wiltshire Police"
    assert "urglary" in record.offence
    assert record.recorded_at < clock()


def test_nobody_is_told_of_a_record_that_police_took_away_whoever_confirmed_it(
    site: Site, clock: HandClock
) -> None:
    filed = waiting_case(site, clock)
    reads(site, filed, add_person(site, "inspector"), "record")
    assert [one.reference for one in read(site)[0].records] == ["54/7/26"]
    clock.advance(hours=1)
    take(site, [row("54/7/26", offence_code="28E", removal_code="C2")], is_full=False)
    look_again(site)
    assert read(site)[0].records == []


@pytest.mark.parametrize(
    ("recorded", "said"), [("2026-03-01", "1 March 2026"), ("2026-03-01 07:30", "7:30am")]
)
def test_a_record_with_a_day_alone_shows_no_time_of_day(
    person: Person, site: Site, clock: HandClock, recorded: str, said: str
) -> None:
    person.files()
    clock.advance(hours=1)
    cells = {"occurred_from": "2026-02-27 19:00", "occurred_to": "2026-02-27 20:00"}
    take(site, [row("54/123/26", recorded_at=recorded, offence_code="28E", **cells)])
    look_again(site)
    (record,) = read(site)[0].records
    assert record.recorded_on.endswith(said)
    assert f"Written down on {record.recorded_on}." in person.client.get("/back/open").text


def test_the_note_on_rape_stands_only_beside_a_reported_rape_and_in_the_exact_rule(
    person: Person, site: Site
) -> None:
    person.files()
    page = person.client.get("/back/open").text
    assert "N100" not in page
    assert page.index("The exact rule") < page.index("Home Office")
    assert (
        "After midnight at the end of Monday 2 March 2026 we can say more"
        in page.split("How the time limit")[0]
    )
    person.client.post("/back/close")
    person.files(**{"1/what": {"category": "raped"}})
    page = person.client.get("/back/open").text
    assert page.index("The exact rule") < page.index("N100")


def test_who_told_too_little_is_asked_for_more_and_not_made_to(
    person: Person, site: Site, clock: HandClock
) -> None:
    filed = file_report(site, told=clock.advance(hours=-1), about={}, told_how={})
    clock.advance(hours=1)
    assert not read(site)[0].needs_more, "nobody has looked yet"
    look_again(site)
    assert read(site)[0].needs_more
    person.client.post("/back", data={"code": filed.code})
    page = person.client.get("/back/open").text
    assert 'href="/back/correct">add one of them</a>' in page
    assert "You do not have to." in page


def test_it_is_said_how_far_the_records_reach_in_which_it_was_looked_for(
    site: Site, clock: HandClock
) -> None:
    file_report(site, told=clock())
    assert read(site)[0].reach == "We have no records of Wiltshire Police for that time yet."
    start = clock()
    clock.advance(hours=3)
    take(site, [row("54/1/26")], covers=(start - timedelta(days=1), start + timedelta(hours=2)))
    assert read(site)[0].reach == (
        "We have the records of Wiltshire Police up to 11am on Monday 2 March 2026, and look for "
        "it in them."
    )


def test_nothing_is_said_of_records_while_nobody_was_told_or_no_force_is_known(site: Site) -> None:
    file_report(site, way="keep")
    file_report(site, force="unsure", told=site.now())
    assert [one.reach for one in read(site)] == ["", ""]
