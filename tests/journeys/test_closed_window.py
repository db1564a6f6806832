"""The browser is closed and opened again, and brings back the tabs that it had."""

import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright

from tests.journeys.conftest import OPTIONS
from tests.journeys.test_leaving import shows_nothing
from tests.rig.browser import get_browser
from tests.rig.hands import Hand
from tests.rig.running import Running
from tests.rig.telling import NAME, Teller, prefill
from tests.rig.watch import Watch

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]

_SECONDS_TO_RESTORE = 20


def opens_again(playwright: Playwright, profile: Path, served: Running, *options: str) -> Hand:
    """The browser of this profile, with the tab that it brings back."""
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=str(get_browser()),
        args=[*OPTIONS, *options],
        base_url=served.address,
    )
    until = time.monotonic() + _SECONDS_TO_RESTORE
    brought = list[Page]()
    while options and not brought and time.monotonic() < until:
        brought = [page for page in context.pages if page.url.startswith("http")]
        context.pages[0].wait_for_timeout(100)
    page = brought[0] if brought else context.pages[0]
    watch = Watch(context, served.address, "http://localhost")
    return Hand(page, watch)


def closes(hand: Hand) -> None:
    """Close the window; the browser has written down by then what was open."""
    hand.page.wait_for_timeout(2_500)
    hand.page.context.close()


@pytest.mark.parametrize("left", [True, False], ids=["left", "only closed"])
def test_a_window_that_was_left_comes_back_without_anything_and_one_only_closed_with_everything(
    playwright: Playwright, served: Running, tmp_path: Path, left: bool
) -> None:
    hand = opens_again(playwright, tmp_path, served)
    teller = Teller(hand, {})
    code = teller.starts()
    prefill(served.site, code)
    hand.goes("/start/check")
    if left:
        hand.leaves()
    closes(hand)
    again = opens_again(playwright, tmp_path, served, "--restore-last-session")
    again.page.wait_for_load_state()
    assert again.page.url != "about:blank", "the browser brings a tab back"
    if left:
        for _ in range(4):
            shows_nothing(again.page, code)
            again.page.go_back(wait_until="load")
        again.page.goto(f"{served.address}/start/check")
        shows_nothing(again.page, code)
    else:
        # So the pages say that closing is not leaving. It ends by itself after two hours.
        assert NAME in again.says
    again.page.context.close()
