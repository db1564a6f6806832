"""Staff and advocates in a real browser without JavaScript, by keyboard, on a small screen."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from portal.site import Site
from tests.rig.browser import get_browser
from tests.rig.filed import file_report
from tests.rig.people import PASSWORD, add_person, site_of

pytestmark = pytest.mark.journey
AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
AXE_RULES = json.dumps(
    {
        "runOnly": {
            "type": "tag",
            "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
        }
    }
)
SIZES = [(320, 640), (1280, 900)]


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing for each request."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(get_browser()), args=options)
        yield browser
        browser.close()


@pytest.fixture
def page(app: Flask, browser: Browser) -> Iterator[Page]:
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    context = browser.new_context(
        base_url=f"http://127.0.0.1:{server.port}", java_script_enabled=False
    )
    yield context.new_page()
    context.close()
    server.shutdown()


@pytest.fixture
def site(app: Flask) -> Site:
    """The installation that the browser sees."""
    return site_of(app)


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


def check(page: Page) -> None:
    """The page as it stands fits a small screen and has no fault that axe finds.

    axe needs JavaScript, so it is given the same page again in a browser that has it.
    """
    browser, html = page.context.browser, page.content()
    assert browser
    context = browser.new_context()
    copy = context.new_page()
    copy.route("**/copied", lambda route: route.fulfill(body=html, content_type="text/html"))
    copy.goto(urljoin(page.url, "/copied"))
    copy.evaluate(AXE)
    for width, height in SIZES:
        copy.set_viewport_size({"width": width, "height": height})
        assert copy.evaluate("document.documentElement.scrollWidth") <= width
        found = copy.evaluate(f"axe.run(document, {AXE_RULES})")["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    context.close()


def sign_in(page: Page, email: str, password: str) -> None:
    """Sign in with the keyboard."""
    page.goto("/account/sign-in")
    fill(page, email=email, password=password)
    press(page, "Sign in")


def test_an_administrator_adds_an_advocate_who_chooses_a_password_of_their_own(
    page: Page, site: Site
) -> None:
    add_person(site, "administrator", name="amina")
    page.goto("/account/people")
    check(page)
    press(page, "Sign in")
    assert page.title() == "Error: Sign in – On Record"
    check(page)
    fill(page, email="amina@example.org", password=PASSWORD)
    press(page, "Sign in")
    assert page.url.endswith("/account/people")
    check(page)
    press(page, "Add someone")
    check(page)
    press(page, "Add")
    check(page)
    fill(page, name="Maria Okafor", email="maria@example.org", organisation="Harbour Support")
    page.check("input[value=advocate]")
    press(page, "Add")
    check(page)
    given = page.inner_text(".or-code")
    press(page, "Sign out")
    assert "You are signed out" in page.inner_text("main")

    sign_in(page, "maria@example.org", given)
    check(page)
    own = "a heron by the weir"
    fill(page, password=given, new_password=own, again_password=own + "s")
    press(page, "Save and sign in")
    assert "differ" in page.inner_text("main")
    check(page)
    fill(page, password=given, new_password=own, again_password=own)
    press(page, "Save and sign in")
    assert page.url.endswith("/advocate")
    check(page)
    press(page, "Your account")
    assert "Maria Okafor" in page.inner_text("main")
    check(page)


def test_an_administrator_writes_down_what_a_force_agreed(page: Page, site: Site) -> None:
    add_person(site, "administrator", name="amina")
    sign_in(page, "amina@example.org", PASSWORD)
    press(page, "Forces")
    check(page)
    press(page, "Wiltshire")
    page.check("input[value=yes]")
    fill(page, interval="often")
    press(page, "Save")
    assert "Write the day of the agreement" in page.inner_text("main")
    check(page)
    for part, typed in (("day", "1"), ("month", "7"), ("year", "2025")):
        page.fill(f"#since-{part}", typed)
    fill(page, interval="24")
    press(page, "Save")
    assert "Since 1 July 2025" in page.inner_text("main")
    check(page)


def test_an_advocate_opens_one_with_a_reason_and_starts_for_somebody(
    page: Page, site: Site
) -> None:
    account_id = add_person(site, "advocate", name="maria")
    words = "The back door was forced"
    file_report(site, filed_by=account_id, words=words)
    sign_in(page, "maria@example.org", PASSWORD)
    assert "1 on your list" in page.inner_text("main")
    check(page)
    press(page, "2 March 2026, 9am")
    check(page)
    press(page, "Open it")
    assert words not in page.content()
    check(page)
    page.check("input[value=asked]")
    press(page, "Open it")
    assert words in page.inner_text("main")
    check(page)
    press(page, "Start for someone")
    press(page, "Start")
    assert "Ask the person first" in page.inner_text("main")
    check(page)
    page.check("input[type=checkbox]")
    press(page, "Start")
    assert page.url.endswith("/start/code")
    check(page)
