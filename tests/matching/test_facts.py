"""What is compared is opened in memory, taken as it was typed, and says nothing when it is not
known."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.matching.facts import allegation_facts, claim_of, record_facts
from portal.matching.scoring import AllegationFacts, RecordFacts, VictimFacts
from portal.police.models import CrimeRecord, CrimeRecordVersion
from portal.reference.categories import get_category
from portal.reports.models import Allegation, ReportKey
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import Filed, file_report
from tests.rig.supplies import row, take

ADA = {"name": "Ada Quill", "birth_day": "4", "birth_month": "5", "birth_year": "1990"}
BORN = date(1990, 5, 4)


def of_report(site: Site, filed: Filed) -> AllegationFacts:
    with site.database.reading() as session:
        allegation = session.scalars(
            select(Allegation).where(Allegation.report_id == filed.id)
        ).one()
        return allegation_facts(session, allegation, keyring=site.keyring)


def of_record(site: Site, **cells: str) -> RecordFacts:
    take(site, [row("54/7/26", **cells)])
    with site.database.reading() as session:
        record = session.scalars(select(CrimeRecord)).one()
        version = session.scalars(select(CrimeRecordVersion)).one()
        return record_facts(session, record, version, keyring=site.keyring, tokens=site.tokens)


def claim(site: Site, filed: Filed) -> bytes:
    with site.database.reading() as session:
        allegation = session.scalars(
            select(Allegation).where(Allegation.report_id == filed.id)
        ).one()
        facts = allegation_facts(session, allegation, keyring=site.keyring)
        return claim_of(allegation, facts, site.tokens)


def test_an_allegation_is_compared_by_offence_force_time_and_victim(
    site: Site, clock: HandClock
) -> None:
    happened = clock() - timedelta(hours=14)
    facts = of_report(site, file_report(site, happened=happened, about=ADA))
    assert facts.force_id == "wiltshire"
    assert facts.offence_codes == get_category("burglary-home").codes
    assert facts.occurred is not None
    assert (facts.occurred.earliest, facts.occurred.latest) == (happened, happened)
    assert facts.victims == (VictimFacts("Ada Quill", BORN),)


def test_what_the_person_does_not_know_is_nothing_to_compare(site: Site) -> None:
    facts = of_report(site, file_report(site, categories=["not-sure"], force="unsure"))
    assert facts.occurred is None
    assert facts.force_id is None
    assert facts.offence_codes == frozenset()
    assert facts.victims == (VictimFacts(None, None),)
    assert facts.references == facts.incident_numbers == frozenset()


@pytest.mark.parametrize(
    ("day", "month", "year", "born"),
    [
        ("4", "5", "1990", BORN),
        ("04", "May", "1990", BORN),
        ("4th", "may", "1990", BORN),
        ("", "", "1990", None),
        ("", "5", "1990", None),
        ("31", "2", "1990", None),
        ("4", "5", "90", None),
        ("", "", "", None),
    ],
)
def test_a_date_of_birth_counts_as_it_was_typed_if_it_is_whole(
    site: Site, day: str, month: str, year: str, born: date | None
) -> None:
    about = {"name": "Ada", "birth_day": day, "birth_month": month, "birth_year": year}
    (victim,) = of_report(site, file_report(site, about=about)).victims
    assert victim.birth_date == born


def test_a_number_in_either_box_meets_the_record_that_holds_it(
    site: Site, clock: HandClock
) -> None:
    record = of_record(site, incident_number="123 of 2/3/2026")
    by_reference = of_report(site, file_report(site, told_how={"crime_reference": "54 / 7 / 26"}))
    by_incident = of_report(site, file_report(site, told_how={"incident_number": "54/7/26"}))
    assert by_reference.references & record.references
    assert by_incident.incident_numbers & record.references
    assert not by_incident.references & record.references


def test_a_record_is_compared_by_what_its_force_shared(site: Site) -> None:
    facts = of_record(
        site,
        occurred_from="2026-02-09 18:00",
        occurred_to="2026-02-09 23:00",
        victim_name="Quill, Ada",
        victim_date_of_birth="1990-05-04",
    )
    assert facts.offence_code == "58A"
    assert facts.force_id == "wiltshire"
    assert facts.occurred is not None
    assert facts.occurred.earliest == datetime(2026, 2, 9, 18, tzinfo=UTC)
    assert facts.occurred.latest == datetime(2026, 2, 9, 23, tzinfo=UTC)
    assert [victim.birth_date for victim in facts.victims] == [BORN]
    assert (facts.is_incident, facts.removed) == (False, False)


def test_a_removed_record_and_the_note_of_an_incident_are_known_for_what_they_are(
    site: Site,
) -> None:
    assert of_record(site, removal_code="C4").removed


def test_an_n100_is_known_for_what_it_is(site: Site) -> None:
    assert of_record(site, offence_code="N100/1").is_incident


def test_an_end_without_a_beginning_is_not_known_because_it_would_fit_everything(
    site: Site,
) -> None:
    assert of_record(site, occurred_to="2026-02-09 23:00").occurred is None


def test_an_erased_report_has_no_victim_any_more(site: Site) -> None:
    filed = file_report(site, about=ADA)
    with site.database.transaction() as session:
        session.delete(session.get_one(ReportKey, filed.id))
    assert of_report(site, filed).victims == ()


def test_two_reports_of_one_person_make_the_same_claim_however_the_name_is_written(
    site: Site,
) -> None:
    turned = ADA | {"name": "Ms QUILL, Ada", "birth_month": "May"}
    assert claim(site, file_report(site, about=ADA)) == claim(site, file_report(site, about=turned))


@pytest.mark.parametrize("missing", ["name", "birth_year"])
def test_without_name_or_birth_each_report_stands_for_itself(site: Site, missing: str) -> None:
    about = ADA | {missing: ""}
    first, second = file_report(site, about=about), file_report(site, about=about)
    assert claim(site, first) == claim(site, first) != claim(site, second)


def test_namesakes_with_another_birthday_are_two_people(site: Site) -> None:
    other = ADA | {"birth_day": "5"}
    assert claim(site, file_report(site, about=ADA)) != claim(site, file_report(site, about=other))
