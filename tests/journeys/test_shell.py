"""The frame of every page in a real browser: leaving, the keyboard, a small screen, axe."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, redirect, render_template_string, session
from flask_wtf.csrf import CSRFProtect
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from portal.web import filters, language, problems, security
from portal.web.choices import AnyOf, OneOf, Option
from portal.web.dates import DateParts
from portal.web.fields import LongText, ShortText
from portal.web.forms import PlainForm

pytestmark = pytest.mark.journey
ROOT = Path(__file__).parents[2]
AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
AXE_RULES = json.dumps(
    {
        "runOnly": {
            "type": "tag",
            "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
        }
    }
)
SLOW_NETWORK = 1.0  # seconds that leaving takes on the server
SIZES = [(1280, 900), (320, 640), (320, 256)]  # the last is 1280 by 1024 at 400 % zoom
PAGE = """{% extends "layouts/page.html" %}
{% from "components/forms.html" import all_fields, error_summary, form_tag, submit %}
{% from "components/parts.html" import details %}
{% block content %}{{ error_summary(form) }}<h1 class="govuk-heading-l">A question</h1>
{% call form_tag(form) %}{{ all_fields(form) }}
{% call details("Why we ask") %}<p>Because.</p>{% endcall %}{{ submit() }}{% endcall %}
{% endblock %}"""


class Questions(PlainForm):
    when = OneOf(
        "When?",
        needed="Choose when",
        options=(Option("day", "I know the day", reveals=("day",)), Option("no", "I do not know")),
    )
    day = DateParts("What day?", needed="Write the day")
    who = AnyOf("Who knows?", options=(Option("a", "A friend"), Option("b", "Nobody", alone=True)))
    name = ShortText("Your name", needed="Write your name", autocomplete="name")
    story = LongText("In your own words", limit=100)


def make_app() -> Flask:
    app = Flask("portal", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.config.update(SECRET_KEY="for this test only", WTF_CSRF_TIME_LIMIT=None)
    CSRFProtect(app)
    for part in (security, problems, filters, language):
        part.install(app)

    @app.route("/question", methods=["GET", "POST"])
    def question() -> str | Response:
        form = Questions()
        if form.validate_on_submit():
            return redirect("/question")
        return render_template_string(PAGE, form=form)

    @app.get("/leave")
    def leave() -> Response:
        time.sleep(SLOW_NETWORK)
        session.clear()
        return redirect("/weather", 303)

    @app.get("/weather")
    def weather() -> str:
        return "<!DOCTYPE html><title>Weather</title>Rain later"

    return app


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = make_server("127.0.0.1", 0, make_app(), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(base_url=site)
    yield context.new_page()
    context.close()


def complaints(page: Page) -> list[Any]:
    page.evaluate(AXE)
    found = page.evaluate(f"axe.run(document, {AXE_RULES})")
    return [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]]


def test_leaving_hides_the_page_before_the_network_answers(page: Page) -> None:
    page.goto("/question")
    page.fill("#name", "Ann")
    gone_after, shown = page.evaluate(
        """() => {
            const start = performance.now();
            document.querySelector("a[data-leave]").click();
            const { opacity } = getComputedStyle(document.documentElement);
            return [performance.now() - start, opacity];
        }"""
    )
    assert shown == "0"
    assert gone_after < 100  # milliseconds
    page.wait_for_url("**/weather")


def test_the_page_that_was_left_is_not_behind_the_back_button(page: Page) -> None:
    page.goto("/weather")
    page.goto("/question")
    page.click("text=Leave this page")
    page.wait_for_url("**/weather")
    page.go_back()
    assert page.url.endswith("/weather")


def test_shift_three_times_leaves_and_writing_in_capitals_does_not(page: Page) -> None:
    page.goto("/question")
    page.focus("#story")
    for letter in "SHOUT":
        page.keyboard.press(f"Shift+{letter}")
    for _ in range(2):
        page.keyboard.press("Shift")
    assert page.url.endswith("/question")
    page.keyboard.press("Shift")
    page.wait_for_url("**/weather")


def test_leaving_needs_no_script(browser: Browser, site: str) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False)
    page = context.new_page()
    page.goto("/question")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/weather")
    context.close()


PLACES = """() => {
    const place = document.activeElement.getBoundingClientRect();
    const bar = document.querySelector(".or-bar").getBoundingClientRect();
    const leave = document.querySelector("a[data-leave]").getBoundingClientRect();
    return {
        on: document.activeElement !== document.body,
        inBar: Boolean(document.activeElement.closest(".or-bar")),
        under: place.top < bar.bottom - 1,
        leaveInView: leave.top >= 0 && leave.bottom <= innerHeight
            && leave.left >= 0 && leave.right <= innerWidth,
    };
}"""


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_way_out_is_always_in_view_and_never_over_what_has_the_focus(
    page: Page, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto("/question")
    page.check("#when")
    page.evaluate("document.activeElement.blur()")
    seen = 0
    for key in ["Tab"] * 30 + ["Shift+Tab"] * 30:
        page.keyboard.press(key)
        place = page.evaluate(PLACES)
        assert place["leaveInView"]
        assert place["inBar"] or not place["on"] or not place["under"]
        seen += place["on"]
    assert seen > 30


@pytest.mark.parametrize(("width", "height"), SIZES[:2])
def test_a_page_fits_and_satisfies_axe_when_empty_when_wrong_and_when_open(
    page: Page, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    page.goto("/question")
    assert complaints(page) == []
    page.check("#when")
    page.fill("#day-year", "26")
    page.fill("#story", "word " * 30)
    page.click("main button[type=submit]")
    page.wait_for_selector(".govuk-error-summary")
    for summary in page.query_selector_all("summary"):
        summary.click()
    assert complaints(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto("/nowhere")
    assert complaints(page) == []


def test_an_error_takes_the_focus_and_leads_to_the_wrong_box(page: Page) -> None:
    page.goto("/question")
    page.check("#when")
    page.fill("#day-day", "3")
    page.fill("#day-month", "11")
    page.click("main button[type=submit]")
    page.locator(".govuk-error-summary:focus").wait_for()
    assert page.title().startswith("Error: ")
    page.click("text=Type the year")
    assert page.evaluate("document.activeElement.id") == "day-year"
    assert page.input_value("#day-day") == "3"
