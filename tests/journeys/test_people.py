"""Staff and advocates in a real browser without JavaScript, by keyboard, on a small screen."""

import pytest
from playwright.sync_api import Page

from portal.site import Site
from tests.journeys.conftest import People
from tests.rig.filed import file_report
from tests.rig.hands import Hand
from tests.rig.people import PASSWORD, add_person
from tests.rig.watch import PHONE, WIDE

pytestmark = [
    pytest.mark.journey,
    pytest.mark.parametrize("backend", ["sqlite"], indirect=True),
]


@pytest.fixture
def hand(people: People) -> Hand:
    """Somebody without script, whose pages are seen wide and narrow."""
    return people.comes(script=False, sizes=(PHONE, WIDE))


@pytest.fixture
def page(hand: Hand) -> Page:
    """The page of that somebody."""
    return hand.page


def press(page: Page, text: str) -> None:
    """Go with the Tab key to a button or link by its words, and press Enter."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.locator(":focus").count() and page.locator(":focus").inner_text() == text:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"no way to {text!r} by keyboard")


def fill(page: Page, **typed: str) -> None:
    """Write into fields by their ids."""
    for name, text in typed.items():
        page.fill(f"#{name}", text)


def sign_in(page: Page, email: str, password: str) -> None:
    """Sign in with the keyboard."""
    page.goto("/account/sign-in")
    fill(page, email=email, password=password)
    press(page, "Sign in")


def test_an_administrator_adds_an_advocate_who_chooses_a_password_of_their_own(
    hand: Hand, page: Page, site: Site
) -> None:
    add_person(site, "administrator", name="amina")
    page.goto("/account/people")
    hand.watch.look(page)
    press(page, "Sign in")
    assert page.title() == "Error: Sign in – On Record"
    hand.watch.look(page)
    fill(page, email="amina@example.org", password=PASSWORD)
    press(page, "Sign in")
    assert page.url.endswith("/account/people")
    hand.watch.look(page)
    press(page, "Add someone")
    hand.watch.look(page)
    press(page, "Add")
    hand.watch.look(page)
    fill(page, name="Maria Okafor", email="maria@example.org", organisation="Harbour Support")
    page.check("input[value=advocate]")
    press(page, "Add")
    hand.watch.look(page)
    given = page.inner_text(".or-code")
    press(page, "Sign out")
    assert "You are signed out" in page.inner_text("main")

    sign_in(page, "maria@example.org", given)
    hand.watch.look(page)
    own = "a heron by the weir"
    fill(page, password=given, new_password=own, again_password=own + "s")
    press(page, "Save and sign in")
    assert "differ" in page.inner_text("main")
    hand.watch.look(page)
    fill(page, password=given, new_password=own, again_password=own)
    press(page, "Save and sign in")
    assert page.url.endswith("/advocate")
    hand.watch.look(page)
    press(page, "Your account")
    assert "Maria Okafor" in page.inner_text("main")
    hand.watch.look(page)


def test_an_administrator_writes_down_what_a_force_agreed(
    hand: Hand, page: Page, site: Site
) -> None:
    add_person(site, "administrator", name="amina")
    sign_in(page, "amina@example.org", PASSWORD)
    press(page, "Forces")
    hand.watch.look(page)
    press(page, "Wiltshire")
    page.check("input[value=yes]")
    fill(page, interval="often")
    press(page, "Save")
    assert "Write the day of the agreement" in page.inner_text("main")
    hand.watch.look(page)
    for part, typed in (("day", "1"), ("month", "7"), ("year", "2025")):
        page.fill(f"#since-{part}", typed)
    fill(page, interval="24")
    press(page, "Save")
    assert "needs an e-mail address" in page.inner_text("main")
    hand.watch.look(page)
    fill(page, notice_address="inbox@wiltshire.example")
    press(page, "Save")
    assert "Since 1 July 2025" in page.inner_text("main")
    hand.watch.look(page)


def test_an_advocate_opens_one_with_a_reason_and_starts_for_somebody(
    hand: Hand, page: Page, site: Site
) -> None:
    account_id = add_person(site, "advocate", name="maria")
    words = "The back door was forced"
    file_report(site, filed_by=account_id, words=words)
    sign_in(page, "maria@example.org", PASSWORD)
    assert "1 on your list" in page.inner_text("main")
    hand.watch.look(page)
    press(page, "2 March 2026, 9am")
    hand.watch.look(page)
    press(page, "Open it")
    assert words not in page.content()
    hand.watch.look(page)
    page.check("input[value=asked]")
    press(page, "Open it")
    assert words in page.inner_text("main")
    hand.watch.look(page)
    press(page, "Start for someone")
    press(page, "Start")
    assert "Ask the person first" in page.inner_text("main")
    hand.watch.look(page)
    page.check("input[type=checkbox]")
    press(page, "Start")
    assert page.url.endswith("/start/code")
    hand.watch.look(page)
