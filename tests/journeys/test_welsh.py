"""A person changes the language in the middle of what they write, and goes on."""

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import People
from tests.rig.hands import Hand
from tests.rig.watch import PHONE, WIDE
from tests.rig.welsh import english_in

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]
WORDS = "Torrodd y drws.\n\nThen he shouted."


def language(page: Page) -> str:
    return str(page.locator("html").get_attribute("lang"))


def at_words(hand: Hand) -> None:
    """Start in the language of the page, and go to where people write in their own words."""
    hand.goes("/start/before")
    hand.page.locator("main form button").first.click()
    hand.goes("/start/words")


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("size", [PHONE, WIDE])
def test_the_language_changes_and_every_word_stays(
    people: People, script: bool, size: tuple[int, int]
) -> None:
    victim = people.comes(script=script, size=size)
    at_words(victim)
    page = victim.page
    page.locator("textarea[name=words]").fill(WORDS)
    page.get_by_role("button", name="Cymraeg").click()
    assert language(page) == "cy"
    assert page.locator("textarea[name=words]").input_value() == WORDS
    assert not english_in(page.content())
    page.get_by_role("button", name="Cadw a pharhau").click()
    assert victim.path == "/start/about"
    victim.goes("/start/words")
    assert language(page) == "cy", "the choice is kept"
    assert page.locator("textarea[name=words]").input_value() == WORDS
    page.get_by_role("button", name="English").click()
    assert language(page) == "en-GB"


def test_the_enter_key_goes_on_and_does_not_change_the_language(people: People) -> None:
    victim = people.comes(size=PHONE)
    at_words(victim)
    victim.goes("/start/about")
    victim.page.locator("input[name=name]").fill("Ada")
    victim.page.keyboard.press("Enter")
    victim.page.wait_for_url("**/start/contact")
    assert language(victim.page) == "en-GB"


@pytest.mark.parametrize("address", ["/", "/start/words"])
def test_leaving_comes_first_for_the_keyboard_and_the_language_third(
    people: People, address: str
) -> None:
    victim = people.comes()
    at_words(victim)
    victim.goes(address)
    names = []
    for _ in range(4):
        victim.page.keyboard.press("Tab")
        names.append(victim.page.evaluate("document.activeElement.innerText").strip())
    assert names == ["Leave this page", "Skip to main content", "Cymraeg", "On Record"]
    victim.page.keyboard.press("Shift+Tab")
    victim.page.keyboard.press("Enter")
    victim.page.wait_for_selector("html[lang=cy]")


def test_a_browser_that_speaks_welsh_is_answered_in_welsh(people: People) -> None:
    reader = people.comes(locale="cy-GB", sizes=(PHONE, WIDE))
    reader.goes("/")
    assert language(reader.page) == "cy"
    reader.goes("/account/sign-in")
    assert language(reader.page) == "en-GB"


def test_back_never_leads_to_the_address_that_changed_the_language(people: People) -> None:
    victim = people.comes(size=PHONE)
    at_words(victim)
    page = victim.page
    page.locator("textarea[name=words]").fill(WORDS)
    page.get_by_role("button", name="Cymraeg").click()
    page.wait_for_selector("html[lang=cy]")
    assert victim.path == "/start/words"
    page.reload()
    assert language(page) == "cy", "an answer to a form could not be loaded again"
    page.locator("textarea[name=words]").fill(WORDS)
    page.get_by_role("button", name="Cadw a pharhau").click()
    page.wait_for_url("**/start/about")
    for _ in range(2):
        page.go_back()
        assert victim.path == "/start/words"
        assert page.locator("textarea[name=words]").input_value() == WORDS
