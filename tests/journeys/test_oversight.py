"""Oversight in a real browser: every page in every state, by mouse and by keyboard alone."""

import json
from collections.abc import Callable

import pytest

from portal.site import Site
from tests.journeys.conftest import People
from tests.rig.clock import HandClock
from tests.rig.filed import look_again
from tests.rig.hands import Hand, KeyHand
from tests.rig.people import PASSWORD, add_person
from tests.rig.watch import PHONE, WIDE
from tests.rig.watched import WORDS, expect_records, file_watched, waiting_match

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


@pytest.fixture
def filled(site: Site, clock: HandClock) -> None:
    """Alerts of three kinds in two forces, and a match that waits."""
    expect_records(site)
    waiting_match(site, clock)
    file_watched(site, category="raped")
    file_watched(site, category="robbery", force="kent")
    clock.advance(days=3)
    look_again(site)


def signs_in(hand: Hand, email: str) -> None:
    """Sign in."""
    hand.goes("/account/sign-in")
    hand.types("email", email)
    hand.types("password", PASSWORD)
    hand.presses("Sign in", among="main")


def test_an_inspector_finds_nothing_and_each_page_says_so(people: People, site: Site) -> None:
    add_person(site, "inspector")
    hand = people.works("inspector@example.org", PASSWORD)
    assert "No alert waits." in hand.says
    for page, says in (
        ("Alerts", "No alert waits."),
        ("Without a record", "Everything that police were told of has a record"),
        ("Review", "No possible match waits"),
    ):
        hand.presses(page, among=".or-nav")
        assert says in hand.says


@pytest.mark.usefixtures("filled")
def test_an_inspector_narrows_the_list_and_puts_a_filter_right(people: People, site: Site) -> None:
    add_person(site, "inspector")
    hand = people.works("inspector@example.org", PASSWORD)
    hand.presses("Alerts", among=".or-nav")
    hand.page.click("text=Narrow this list")
    hand.picks("force", "kent")
    hand.types("since-day", "40")
    hand.presses("Show")
    assert "There is a problem" in hand.says
    hand.types("since-day", "1")
    hand.types("since-month", "mar")
    hand.types("since-year", "2026")
    hand.presses("Show")
    assert "Robbery" in hand.says
    assert "Break-in" not in hand.page.inner_text("table")
    hand.presses("Show all again")
    assert "Break-in" in hand.page.inner_text("table")


def by_mouse(people: People) -> Hand:
    """Somebody with a mouse and script, whose pages are seen wide and narrow."""
    return people.comes(sizes=(PHONE, WIDE))


def by_keyboard(people: People) -> Hand:
    """Somebody with the keyboard alone, on a small screen."""
    return people.comes(size=PHONE, kind=KeyHand)


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("comes", [by_mouse, by_keyboard])
def test_a_pcc_office_looks_opens_acts_and_decides(
    people: People, site: Site, comes: Callable[[People], Hand]
) -> None:
    add_person(site, "pcc", force_id="wiltshire")
    hand = comes(people)
    signs_in(hand, "pcc@example.org")
    assert "3 alerts not yet resolved" in hand.says
    hand.presses("No record in time", among="table >> nth=1")
    shown = json.loads(hand.saves("Download its receipt"))["fields"]
    assert {"alert.kind", "force"} < {field["name"] for field in shown}
    hand.presses("Open with a reason")
    hand.presses("Open it")
    assert "Say why you need to open it" in hand.says
    hand.types("reason", "To ask which call it was.")
    hand.presses("Open it")
    assert WORDS in hand.says
    hand.presses("Back to the alert")
    hand.presses("Put on record")
    assert "Choose what you want to do" in hand.says
    hand.chooses("action", "acknowledge")
    hand.types("reason", "I will call the desk.")
    hand.presses("Put on record")
    assert "it is yours now" in hand.says
    hand.presses("Review", among=".or-nav")
    hand.presses("Read the first")
    hand.presses("Decide")
    assert "Choose what you think" in hand.says
    hand.chooses("decision", "none")
    hand.chooses("why", "own")
    hand.types("reason", "Another street.")
    hand.presses("Decide")
    assert "No record is accepted" in hand.says
    hand.presses("Without a record", among=".or-nav")
    assert "Rape" in hand.says


@pytest.mark.usefixtures("filled")
def test_a_registrar_can_only_say_what_they_think(people: People, site: Site) -> None:
    add_person(site, "registrar", force_id="wiltshire")
    hand = people.works("registrar@example.org", PASSWORD)
    hand.presses("Records are overdue", among="table >> nth=1")
    hand.chooses("action", "propose")
    hand.types("reason", "The export ran late. It comes tonight.")
    hand.presses("Put on record")
    assert "Your proposal is on record" in hand.says
    hand.presses("Review", among=".or-nav")
    hand.follows(hand.page.locator("th a", has_text="Break-in at a home"))
    hand.chooses("decision", "none")
    hand.chooses("why", "event")
    hand.presses("Propose")
    assert "Your proposal is on record" in hand.says
