"""Promises about choosing a safe way: the page says what is sent, and nothing else is."""

import re
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.config import Mail
from portal.reports.codes import new_code
from portal.site import Site
from tests.rig.clock import HandClock
from tests.rig.hashing import no_turns_left
from tests.rig.letters import ADDRESS, letters, numbers
from tests.rig.people import site_of
from tests.web.report.conftest import Person


def asks(person: Person, address: str = ADDRESS, code: str = "") -> TestResponse:
    return person.client.post(
        "/back/safe-way", data={"way": "email", "address": address, "code": code}
    )


def confirms(person: Person, site: Site) -> TestResponse:
    return person.client.post("/back/safe-way/number", data={"number": numbers(site)[-1]})


def test_a_person_chooses_a_way_types_the_number_and_sees_it_confirmed(
    person: Person, site: Site
) -> None:
    person.files()
    sent = person.client.post("/back/safe-way", data={"way": "email", "address": ADDRESS})
    assert sent.location == "/back/safe-way/number"
    assert ADDRESS in person.client.get("/back/safe-way/number").text
    assert "Until then nothing else is sent there" in person.client.get("/back/safe-way").text
    typed = {"number": numbers(site)[0]}
    assert person.client.post("/back/safe-way/number", data=typed).location == "/back/safe-way"
    page = person.client.get("/back/safe-way").text
    assert "Your safe way is confirmed" in page
    assert "check that the safe way is still yours" in person.client.get("/back/new-code").text
    assert "A safe way to reach you was confirmed" in person.client.get("/back/open").text
    assert len(letters(site)) == 1


def test_before_anything_is_sent_the_page_says_all_that_ever_is(person: Person) -> None:
    person.files()
    page = person.client.get("/back/safe-way").text
    assert "Nothing else before you have typed it here" in page
    assert "at most once a day" in page
    assert "Whoever can read messages there and also has one of your receipt files" in page


@pytest.mark.parametrize(
    ("typed", "words"),
    [("", "Type an email address"), ("narwhal", "in full"), ("a@b.uk,c@d.uk", "in full")],
)
def test_what_is_no_address_is_said_so_and_stays(
    person: Person, site: Site, typed: str, words: str
) -> None:
    person.files()
    response = person.client.post("/back/safe-way", data={"way": "email", "address": typed})
    assert response.status_code == 400
    assert words in response.text
    assert typed in response.text
    assert letters(site) == []


def test_a_wrong_number_is_said_to_be_wrong_and_changes_nothing(person: Person, site: Site) -> None:
    person.files()
    asks(person)
    for typed, words in (("1", "does not fit"), ("", "Type the number")):
        response = person.client.post("/back/safe-way/number", data={"number": typed})
        assert response.status_code == 400
        assert words in response.text
    assert "confirmed:" not in person.client.get("/back/safe-way").text


def test_a_way_can_be_changed_and_removed(person: Person, site: Site) -> None:
    code = person.files()
    asks(person)
    person.client.post("/back/safe-way/number", data={"number": numbers(site)[-1]})
    asks(person, "other@example.org", code)
    assert ADDRESS not in person.client.get("/back/safe-way").text
    person.client.post("/back/safe-way/number", data={"number": numbers(site)[-1]})
    page = person.client.get("/back/safe-way").text
    assert "other@example.org" in page
    assert ADDRESS not in page
    assert "Nothing is sent to you any more" not in person.client.get("/back/safe-way?done=1").text
    assert "other@example.org" in person.client.get("/back/safe-way/remove").text
    removing = person.client.post("/back/safe-way/remove", data={"code": code})
    assert removing.location == "/back/safe-way?done=1"
    assert person.client.get("/back/safe-way/remove").location == "/back/safe-way"
    page = person.client.get("/back/safe-way?done=1").text
    assert page.index("Nothing is sent to you any more.") < page.index("<h1")
    assert "other@example.org" not in page
    assert "was removed" in person.client.get("/back/open").text


def test_whoever_finds_it_open_cannot_put_their_own_address_there(
    app: Flask, person: Person, site: Site
) -> None:
    person.files()
    other = Person(app.test_client()).files()
    asks(person)
    confirms(person, site)
    for typed in ("", "narwhal", other, new_code()):
        for response in (
            asks(person, "thief@example.org", typed),
            person.client.post("/back/safe-way/remove", data={"code": typed}),
        ):
            assert response.status_code == 400
            assert 'id="code-error"' in response.text
    assert confirms(person, site).status_code == 400
    page = person.client.get("/back/safe-way").text
    assert ADDRESS in page
    assert "thief" not in page
    assert [each.address for each in letters(site)] == [ADDRESS]


