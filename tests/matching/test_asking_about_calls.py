"""A question about the number of a call is asked only where a yes can mean one record."""

import pytest
from sqlalchemy import select

from portal.matching.models import Match
from portal.matching.settling import unpack
from portal.site import Site
from tests.rig.asked import (
    CALL,
    call_case,
    comes,
    questions,
    recorded,
    says,
    still_asked,
    the_match,
    told,
    waits,
)
from tests.rig.clock import HandClock
from tests.rig.filed import look_again
from tests.rig.people import add_person


def test_who_is_asked_is_asked_about_the_number_and_a_yes_is_of_the_one_record(
    site: Site, clock: HandClock
) -> None:
    filed = call_case(site, clock)
    assert [one.kind for one in questions(site)] == ["call"]
    says(site, filed, "yes")
    look_again(site)
    match = the_match(site)
    assert (match.state, match.decided_by) == ("accepted", None)
    assert unpack(match.levels or "").reference.endswith("/incident"), "they knew no other number"


@pytest.mark.parametrize(("category", "code"), [("raped", "19C"), ("burglary-home", "28E")])
def test_of_an_earlier_call_nobody_is_asked_whose_yes_would_hide_last_night(
    site: Site, clock: HandClock, category: str, code: str
) -> None:
    told(site, clock, category)
    comes(site, recorded(site, "54/7/26", code, days=2))
    assert questions(site) == []


def test_who_told_two_things_is_not_asked_whether_their_call_was_about_one(
    site: Site, clock: HandClock
) -> None:
    filed = told(site, clock, "burglary-home", "hurt")
    comes(site, recorded(site, "54/7/26", "49", days=1), recorded(site, "54/8/26", "8N", days=1))
    assert still_asked(site, filed) == []


def test_of_two_records_of_one_call_a_yes_chooses_neither(site: Site, clock: HandClock) -> None:
    told(site, clock)
    comes(site, recorded(site, "54/7/26", "49", days=1), recorded(site, "54/8/26", "28E", days=2))
    with site.database.reading() as session:
        assert session.scalars(select(Match.state)).all() == ["proposed", "proposed"]
    assert questions(site) == []


def test_a_call_to_one_force_is_none_to_another(site: Site, clock: HandClock) -> None:
    told(site, clock)
    comes(site, recorded(site, "54/7/26", "49", days=1, force="btp"), force_id="btp")
    assert questions(site) == []


def test_who_typed_two_numbers_is_not_asked_about_the_one(site: Site, clock: HandClock) -> None:
    told(site, clock, incident_number=CALL, crime_reference="54/99999/26")
    comes(site, recorded(site, "54/7/26", "49", days=2, today=True))
    assert questions(site) == []


def test_who_said_that_the_call_was_about_more_is_not_asked_the_same_again(
    site: Site, clock: HandClock
) -> None:
    filed = call_case(site, clock)
    says(site, filed, "no")
    look_again(site)
    assert (the_match(site).state, the_match(site).zone) == ("proposed", "likely")
    assert waits(site, add_person(site, "inspector")) == (1, 1, 0)
    comes(site, recorded(site, "54/7/26", "49", days=2, today=True, incident_number=""))
    comes(site, recorded(site, "54/8/26", "58C", days=1))
    assert still_asked(site, filed) == []
