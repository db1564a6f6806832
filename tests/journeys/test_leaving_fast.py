"""Leaving at once: the page is gone before anything answers, on a slow phone too."""

import time
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.wrappers import Request, Response

from portal.config import Settings
from portal.site import Site
from tests.journeys.conftest import People
from tests.rig.clock import HandClock
from tests.rig.hands import Hand
from tests.rig.running import running, serve, shut
from tests.rig.telling import WORDS, Teller, prefill

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
AT_MOST = 100  # milliseconds, from the press to the frame that shows nothing
TRIES = 3  # other programs on the machine take its time as well; the page's own is the least
WAIT = 20  # seconds
_CLOCK = """for (const kind of ["click", "keydown"]) {
    window.addEventListener(kind, event => {
        const look = () => requestAnimationFrame(() => {
            if (document.body.childElementCount) { look(); return; }
            // The frame after the one that was drawn without anything.
            requestAnimationFrame(() => {
                window.goneAfter = performance.now() - event.timeStamp;
            });
        });
        if (kind === "click" || event.key === "Shift") look();
    }, true);
}"""


def presses_link(page: Page) -> None:
    """Click on the way out, without waiting for where it leads."""
    place = page.locator("a[data-leave]").bounding_box()
    assert place
    page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)


def presses_shift(page: Page) -> None:
    """Press Shift three times."""
    for _ in range(3):
        page.keyboard.press("Shift")


def gone_after(page: Page) -> float:
    """How long it took, in milliseconds, until nothing was shown any more."""
    until = time.monotonic() + WAIT
    while time.monotonic() < until:
        if found := page.evaluate("window.goneAfter ?? 0"):
            return float(found)
    raise AssertionError("the page is still there")


def seconds_to_leave(hand: Hand, address: str, slowed: int, leaves: str) -> float:
    """Open a page, leave it while nothing answers; how long it was still seen, in milliseconds."""
    page = hand.page
    session = page.context.new_cdp_session(page)
    page.goto(address)
    session.send("Emulation.setCPUThrottlingRate", {"rate": slowed})
    (presses_shift if leaves == "by Shift" else presses_link)(page)
    found = gone_after(page)
    assert page.evaluate("document.body.innerText") == ""
    assert page.url.endswith(address), "nothing answered yet"
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    session.detach()
    return found


@pytest.mark.parametrize("slowed", [1, 6])
@pytest.mark.parametrize("leaves", ["by the link", "by Shift"])
def test_nothing_is_seen_after_a_tenth_of_a_second_while_the_network_stands_still(
    people: People, site: Site, slowed: int, leaves: str
) -> None:
    hand = people.comes()
    teller = Teller(hand, {})
    prefill(site, teller.starts())
    hand.page.context.route("**/leave", lambda _route: None)  # asked, and never answered
    hand.page.context.add_init_script(_CLOCK)
    for address in ("/start/words", "/start/check"):
        least = min(seconds_to_leave(hand, address, slowed, leaves) for _ in range(TRIES))
        print(f"{address} {leaves}, {slowed} times slower: {least:.0f} ms")
        assert least < AT_MOST


def test_where_leaving_leads_is_there_within_a_second(people: People, site: Site) -> None:
    hand = people.comes()
    teller = Teller(hand, {})
    prefill(site, teller.starts())
    for _ in range(TRIES):
        hand.goes("/start/check" if hand.page.url.startswith("http://127") else "/")
        began = time.monotonic()
        hand.leaves()
        took = time.monotonic() - began
        print(f"elsewhere after {took * 1000:.0f} ms")
        if took < 1:
            return
    raise AssertionError("it took more than a second each time")


def test_the_other_website_is_not_told_where_somebody_comes_from(
    browser: Browser, settings: Settings, clock: HandClock
) -> None:
    told: list[str] = []

    @Request.application
    def other(request: Request) -> Response:
        told.append(f"{request.full_path} {request.headers}")
        return Response("<!DOCTYPE html><title>Weather</title>Rain", mimetype="text/html")

    server = serve(other)
    away = f"http://localhost:{server.port}/"
    with running(replace(settings, leave_url=away), clock) as served:
        for script in (True, False):
            context = browser.new_context(java_script_enabled=script)
            page = context.new_page()
            page.goto(f"{served.address}/start/before")
            page.click("a[data-leave]")
            page.wait_for_url(f"{away}**")
            context.close()
        assert len(told) >= 2
        assert not [each for each in told if str(served.server.port) in each]
    shut(server)


@pytest.mark.parametrize("key", ["Alt", "Control", "Meta"])
def test_shift_held_with_another_key_is_no_wish_to_leave(people: People, key: str) -> None:
    hand = people.comes()
    hand.goes("/start/before")
    hand.page.keyboard.down(key)
    presses_shift(hand.page)
    hand.page.keyboard.up(key)
    assert hand.page.locator("main").count()


def test_writing_in_capitals_as_sticky_keys_send_them_is_no_wish_to_leave(
    people: People, site: Site
) -> None:
    hand = people.comes()
    teller = Teller(hand, {})
    prefill(site, teller.starts(), upto="words")
    hand.goes("/start/words")
    hand.page.focus("#words")
    for letter in "ABCD":  # the key is let go before the letter comes
        hand.page.keyboard.press("Shift")
        hand.page.keyboard.press(letter)
    assert hand.page.input_value("#words") == "ABCD"
    assert WORDS not in hand.page.content()
