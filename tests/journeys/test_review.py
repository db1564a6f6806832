"""Review in a real browser: by mouse with script, and by keyboard with and without single keys."""

import pytest

from portal.site import Site
from tests.journeys.conftest import People
from tests.rig.clock import HandClock
from tests.rig.hands import Hand, KeyHand
from tests.rig.people import PASSWORD, add_person
from tests.rig.reviewed import crowded_case, waiting_case
from tests.rig.watch import PHONE, WIDE
from tests.rig.watched import WORDS

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


def signs_in(hand: Hand, email: str) -> None:
    """Sign in."""
    hand.goes("/account/sign-in")
    hand.types("email", email)
    hand.types("password", PASSWORD)
    hand.presses("Sign in", among="main")


def test_two_people_read_by_mouse_and_by_key_and_the_person_is_asked(
    people: People, site: Site, clock: HandClock
) -> None:
    filed = waiting_case(site, clock, category="raped", references=("54/7/26", "54/8/26"))
    waiting_case(site, clock, references=("54/9/26",), incident="5403260000999")
    add_person(site, "pcc", force_id="wiltshire")
    add_person(site, "inspector")

    hand = people.comes()
    signs_in(hand, "pcc@example.org")
    hand.presses("Review", among=".or-nav")
    hand.presses("Read the first")
    hand.presses("Decide")
    assert "Choose what you think" in hand.says
    hand.chooses("decision", "none")
    hand.chooses("why", "fits")
    hand.types("reason", "The door is the same.")
    hand.presses("Decide")
    assert "With “None of these” goes: “It is another event of the same person”" in hand.says
    hand.presses("Ask the person about 54/7/26")
    assert "The question waits for the person" in hand.says
    assert hand.page.input_value("#reason") == "The door is the same."
    beside = hand.presses_to_tab("Open with a reason (in another tab)")
    beside.types("reason", "To compare the names.")
    beside.presses("Open it")
    assert WORDS in beside.says
    beside.page.close()
    assert hand.page.input_value("#reason") == "The door is the same."
    hand.page.keyboard.press("1")
    hand.page.keyboard.press("f")
    hand._arrive(lambda: hand.page.keyboard.press("d"))
    assert "Somebody else reads it now" in hand.says
    assert "54/9/26" in hand.says

    victim = people.comes(size=PHONE)
    victim.goes("/back")
    victim.types("code", filed.code)
    victim.presses("Continue", among="main")
    victim.follows(victim.page.locator("#asked a"))
    victim.chooses("answer", "yes")
    victim.presses("Send the answer")
    assert "You answered: yes." in victim.says

    keys = people.comes(size=PHONE, kind=KeyHand, script=False)
    signs_in(keys, "inspector@example.org")
    keys.presses("Review", among=".or-nav")
    keys.presses("Read the first")
    keys.chooses("decision", "none")
    keys.chooses("why", "event")
    keys.presses("Decide")
    assert "An inspector who has not read it decides now" in keys.says


def test_where_too_many_records_fit_one_is_named_asked_about_and_decided_by_key_alone(
    people: People, site: Site, clock: HandClock
) -> None:
    crowded_case(site, clock)
    add_person(site, "pcc", force_id="wiltshire")

    hand = people.comes(size=PHONE)
    signs_in(hand, "pcc@example.org")
    hand.presses("Review", among=".or-nav")
    hand.follows(hand.page.locator("tbody a"))
    hand.presses("Put it beside the report")
    assert "Type the crime reference of the record" in hand.says
    hand.types("reference", "54/99/26")
    hand.presses("Put it beside the report")
    assert "No record of this number shares anything with the report" in hand.says

    keys = people.comes(size=PHONE, sizes=(PHONE, WIDE), kind=KeyHand, script=False)
    signs_in(keys, "pcc@example.org")
    keys.presses("Review", among=".or-nav")
    keys.follows(keys.page.locator("tbody a"))
    assert "none of them was compared" in keys.says
    keys.types("reference", "54/2/26")
    keys.presses("Put it beside the report")
    assert "You named this record." in keys.says
    keys.presses("Ask the person about 54/2/26")
    assert "The question waits for the person" in keys.says
    beside = keys.presses_to_tab("Open with a reason (in another tab)")
    beside.types("reason", "To compare the names.")
    beside.presses("Open it")
    assert WORDS in beside.says
    assert "54/2/26" in beside.says
    beside.page.close()
    keys.chooses("decision", "is-2")
    keys.chooses("why", "fits")
    keys.presses("Decide")
    assert "The record is accepted." in keys.says
