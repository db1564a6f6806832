"""The whole thread of a person who reports, however they use the pages."""

import json
from pathlib import Path

import pytest

from tests.journeys.conftest import People
from tests.rig.clock import HandClock
from tests.rig.hands import Hand, KeyHand
from tests.rig.telling import HAPPENED, NAME, PERSON, SAVE, WORDS, Teller, event, told
from tests.rig.verifier import verifies
from tests.rig.watch import PHONE, WIDE, ZOOMED, Size

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
TWO_THINGS = {
    **PERSON,
    **told(),
    **event(1, "hurt", HAPPENED),
    **event(2, "stalking-harassment", HAPPENED),
}


def reads_first(hand: Hand) -> None:
    """Read what anyone may read."""
    for address in ("/how-it-works", "/receipts", "/privacy", "/accessibility", "/log", "/back"):
        hand.goes(address)
    hand.goes("/nowhere")
    assert "We cannot find this page" in hand.says


def makes_mistakes(hand: Hand) -> None:
    """Press the button with nothing chosen, and with half a date."""
    hand.presses(SAVE)
    assert "What you wrote is still here" in hand.says
    hand.page.go_back(wait_until="load")
    assert hand.page.locator("a[data-leave]").count(), "a way out, and no question to send again"
    hand.chooses("who_for", "self")
    hand.presses(SAVE)
    hand.presses(SAVE)
    assert "What you wrote is still here" in hand.says
    hand.chooses("category", "hurt")
    hand.types("other", "at the market")
    hand.presses(SAVE)
    assert hand.path == "/start/1/when"
    hand.chooses("kind", "exact")
    hand.types("exact-day", "31")
    hand.types("exact-month", "2")
    hand.types("exact-year", "2026")
    hand.presses(SAVE)
    assert hand.path == "/start/1/when"
    assert hand.page.input_value("#exact-day") == "31"
    hand.presses("Back")
    assert hand.page.input_value("#other") == "at the market"
    hand.presses(SAVE)


def changes_an_answer(hand: Hand) -> None:
    """From the page of all answers to one of them and back."""
    hand.presses("Change Name (Other details)")
    assert hand.page.input_value("#name") == NAME
    hand.types("name", "Ada Grace Quill")
    hand.presses(SAVE)
    assert hand.path == "/start/check"
    assert "Ada Grace Quill" in hand.says


@pytest.mark.parametrize(
    ("kind", "script", "size"),
    [
        pytest.param(Hand, True, WIDE, id="with a mouse"),
        pytest.param(Hand, False, WIDE, id="without script"),
        pytest.param(KeyHand, True, WIDE, id="by keyboard"),
        pytest.param(Hand, True, PHONE, id="on a small phone"),
        pytest.param(KeyHand, True, ZOOMED, id="by keyboard at 400 % zoom"),
    ],
)
def test_somebody_reports_keeps_a_receipt_leaves_comes_back_and_withdraws(
    people: People, tmp_path: Path, clock: HandClock, kind: type[Hand], script: bool, size: Size
) -> None:
    hand = people.comes(kind=kind, script=script, size=size)
    reads_first(hand)
    teller = Teller(hand, TWO_THINGS)
    teller.starts()
    makes_mistakes(hand)
    teller.answers_all()
    assert WORDS in hand.says
    changes_an_answer(hand)
    teller.sends()

    receipt = hand.saves("Save the receipt with all of your answers")
    assert WORDS in [each["value"] for each in json.loads(receipt)["fields"]]
    hand.goes("/receipts")
    policy = hand.saves("The policy file")
    verifies(tmp_path, receipt, policy)
    hand.goes("/start/done")
    hand.presses("I have kept it. Do not show it again")
    assert not hand.page.locator("#return-code").count()
    hand.leaves()

    clock.advance(hours=30)
    teller.comes_back("0" * 20)
    assert "There is a problem" in hand.says
    teller.comes_back()
    assert hand.path == "/back/open"
    hand.presses("Withdraw it")
    hand.presses("Withdraw")
    assert "You withdrew it" in hand.says
    hand.presses("Close")
    assert hand.path == "/"
