"""The main thread on demonstration data: a report, a receipt, records, a match, an alert."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from portal.cli.demonstration_data import Demonstration, tell_story
from portal.cli.jobs import run_once
from portal.site import Site
from tests.journeys.conftest import People
from tests.rig.clock import HandClock
from tests.rig.hands import Hand
from tests.rig.looking import OPEN_ALL
from tests.rig.running import Running
from tests.rig.supplies import file_of, row
from tests.rig.telling import HAPPENED, PERSON, REFERENCE, WORDS, Teller, event, told
from tests.rig.verifier import verifies

pytestmark = pytest.mark.journey
SMALL = 20
REASON = "To compare it with the register of the force."
QUESTION = "Where is the record of the second event?"


@pytest.fixture
def story(served: Running) -> Demonstration:
    """A small demonstration, told up to the site's own time."""
    return tell_story(served.site, lambda words: None, size=SMALL, every=timedelta(hours=24))


def works(people: People, story: Demonstration, role: str) -> Hand:
    """The person of the demonstration who has this role, signed in."""
    (person,) = (each for each in story.sign_ins.people if each.role == role)
    return people.works(person.email, person.password)


def sends_records(hand: Hand, folder: Path, clock: HandClock) -> None:
    """A liaison sends the hour's records: one of the two things was written down."""
    record = row(
        REFERENCE,
        offence_code="8N",
        recorded_at="2026-03-02 11:00",
        reported_at="2026-03-01 20:17",
        occurred_from="2026-03-01 16:30",
        occurred_to="2026-03-01 17:30",
    )
    (folder / "records.csv").write_bytes(file_of([record]))
    hand.presses("Records")
    hand.presses("Send a file")
    hand.presses("Send the file and look at it")
    assert "There is a problem" in hand.says
    hand.page.set_input_files("#file", folder / "records.csv")
    hand.types("covers_from", "2026-02-26")
    hand.types("covers_to", f"{clock():%Y-%m-%d %H:%M}")
    hand.chooses("kind", "changes")
    hand.types("rows", "1")
    hand.presses("Send the file and look at it")
    hand.presses("Take the file")
    assert "The file was taken" in hand.says
    hand.presses("Sign out")


def refuses_the_other_match(hand: Hand) -> None:
    """The record of the one thing is not the record of the other."""
    hand.presses("Review", among="nav")
    hand.follows(hand.page.locator("tr", has_text="Stalking").get_by_role("link"))
    assert REFERENCE in hand.says
    hand.presses("Decide")
    hand.chooses("decision", "none")
    hand.chooses("why", "own")
    hand.types("reason", "It is the record of the assault.")
    hand.presses("Decide")
    assert "No record is accepted" in hand.says


def deals_with_the_alert(hand: Hand, site: Site) -> str:
    """Acknowledge, open with a reason, ask the force, resolve; the alert's address."""
    hand.presses("Without a record", among="nav")
    line = hand.page.locator("tr", has_text="1 March 2026, 8:17pm").filter(has_text="Stalking")
    assert line.count() == 1
    hand.follows(line.get_by_role("link"))
    alert = hand.path
    assert "No record in time" in hand.says
    assert WORDS not in hand.page.content()
    act(hand, "acknowledge", "We look at this today.")
    hand.presses("Open with a reason")
    hand.presses("Open it")
    assert "There is a problem" in hand.says
    assert WORDS not in hand.page.content()
    hand.types("reason", REASON)
    hand.presses("Open it")
    assert WORDS in hand.says
    hand.presses("Back to the alert")
    act(hand, "ask", QUESTION)
    act(hand, "resolve", "The force made a record of its own accord.")
    assert "Resolved" in hand.says
    return alert


def act(hand: Hand, what: str, reason: str) -> None:
    """Do one thing about the alert on the page."""
    hand.chooses("action", what)
    hand.types("reason", reason)
    hand.presses("Put on record")
    assert reason in hand.says


def test_a_victim_reports_two_things_and_oversight_sees_the_one_that_police_never_recorded(
    people: People, story: Demonstration, site: Site, clock: HandClock, tmp_path: Path
) -> None:
    victim = people.comes()
    two = {
        **PERSON,
        **told(),
        **event(1, "hurt", HAPPENED),
        **event(2, "stalking-harassment", HAPPENED),
    }
    teller = Teller(victim, two)
    teller.starts()
    teller.answers_all()
    teller.sends()
    receipt = victim.saves("Save the receipt with all of your answers")
    victim.goes("/receipts")
    verifies(tmp_path, receipt, victim.saves("The policy file"))
    victim.leaves()

    clock.advance(hours=5)
    sends_records(works(people, story, "liaison"), tmp_path, clock)
    run_once(site)
    teller.comes_back()
    assert victim.says.count(REFERENCE) >= 1
    assert victim.says.count("We are looking for it in the police records") == 1

    clock.advance(hours=44)
    run_once(site)
    inspector = works(people, story, "inspector")
    refuses_the_other_match(inspector)
    run_once(site)
    alert = deals_with_the_alert(inspector, site)

    teller.comes_back()
    for words in (REASON, "An inspector of police forces", "We found no crime record"):
        assert words in victim.says
    victim.page.locator("#standing-2 > details > summary").click()
    for step in ("8:17pm on Sunday 1 March 2026", "8:17pm on Monday 2 March 2026", "24 hours"):
        assert step in victim.page.inner_text("#standing-2")
    victim.presses("Withdraw it")
    victim.presses("Withdraw")
    assert "You withdrew it" in victim.says

    clock.advance(minutes=20)
    run_once(site)
    inspector.goes(alert)
    assert "The recording limit runs all the same" in inspector.says
    assert not inspector.page.get_by_text("Open with a reason").count()


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_the_story_shows_a_newcomer_what_each_kind_of_failure_looks_like(
    people: People, story: Demonstration, tmp_path: Path
) -> None:
    inspector = works(people, story, "inspector")
    for chapter, kind in (
        ("rape-never-recorded", "No record in time"),
        ("burglary-as-damage", "Lesser offence recorded"),
        ("backdated", "Appeared later than it says"),
        ("two-allegations", "No record in time"),
    ):
        inspector.goes("/oversight/alerts")
        assert kind in inspector.says, chapter

    victim = people.comes()
    teller = Teller(victim, {})
    said = {}
    for chapter in ("rape-never-recorded", "burglary-as-damage", "backdated", "two-allegations"):
        teller.comes_back(story.codes[chapter])
        said[chapter] = victim.says
    assert "We have not found a crime record" in said["rape-never-recorded"]
    assert "riminal damage" in said["burglary-as-damage"]
    assert "with an earlier time on it" in said["backdated"]
    assert "We have not found a crime record" in said["two-allegations"]
    assert "The crime reference is" in said["two-allegations"]

    victim.page.evaluate(OPEN_ALL)
    links = victim.page.locator("#events a[href^='/back/receipt/']").all_inner_texts()
    files = [victim.saves(link) for link in links]
    victim.goes("/receipts")
    policy = victim.saves("The policy file")
    kinds = []
    for file in files:
        verifies(tmp_path, file, policy)
        kinds += [each["value"] for each in json.loads(file)["fields"] if each["name"] == "kind"]
    assert kinds[0] == "submitted"
    assert "alert_raised" in kinds
