"""What the records say of people is opened for a case, and only where the force shared it."""

from portal.oversight.candidates import open_candidates
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.people import add_person
from tests.rig.reviewed import case_of, waiting_case


def test_each_candidate_is_opened_with_what_its_force_shared(site: Site, clock: HandClock) -> None:
    filed = waiting_case(site, clock, victim_name="Bea Quill", place="Kiln Row")
    case = case_of(site, filed, add_person(site, "inspector"))
    with site.database.reading() as session:
        (one,) = open_candidates(session, case.proposed, keyring=site.keyring)
    assert one.details.victims[0].name == "Bea Quill"
    assert one.details.place == "Kiln Row"
    assert one.details.postcode is None
    assert "Quill" not in repr(one)
