"""Promises of the language of a page: chosen by the person, kept, and forgotten when they leave."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.languages.translating import spoken
from tests.web.report.conftest import OURS, Person

SWITCH = re.compile(r'<(a|button) class="or-language"[^>]*>')
PUBLIC = (
    "/",
    "/how-it-works",
    "/privacy",
    "/accessibility",
    "/receipts",
    "/log",
    "/start",
    "/back",
)


def language_of(page: str) -> str:
    found = re.search(r'<html lang="([^"]+)"', page)
    assert found
    return found[1]


@pytest.fixture
def browser(app: Flask) -> FlaskClient:
    """A browser that was never here."""
    return app.test_client()


def test_a_page_is_english_and_says_nothing_of_it_to_the_next_request(app: Flask) -> None:
    with app.test_request_context("/"):
        app.preprocess_request()
        assert spoken() == "en"
    assert spoken() == "en"


def test_a_template_can_say_its_words_in_the_readers_language(app: Flask) -> None:
    template = app.jinja_env.from_string("{% trans %}Leave this page{% endtrans %}")
    with app.test_request_context("/"):
        assert template.render() == "Leave this page"


@pytest.mark.parametrize("address", PUBLIC)
def test_every_public_page_offers_the_same_page_in_the_other_language(
    browser: FlaskClient, address: str
) -> None:
    english = browser.get(address)
    assert language_of(english.text) == "en-GB"
    assert english.headers["Content-Language"] == "en-GB"
    switch = SWITCH.search(english.text)
    assert switch is not None
    assert f'="/language/cy?page={address}" ' in switch[0]
    assert 'lang="cy"' in switch[0]
    assert browser.get(f"/language/cy?page={address}").headers["Location"] == address
    welsh = browser.get(address)
    assert language_of(welsh.text) == "cy"
    assert welsh.headers["Content-Language"] == "cy"
    assert f'="/language/en?page={address}" ' in welsh.text


def test_an_address_with_a_question_in_it_is_kept_whole(browser: FlaskClient) -> None:
    page = browser.get("/receipts?a=1&b=2").text
    found = re.search(r'href="(/language/cy[^"]*)"', page)
    assert found
    answer = browser.get(found[1].replace("&amp;", "&"))
    assert answer.headers["Location"] == "/receipts?a=1&b=2"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("cy", "cy"),
        ("cy-GB,en;q=0.8", "cy"),
        ("en-GB,cy;q=0.5", "en-GB"),
        ("fr", "en-GB"),
        ("", "en-GB"),
    ],
)
def test_a_browser_that_asks_for_welsh_first_starts_in_welsh(
    browser: FlaskClient, accepted: str, language: str
) -> None:
    page = browser.get("/", headers={"Accept-Language": accepted})
    assert language_of(page.text) == language


def test_what_a_person_chose_is_stronger_than_what_the_browser_asks_for(
    browser: FlaskClient,
) -> None:
    browser.get("/language/en?page=/")
    assert language_of(browser.get("/", headers={"Accept-Language": "cy"}).text) == "en-GB"


def test_leaving_forgets_the_language_too(browser: FlaskClient) -> None:
    browser.get("/language/cy?page=/")
    browser.get("/leave")
    assert language_of(browser.get("/").text) == "en-GB"


def test_another_site_cannot_choose_for_a_person(browser: FlaskClient) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert browser.get("/language/cy?page=/", headers=headers).status_code == 303
    assert language_of(browser.get("/").text) == "en-GB"


def test_pages_of_staff_stay_english_and_offer_no_other_language(browser: FlaskClient) -> None:
    browser.get("/language/cy?page=/")
    page = browser.get("/account/sign-in").text
    assert language_of(page) == "en-GB"
    assert not SWITCH.search(page)


def test_a_wrong_code_is_refused_in_the_language_of_its_person(browser: FlaskClient) -> None:
    browser.get("/language/cy?page=/")
    answer = browser.post("/back", data={"code": "0" * 20})
    assert language_of(answer.text) == "cy"
    assert answer.headers["Content-Language"] == "cy"


def test_the_enter_key_presses_the_forms_own_button_and_not_the_switch(app: Flask) -> None:
    person = Person(app.test_client())
    person.starts()
    page = person.client.get("/start/words").text
    buttons = re.findall(r"<button [^>]*>", page)
    assert 'form="page-form"' in buttons[0]
    assert "formaction" not in buttons[0]
    assert "name=" not in buttons[0]
    assert 'formaction="/language/cy' in buttons[1]


def test_a_page_that_answers_a_form_offers_the_page_of_that_form(browser: FlaskClient) -> None:
    page = browser.post("/back", data={"code": "0" * 20, "more": ""}).text
    assert '="/language/cy?page=/back"' in page
    assert '="/language/cy?page=/"' in browser.post("/leave").text


def test_a_page_that_holds_unsaved_words_has_nothing_beside_its_button_to_lose_them(
    app: Flask,
) -> None:
    person = Person(app.test_client())
    person.starts()
    person.client.post("/back/close")
    with person.client.session_transaction() as cookie:
        cookie["visit"] = "ended"
    sent = {"words": "Not lost"}
    ended = person.client.post("/start/words", data=sent, headers=OURS)
    assert "Not lost" in ended.text
    assert not SWITCH.search(ended.text)
