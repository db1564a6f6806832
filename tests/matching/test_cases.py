"""Promises about cases: what is compared, for whom it is to see; nothing in it is personal."""

from uuid import uuid4

from portal.accounts.models import Account
from portal.matching.cases import find_case, reads_of
from portal.matching.explained import find_explanation
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.own import Own
from tests.rig.people import add_person
from tests.rig.reviewed import allegation_of, case_of, crowd, crowded_case, waiting_case
from tests.rig.watched import ABOUT

OTHER = "5403260000777"


def test_a_case_has_three_candidates_at_most_with_an_explanation_that_names_nobody(
    site: Site, clock: HandClock
) -> None:
    references = tuple(f"54/{number}/26" for number in range(10, 15))
    filed = waiting_case(site, clock, references=references)
    case = case_of(site, filed, add_person(site, "inspector"))
    assert len(case.proposed) == 3
    assert not case.is_double
    for one in case.proposed:
        explained = find_explanation(one.match, one.allegation, one.record)
        assert explained is not None
        assert len(explained.subtotals) == 3
        assert ABOUT["name"].split()[1] not in repr(explained)
    assert reads_of(case.readings) == []


def test_a_sexual_offence_on_either_side_needs_two(site: Site, clock: HandClock) -> None:
    inspector = add_person(site, "inspector")
    assert case_of(site, waiting_case(site, clock, category="raped"), inspector).is_double
    other = waiting_case(site, clock, references=("54/9/26",), offence_code="20A")
    assert case_of(site, other, inspector).is_double


def test_a_sexual_offence_that_was_corrected_away_twice_still_needs_two(
    site: Site, clock: HandClock
) -> None:
    inspector = add_person(site, "inspector")
    filed = waiting_case(site, clock)
    for category in ("raped", "hurt", "theft-person"):
        Own(site, filed).correct("what", 1, category=category, other="")
    assert case_of(site, filed, inspector).is_double


def test_a_case_is_found_by_those_whom_it_concerns_alone(site: Site, clock: HandClock) -> None:
    waiting, crowded = (waiting_case(site, clock), crowded_case(site, clock, incident=OTHER))
    people = {
        role + str(force): add_person(site, role, force_id=force, name=str(force))
        for role, force in (("inspector", None), ("pcc", "wiltshire"), ("pcc", "kent"))
    }
    with site.database.reading() as session:
        seen = {
            name: [
                find_case(session, session.get_one(Account, one), allegation_of(site, filed))
                is not None
                for filed in (waiting, crowded)
            ]
            for name, one in people.items()
        }
        inspector = session.get_one(Account, people["inspectorNone"])
        assert find_case(session, inspector, uuid4()) is None
    assert seen == {
        "inspectorNone": [True, True],
        "pccwiltshire": [True, True],
        "pcckent": [False, False],
    }


def test_a_case_that_too_many_fit_has_no_candidate_and_nobody_can_read_it(
    site: Site, clock: HandClock
) -> None:
    inspector = add_person(site, "inspector")
    filed = crowded_case(site, clock)
    case = case_of(site, filed, inspector)
    assert (case.crowd, list(case.proposed), list(case.accepted)) == (6, [], [])
    with site.database.reading() as session:
        assert not case.may_read(session.get_one(Account, inspector))
    # One that goes elsewhere leaves few enough.
    crowd(site, filed, most_found=6)
    case = case_of(site, filed, inspector)
    assert (case.crowd, len(case.proposed)) == (0, 3)
