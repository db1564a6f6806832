"""Nothing typed is lost, whatever happens meanwhile; and sending twice makes one."""

import json
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.reports.models import Report
from portal.site import Site
from tests.journeys.conftest import People
from tests.rig.clock import HandClock
from tests.rig.hands import Hand
from tests.rig.running import Running
from tests.rig.telling import SAVE, Teller, prefill

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
LONG = "The first line.\n\n  The third, with <b>signs</b> & “quotes”.\n"


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def hand(people: People, request: pytest.FixtureRequest) -> Hand:
    """Somebody at a browser."""
    return people.comes(script=request.param)


@pytest.fixture
def teller(hand: Hand, site: Site) -> Teller:
    """Somebody who has typed their own words, and not yet pressed the button."""
    made = Teller(hand, {})
    prefill(site, made.starts(), upto="words")
    hand.goes("/start/words")
    hand.types("words", LONG)
    return made


def has_kept(hand: Hand) -> None:
    """The words are saved, letter by letter, and the next question is asked."""
    assert hand.path == "/start/about"
    hand.presses("Back")
    assert hand.page.input_value("#words").rstrip() == LONG.rstrip()


def test_words_typed_before_the_forms_token_went_stale_are_kept(
    hand: Hand, teller: Teller, served: Running
) -> None:
    served.change_cookie(hand.page.context, csrf_token="of another time")
    hand.presses(SAVE)
    assert "What you wrote is still here" in hand.says
    hand.presses("Continue", among="main")
    has_kept(hand)


@pytest.mark.usefixtures("teller")
def test_a_form_sent_after_its_browser_forgot_everything_is_shown_to_nobody(hand: Hand) -> None:
    # It looks like the browser of somebody who left, and the next person there may press "Back".
    hand.page.context.clear_cookies()
    hand.presses(SAVE)
    assert "The first line" not in hand.page.content()


def test_words_typed_before_the_site_was_restarted_are_kept(
    hand: Hand, teller: Teller, served: Running
) -> None:
    served.restart()
    hand.presses(SAVE)
    has_kept(hand)


def test_words_typed_before_the_visit_ended_are_kept(
    hand: Hand, teller: Teller, clock: HandClock
) -> None:
    clock.advance(hours=3)
    hand.presses(SAVE)
    assert "Enter your return code to go on" in hand.says
    hand.types("return_code", "wrong")
    hand.presses("Continue", among="main")
    assert "There is a problem" in hand.says
    hand.types("return_code", teller.code)
    hand.presses("Continue", among="main")
    has_kept(hand)


def opened(receipt: bytes) -> list[Any]:
    """What a receipt shows of its entry: the same whenever it was made."""
    return sorted((each["name"], each["key"]) for each in json.loads(receipt)["fields"])


def count(site: Site) -> int:
    """How many reports there are."""
    with site.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Report)) or 0


def test_pressing_send_twice_going_back_and_trying_again_make_one_and_the_same_receipt(
    hand: Hand, served: Running
) -> None:
    prefill(served.site, Teller(hand, {}).starts())
    hand.goes("/start/check")
    token = hand.page.locator("main input[name=csrf_token]").get_attribute("value") or ""
    hand.page.get_by_role("button", name="Send").dblclick(no_wait_after=True)
    # The second press stops the answer to the first on its way: what arrives in the end counts.
    hand.page.get_by_role("link", name="Save the receipt with all of your answers").wait_for()
    hand.page.wait_for_load_state("load")
    assert hand.path == "/start/done"
    first = hand.saves("Save the receipt with all of your answers")

    hand.page.go_back(wait_until="load")
    assert hand.path == "/start/done"
    for _ in range(3):
        answer = hand.page.context.request.post("/start/check", form={"csrf_token": token})
        assert answer.url.endswith("/start/done")
    hand.goes("/start/done")
    again = hand.saves("Save the receipt with all of your answers")
    assert opened(first) == opened(again)
    assert count(served.site) == 1
