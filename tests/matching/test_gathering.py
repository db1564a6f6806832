"""What is compared is what was told, wherever it was told, and nothing of an erased report."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update

from portal.errors import OnRecordError
from portal.matching.gathering import open_reports, stub_of
from portal.matching.sides import ReportSide
from portal.reports.corrections import correct
from portal.reports.models import Allegation, ReportKey
from portal.reports.service import tell
from portal.site import Site
from tests.matching.test_judging import Sure, burglary
from tests.rig.clock import HandClock
from tests.rig.filed import file_report, when


def side_of(site: Site, allegation: UUID) -> ReportSide | OnRecordError | None:
    with site.database.reading() as session:
        one = session.get_one(Allegation, allegation)
        return open_reports(session, [one], keyring=site.keyring)[allegation]


def test_a_report_is_compared_by_all_that_it_says(site: Site) -> None:
    crime = burglary()
    side = side_of(site, crime.report(site, Sure()))
    assert isinstance(side, ReportSide)
    assert (side.victim.forenames, side.victim.surname) == (("ann",), "example")
    assert side.victim.birth_date == "19900228"
    assert side.references == frozenset({crime.reference})
    assert side.incident_numbers == frozenset({crime.incident})
    assert side.place.unit == "SN11AA"
    assert side.occurred == (crime.at.toordinal(), crime.at.toordinal())
    assert side.told == (crime.at.toordinal(), crime.at.toordinal())


def test_when_it_began_is_known_where_they_give_a_time_of_day_and_as_they_correct_it(
    site: Site, clock: HandClock
) -> None:
    happened = clock() - timedelta(hours=14)
    filed = file_report(site, happened=happened)
    with site.database.reading() as session:
        query = select(Allegation.id).where(Allegation.report_id == filed.id)
        allegation = session.scalars(query).one()

    def began() -> datetime | None:
        side = side_of(site, allegation)
        assert isinstance(side, ReportSide)
        return side.began

    assert began() == happened
    evening = when(happened) | {"kind": "approximate", "time": "", "part": "evening"}
    for answer, expected in (
        (evening, happened - timedelta(hours=1)),
        ({**evening, "part": ""}, None),
    ):
        with site.database.transaction() as session:
            correct(session, filed.id, "when", 1, answer, keyring=site.keyring, now=clock())
        assert began() == expected


def test_what_is_told_later_counts_as_if_it_had_been_told_at_once(
    site: Site, clock: HandClock
) -> None:
    filed = file_report(site, way="keep", told_how={"crime_reference": ""})
    with site.database.transaction() as session:
        tell(
            session,
            filed.id,
            when(clock() - timedelta(hours=2)),
            {"channel": "101", "force": "wiltshire", "crime_reference": "54/24/0012345"},
            keyring=site.keyring,
            now=clock(),
        )
    with site.database.reading() as session:
        query = select(Allegation.id).where(Allegation.report_id == filed.id)
        allegation = session.scalars(query).one()
    side = side_of(site, allegation)
    assert isinstance(side, ReportSide)
    assert side.references == frozenset({"54240012345"})
    assert side.told == (clock().toordinal(), clock().toordinal())


def test_of_an_erased_report_nothing_is_compared_and_of_a_closed_one_why(site: Site) -> None:
    allegation = burglary().report(site, Sure())
    with site.database.transaction() as session:
        session.execute(update(ReportKey).values(wrapped=b"\0" * 64))
    assert isinstance(side_of(site, allegation), OnRecordError)
    with site.database.transaction() as session:
        session.execute(delete(ReportKey))
    assert side_of(site, allegation) is None


def test_gates_need_the_kind_of_a_report_and_not_its_content() -> None:
    assert stub_of("raped", can_tell=True).is_sexual
    assert not stub_of("burglary-home", can_tell=True).is_sexual
    assert stub_of("erased", can_tell=False).references == frozenset()
