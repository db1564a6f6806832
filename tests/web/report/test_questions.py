"""Promises about answering one question a page."""

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.web.report import flow
from portal.web.report.questions import FORMS
from tests.web.report.conftest import ANSWERS, KEPT, PASSED, Person

TITLE = re.compile(r"<title>(.*?)</title>")


def test_every_question_has_a_form() -> None:
    assert set(FORMS) | {flow.CHECK} == {page.name for page in flow.PAGES}


@pytest.mark.parametrize("way", ["told", "keep", "pass"])
def test_each_way_leads_to_the_end_and_each_page_has_its_own_neutral_title(
    person: Person, agreed: str, way: str
) -> None:
    person.starts()
    person.answers_all(**{"told": {}, "keep": KEPT, "pass": PASSED}[way])
    pages = [name for name in ANSWERS if name not in ("told", "told-how") or way == "told"]
    titles = [TITLE.findall(person.client.get(f"/start/{page}").text)[0] for page in pages]
    assert len(set(titles)) == len(pages)
    assert all(re.fullmatch(r"[\w ]+, step \d of 6 – On Record", title) for title in titles)


def test_what_was_answered_is_there_again(person: Person) -> None:
    person.starts()
    person.answers_all()
    assert 'value="12 Long Street"' in person.client.get("/start/1/where").text
    assert "The back door was broken.\nMy ring is gone.</textarea>" in (
        person.client.get("/start/words").text
    )
    when = person.client.get("/start/1/when").text
    assert re.search(r'name="about-day"[^>]*value="27"', when)
    assert re.search(r'value="wiltshire" checked', person.client.get("/start/1/area").text)


def test_a_wrong_answer_is_shown_again_with_what_to_do(person: Person) -> None:
    person.starts()
    response = person.is_asked_again("words", words="y" * 20_001)
    assert response.status_code == 200
    assert "<title>Error: " in response.text
    assert "This has 20,001 characters. Make it 20,000 or fewer" in response.text
    assert "y" * 20_001 in response.text


def test_odd_characters_are_no_obstacle(person: Person) -> None:
    person.starts()
    body = "words=a%00b+%F0%9F%98%80+%3Cb%3E+%E2%80%AE+%ED%A0%80+%FF"
    form = "application/x-www-form-urlencoded"
    response = person.client.post("/start/words", data=body, content_type=form)
    assert response.status_code == 303
    assert "ab \U0001f600 &lt;b&gt; \u202e" in person.client.get("/start/words").text


def test_a_change_from_the_end_returns_there(person: Person) -> None:
    person.starts()
    person.answers_all()
    response = person.client.post("/start/about?then=check", data={"name": "Bea"})
    assert response.location == "/start/check"
    assert "Bea" in person.client.get("/start/check").text


def test_a_changed_way_asks_what_is_newly_needed_and_then_returns(person: Person) -> None:
    person.starts()
    person.answers_all(**KEPT)
    response = person.client.post("/start/way?then=check", data={"way": "told"})
    assert response.location == "/start/told?then=check"
    response = person.client.post(response.location, data={"kind": "unknown"})
    assert response.location == "/start/told-how?then=check"
    assert person.client.post(response.location, data={}).location == "/start/check"


def test_a_second_thing_can_be_added_and_taken_out_again(person: Person) -> None:
    person.starts()
    for page in ("1/what", "1/when", "1/where", "1/area"):
        person.answers(page)
    assert person.answers("more", more="yes").location == "/start/2/what"
    assert person.answers("2/what", category="hurt").location == "/start/2/when"
    assert person.answers("more", more="no").location == "/start/2/when"
    assert "Someone hurt me" in person.client.get("/start/more").text
    assert removes(person, 2).location == "/start/more"
    assert "Someone hurt me" not in person.client.get("/start/more").text
    person.client.post("/start/1/remove")
    assert "Someone broke into my home" in person.client.get("/start/more").text


def removes(person: Person, number: int, *, clicks: int = 1) -> TestResponse:
    """Press Remove beside one of the things that happened."""
    marks = re.findall(r'name="mark" value="(\w+)"', person.client.get("/start/more").text)
    data = {"mark": marks[number - 1]}
    answers = [person.client.post(f"/start/{number}/remove", data=data) for _ in range(clicks)]
    return answers[-1]


def test_a_double_click_takes_out_one_thing_and_no_other(person: Person) -> None:
    person.starts()
    for number in (1, 2, 3):
        for part in ("what", "when", "where", "area"):
            person.client.post(f"/start/{number}/{part}", data=ANSWERS[f"1/{part}"])
    assert "You have told us about 3 things" in person.client.get("/start/more").text
    assert removes(person, 1, clicks=2).location == "/start/more"
    assert "You have told us about 2 things" in person.client.get("/start/more").text
    person.client.post("/start/1/what", data={"category": "hurt"})
    removes(person, 1, clicks=2)
    page = person.client.get("/start/more").text
    assert "Someone hurt me" not in page
    assert "Someone broke into my home" in page


