"""Somebody whose code was seen, and somebody who lost theirs, at a browser."""

import re
from pathlib import Path

import pytest

from tests.journeys.conftest import People
from tests.rig.clock import HandClock
from tests.rig.hands import Hand, KeyHand
from tests.rig.letters import ADDRESS, look_at_requests, numbers
from tests.rig.running import Running
from tests.rig.telling import Teller, prefill
from tests.rig.watch import PHONE, WIDE, Size

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


def shown_code(hand: Hand) -> str:
    """The code on the page, without its spaces."""
    return "".join(hand.page.inner_text("#return-code").split())


def words_on(hand: Hand) -> str:
    """The words of the code as the page gives them, read from the first to the last line."""
    return ", ".join(re.findall("five: (.*)", hand.page.inner_text("#code-words")))


def sends(hand: Hand, served: Running) -> Teller:
    """File a report, and keep its code."""
    teller = Teller(hand, {})
    teller.starts()
    prefill(served.site, teller.code)
    hand.goes("/start/check")
    teller.sends()
    return teller


@pytest.mark.parametrize(
    ("kind", "script", "size"),
    [
        pytest.param(Hand, True, WIDE, id="with a mouse"),
        pytest.param(Hand, False, PHONE, id="without script on a small phone"),
        pytest.param(KeyHand, True, WIDE, id="by keyboard"),
    ],
)
def test_somebody_whose_code_was_seen_makes_a_new_one_and_types_it_in_words(
    people: People, served: Running, kind: type[Hand], script: bool, size: Size
) -> None:
    hand = people.comes(kind=kind, script=script, size=size)
    teller = sends(hand, served)
    hand.goes("/back/open")
    hand.presses("make a new one now")
    hand.presses("Make a new code", among="main")
    assert "There is a problem" in hand.says
    hand.types("code", teller.code.lower())
    hand.presses("Make a new code", among="main")
    assert hand.path == "/back/new-code/shown"
    fresh, words = shown_code(hand), words_on(hand)
    assert fresh != teller.code
    hand.presses("I have kept it. Do not show it again")
    assert "Your return code is not shown again." in hand.says
    hand.presses("Close")
    teller.comes_back()
    assert "opens nothing" in hand.says
    hand.types("code", words)
    hand.presses("Continue", among="main")
    assert hand.path == "/back/open"


@pytest.mark.parametrize(
    ("script", "size"),
    [pytest.param(True, WIDE, id="wide"), pytest.param(False, PHONE, id="without script, narrow")],
)
def test_somebody_loses_their_code_and_gets_another_unless_whoever_has_it_says_no(
    people: People,
    served: Running,
    clock: HandClock,
    tmp_path: Path,
    script: bool,
    size: Size,
) -> None:
    site, hand = served.site, people.comes(script=script, size=size)
    teller = sends(hand, served)
    saved = tmp_path / "receipt.json"
    saved.write_bytes(hand.saves("Save the receipt without your answers"))
    hand.goes("/back/open")
    hand.presses("Choose how you may be reached")
    hand.chooses("way", "email")
    hand.types("address", "narwhal")
    hand.presses("Continue", among="main")
    assert "There is a problem" in hand.says
    hand.types("address", ADDRESS)
    hand.presses("Continue", among="main")
    hand.types("number", "0")
    hand.presses("Continue", among="main")
    assert "There is a problem" in hand.says
    hand.types("number", numbers(site)[-1])
    hand.presses("Continue", among="main")
    assert "Your safe way is confirmed" in hand.says
    hand.types("address", "thief@example.org")
    hand.presses("Continue", among="main")
    assert "Type your return code" in hand.says
    hand.presses("Remove it")
    hand.presses("Remove it", among="main")
    assert "Type your return code" in hand.says
    hand.presses("Go back and keep it")
    hand.presses("Go back without changing anything")
    hand.presses("Close")
    clock.advance(hours=72)

    for stopped in (True, False):
        other = people.comes(script=script, size=size)
        other.goes("/back/lost")
        other.presses("Continue", among="main")
        assert "There is a problem" in other.says
        other.page.set_input_files("#receipt", saved)
        other.presses("Continue", among="main")
        look_at_requests(site)
        other.types("number", "1234 5678")
        other.presses("Continue", among="main")
        assert "does not fit" in other.says
        other.types("number", numbers(site)[-1])
        other.presses("Continue", among="main")
        assert "It works from" in other.says
        fresh = shown_code(other)
        other.presses("I have kept it. Do not show it again")
        assert "Come back with it when it works" in other.says

        teller.comes_back()
        assert "Somebody asked for a new return code." in hand.says
        if stopped:
            hand.presses("Cancel the new code")
            assert not hand.page.is_visible("#change-asked")
            assert "The new code is cancelled" in hand.says
        hand.presses("Close")
        clock.advance(hours=73)
        teller.comes_back(fresh)
        assert hand.path == ("/back" if stopped else "/back/open")
    assert "There is no gap between these lines" in hand.says
