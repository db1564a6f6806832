"""The other ways in: passed to a force, kept and told later, filed by an advocate."""

import pytest

from portal.cli.jobs import run_once
from portal.site import Site
from tests.journeys.conftest import People
from tests.rig.clock import HandClock
from tests.rig.filed import agree_inbox
from tests.rig.people import PASSWORD, add_person
from tests.rig.telling import HAPPENED, KEPT, PASSED, PERSON, REFERENCE, WORDS, Teller, event

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
ONE_THING = event(1, "stalking-harassment", HAPPENED)


def test_what_is_passed_on_is_in_the_forces_inbox_and_its_answer_stops_nothing(
    people: People, site: Site, clock: HandClock
) -> None:
    agree_inbox(site)
    add_person(site, "liaison", force_id="wiltshire")
    add_person(site, "inspector")
    victim = people.comes()
    teller = Teller(victim, {**PERSON, **PASSED, **ONE_THING})
    teller.starts()
    teller.answers_all()
    teller.sends()
    assert "It is in the inbox of the police force that you chose" in victim.says
    victim.leaves()

    liaison = people.works("liaison@example.org", PASSWORD)
    liaison.presses("2 March 2026, 9am")
    assert WORDS not in liaison.says
    liaison.presses("Write it down and open")
    assert "There is a problem" in liaison.says
    liaison.types("reason", "To decide who deals with it")
    liaison.presses("Write it down and open")
    assert WORDS in liaison.says
    assert "Someone in the police" not in liaison.says
    liaison.presses("Send the answer")
    assert "There is a problem" in liaison.says
    liaison.types("crime_reference", REFERENCE)
    liaison.types("words", "It is recorded.")
    liaison.presses("Send the answer")
    assert "It stops no time limit" in liaison.says

    clock.advance(hours=49)
    run_once(site)
    teller.comes_back()
    for words in (REFERENCE, "To decide who deals with it", "We found no crime record"):
        assert words in victim.says
    inspector = people.works("inspector@example.org", PASSWORD)
    assert "No record in time" in inspector.says


def test_what_was_kept_is_seen_by_nobody_until_the_person_says_that_they_told_the_police(
    people: People, site: Site, clock: HandClock
) -> None:
    add_person(site, "inspector")
    victim = people.comes()
    teller = Teller(victim, {**PERSON, **KEPT, **ONE_THING})
    teller.starts()
    teller.answers_all()
    teller.sends()
    clock.advance(days=9)
    run_once(site)
    inspector = people.works("inspector@example.org", PASSWORD)
    inspector.goes("/oversight/unmatched")
    assert "Stalking" not in inspector.says

    teller.comes_back()
    assert "Nobody was told, so no time limit runs" in victim.says
    victim.presses("Say that you have told the police")
    victim.presses("Continue", among="main")
    assert "There is a problem" in victim.says
    victim.chooses("kind", "exact")
    for part, typed in (("day", "10"), ("month", "3"), ("year", "2026")):
        victim.types(f"exact-{part}", typed)
    victim.presses("Continue", among="main")
    assert "Check what you add" in victim.says
    victim.presses("Send", among="main")
    assert "How the time limit was worked out" in victim.says
    clock.advance(minutes=5)
    run_once(site)
    inspector.goes("/oversight/unmatched")
    assert "Stalking" in inspector.says


def test_an_advocate_files_for_someone_who_agreed_and_the_code_belongs_to_that_person(
    people: People, site: Site
) -> None:
    add_person(site, "advocate")
    advocate = people.works("advocate@example.org", PASSWORD)
    advocate.presses("Start for someone", among="main")
    advocate.presses("Start", among="main")
    assert "There is a problem" in advocate.says
    advocate.page.check("input[type=checkbox]")
    advocate.presses("Start", among="main")
    of_someone_else = {"who": [("chooses", "who_for", "other"), ("chooses", "agrees", "yes")]}
    teller = Teller(advocate, {**PERSON, **KEPT, **ONE_THING, **of_someone_else})
    code = teller.keeps_code()
    teller.answers_all()
    teller.sends()
    advocate.goes("/advocate")
    assert "1 on your list" in advocate.says

    victim = people.comes()
    Teller(victim, {}).comes_back(code)
    victim.page.get_by_text("Show what you sent").click()
    assert WORDS in victim.says


def test_somebody_who_fears_a_police_officer_is_shown_other_ways_and_no_force_is_chosen(
    people: People, site: Site
) -> None:
    agree_inbox(site)
    victim = people.comes()
    insider = {"others": [("chooses", "insider", "yes")]}
    teller = Teller(victim, {**PERSON, **KEPT, **ONE_THING, **insider})
    teller.starts()
    while victim.path != "/start/way":
        teller.answers()
    assert "Independent Office for Police Conduct" in victim.says
    assert not victim.page.locator("input[name=way]:checked").count()
    victim.chooses("way", "pass")
    victim.presses("Save and continue")
    assert not victim.page.locator("input[name=force]:checked").count()
    victim.presses("Back")
    teller.answers_all()
    teller.sends()