def test_nobody_is_led_to_the_force_that_may_be_involved(person: Person, agreed: str) -> None:
    person.starts()
    person.answers_all(others={"insider": "unsure"}, **KEPT)
    way = person.client.get("/start/way").text
    assert "Independent Office for Police Conduct" in way
    person.client.post("/start/way", data={"way": "pass"})
    assert "checked" not in person.client.get("/start/pass").text
    person.client.post("/start/way", data={"way": "told"})
    assert 'value="wiltshire" selected' not in person.client.get("/start/told-how").text


def test_without_a_doubt_about_the_force_it_is_chosen_beforehand(
    person: Person, agreed: str
) -> None:
    person.starts()
    person.answers_all(**KEPT)
    person.client.post("/start/way", data={"way": "pass"})
    assert 'value="wiltshire" checked' in person.client.get("/start/pass").text


def test_passing_on_is_offered_only_where_a_force_agreed(person: Person) -> None:
    person.starts()
    page = person.client.get("/start/way").text
    assert 'value="pass"' not in page
    assert "No police force has agreed yet" in page
    assert "Choose what you want us to do" in person.is_asked_again("way", way="pass").text


def test_nobody_is_told_when_the_person_it_happened_to_does_not_agree(
    person: Person, agreed: str
) -> None:
    person.starts()
    person.answers_all(who={"who_for": "other", "knows": "yes", "agrees": "no"}, **KEPT)
    page = person.client.get("/start/way").text
    assert re.findall(r'name="way"[^>]*value="(\w+)"', page) == ["keep"]


def test_nothing_is_passed_on_for_somebody_who_cannot_be_asked(person: Person, agreed: str) -> None:
    person.starts()
    who = {"who_for": "other", "knows": "no", "agrees": "cannot_ask"}
    person.answers_all(**PASSED)
    person.client.post("/start/who", data=who)
    page = person.client.get("/start/way").text
    assert re.findall(r'name="way"[^>]*value="(\w+)"', page) == ["told", "keep"]
    assert "only if that person says yes" in page
    assert "We can pass it to" not in page
    assert person.sends().location == "/start/check"
    check = person.client.get("/start/check").text
    assert "only if the person this happened to says yes" in check
    assert "All of your answers are still here" in check


def test_nothing_is_passed_on_without_consent(person: Person, agreed: str) -> None:
    person.starts()
    person.answers_all(**KEPT)
    person.client.post("/start/way", data={"way": "pass"})
    response = person.is_asked_again("pass", force="wiltshire")
    assert "Tick the box if you agree" in response.text


def test_the_pages_of_what_was_sent_lead_to_the_receipt(person: Person) -> None:
    person.files()
    assert person.client.get("/start/words").location == "/start/done"
    response = person.answers("words", words="Something else")
    assert response.status_code == 409
    assert "already sent" in response.text


@pytest.mark.parametrize("address", ["/start/nothing", "/start/7/what", "/start/0/what"])
def test_what_is_no_question_is_not_found(person: Person, address: str) -> None:
    person.starts()
    assert person.client.get(address).status_code == 404


def test_going_back_after_a_mistake_never_sends_a_form_again(person: Person, app: Flask) -> None:
    person.starts()
    for page, wrong in (("1/when", {"kind": "exact", "exact-day": "40"}), ("more", {})):
        first = person.is_asked_again(page, **wrong).text
        again = person.client.get(f"/start/{page}").text
        for text in (first, again):
            assert '<div class="govuk-error-summary"' in text
            assert "<title>Error: " in text
    assert 'value="40"' in person.client.get("/start/1/when").text
    person.answers("1/when")
    person.answers("more", more="no")
    for page in ("1/when", "more"):
        assert "error-summary" not in person.client.get(f"/start/{page}").text


def test_what_was_typed_and_not_saved_is_there_with_the_return_code_and_is_never_sent(
    person: Person,
) -> None:
    code = person.starts()
    person.is_asked_again("who", who_for="other", relation="Her neighbour")
    person.client.get("/leave")
    person.client.post("/back", data={"code": code})
    assert 'value="Her neighbour"' in person.client.get("/start/who").text
    person.answers_all()
    person.is_asked_again("words", words="y" * 20_001)
    person.sends()
    assert "yyyy" not in person.client.get("/start/receipt").text
    assert "yyyy" not in person.client.get("/back/open").text


def test_the_page_shown_again_can_be_sent_from_with_form_tokens_on(
    person: Person, app: Flask
) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    headers = {"Sec-Fetch-Site": "same-origin"}

    def token(address: str) -> str:
        page = "/start/before" if address == "/start" else address
        found = re.search(r'name="csrf_token"[^>]*value="(.*?)"', person.client.get(page).text)
        assert found
        return found[1]

    def post(address: str, **data: str) -> str:
        data["csrf_token"] = token(address)
        return person.client.post(address, data=data, headers=headers).location

    post("/start")
    assert post("/start/who", who_for="") == "/start/who"
    assert person.client.get("/start/who").text.count('name="csrf_token"') == 1
    assert "form is not" not in person.client.get("/start/who").text
    assert post("/start/who", who_for="self") != "/start/who"


def test_the_words_page_says_that_words_are_kept_only_by_its_button(person: Person) -> None:
    person.starts()
    assert "before you press the button, these words are not kept" in (
        person.client.get("/start/words").text
    )
