"""Promises about a line of an advocate's list: how it stands, and what can be done next."""

from datetime import timedelta

from portal.reports.caseload import Case
from portal.reports.models import Report
from portal.reports.service import allegations_of
from portal.site import Site
from portal.web.advocate.cases import CaseLine, line
from tests.rig.clock import HandClock
from tests.rig.filed import file_report, look_again
from tests.rig.supplies import row, take

REFERENCE = "54/1234/26"


def _line(site: Site, report: Report) -> CaseLine:
    with site.database.reading() as reading:
        found = reading.get(Report, report.id)
        assert found is not None
        case = Case(found, tuple(allegations_of(reading, report.id)))
        return line(reading, case, now=site.now())


def _told(site: Site, *categories: str) -> Report:
    at = site.now() - timedelta(hours=2)
    how = {"crime_reference": REFERENCE}
    filed = file_report(
        site, categories=categories, happened=at, told=at + timedelta(hours=1), told_how=how
    )
    return filed.report


def _record(site: Site) -> None:
    local = (site.now() - timedelta(hours=1)).strftime("%Y-%m-%d %H:%M")
    take(
        site,
        [
            row(
                REFERENCE,
                offence_code="28E",
                recorded_at=local,
                occurred_from=(site.now() - timedelta(hours=3)).strftime("%Y-%m-%d %H:%M"),
                occurred_to=local,
            )
        ],
    )
    look_again(site)


def test_a_kept_report_can_be_turned_into_more_and_nobody_waits_for_police(site: Site) -> None:
    shown = _line(site, file_report(site, way="keep").report)
    assert shown.state == "Kept, told to nobody"
    assert shown.about == ["Break-in at a home"]
    assert shown.can_open


def test_a_told_report_waits_until_its_limit_and_the_time_for_a_supply_are_over(
    site: Site, clock: HandClock
) -> None:
    report = _told(site, "burglary-home")
    assert _line(site, report).state == "Waiting for a police record"
    assert _line(site, report).forces == ["Wiltshire"]
    clock.advance(hours=24)
    assert _line(site, report).state == "Waiting for a police record"
    clock.advance(hours=24)
    assert _line(site, report).state == "No police record in time"


def test_a_record_that_was_accepted_shows_as_found(site: Site, clock: HandClock) -> None:
    report = _told(site, "burglary-home")
    clock.advance(minutes=30)
    _record(site)
    assert _line(site, report).state == "Police record found"
    clock.advance(days=4)
    assert _line(site, report).state == "Police record found"


def test_one_record_does_not_settle_the_other_thing_that_happened(
    site: Site, clock: HandClock
) -> None:
    report = _told(site, "burglary-home", "theft-vehicle")
    clock.advance(minutes=30)
    _record(site)
    assert _line(site, report).state == "Waiting for a police record"
    clock.advance(days=4)
    assert _line(site, report).state == "No police record in time"
