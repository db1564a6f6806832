"""Leaving: nothing stays behind "Back", whatever the browser keeps; and visits are kept apart."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Error, Page, Playwright

from portal.site import Site
from tests.journeys.conftest import OPTIONS, People
from tests.rig.browser import get_browser
from tests.rig.hands import Hand
from tests.rig.running import Running
from tests.rig.telling import NAME, PERSON, Teller, prefill

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
SECRETS = (NAME, "He followed me home", "12 Long Street", "Stalking", "keeps following")
TIMES_BACK = 10
TIMES_ASKED = 20


@pytest.fixture(scope="module")
def remembering(playwright: Playwright, elsewhere: str) -> Iterator[Browser]:
    """A browser that keeps whole pages in memory for "Back", even those not to be stored."""
    kept = "BackForwardCache,CacheControlNoStoreEnterBackForwardCache"
    opened = playwright.chromium.launch(
        executable_path=str(get_browser()),
        args=[*OPTIONS, f"--enable-features={kept}"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    page = opened.new_page()
    page.goto(elsewhere)
    page.evaluate("window.stayed = true")
    page.goto(f"{elsewhere}another")
    page.go_back(wait_until="commit")
    page.wait_for_function("window.stayed")  # or this browser forgets pages, and shows nothing
    page.close()
    yield opened
    opened.close()


def shows_nothing(page: Page, code: str) -> None:
    """Nothing of what was told, nor the code, is anywhere in the page."""
    page.wait_for_load_state()
    holds_nothing(page, code)


def holds_nothing(page: Page, code: str) -> None:
    """The same, of the page as it is at this moment."""
    shown = what_is_shown(page)
    for secret in (*SECRETS, code, " ".join(code[at : at + 5] for at in range(0, 20, 5))):
        assert secret not in shown, page.url


def what_is_shown(page: Page) -> str:
    """The page and what its boxes hold; one that gives way to another is asked again."""
    for _ in range(TIMES_ASKED):
        try:
            return page.evaluate(
                """() => document.documentElement.outerHTML +
                [...document.querySelectorAll('input, textarea')].map(e => e.value).join()"""
            )
        except Error:
            page.wait_for_timeout(50)
            page.wait_for_load_state()
    raise AssertionError("No page stood still long enough to be read.")


def goes_back_and_looks(hand: Hand, code: str) -> None:
    """Press "Back" and load again, many times over; then "Forward" as often."""
    for _ in range(TIMES_BACK):
        hand.page.go_back(wait_until="load")
        shows_nothing(hand.page, code)
        hand.page.reload()
        shows_nothing(hand.page, code)
    for _ in range(TIMES_BACK):
        # What comes from the browser's memory was loaded before, and loads no more.
        hand.page.go_forward(wait_until="commit")
        hand.page.wait_for_timeout(100)
        holds_nothing(hand.page, code)


def opens_what_history_names(hand: Hand, addresses: set[str], code: str) -> None:
    """Open every address that the history names in a tab of its own, as reopened tabs are."""
    other = hand.page.context.new_page()
    for address in addresses:
        other.goto(address)
        shows_nothing(other, code)


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
@pytest.mark.parametrize("sent", [True, False], ids=["sent", "a draft"])
def test_back_and_reload_show_nothing_to_who_comes_after(
    remembering: Browser,
    served: Running,
    elsewhere: str,
    judged: set[str],
    script: bool,
    sent: bool,
) -> None:
    with ExitStack() as stack:
        hand = People(remembering, served, elsewhere, stack, judged).comes(script=script)
        teller = Teller(hand, PERSON)
        visited: set[str] = set()
        hand.page.on("framenavigated", lambda frame: visited.add(frame.url))
        code = teller.starts()
        prefill(served.site, code, upto="about")
        hand.goes("/start/go-on")
        teller.answers_all()
        if sent:
            teller.sends()
            hand.goes("/back/open")
        hand.leaves()
        goes_back_and_looks(hand, code)
        opens_what_history_names(hand, visited, code)
        assert len(visited) > TIMES_BACK / 2
        for address in ("/start/check", "/start/done", "/start/receipt", "/back/open"):
            hand.page.goto(address)
            assert hand.path == "/back"
            shows_nothing(hand.page, code)


def test_a_cookie_that_somebody_copied_is_dead_after_leaving(people: People, site: Site) -> None:
    victim, thief = people.comes(), people.comes()
    code = Teller(victim, {}).starts()
    prefill(site, code)
    thief.page.context.add_cookies(victim.page.context.cookies())
    thief.goes("/start/check")
    assert NAME in thief.says
    victim.leaves()
    thief.goes("/start/check")
    assert thief.path == "/back"
    shows_nothing(thief.page, code)


def test_two_drafts_in_two_browsers_do_not_see_each_other(people: People, site: Site) -> None:
    one, other = people.comes(), people.comes()
    first = Teller(one, {})
    second = Teller(other, {"about": [("types", "name", "Ben Other")]})
    assert first.starts() != second.starts()
    prefill(site, first.code)
    prefill(site, second.code, upto="about")
    one.goes("/start/go-on")
    other.goes("/start/go-on")
    second.answers_all()
    assert NAME in one.says
    assert "Ben Other" not in one.says
    assert "Ben Other" in other.says
    assert NAME not in other.says
    first.sends()
    other.goes("/start/done")
    assert other.path == "/start/check"