def test_a_change_of_the_safe_way_is_seen_by_whoever_comes_back(
    person: Person, site: Site, clock: HandClock
) -> None:
    code = person.files()
    assert "way-changed" not in person.client.get("/back/open").text
    asks(person)
    confirms(person, site)
    page = re.sub(r"\s+", " ", person.client.get("/back/safe-way").text)
    assert "can be used for a lost code from 5 March 2026, 9am" in page
    assert "A safe way to reach you was confirmed." in person.client.get("/back/open").text
    clock.advance(hours=72)
    person.client.post("/back", data={"code": code})
    assert "can be used for a lost code from" not in person.client.get("/back/safe-way").text
    asks(person, "other@example.org", code)
    confirms(person, site)
    clock.advance(days=60)
    for seen in (True, False):
        person.client.post("/back", data={"code": code})
        page = re.sub(r"\s+", " ", person.client.get("/back/open").text)
        assert ("Your safe way was changed.</strong> That was on 5 March 2026, 9am" in page) == seen
        clock.advance(hours=1)


def test_while_too_many_codes_wait_the_way_stays_and_it_says_so(
    app: Flask, person: Person, site: Site
) -> None:
    code = person.files()
    asks(person)
    confirms(person, site)
    site_of(app).codes._recent.clear()
    with no_turns_left(app):
        responses = (
            asks(person, "other@example.org", code),
            person.client.post("/back/safe-way/remove", data={"code": code}),
        )
    for response in responses:
        assert response.status_code == 503
        assert "Wait a few seconds" in response.text


def test_one_who_comes_back_sees_at_the_top_that_a_safe_way_is_set_by_whomever(
    person: Person, site: Site
) -> None:
    person.files()
    unset = person.client.get("/back/open").text
    assert "Choose how you may be reached" in unset
    assert "A safe way is set" not in unset
    asks(person)
    assert "A safe way is set" not in person.client.get("/back/open").text
    person.client.post("/back/safe-way/number", data={"number": numbers(site)[-1]})
    page = person.client.get("/back/open").text
    assert "Choose how you may be reached" not in page
    assert "A safe way is set: n…@example.org." in page
    assert ADDRESS not in page
    assert page.index("A safe way is set") < page.index("What happened since")


def test_too_many_numbers_are_refused_in_words_with_what_was_typed(person: Person) -> None:
    person.files()
    for _ in range(5):
        asks(person)
    response = person.client.post("/back/safe-way", data={"way": "email", "address": ADDRESS})
    assert response.status_code == 429
    assert ADDRESS in response.text
    assert "wait" in response.text.lower()


def test_without_an_asked_way_there_is_no_number_to_type(person: Person) -> None:
    person.files()
    assert person.client.get("/back/safe-way/number").location == "/back/safe-way"
    typed = {"number": "1234 5678"}
    assert person.client.post("/back/safe-way/number", data=typed).status_code == 400


def test_what_was_not_sent_has_no_safe_way(person: Person) -> None:
    person.starts()
    assert person.client.get("/back/safe-way").location == "/back/open"
    assert (
        person.client.post("/back/safe-way", data={"way": "email", "address": ADDRESS}).status_code
        == 409
    )


def test_where_no_messages_are_sent_the_page_says_so_and_sends_none(
    app: Flask, person: Person, site: Site
) -> None:
    person.files()
    here = site_of(app)
    silent = replace(here, settings=replace(here.settings, mail=Mail()))
    app.extensions["on_record"] = silent
    assert "No messages are sent from here" in person.client.get("/back/safe-way").text
    assert (
        person.client.post("/back/safe-way", data={"way": "email", "address": ADDRESS}).status_code
        == 400
    )
    assert letters(site) == []


def test_everything_that_is_wrong_is_said_at_once_a_wrong_code_too(
    person: Person, site: Site
) -> None:
    person.files()
    typed = {"way": "call", "phone": "07700 900 982", "phone_again": "07700 900 983"}
    typed |= {"start": "9", "code": new_code()}
    response = person.client.post("/back/safe-way", data=typed)
    assert response.status_code == 400
    for words in ("are not the same", "Choose both hours", "opens nothing here"):
        assert words in response.text
    typed |= {"phone": "", "code": "ABC"}
    page = person.client.post("/back/safe-way", data=typed).text
    for words in ("Type a phone number", "Choose both hours", "You typed 3"):
        assert words in page
    assert letters(site) == []


def test_what_is_sent_now_is_said_for_each_way(person: Person) -> None:
    person.files()
    page = person.client.get("/back/safe-way").text
    assert "For email and text, now: one message" in page
    assert "For a phone call: nothing." in page
