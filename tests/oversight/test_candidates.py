"""What the records say of people is opened for a case, and only where the force shared it."""

from portal.oversight.candidates import open_candidates
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.filed import look_again
from tests.rig.people import add_person
from tests.rig.reviewed import INCIDENT, case_of, waiting_case
from tests.rig.supplies import row, take


def test_each_candidate_is_opened_with_what_its_force_shared(site: Site, clock: HandClock) -> None:
    filed = waiting_case(site, clock, victim_name="Bea Quill", place="Kiln Row")
    case = case_of(site, filed, add_person(site, "inspector"))
    with site.database.reading() as session:
        (one,) = open_candidates(session, case.proposed, keyring=site.keyring)
    assert one.details.victims[0].name == "Bea Quill"
    assert one.details.place == "Kiln Row"
    assert one.details.postcode is None
    assert "Quill" not in repr(one)


def test_a_reader_sees_whom_a_record_was_about_though_its_last_row_says_nothing_of_it(
    site: Site, clock: HandClock
) -> None:
    filed = waiting_case(site, clock, victim_name="Bea Quill", place="Kiln Row")
    for outcome in ("18", "14"):
        clock.advance(hours=1)
        take(site, [row("54/7/26", offence_code="28E", outcome_type=outcome)], is_full=False)
        look_again(site)
    case = case_of(site, filed, add_person(site, "inspector"))
    assert case.proposed[0].version.outcome_type == 14
    with site.database.reading() as session:
        (one,) = open_candidates(session, case.proposed, keyring=site.keyring)
    assert (one.details.victims[0].name, one.details.place) == ("Bea Quill", "Kiln Row")
    assert one.details.incident_numbers == (INCIDENT,)
