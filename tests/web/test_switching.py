"""Promises of changing the language in the middle of a page: the page stays, and every word."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.web.limits import MOST_BYTES, MOST_FIELDS
from tests.web.report.conftest import Person

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
WORDS = "He shouted.\r\nThen the door\tbroke <b>"


@pytest.fixture
def person(app: Flask) -> Person:
    """Somebody whose browser sends the token of each form, as everybody's does."""
    made = Person(app.test_client())
    made.starts()
    app.config["WTF_CSRF_ENABLED"] = True
    return made


def switch(browser: FlaskClient, page: str, to: str = "cy", **fields: str) -> str:
    token = TOKEN.findall(browser.get(page).text)[0]
    address = f"/language/{to}?page={page}"
    answer = browser.post(address, data={"csrf_token": token, **fields})
    assert answer.status_code == 200
    return answer.text


def test_what_somebody_was_typing_stands_in_the_page_in_welsh(person: Person) -> None:
    page = switch(person.client, "/start/words", words=WORDS)
    assert '<html lang="cy"' in page
    assert "He shouted.\nThen the door\tbroke &lt;b&gt;</textarea>" in page
    assert 'action="/start/words"' in page, "the next press must save it"
    back = switch(person.client, "/start/words", "en", words=WORDS)
    assert '<html lang="en-GB"' in back
    assert "Then the door\tbroke" in back


def test_changing_the_language_saves_nothing_and_says_nothing_is_wrong(person: Person) -> None:
    page = switch(person.client, "/start/1/when", kind="exact", **{"exact-day": "77"})
    assert 'value="77"' in page
    assert 'value="exact" checked' in page
    assert "govuk-error-summary" not in page
    assert 'value="77"' not in person.client.get("/start/1/when").text


def test_what_was_wrong_with_a_page_is_still_said_in_the_other_language(person: Person) -> None:
    token = TOKEN.findall(person.client.get("/start/1/when").text)[0]
    wrong = {"csrf_token": token, "kind": "exact", "exact-day": "77"}
    assert person.client.post("/start/1/when", data=wrong).status_code == 303
    page = switch(person.client, "/start/1/when", kind="exact", **{"exact-day": "78"})
    assert "govuk-error-summary" in page
    assert 'value="78"' in page


def test_a_form_of_another_browser_is_not_shown_in_this_one(person: Person) -> None:
    for fields in ({}, {"csrf_token": "of-somebody-else"}):
        sent = fields | {"words": "planted"}
        answer = person.client.post("/language/cy?page=/start/words", data=sent)
        assert answer.status_code == 200
        assert "planted" not in answer.text


@pytest.mark.parametrize("header", [("Sec-Fetch-Site", "cross-site"), ("Origin", "https://x.test")])
def test_another_site_can_change_nothing(person: Person, header: tuple[str, str]) -> None:
    sent = {"words": "planted"}
    answer = person.client.post("/language/cy?page=/start/words", data=sent, headers=[header])
    assert answer.status_code in {400, 405}
    assert "planted" not in answer.text
    assert '<html lang="en-GB"' in person.client.get("/").text


@pytest.mark.parametrize(
    "page", ["//evil.test", "/\\evil.test", "https://evil.test/", "", "%2F%2Fevil.test"]
)
def test_no_address_leads_away_from_this_site(person: Person, page: str) -> None:
    answer = person.client.get(f"/language/cy?page={page}")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/"
    posted = person.client.post(f"/language/cy?page={page}", data={"a": "b"})
    assert posted.status_code == 200
    assert 'lang="cy"' in posted.text


def test_a_page_that_was_left_shows_nothing_to_who_goes_back_to_it(person: Person) -> None:
    token = TOKEN.findall(person.client.get("/start/words").text)[0]
    person.client.get("/leave")
    sent = {"csrf_token": token, "words": "only for me"}
    answer = person.client.post("/language/cy?page=/start/words", data=sent)
    assert answer.status_code == 303
    assert "only for me" not in answer.text


@pytest.mark.parametrize("body", [b"a=" + b"x" * MOST_BYTES, b"a=b&" * (MOST_FIELDS + 1), b"\xff"])
def test_a_form_that_no_page_of_ours_has_is_not_read(app: Flask, body: bytes) -> None:
    kind = "application/x-www-form-urlencoded"
    answer = app.test_client().post("/language/cy?page=/back", data=body, content_type=kind)
    assert answer.status_code in {400, 405, 413}


def test_no_page_is_opened_that_its_own_address_would_not_open(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    browser = app.test_client()
    for page, status in (("/back/open", 303), ("/oversight", 302), ("/nothing-here", 404)):
        assert browser.post(f"/language/cy?page={page}", data={"a": "b"}).status_code == status
    assert browser.post("/language/xx?page=/", data={"a": "b"}).status_code in {400, 405}
